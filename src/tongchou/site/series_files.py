"""Counts from a sheet: one column of dates or numbers, and one for each series.

What is missing stays missing: an empty cell is no zero, and days that the sheet leaves out are put
in as not reported, and named.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np

from tongchou.epi.detect.series import Series
from tongchou.kit.dates import NotADate, parse_date
from tongchou.kit.tables import Unreadable, read
from tongchou.site.cli import Wrong

__all__ = ["SeriesFile", "read_series", "weekly"]

#: A column so named, in lower case without blanks and marks, says when; dates go before numbers.
TIMES = (
    *("date", "day", "dates", "epoch", "week", "weeks", "weekstart", "time", "t", "index"),
    *("weekstarting", "month", "日期", "时间", "周", "天", "序号"),
)
_MISSING = frozenset(("", "na", "nan", "n/a", "null", "none", "-", "--", ".", "x", "缺", "未报"))
_ISO_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})(?:-?([1-7]))?")
_NUMBER = re.compile(r"-?\d+(\.0*)?")
#: R writes dates as days since 1970; as the number of a week this is out of the question.
_SINCE_1970 = 3_000
_MOST_ADDED = 5_000


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """What was read.

    Attributes
    ----------
    series
        Counts with their dates, or none where the times are numbers.
    times
        What each column of `series` is called: an ISO date or a number.
    step
        Days (or numbers) from one time to the next; 0 where they are months.
    notes
        What a person should know of it: gaps, columns left out, order turned round.
    """

    series: Series
    times: tuple[str, ...]
    step: int
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> Sequence[str]:
        return self.series.names


@dataclass(slots=True)
class _Sheet:
    """Rows as they were read: line, time, a value for each series."""

    name: str
    lines: list[int]
    times: list[int]
    values: list[list[float]]
    by_date: bool
    notes: list[str] = field(default_factory=list)


def read_series(
    path: Path,
    *,
    time: str | None = None,
    only: Sequence[str] = (),
    day_first: bool | None = None,
) -> SeriesFile:
    """Read a sheet of counts.

    Parameters
    ----------
    time
        The column that says when; without it the first with a usual name, else the first of all.
    only
        The series to take; all without.
    day_first
        True reads 03/04/2020 as 3 April.

    Raises
    ------
    Wrong
        With line, column and reason: no number, a negative one, a time twice, or not in order.
    """
    try:
        with path.open("rb") as file:
            table = read(file)
            names = table.names
            rows = [(line, cells) for line, cells in table.rows() if any(cells.values())]
    except Unreadable as error:
        raise Wrong(f"{path.name}: {error}") from error
    if not rows:
        raise Wrong(f"{path.name}: there are no rows under the header")
    whens = _time_columns(path.name, names, time)
    when = next((name for name in whens if _by_date([cells[name] for _, cells in rows])), whens[0])
    left_out = [name for name in whens if name != when]
    chosen = _series_columns(path.name, names, {when, *left_out}, only)
    lines, texts = [line for line, _ in rows], [cells[when] for _, cells in rows]
    days, by_date = _times(path.name, when, lines, texts, day_first)
    values = [
        [_count(path.name, line, name, cells[name]) for name in chosen] for line, cells in rows
    ]
    sheet = _Sheet(path.name, lines, days, values, by_date)
    if left_out:
        sheet.notes.append(f"times are those of column {when!r}; not {', '.join(left_out)}")
    return _regular(_in_order(sheet), chosen)


def weekly(read: SeriesFile) -> SeriesFile:
    """Totals of seven days, the last of which end with the newest day.

    A week with a day that was not reported is not reported. Each is called by its last day.

    Raises
    ------
    Wrong
        Where the times are not days.
    """
    if read.step != 1:
        raise Wrong("only days can be added up to weeks")
    n_weeks = read.series.n_times // 7
    if n_weeks == 0:
        raise Wrong("there are fewer than seven days")
    first = read.series.n_times - 7 * n_weeks
    counts = read.series.counts[:, first:].reshape(-1, n_weeks, 7).sum(axis=2)
    ends = slice(first + 6, None, 7)
    dates = list(read.series.dates)[ends] if read.series.dates is not None else None
    note = f"{n_weeks} weeks of seven days; {first} days at the beginning left out"
    series = Series(counts, dates, read.series.names)
    return SeriesFile(series, read.times[ends], 7, (*read.notes, note))


def _time_columns(file: str, names: Sequence[str], wanted: str | None) -> list[str]:
    if wanted is not None:
        if wanted not in names:
            raise Wrong(f"{file}: there is no column {wanted!r}; there are: {', '.join(names)}")
        return [wanted]
    usual = [name for name in names if re.sub(r"[\W_]", "", name.lower()) in TIMES]
    return usual or list(names[:1])


def _series_columns(
    file: str, names: Sequence[str], times: set[str], only: Sequence[str]
) -> list[str]:
    there = [name for name in names if name not in times]
    unknown = [name for name in only if name not in there]
    if unknown:
        raise Wrong(f"{file}: there is no series {unknown[0]!r}; there are: {', '.join(there)}")
    chosen = [name for name in there if name in only] if only else there
    if not chosen:
        raise Wrong(f"{file}: beside {', '.join(sorted(times))} there is no column of counts")
    return chosen


def _count(file: str, line: int, column: str, text: str) -> float:
    plain = text.strip()
    if plain.lower() in _MISSING:
        return math.nan
    if re.fullmatch(r"\d{1,3}(,\d{3})+", plain):
        plain = plain.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        raise Wrong(
            f"{file}: line {line}, column {column!r}: {plain!r} is no number; "
            "leave the cell empty where nothing was reported"
        ) from None
    if math.isinf(value) or value < 0:
        raise Wrong(f"{file}: line {line}, column {column!r}: {plain} is no count, from zero up")
    return value


# --- when ----------------------------------------------------------------------------------------


def _by_date(texts: Sequence[str]) -> bool:
    """Whether these are dates rather than numbers that count."""
    return not all(_NUMBER.fullmatch(text.strip()) for text in texts)


def _times(
    file: str, column: str, lines: Sequence[int], texts: Sequence[str], day_first: bool | None
) -> tuple[list[int], bool]:
    """Each time as a day of the calendar or a number, and which of the two."""
    for line, text in zip(lines, texts, strict=True):
        if not text.strip():
            raise Wrong(f"{file}: line {line}, column {column!r}: there is no time")
    if not _by_date(texts):
        numbers = [int(float(text)) for text in texts]
        apart = {b - a for a, b in pairwise(numbers)}
        if column.lower() == "epoch" and min(numbers) >= _SINCE_1970 and apart <= {1, 7}:
            return [number + date(1970, 1, 1).toordinal() for number in numbers], True
        if min(numbers) < 10_000_000:  # not of the kind 20200123
            return numbers, False
    days = [_day(file, column, at, day_first) for at in zip(lines, texts, strict=True)]
    return days, True


def _day(file: str, column: str, at: tuple[int, str], day_first: bool | None) -> int:
    line, text = at
    try:
        if week := _ISO_WEEK.fullmatch(text.strip()):
            year, number, day = int(week[1]), int(week[2]), int(week[3] or 1)
            return date.fromisocalendar(year, number, day).toordinal()
        return parse_date(text, day_first=day_first).toordinal()
    except (NotADate, ValueError) as bad:
        raise Wrong(f"{file}: line {line}, column {column!r}: {bad}") from None


def _in_order(sheet: _Sheet) -> _Sheet:
    if len(sheet.times) > 1 and all(b < a for a, b in pairwise(sheet.times)):
        for rows in (sheet.lines, sheet.times, sheet.values):
            cast(list[object], rows).reverse()
        sheet.notes.append("the newest stood first; read from the end")
    for i in range(1, len(sheet.times)):
        if sheet.times[i] == sheet.times[i - 1]:
            raise Wrong(
                f"{sheet.name}: line {sheet.lines[i]}: {_called(sheet, sheet.times[i])} stands "
                f"in line {sheet.lines[i - 1]} already; one row for each time, a column per series"
            )
        if sheet.times[i] < sheet.times[i - 1]:
            raise Wrong(
                f"{sheet.name}: line {sheet.lines[i]}: {_called(sheet, sheet.times[i])} comes "
                f"after {_called(sheet, sheet.times[i - 1])}; sort the rows by time"
            )
    return sheet


def _called(sheet: _Sheet, time: int) -> str:
    return date.fromordinal(time).isoformat() if sheet.by_date else str(time)


def _regular(sheet: _Sheet, names: Sequence[str]) -> SeriesFile:
    """The rows with what the sheet leaves out put in as not reported."""
    apart = [b - a for a, b in pairwise(sheet.times)]
    months = bool(sheet.by_date and apart) and min(apart) >= 28 and max(apart) <= 31
    step = 0 if months else Counter(apart).most_common(1)[0][0] if apart else 1
    times, rows = sheet.times[:1], sheet.values[:1]
    empty, n_added = [math.nan] * len(names), 0
    for i, days in enumerate(apart, 1):
        if step and days != step:
            if days % step or n_added + days // step > _MOST_ADDED:
                raise Wrong(_uneven(sheet, i, days, step))
            between = range(sheet.times[i - 1] + step, sheet.times[i], step)
            n_added += len(between)
            sheet.notes.append(_gap(sheet, between))
            times.extend(between)
            rows.extend([empty] * len(between))
        times.append(sheet.times[i])
        rows.append(sheet.values[i])
    dates = [date.fromordinal(time) for time in times] if sheet.by_date else None
    series = Series(np.array(rows, dtype=np.float64).T, dates, tuple(names))
    called = tuple(_called(sheet, time) for time in times)
    return SeriesFile(series, called, step, tuple(sheet.notes))


def _uneven(sheet: _Sheet, i: int, days: int, step: int) -> str:
    unit = "days" if sheet.by_date else "steps"
    before, here = (_called(sheet, sheet.times[k]) for k in (i - 1, i))
    return (
        f"{sheet.name}: line {sheet.lines[i]}: {here} stands {days} {unit} after {before}, "
        f"where the others are {step} apart; one row for each time, without a jump"
    )


def _gap(sheet: _Sheet, between: range) -> str:
    first, last = _called(sheet, between[0]), _called(sheet, between[-1])
    span = first if first == last else f"{first} to {last}"
    return f"gap: {span} not in the file; {len(between)} taken as not reported"
