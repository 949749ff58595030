"""Dates as people and programs write them. What is not certain is refused, with the reason."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta

#: Day 0 of Excel's 1900 system, shifted past the 29 February 1900 that it believes in.
EXCEL_ZERO = date(1899, 12, 30)
#: Serials of 1927 to 2119: five digits that can hardly be anything else in a column of dates.
EXCEL_SERIALS = range(10_000, 80_300)
YEARS = range(1900, 2101)

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[AP]M|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CHINESE = re.compile(r"(?:(\d{4}|\d{2})年)?(\d{1,2})月(\d{1,2})[日号]?(?:\d{1,2}[时点:].*)?")
_NO_YEAR = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ \-]?([a-z]+)\.?(?:[ \-,]*(\d{4}))?", re.IGNORECASE
)
_NAME_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_NO_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}月?")


class NotADate(ValueError):
    """No certain date; `reason` is one of empty, unreadable, ambiguous, no_year, short_year,
    no_day, no_such_day, out_of_range."""

    def __init__(self, reason: str, text: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.text = text


def parse_date(
    text: str,
    *,
    formats: Iterable[str] = (),
    default_year: int | None = None,
    day_first: bool | None = None,
) -> date:
    """The date that `text` says, whatever time of day stands behind it.

    Parameters
    ----------
    formats
        `strptime` formats that are tried before everything else.
    default_year
        The year of a date that says none; without it such a date is refused.
    day_first
        True reads 03/04/2020 as 3 April, False as 4 March; None refuses it, but reads 14/03/2020,
        which can only be one.

    Raises
    ------
    NotADate
        With a reason that a person can act on.

    Examples
    --------
    >>> parse_date("2020年1月21日"), parse_date("43851")
    (datetime.date(2020, 1, 21), datetime.date(2020, 1, 21))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not plain:
        raise NotADate("empty", text, "there is no date")
    for pattern in formats:
        try:
            return datetime.strptime(plain, pattern).date()  # noqa: DTZ007  only the day is kept
        except ValueError:
            continue
    year, month, day = _parts(plain, day_first, text)
    if year is None:
        if default_year is None:
            raise NotADate("no_year", text, f"{plain!r} has no year")
        year = default_year
    if year not in YEARS:
        raise NotADate("out_of_range", text, f"{plain!r} is in the year {year}")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADate("no_such_day", text, f"{plain!r} is no day of the calendar") from None


def from_excel(serial: float) -> date:
    """The day of an Excel serial number of the 1900 system; the fraction is the time of day."""
    return EXCEL_ZERO + timedelta(days=int(serial))


def _parts(plain: str, day_first: bool | None, text: str) -> tuple[int | None, int, int]:
    """(year or None, month, day) of a text in any of the known ways of writing."""
    if found := _YEAR_FIRST.fullmatch(plain):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _SERIAL.fullmatch(plain):
        if int(found[1]) not in EXCEL_SERIALS:
            raise NotADate("unreadable", text, f"{plain!r} is no date")
        day = from_excel(int(found[1]))
        return day.year, day.month, day.day
    if found := _CHINESE.fullmatch(plain.replace(" ", "")):
        return _year(found[1], plain, text), int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(plain):
        month, day_of_month = _ordered(int(found[1]), int(found[3]), day_first, plain, text)
        return _year(found[4], plain, text), month, day_of_month
    if found := _NO_YEAR.fullmatch(plain):
        return None, *_ordered(int(found[1]), int(found[2]), day_first, plain, text)
    return _named_month(plain, text)


def _named_month(plain: str, text: str) -> tuple[int | None, int, int]:
    if found := _DAY_NAME.fullmatch(plain):
        day, name, year = found[1], found[2], found[3]
    elif found := _NAME_DAY.fullmatch(plain):
        name, day, year = found[1], found[2], found[3]
    elif _NO_DAY.fullmatch(plain):
        raise NotADate("no_day", text, f"{plain!r} has no day")
    else:
        raise NotADate("unreadable", text, f"{plain!r} is no date")
    months = [n for n, full in enumerate(_MONTHS, 1) if full.startswith(name.lower())]
    if len(name) < 3 or not months:
        raise NotADate("unreadable", text, f"{name!r} is no month")
    return int(year) if year else None, months[0], int(day)


def _year(digits: str | None, plain: str, text: str) -> int | None:
    if digits and len(digits) == 2:
        raise NotADate("short_year", text, f"{plain!r}: write the year with four digits")
    return int(digits) if digits else None


def _ordered(
    first: int, second: int, day_first: bool | None, plain: str, text: str
) -> tuple[int, int]:
    """(month, day) of two numbers; a number over 12 decides where nobody said the order."""
    if day_first is None:
        if first > 12 >= second:
            day_first = True
        elif second > 12 >= first or first == second:
            day_first = False
        else:
            raise NotADate(
                "ambiguous", text, f"{plain!r} can be read in two ways: say which is the day"
            )
    return (second, first) if day_first else (first, second)
