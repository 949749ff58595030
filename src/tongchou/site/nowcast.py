"""`tongchou nowcast FILE --today DATE --out CSV`: how many there will have been of each day.

FILE is a line list: a row for each event, with the day it happened and the day it was heard of.
"""

import argparse
import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from tongchou.epi.nowcast import Nowcast, Options, Triangle, estimate, predictive
from tongchou.kit.dates import NotADate, parse_date
from tongchou.kit.tables import Unreadable, read
from tongchou.site.cli import Wrong

__all__ = ["arguments", "run"]

_DEFAULTS = Options()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a row for each event")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="the nowcasts")
    parser.add_argument("--event", metavar="NAME", help="column of the day it happened (the 1st)")
    parser.add_argument("--report", metavar="NAME", help="column of the day it was heard of (2nd)")
    parser.add_argument("--today", metavar="DATE", help="as known when this day ends (the last)")
    parser.add_argument(
        "--max-delay", type=int, default=15, metavar="DAYS", help="longest delay looked at"
    )
    parser.add_argument("--window", type=int, metavar="DAYS", help="learn delays from these only")
    parser.add_argument(
        "--method", choices=["negbin", *predictive.METHODS], default="negbin", help="negbin: ours"
    )
    parser.add_argument(
        "--quantiles", type=float, nargs="+", default=list(_DEFAULTS.levels), metavar="P"
    )
    parser.add_argument(
        "--largest", type=int, default=_DEFAULTS.largest, help="R's methods: largest final count"
    )
    parser.add_argument("--day-first", action="store_true", help="03/04/2020 is 3 April")


def run(given: argparse.Namespace) -> int:
    event, report, blank = _read(given)
    today = _day("--today", given.today, given) if given.today else int(report.max())
    kept = event <= today
    try:
        triangle = Triangle.of(event[kept], report[kept], today=today, max_delay=given.max_delay)
        options = Options(
            given.method,
            tuple(given.quantiles),
            window=given.window,
            largest=given.largest,
        )
        found = estimate(triangle, options=options)
    except ValueError as error:
        raise Wrong(f"{given.file.name}: {error}") from error
    later = int((~kept).sum()) + triangle.n_unknown
    print(
        f"{given.file.name}: {event.size + blank} rows = {int(triangle.reported.sum())} known by "
        f"{date.fromordinal(today)} + {later} only later + {triangle.n_late} after more than "
        f"{given.max_delay} days + {blank} without a date"
    )
    spoken = sum(not reason for reason in found.refused)
    print(f"{found.at.size} days = {spoken} nowcast + {found.at.size - spoken} refused")
    _write(given.out, found, options.levels, today - triangle.n_times + 1)
    print(f"written: {given.out}")
    return 0


def _write(path: Path, found: Nowcast, levels: Sequence[float], first: int) -> None:
    names = [f"q{level:g}" for level in levels]
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["time", "reported", "share", "point", *names, "reason"])
            for i, row in enumerate(found.at.tolist()):
                numbers = [found.reported[i], found.share[i], found.point[i], *found.quantiles[i]]
                said = ["" if np.isnan(x) else f"{x:.10g}" for x in numbers]
                writer.writerow([date.fromordinal(first + row), *said, found.refused[i]])
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error


def _read(given: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, int]:
    """Days of events and reports as ordinals, and how many rows lack one of both."""
    try:
        with given.file.open("rb") as file:
            table = read(file)
            names = table.names
            rows = [(line, cells) for line, cells in table.rows() if any(cells.values())]
    except Unreadable as error:
        raise Wrong(f"{given.file.name}: {error}") from error
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    if len(names) < 2 or not rows:
        raise Wrong(f"{given.file.name}: it needs two columns of dates, and rows")
    columns = [given.event or names[0], given.report or names[1]]
    for name in columns:
        if name not in names:
            raise Wrong(f"there is no column {name!r}; there are: {', '.join(names)}")
    pairs, blank = [], 0
    for line, cells in rows:
        texts = [cells[name].strip() for name in columns]
        if any(text.lower() in ("", "na") for text in texts):
            blank += 1
            continue
        pair = [_day(f"line {line}", text, given) for text in texts]
        if pair[1] < pair[0]:
            raise Wrong(
                f"{given.file.name}: line {line}: reported on {texts[1]}, before it happened on "
                f"{texts[0]}; exchange --event and --report, or leave the row out"
            )
        pairs.append(pair)
    if not pairs:
        raise Wrong(f"{given.file.name}: no row has both dates")
    days = np.array(pairs, dtype=np.int64)
    return days[:, 0], days[:, 1], blank


def _day(where: str, text: str, given: argparse.Namespace) -> int:
    try:
        return parse_date(text, day_first=True if given.day_first else None).toordinal()
    except (NotADate, ValueError) as bad:
        raise Wrong(f"{given.file.name}: {where}: {bad}") from None
