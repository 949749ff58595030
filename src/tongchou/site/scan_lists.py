"""Areas and cases for `scan`, from lists as people keep them; refusals have a line.

An area without a row of cases on a day had none. An area-day whose count is empty did not report,
which is another thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongchou.kit.dates import NotADate, parse_date
from tongchou.kit.tables import BEYOND, Unreadable, read
from tongchou.site.chain_lists import Refusals, clean, find
from tongchou.site.cli import Wrong

#: Names of a column, in lower case without blanks and marks; the first that is there is taken.
AREAS: Mapping[str, tuple[str, ...]] = {
    "area": (
        *("area", "areacode", "areaid", "code", "id", "zip", "location", "locationid", "name"),
        *("区域编码", "区域", "社区编码", "社区", "地区", "编码"),
    ),
    "longitude": ("longitude", "lon", "long", "lng", "x", "经度"),
    "latitude": ("latitude", "lat", "y", "纬度"),
    "population": ("population", "pop", "people", "residents", "人口", "人口数"),
}
CASES: Mapping[str, tuple[str, ...]] = {
    "area": AREAS["area"],
    "date": (
        *("date", "day", "onset", "onsetdate", "reported", "reportdate", "time", "日期"),
        *("发病日期", "报告日期"),
    ),
    "count": ("count", "cases", "n", "number", "病例数", "例数", "数量"),
}
_NOT_REPORTED = {"", "na", "n/a", "nan", "null", "none", "-", "missing", "未报", "缺报"}


@dataclass(slots=True)
class Areas:
    """Areas that were read: names, coordinates, and people where the list knows them."""

    names: list[str]
    longitude: list[float]
    latitude: list[float]
    population: list[float] | None
    n_read: int
    refused: Refusals


@dataclass(slots=True)
class Counts:
    """Cases by area and day, NaN where not reported, and what became of each row."""

    table: NDArray[np.float64]
    first: date
    n_read: int
    refused: Refusals
    n_cases: int = 0
    n_outside: int = 0
    n_gaps: int = 0
    gaps_with_cases: list[str] = field(default_factory=list)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.table.shape[1] - 1)


def read_areas(path: Path, columns: Mapping[str, str]) -> Areas:
    """Every row becomes an area or a refusal."""
    names, rows = _rows(path, AREAS, columns, ("area", "longitude", "latitude"))
    refused = Refusals(path.name)
    people: list[float] | None = [] if "population" in names else None
    found = Areas([], [], [], people, len(rows), refused)
    seen: dict[str, int] = {}
    for line, cells in rows:
        name = clean(cells[names["area"]])
        if not name:
            refused.add(line, f"{names['area']}: there is no area")
        elif name in seen:
            refused.add(line, f"{name} stands in line {seen[name]} already")
        else:
            try:
                east = _number(cells[names["longitude"]], names["longitude"], 180)
                north = _number(cells[names["latitude"]], names["latitude"], 90)
                if people is not None:
                    people.append(_people(cells[names["population"]], names["population"]))
            except ValueError as bad:
                refused.add(line, f"{name}: {bad}")
                continue
            seen[name] = line
            found.names.append(name)
            found.longitude.append(east)
            found.latitude.append(north)
    return found


def read_counts(
    path: Path,
    areas: Areas,
    columns: Mapping[str, str],
    *,
    until: date | None,
    period: int | None,
    day_first: bool | None,
) -> Counts:
    """Every row becomes cases of an area and day, a day not reported, or a refusal.

    The study ends on `until`, or the last date of the list, and lasts `period` days, or from the
    first date of the list on. Rows before and after are counted, not used.
    """
    names, rows = _rows(path, CASES, columns, ("area", "date"))
    index = {name: row for row, name in enumerate(areas.names)}
    refused = Refusals(path.name)
    kept: list[tuple[int, date, float]] = []
    for line, cells in rows:
        name = clean(cells[names["area"]])
        if name not in index:
            refused.add(line, f"{name or 'no area'}: not in the list of areas")
            continue
        try:
            day = parse_date(cells[names["date"]], day_first=day_first)
            count = _count(cells[names["count"]], names["count"]) if "count" in names else 1.0
        except (NotADate, ValueError) as bad:
            refused.add(line, f"{name}: {bad}")
            continue
        kept.append((index[name], day, count))
    if not kept:
        raise Wrong(f"{path.name}: no row has an area of the list and a date")
    last = until or max(day for _, day, _ in kept)
    first = min(day for _, day, _ in kept)
    if period is not None:
        first = last - timedelta(days=period - 1)
    if last < first:
        raise Wrong(f"{path.name}: every row lies after {last}; the first is of {first}")
    found = Counts(np.zeros((len(areas.names), (last - first).days + 1)), first, len(rows), refused)
    gaps: dict[tuple[int, int], None] = {}
    for row, day, count in kept:
        if not first <= day <= last:
            found.n_outside += 1
        elif np.isnan(count):
            found.n_gaps += 1
            gaps[row, (day - first).days] = None
        else:
            found.table[row, (day - first).days] += count
    for row, column in gaps:
        if found.table[row, column]:  # one row says how many, another that nobody knows
            day = first + timedelta(days=column)
            found.gaps_with_cases.append(f"{areas.names[row]} on {day}")
        found.table[row, column] = np.nan
    found.n_cases = int(np.nansum(found.table))
    return found


def _rows(
    path: Path,
    known: Mapping[str, tuple[str, ...]],
    columns: Mapping[str, str],
    needed: tuple[str, ...],
) -> tuple[dict[str, str], list[tuple[int, dict[str, str]]]]:
    with path.open("rb") as file:
        try:
            table = read(file)
            chosen = {key: name for key, name in columns.items() if key in known}
            names = find(table.names, known, chosen, path.name, needed=needed)
            return names, [
                (line, {key: cell for key, cell in cells.items() if key != BEYOND})
                for line, cells in table.rows()
            ]
        except Unreadable as bad:
            raise Wrong(f"{path.name}: {bad}") from bad


def _number(text: str, column: str, limit: float) -> float:
    try:
        number = float(clean(text))
    except ValueError:
        raise ValueError(f"{column}: {text!r} is no number") from None
    if not abs(number) <= limit:
        raise ValueError(f"{column}: {text!r} is not within {limit:g} degrees")
    return number


def _people(text: str, column: str) -> float:
    try:
        number = float(clean(text).replace(",", ""))
    except ValueError:
        raise ValueError(f"{column}: {text!r} is no number") from None
    if not 0 <= number < float("inf"):
        raise ValueError(f"{column}: {text!r} must be zero or more")
    return number


def _count(text: str, column: str) -> float:
    plain = clean(text)
    if plain.casefold() in _NOT_REPORTED:
        return float("nan")
    try:
        number = float(plain)
    except ValueError:
        raise ValueError(f"{column}: {text!r} is no number") from None
    if number < 0 or number != int(number):
        raise ValueError(f"{column}: {text!r} is no count of cases")
    return number
