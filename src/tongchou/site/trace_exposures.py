"""`tongchou trace exposures --visits PARQUET|DIR --cases CSV --out CSV`: where cases crossed.

What a person reads goes to standard error, so that the list can go to standard output.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tongchou.epi.trace import exposures, kinds
from tongchou.epi.trace.day import DAY_MINUTES
from tongchou.site import trace_lists
from tongchou.site.cli import Wrong

HEAD = ("place", "kind", "day", "n_cases", "n_visitors", "p_value", "adjusted_p_value")
VISITORS = ("place", "day", "person", "first", "minutes")

ABOUT = """\
--out: place, kind, day, n_cases, n_visitors, p_value, adjusted_p_value: one row per place and day
  where at least two cases were inside their windows, and one without a day for the place over the
  whole window (first day of any case to the last of any). The most surprising first.
  n_cases and n_visitors count distinct people; cases are among the visitors.
  p_value: chance that so many of the cases are among the visitors, had they been drawn from
  everybody in the visits (hypergeometric tail); on one day only the cases whose window touches it
  are drawn. adjusted_p_value: Benjamini-Hochberg over all places of these kinds, each day and the
  whole window.
  Homes do not count unless --kinds names them."""


def arguments(parser: argparse.ArgumentParser) -> None:
    trace_lists.arguments(parser, ABOUT)
    parser.add_argument(
        "--min-cases", type=int, default=2, metavar="N", help="cases that cross (default: 2)"
    )
    parser.add_argument(
        "--kinds", metavar="A,B", help="only places of these kinds (default: all but home): "
        + ", ".join(kind.name for kind in kinds.KINDS),
    )  # fmt: skip
    parser.add_argument(
        "--visitors",
        type=Path,
        metavar="CSV",
        help="also write who was at the --top sites, to be notified",
    )
    parser.add_argument("--top", type=int, default=10, metavar="N", help="default: 10")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="default: 1")


def run(options: argparse.Namespace) -> int:
    try:
        mask = kinds.mask_of(options.kinds.split(",")) if options.kinds else exposures.MASK
        found = trace_lists.load(options.visits, options.cases)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise Wrong(str(error)) from error
    if options.min_cases < 1:
        raise Wrong("--min-cases: at least 1")
    sites = exposures.ranked(
        found.tables, found.cases, mask=mask, min_cases=options.min_cases, threads=options.threads
    )
    trace_lists.write(options.out, HEAD, _rows(found, sites))
    trace_lists.tell(found, options.out, options.visits, options.cases)
    surprising = int((sites.adjusted < 0.05).sum())
    print(f"{len(sites):,} sites; {surprising:,} with adjusted p below 0.05", file=sys.stderr)
    if options.visitors:
        n = trace_lists.write(options.visitors, VISITORS, _visitors(found, sites, options.top))
        print(f"{options.visitors}: {n:,} visitors", file=sys.stderr)
    return 0


def _rows(found: trace_lists.Lists, sites: exposures.Sites) -> Iterator[tuple[object, ...]]:
    p = sites.p_value
    for i in range(len(sites)):
        place = int(sites.place[i])
        yield (
            found.read.place_keys[place],
            kinds.KINDS[int(found.read.places.kind[place])].name,
            _day(int(sites.day[i])),
            int(sites.n_cases[i]),
            int(sites.n_visitors[i]),
            f"{p[i]:.6g}",
            f"{sites.adjusted[i]:.6g}",
        )


def _visitors(
    found: trace_lists.Lists, sites: exposures.Sites, top: int
) -> Iterator[tuple[object, ...]]:
    first = int(found.cases.since.min()) // DAY_MINUTES
    last = (int(found.cases.until.max()) - 1) // DAY_MINUTES
    for i in range(min(top, len(sites))):
        place, day = int(sites.place[i]), int(sites.day[i])
        days = (first, last) if day == exposures.WHOLE else (day, day)
        seen = exposures.visitors(found.tables, place, *days)
        for person, since, minutes in zip(seen.person, seen.first, seen.minutes, strict=True):
            yield (
                found.read.place_keys[place],
                _day(day),
                found.read.people[int(person)],
                found.clock.write(int(since)),
                int(minutes),
            )


def _day(number: int) -> str:
    """A day as people write it; empty for the whole window."""
    if number == exposures.WHOLE:
        return ""
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()
