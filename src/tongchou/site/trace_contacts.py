"""`tongchou trace contacts --visits PARQUET|DIR --cases CSV --out CSV`: who was with these cases.

What a person reads goes to standard error, so that the list can go to standard output.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from tongchou.epi.trace import contacts, kinds, rules
from tongchou.site import trace_lists
from tongchou.site.cli import Wrong

HEAD = ("case", "person", "meetings", "minutes", "first", "last", "kinds", "tier", "reason")

ABOUT = """\
--out: case, person, meetings, minutes, first, last, kinds (joined by |), tier (close or general),
  reason: one row per case and person who were at the same place at the same time inside the
  case's window. A meeting counts from one whole minute, and one that runs over midnight is one;
  a visit of no length meets nobody. Rows come by case; close before general, longest first."""


def arguments(parser: argparse.ArgumentParser) -> None:
    trace_lists.arguments(parser, ABOUT)
    parser.add_argument(
        "--min-minutes",
        type=int,
        default=15,
        metavar="N",
        help="keep pairs of at least so many minutes in all (default: 15)",
    )
    parser.add_argument(
        "--kinds", metavar="A,B", help="only places of these kinds (default: all): "
        + ", ".join(kind.name for kind in kinds.KINDS),
    )  # fmt: skip
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the reasons")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="default: 1")


def run(options: argparse.Namespace) -> int:
    try:
        mask = kinds.mask_of(options.kinds.split(",")) if options.kinds else kinds.ALL
        found = trace_lists.load(options.visits, options.cases)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise Wrong(str(error)) from error
    if options.min_minutes < 1:
        raise Wrong("--min-minutes: a pair is together for at least 1 minute")
    pairs = contacts.of_cases(
        found.tables, found.cases, min_minutes=options.min_minutes, mask=mask,
        threads=options.threads,
    )  # fmt: skip
    judged = rules.classify(pairs)
    n = trace_lists.write(options.out, HEAD, _rows(found, pairs, judged, options.lang))
    trace_lists.tell(found, options.out, options.visits, options.cases)
    close = sum(judged.tier(i) == "close" for i in range(len(judged.rule)))
    print(f"{n:,} contacts: {close:,} close, {n - close:,} general", file=sys.stderr)
    return 0


def _rows(
    found: trace_lists.Lists, pairs: contacts.Pairs, judged: rules.Judged, lang: str
) -> Iterator[tuple[object, ...]]:
    tier = np.array([rules.TIERS.index(rule.tier) for rule in judged.rules])[judged.rule]
    order = np.lexsort((pairs.person, -pairs.minutes, tier, pairs.case))
    names, people, clock = found.names, found.read.people, found.clock
    words = {
        mask: "|".join(kind.name for kind in kinds.in_mask(mask))
        for mask in np.unique(pairs.kinds).tolist()
    }
    for case, mine in groupby(order.tolist(), key=pairs.case.__getitem__):
        for i in mine:
            yield (
                names[case],
                people[int(pairs.person[i])],
                int(pairs.meetings[i]),
                int(pairs.minutes[i]),
                clock.write(int(pairs.first[i])),
                clock.write(int(pairs.last[i])),
                words[int(pairs.kinds[i])],
                judged.tier(i),
                judged.reason(pairs, i, lang),
            )
