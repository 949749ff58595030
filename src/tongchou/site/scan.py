"""`tongchou scan --areas CSV --cases CSV --out CSV`: where cases cluster in space and time.

The prospective scan of Kulldorff: circles of areas with too many cases over the last days. What a
person reads goes to standard output, refused rows to standard error.
"""

import argparse
import csv
import math
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tongchou.epi.detect.scan import Cluster, Clusters, Options, prospective
from tongchou.epi.detect.series import Series
from tongchou.kit.dates import NotADate, parse_date
from tongchou.site.cli import Wrong
from tongchou.site.scan_lists import Areas, Counts, read_areas, read_counts

LISTED = 10  # refusals printed; the counts are of all
COLUMNS = (
    *("cluster", "centre", "areas", "n_areas", "longitude", "latitude", "radius_km"),
    *("first_day", "last_day", "days", "observed", "expected", "relative_risk", "llr"),
    *("p", "p_tail", "recurrence_days"),
)

ABOUT = """\
columns (any of their usual names in Chinese or English; others are left alone):
  --areas   area, longitude, latitude[, population]
  --cases   area, date[, count]     without count a row is a case; rows of one area and day are
            added; no row is no case, but an empty count is a day not reported, which is left out
            of what was found and of what was expected
files: CSV, TSV or XLSX in UTF-8, GB 18030 or UTF-16; dates in any certain way
--out: a row for each cluster, the most likely first; none shares an area with one before it.
  p is the rank among replicates, p_tail a Gumbel law fitted to them (it reaches below 1/1000);
  recurrence_days: with a scan a day, one as strong comes by chance once in so many days"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = ABOUT
    parser.add_argument("--areas", type=Path, required=True, metavar="CSV", help="the areas")
    parser.add_argument("--cases", type=Path, required=True, metavar="CSV", help="the cases")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="the clusters")
    parser.add_argument(
        "--model",
        choices=["permutation", "poisson"],
        default="permutation",
        help="what is expected: by each area's own cases, or by people (default: permutation)",
    )
    parser.add_argument(
        "--population", metavar="COLUMN", help="the column of people in --areas, if unusual"
    )
    parser.add_argument(
        "--days", type=int, default=14, help="the longest duration of a cluster (default: 14)"
    )
    parser.add_argument(
        "--zone", type=float, metavar="SHARE", help="largest share of all people, or of all cases"
    )
    parser.add_argument(
        "--radius-km", type=float, metavar="KM", help="largest radius; default: --zone 0.05"
    )
    parser.add_argument("--min-cases", type=int, default=2, help="of a cluster (default: 2)")
    parser.add_argument("--replicates", type=int, default=999, help="default: 999")
    parser.add_argument(
        "--stop-after",
        type=int,
        metavar="N",
        help="stop when N replicates have reached the truth: quick where there is no news",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the replicates (default: 0)")
    parser.add_argument("--clusters", type=int, default=10, metavar="N", help="at most N")
    parser.add_argument("--until", metavar="DATE", help="today; default: the last date of --cases")
    parser.add_argument(
        "--period", type=int, metavar="DAYS", help="days of the study; default: from the first date"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="the answer does not depend on it")
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_true", help="03/04/2022 is 3 April")
    order.add_argument("--month-first", action="store_true", help="03/04/2022 is 4 March")
    parser.add_argument(
        "--column", action="append", default=[], metavar="KEY=NAME", help="which column is which"
    )


def run(given: argparse.Namespace) -> int:
    try:
        return _run(given)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise Wrong(str(error)) from error


def _run(given: argparse.Namespace) -> int:
    columns = dict(_column(word) for word in given.column)
    if given.population:
        columns["population"] = given.population
    if given.period is not None and given.period < 1:
        raise Wrong(f"--period {given.period}: a study lasts at least one day")
    day_first = True if given.day_first else False if given.month_first else None
    areas = read_areas(given.areas, columns)
    _tell_areas(areas, given.areas)
    if given.model == "poisson" and areas.population is None:
        raise Wrong(
            f"{given.areas.name}: the poisson model needs people; say --population COLUMN, "
            "or take --model permutation, which needs none"
        )
    until = _date(given.until, day_first) if given.until else None
    counts = read_counts(
        given.cases, areas, columns, until=until, period=given.period, day_first=day_first
    )
    _tell_counts(counts, given.cases)
    found = prospective(
        Series(counts.table),
        areas.longitude,
        areas.latitude,
        population=areas.population,
        options=_options(given),
        seed=given.seed,
        threads=given.threads,
    )
    _summary(found, areas, counts)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(_rows(found, areas, counts))
    print(f"written: {given.out}")
    return 0


def _options(given: argparse.Namespace) -> Options:
    share = 0.05 if given.zone is None and given.radius_km is None else given.zone
    return Options(
        model=given.model,
        days=given.days,
        zone_share=share,
        radius_km=given.radius_km,
        min_cases=given.min_cases,
        replicates=given.replicates,
        stop_after=given.stop_after,
        most=given.clusters,
    )


def _column(word: str) -> tuple[str, str]:
    key, sign, name = word.partition("=")
    if not sign:
        raise Wrong(f"--column {word}: write it as area=NAME")
    return key, name


def _date(text: str, day_first: bool | None) -> date:
    try:
        return parse_date(text, day_first=day_first)
    except NotADate as bad:
        raise Wrong(f"--until: {bad}") from bad


def _tell_areas(areas: Areas, path: Path) -> None:
    n, refused = len(areas.names), len(areas.refused)
    print(f"{path.name}: {areas.n_read} read = {n} areas + {refused} refused")
    _tell(areas.refused.rows)
    if not areas.names:
        raise Wrong(f"{path.name}: there is no area with coordinates")


def _tell_counts(counts: Counts, path: Path) -> None:
    used = counts.n_read - counts.n_outside - counts.n_gaps - len(counts.refused)
    print(
        f"{path.name}: {counts.n_read} read = {used} used + {counts.n_gaps} not reported "
        f"+ {counts.n_outside} outside of the study + {len(counts.refused)} refused"
    )
    _tell(counts.refused.rows)
    if counts.gaps_with_cases:
        _tell([f"{one}: cases and no report; left out" for one in counts.gaps_with_cases])
    n_gaps = int(np.isnan(counts.table).sum())
    left = f"; {n_gaps} area-days not reported and left out" if n_gaps else ""
    print(f"study: {counts.first} to {counts.last}, {counts.n_cases} cases{left}")


def _tell(rows: list[str]) -> None:
    for row in rows[:LISTED]:
        print(row, file=sys.stderr)
    if len(rows) > LISTED:
        print(f"… {len(rows) - LISTED} more", file=sys.stderr)


def _summary(found: Clusters, areas: Areas, counts: Counts) -> None:
    n = found.maxima.size
    stopped = f", stopped early after {n}" if found.stopped else ""
    print(
        f"{found.options.model}: {found.n_cylinders:,} cylinders, "
        f"{found.options.replicates} replicates{stopped}, seed {found.seed}"
    )
    if not found.found:
        print(f"no cluster of at least {found.options.min_cases} cases")
    for cluster in found.found[:3]:
        print(_sentence(cluster, areas, counts))


def _sentence(one: Cluster, areas: Areas, counts: Counts) -> str:
    begin = counts.last - timedelta(days=one.days - 1)
    where = areas.names[one.centre]
    if one.areas.size > 1:
        where = f"{one.areas.size} areas around {where}, {one.radius_km:.1f} km"
    chance = "" if math.isnan(one.p) else f"; by chance once in {one.recurrence_days:.0f} days"
    return (
        f"{one.observed} cases in {where}, {one.expected:.2f} expected, "
        f"since {begin} ({one.days} days); llr {one.llr:.6f}, p {one.p:.4g}{chance}"
    )


def _rows(found: Clusters, areas: Areas, counts: Counts) -> Iterator[tuple[object, ...]]:
    for number, one in enumerate(found.found, start=1):
        yield (
            number,
            areas.names[one.centre],
            ";".join(areas.names[row] for row in one.areas.tolist()),
            one.areas.size,
            areas.longitude[one.centre],
            areas.latitude[one.centre],
            f"{one.radius_km:.6f}",
            counts.last - timedelta(days=one.days - 1),
            counts.last,
            one.days,
            one.observed,
            f"{one.expected:.9g}",
            f"{one.relative_risk:.9g}",
            f"{one.llr:.9f}",
            _or_empty(one.p),
            _or_empty(one.p_tail),
            _or_empty(one.recurrence_days),
        )


def _or_empty(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"
