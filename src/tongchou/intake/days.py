"""Days as lists write them. `kit.dates` reads them; here they meet the rules of a list."""

from datetime import date
from functools import lru_cache

from tongchou.intake.problems import Problem
from tongchou.kit.dates import NotADate, parse_date

DAY_FIRST = {"ymd": None, "mdy": False, "dmy": True}
#: The three letters of an order, as a person would write them.
SAID = {"ymd": "2022-07-01", "mdy": "07/31/2022", "dmy": "31/07/2022"}


def read_day(
    text: str, column: str, field: str, *, order: str, year: int | None, today: date
) -> tuple[date | None, Problem | None]:
    """The day of a cell; with a remark where it was not written out, or what is wrong with it."""
    day, reason = _parsed(text, order, None)
    if day is not None:
        if text.isdecimal() and len(text) == 5:
            said = {"value": text, "taken": day.isoformat()}
            return day, Problem("serial_date", column, field, said)
        return day, None
    if reason == "no_year":
        return _without_year(text, column, field, order=order, year=year, today=today)
    near, _reason = _parsed(text, "", None)
    said = {"value": text, "order": SAID[order]}
    if near is not None:
        return None, Problem("no_date_other_order", column, field, said | {"near": str(near)})
    return None, Problem("no_date", column, field, said)


def _without_year(
    text: str, column: str, field: str, *, order: str, year: int | None, today: date
) -> tuple[date | None, Problem | None]:
    day, _reason = _parsed(text, order, year or today.year)
    if day is None:
        return None, Problem("no_date", column, field, {"value": text, "order": SAID[order]})
    if year is None:
        return None, Problem("no_year", column, field, {"value": text, "near": str(day)})
    return day, Problem("year_filled", column, field, {"value": text, "taken": str(day)})


@lru_cache(maxsize=16384)
def _parsed(text: str, order: str, year: int | None) -> tuple[date | None, str]:
    """A list holds few days and says them often."""
    try:
        return parse_date(text, day_first=DAY_FIRST.get(order), default_year=year), ""
    except NotADate as error:
        return None, error.reason
