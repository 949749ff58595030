"""`tongchou rt FILE --si-mean M --si-sd S --window 7 --out CSV`: R of each series and window.

What it cannot know it leaves empty, with the reason; what rests on few cases it marks.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tongchou.epi import reproduction
from tongchou.epi.reproduction import Cori, Estimates, Growth, Reason, Uncertain
from tongchou.epi.reproduction.cori import USUAL
from tongchou.epi.reproduction.windows import Floats
from tongchou.site.cli import Wrong
from tongchou.site.series_files import SeriesFile, read_series

METHODS = ("cori", "wallinga-teunis", "growth")

ABOUT = """\
FILE: one row for each day, one column of dates or whole numbers, and one of cases for each series;
  CSV, TSV or XLSX. An empty cell is not reported, which is not zero. Columns named local and
  imported, and nothing else, are one series.
--imported: the same layout, for series of the same names: those of FILE's cases that were infected
  elsewhere. They infect others, but nobody of the series infected them.
--si-table: a column of days (0, 1, 2 …) and one of shares, instead of a mean and sd
--out: series, start, end, mean, sd, quantiles, reason; a row for each series and window
  (method growth: exponential growth per day, and the doubling time in days)
reasons:"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    said = (f"  {each.name.lower()}: {each.sentence}" for each in Reason if each)
    parser.epilog = "\n".join((ABOUT, *said))
    parser.add_argument("file", type=Path, metavar="FILE", help="cases a day")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="the estimates")
    parser.add_argument("--method", choices=METHODS, default="cori", help="default: cori")
    parser.add_argument("--window", type=int, metavar="DAYS", help="default: 7; of growth 14")
    parser.add_argument("--imported", type=Path, metavar="FILE", help="cases infected elsewhere")
    parser.add_argument("--last", action="store_true", help="only the newest window")
    interval = parser.add_argument_group("serial interval, in days")
    interval.add_argument("--si-mean", type=float, metavar="M", help="its mean, above 1")
    interval.add_argument("--si-sd", type=float, metavar="S", help="its standard deviation")
    interval.add_argument("--si-table", type=Path, metavar="FILE", help="its shares by day")
    interval.add_argument(
        "--si-mean-range", type=float, nargs=3, metavar=("SD", "LOW", "HIGH"),
        help="the mean itself is uncertain (cori): normal with this sd, cut off",
    )  # fmt: skip
    interval.add_argument(
        "--si-sd-range", type=float, nargs=3, metavar=("SD", "LOW", "HIGH"), help="so is the sd"
    )
    interval.add_argument(
        "--draws", type=int, default=500, metavar="N", help="uncertain intervals (default: 500)"
    )
    interval.add_argument("--seed", type=int, default=1, metavar="N", help="of the draws")
    parser.add_argument("--prior-mean", type=float, default=5.0, help="of R (cori; default: 5)")
    parser.add_argument("--prior-sd", type=float, default=5.0, help="of R (cori; default: 5)")
    parser.add_argument(
        "--quantiles", default=",".join(map(str, USUAL)), metavar="P,P…", help="which ones"
    )
    parser.add_argument(
        "--max-cv", type=float, default=0.3, metavar="CV",
        help="thin: sd of R above this share of its mean, so under about 1/CV² cases (0.3)",
    )  # fmt: skip
    parser.add_argument(
        "--thin", choices=("mark", "leave-out"), default="mark",
        help="thin windows: numbers beside the reason, or the reason alone (default: mark)",
    )  # fmt: skip
    parser.add_argument("--series", action="append", default=[], metavar="NAME", help="only these")
    parser.add_argument("--time", metavar="NAME", help="the column of dates or numbers")
    parser.add_argument("--day-first", action="store_true", help="03/04/2020 is 3 April")


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases by series and day, and those of them that were imported."""

    read: SeriesFile
    names: Sequence[str]
    total: Floats
    imported: Floats | None


def run(options: argparse.Namespace) -> int:
    try:
        return _run(options)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise Wrong(str(error)) from error


def _run(given: argparse.Namespace) -> int:
    cases = read_cases(given)
    _tell(cases, given.file)
    found = estimated(given, cases)
    if not found.start.size:
        n = cases.total.shape[1]
        raise Wrong(f"{given.file.name}: {n} days are too few for a single window")
    _summary(cases, found, given)
    growth = given.method == "growth"
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(
            (
                *("series", "start", "end", "mean", "sd"),
                *(f"q{p:g}" for p in found.probabilities),
                *(("doubling_days",) if growth else ()),
                "reason",
            )
        )
        writer.writerows(rows(cases, found, growth=growth))
    print(f"written: {given.out}")
    return 0


# --- what comes in -------------------------------------------------------------------------------


def read_cases(given: argparse.Namespace) -> Cases:
    """The cases and the imported ones, both with the same columns."""
    day_first = True if given.day_first else None
    read = read_series(given.file, time=given.time, only=given.series, day_first=day_first)
    if read.step != 1:
        raise Wrong(
            f"{given.file.name}: the rows stand {read.step or 30} days apart; R is estimated from "
            "days, and from weeks nobody can tell how fast one case follows another"
        )
    counts = read.series.counts
    plain = [name.strip().lower() for name in read.names]
    if sorted(plain) == ["imported", "local"] and given.imported is None:
        imported = counts[[plain.index("imported")]]
        return Cases(read, ("local + imported",), counts.sum(axis=0, keepdims=True), imported)
    if given.imported is None:
        return Cases(read, read.names, counts, None)
    other = read_series(given.imported, time=given.time, day_first=day_first)
    brought = np.zeros_like(counts)
    column = {time: at for at, time in enumerate(other.times)}
    unknown = [name for name in other.names if name not in read.names]
    if unknown and other.series.n_series == counts.shape[0] == 1:
        unknown = []  # one series in each file: their names need not agree
    if unknown and not given.series:
        raise Wrong(f"{given.imported.name}: {given.file.name} has no series {unknown[0]!r}")
    strange = [time for time in other.times if time not in set(read.times)]
    if strange:
        raise Wrong(f"{given.imported.name}: {given.file.name} has no row for {strange[0]}")
    for at, name in enumerate(read.names):
        if name in other.names or counts.shape[0] == other.series.n_series == 1:
            row = other.names.index(name) if name in other.names else 0
            for day, time in enumerate(read.times):
                brought[at, day] = other.series.counts[row, column[time]] if time in column else 0
    brought = np.nan_to_num(brought)  # who names no imported case on a day knows of none
    over = np.argwhere(brought > counts)
    if over.size:
        at, day = over[0]
        raise Wrong(
            f"{given.imported.name}: {brought[at, day]:g} imported cases of {read.names[at]!r} on "
            f"{read.times[day]}, of {counts[at, day]:g} in all. {given.file.name} counts all "
            "cases, imported ones among them; local ones alone go in columns local and imported"
        )
    return Cases(read, read.names, counts, brought)


def estimated(given: argparse.Namespace, cases: Cases) -> Estimates:
    """What the chosen method says."""
    asked = tuple(float(p) for p in given.quantiles.split(","))
    n_days = cases.total.shape[1]
    if given.method == "growth":
        growth = Growth(given.window or 14, asked, newest=given.last)
        return reproduction.growth_rate(cases.total, options=growth)
    options = Cori(
        window=given.window or 7,
        prior_mean=given.prior_mean,
        prior_sd=given.prior_sd,
        probabilities=asked,
        max_cv=given.max_cv,
        show_thin=given.thin == "mark",
    )
    last = n_days - (2 if given.method == "wallinga-teunis" else 1)
    start, end = reproduction.sliding(last + 1, options.window)
    if given.last:
        start, end = start[-1:], end[-1:]
    if given.method == "cori" and given.si_mean_range:
        return reproduction.instantaneous_uncertain(
            cases.total, mean=_uncertain(given, "mean"), sd=_uncertain(given, "sd"),
            rng=np.random.default_rng(given.seed), draws=given.draws,
            options=options, imported=cases.imported, start=start, end=end,
        )  # fmt: skip
    interval = _interval(given, n_days)
    if given.method == "cori":
        return reproduction.instantaneous(
            cases.total, interval, options=options, imported=cases.imported, start=start, end=end
        )
    if cases.imported is not None:
        raise Wrong("wallinga-teunis knows no imported cases; use cori, or leave them out of FILE")
    return reproduction.wallinga_teunis(
        cases.total, interval, options=options, start=start, end=end
    )


def _uncertain(given: argparse.Namespace, which: str) -> Uncertain:
    middle, cut = getattr(given, f"si_{which}"), getattr(given, f"si_{which}_range")
    if middle is None or cut is None:
        raise Wrong("an uncertain interval takes --si-mean, --si-sd and the range of both")
    return Uncertain(middle, *cut)


def _interval(given: argparse.Namespace, n_days: int) -> Floats:
    if given.si_table is not None:
        table = read_series(given.si_table)
        if table.series.n_series != 1 or table.series.dates is not None:
            raise Wrong(f"{given.si_table.name}: one column of days 0, 1, 2 … and one of shares")
        before = int(table.times[0])
        if before < 0:
            raise Wrong(f"{given.si_table.name}: day {before}: an interval is at least a day")
        shares = np.nan_to_num(table.series.counts[0])
        return reproduction.shares(np.concatenate((np.zeros(before), shares)), n_days)
    if given.si_mean is None or given.si_sd is None:
        raise Wrong("say --si-mean and --si-sd, or --si-table: R hangs on the serial interval")
    return reproduction.shifted_gamma(given.si_mean, given.si_sd, n_days)


# --- what comes out ------------------------------------------------------------------------------


def rows(cases: Cases, found: Estimates, *, growth: bool = False) -> Iterator[tuple[str, ...]]:
    """Rows of the estimates, series by series."""
    times = cases.read.times
    for i, name in enumerate(cases.names):
        for k, (a, b) in enumerate(zip(found.start.tolist(), found.end.tolist(), strict=True)):
            numbers = [found.mean[i, k], found.sd[i, k], *found.quantiles[:, i, k]]
            if growth:
                numbers.append(float(reproduction.doubling_time(found.mean[i, k])))
            reason = Reason(int(found.reason[i, k]))
            yield (
                *(name, times[a], times[b]),
                *("" if np.isnan(value) else f"{value:.16g}" for value in numbers),
                reason.name.lower() if reason else "",
            )


def _tell(cases: Cases, path: Path) -> None:
    missing = int(np.isnan(cases.total).sum())
    times = cases.read.times
    print(
        f"{path.name}: {len(cases.names)} series x {len(times)} days ({times[0]} to {times[-1]}) "
        f"= {cases.total.size - missing} counts + {missing} not reported"
    )
    for note in cases.read.notes:
        print(f"  {note}")


def _summary(cases: Cases, found: Estimates, given: argparse.Namespace) -> None:
    n = int((found.reason == Reason.NONE).sum())
    print(f"{given.method}: {found.reason.size} windows = {n} speak", end="")
    for reason in Reason:
        if reason and (there := int((found.reason == reason).sum())):
            print(f" + {there} {reason.name.lower()}", end="")
    print()
    if given.method != "growth" and given.thin == "mark" and (found.reason == 4).any():
        print("  few_cases: written, but do not rest a decision on them (--thin leave-out)")
    what = "growth a day" if given.method == "growth" else "R"
    for i, name in list(enumerate(cases.names))[:5]:
        said = Reason(int(found.reason[i, -1]))
        times = f"{cases.read.times[found.start[-1]]} to {cases.read.times[found.end[-1]]}"
        if said:
            print(f"newest: {name}, {times}: {said.sentence}")
        else:
            low, high = found.quantiles[0, i, -1], found.quantiles[-1, i, -1]
            print(f"newest: {name}, {times}: {what} {found.mean[i, -1]:.2f} ({low:.2f}-{high:.2f})")
