"""`tongchou trace chains --cases CSV --contacts CSV --si-mean M --si-sd S --out CSV`.

For each case the probability of every possible infector, and that it was nobody of the list. What
a person reads goes to standard output, refused rows to standard error.
"""

import argparse
import csv
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tongchou.epi.chains import offspring, trees
from tongchou.epi.chains.infectors import Infectors, infer
from tongchou.epi.chains.intervals import LAWS, fit, serial_interval
from tongchou.epi.chains.pairs import Pairs, by_dates, hazard
from tongchou.epi.delays import Delay
from tongchou.site.chain_lists import Cases, Contacts, Refusals, read_cases, read_contacts
from tongchou.site.cli import Wrong

LISTED = 10  # refusals printed; the counts are of all
#: At most so many candidates for each infected case, and the pairs are read as a recorded tree.
_RECORDED = 1.1
#: A list of which more pairs than this run against the onsets does not say who was first.
_AGAINST = 0.25

ABOUT = """\
columns (any of their usual names in Chinese or English; others are left alone):
  --cases     id, onset[, reported]       a case without onset gets one before its report
  --contacts  from, to[, minutes | weight][, first][, last]
              "from" may have infected "to"; minutes become a hazard that saturates, a weight is
              taken as it is, rows of one pair are added; a pair that first met after the onset
              of "to" is ruled out
files: CSV, TSV or XLSX in UTF-8, GB 18030 or UTF-16; dates in any certain way, or day numbers
--out: infector, case, probability: a row for each pair, and one with no infector for each case:
  that it was infected by nobody of the list. The probabilities of a case add up to one."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = ABOUT
    parser.add_argument("--cases", type=Path, required=True, metavar="CSV", help="the cases")
    parser.add_argument(
        "--contacts", type=Path, metavar="CSV", help="pairs; without, dates alone decide (badly)"
    )
    parser.add_argument("--si-mean", type=float, metavar="DAYS", help="mean serial interval")
    parser.add_argument(
        "--si-sd", type=float, metavar="DAYS", help="its standard deviation; without both, fitted"
    )
    parser.add_argument("--out", type=Path, metavar="CSV", help="probability per pair")
    parser.add_argument("--tree", type=Path, metavar="CSV", help="the likeliest infector per case")
    parser.add_argument("--law", choices=list(LAWS), default="gamma", help="default: gamma")
    parser.add_argument(
        "--outside", type=float, metavar="P", help="share infected from outside; else estimated"
    )
    parser.add_argument(
        "--no-offspring-prior", action="store_true", help="serial interval times hazard alone"
    )
    parser.add_argument(
        "--direction",
        choices=["auto", "forward", "both"],
        default="auto",
        help="who of a pair may infect whom: from to to, or both ways; default: as the dates say",
    )
    parser.add_argument(
        "--hazard-per-hour",
        type=float,
        default=0.01,
        metavar="P",
        help="chance that an hour together infects, for a column of minutes (default: 0.01)",
    )
    parser.add_argument(
        "--infectious-before",
        type=int,
        metavar="DAYS",
        help="rule out pairs that last met longer before the infector's onset",
    )
    order = parser.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_true", help="03/04/2022 is 3 April")
    order.add_argument("--month-first", action="store_true", help="03/04/2022 is 4 March")
    parser.add_argument(
        "--column", action="append", default=[], metavar="KEY=NAME", help="which column is which"
    )


def run(options: argparse.Namespace) -> int:
    try:
        return _run(options)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise Wrong(str(error)) from error


def _run(options: argparse.Namespace) -> int:
    columns = dict(_column(word) for word in options.column)
    day_first = True if options.day_first else False if options.month_first else None
    cases = read_cases(options.cases, columns, day_first)
    _tell_cases(cases, options.cases)
    onset = np.array([day.toordinal() for day in cases.onset], dtype=np.int64)
    contacts = None
    if options.contacts:
        contacts = read_contacts(
            options.contacts, cases, columns, day_first,
            infectious_before=options.infectious_before,
        )  # fmt: skip
        _tell_contacts(contacts, options.contacts)
    interval = _interval(options, contacts, onset)
    pairs, stands = _pairs(options, contacts, onset, interval)
    found = infer(
        pairs,
        interval,
        outside=options.outside,
        offspring_prior=not options.no_offspring_prior,
    )
    tree = trees.most_likely(found)
    _summary(found, tree, cases, contacts, recorded=stands)
    if options.out:
        _write(options.out, ("infector", "case", "probability"), _rows(found, cases.ids))
    if options.tree:
        head = ("case", "infector", "probability", "generation", "source")
        _write(options.tree, head, _links(tree, cases.ids))
    return 0


def _column(word: str) -> tuple[str, str]:
    key, sign, name = word.partition("=")
    if not sign:
        raise Wrong(f"--column {word}: write it as onset=NAME")
    return key, name


def _interval(options: argparse.Namespace, contacts: Contacts | None, onset: np.ndarray) -> Delay:
    if options.si_mean is not None and options.si_sd is not None:
        print(
            f"serial interval: {options.law}, mean {options.si_mean:g}, sd {options.si_sd:g} days"
        )
        return serial_interval(options.law, mean=options.si_mean, sd=options.si_sd)
    if contacts is None or not _is_recorded(contacts):
        raise Wrong("say --si-mean and --si-sd: only recorded infectors could tell them")
    days = onset[contacts.target] - onset[contacts.source]
    found = fit(days if options.law == "normal" else days[days >= 0], options.law)
    print(f"serial interval: {options.law} fitted, mean {found.mean:.2f}, sd {found.sd:.2f} days")
    return found.delay


def _is_recorded(contacts: Contacts) -> bool:
    """Whether the pairs are a tree that somebody wrote down, not candidates."""
    return 0 < len(contacts.target) <= _RECORDED * len(set(contacts.target))


def _pairs(
    options: argparse.Namespace, contacts: Contacts | None, onset: np.ndarray, interval: Delay
) -> tuple[Pairs, bool]:
    """The candidates, and whether they are a recorded tree rather than a choice."""
    if contacts is None:
        return by_dates(onset, interval), False
    source = np.array(contacts.source, dtype=np.int64)
    target = np.array(contacts.target, dtype=np.int64)
    weight = np.array(contacts.amount, dtype=float)
    days = onset[target] - onset[source]
    both = options.direction == "both" or (
        options.direction == "auto" and bool(np.mean(days < 0) > _AGAINST if days.size else False)
    )
    if both:
        print("contacts: either of a pair may have infected the other")
        source, target = np.concatenate((source, target)), np.concatenate((target, source))
        weight = np.tile(weight, 2)
    if contacts.unit == "minutes":
        joined = Pairs.of(onset, source, target, weight)  # minutes of a pair add up, hazards do not
        chance = hazard(joined.weight, per_hour=options.hazard_per_hour)
        pairs = Pairs(joined.offsets, joined.infector, joined.days, chance)
    else:
        pairs = Pairs.of(onset, source, target, weight)
    return pairs, _is_recorded(contacts) and not both


def _summary(
    found: Infectors,
    tree: trees.Tree,
    cases: Cases,
    contacts: Contacts | None,
    *,
    recorded: bool,
) -> None:
    n = len(cases.ids)
    if recorded and contacts is not None:
        days = found.pairs.days
        spread = f", sd {days.std(ddof=1):.2f}" if days.size > 1 else ""
        print(f"recorded pairs: {days.size}, onsets apart mean {days.mean():.2f}{spread} days")
        law = offspring.of_recorded(n, found.pairs.infector)
        print(f"offspring {_law(law)}, as recorded")
        counts = np.bincount(found.pairs.infector, minlength=n).astype(float)
        print(f"largest spreaders as recorded: {_most(counts, cases.ids)}")
    print(f"offspring {_law(found.offspring)}, by probability")
    spread_by = found.expected_offspring
    print(f"largest spreaders by probability: {_most(spread_by, cases.ids)}")
    if found.offspring.mean > 0:
        than = offspring.many(found.offspring.mean)
        chance = offspring.chance_of_more(n, found.pairs.infector, found.probability, than)
        print(f"superspreaders (more than {than}): {chance.sum():.1f} expected")
    unlinked = int(np.sum(found.outside >= 1))
    print(
        f"infected by nobody of the list: {found.outside.sum():.1f} of {n} expected; "
        f"{unlinked} have no possible infector in it"
    )
    groups = trees.clusters(found, tree)
    several = [group for group in groups if len(group) > 1]
    sizes = ", ".join(
        f"{len(group)} from {cases.ids[group.source]} ({group.p_together:.2f})"
        for group in several[:5]
    )
    alone = len(groups) - len(several)
    print(f"likeliest clusters: {len(several)}, {alone} cases alone; largest: {sizes or 'none'}")
    if tree.n_broken:
        print(f"{tree.n_broken} circles of infectors broken at the weakest link")
    for line in _unknown_sources(found, contacts, cases):
        print(line)


def _law(law: offspring.Offspring) -> str:
    if not law.mean > 0:
        return "mean 0, k unknown"
    return f"mean {law.mean:.3f}, k {_k(law.k)} (95 % {_k(law.k_low)} to {_k(law.k_high)})"


def _k(value: float) -> str:
    return "infinite" if math.isinf(value) else f"{value:.3g}"


def _most(counts: np.ndarray, ids: list[str], n: int = 3) -> str:
    top = np.argsort(-counts, kind="stable")[:n]
    return ", ".join(f"{ids[i]} {counts[i]:.3g}" for i in top.tolist() if counts[i] > 0) or "none"


def _unknown_sources(found: Infectors, contacts: Contacts | None, cases: Cases) -> Iterator[str]:
    """People who are no case and met several cases that nobody of the list explains."""
    met = contacts.strangers if contacts else {}
    scores = [
        (float(found.outside[list(set(of))].sum()), name, len(set(of)))
        for name, of in met.items()
        if len(set(of)) > 1
    ]
    for score, name, n in sorted(scores, key=lambda row: (-row[0], row[1]))[:3]:
        if score >= 1:
            yield f"look at {name}, no case yet: met {n} cases, {score:.1f} of them unexplained"


def _tell_cases(cases: Cases, path: Path) -> None:
    said = ""
    if cases.n_by_report:
        said = f", {cases.n_by_report} of them dated {cases.days_before_report} days before report"
    print(
        f"{path.name}: {cases.n_read} read = {len(cases.ids)} cases{said} "
        f"+ {len(cases.refused)} refused"
    )
    _tell(cases.refused)
    if not cases.ids:
        raise Wrong(f"{path.name}: there is no case with a date")


def _tell_contacts(contacts: Contacts, path: Path) -> None:
    ruled = f" ({contacts.ruled_out} ruled out by date)" if contacts.ruled_out else ""
    print(
        f"{path.name}: {contacts.n_read} read = {len(contacts.source)} between cases{ruled} "
        f"+ {contacts.n_strangers} with somebody who is no case + {len(contacts.refused)} refused"
    )
    _tell(contacts.refused)


def _tell(refused: Refusals) -> None:
    for row in refused.rows[:LISTED]:
        print(row, file=sys.stderr)
    if len(refused) > LISTED:
        print(f"{refused.name}: … {len(refused) - LISTED} more", file=sys.stderr)


def _rows(found: Infectors, ids: list[str]) -> Iterator[tuple[str, str, str]]:
    offsets = found.pairs.offsets.tolist()
    infector, probability = found.pairs.infector.tolist(), found.probability.tolist()
    for case, outside in enumerate(found.outside.tolist()):
        for row in range(offsets[case], offsets[case + 1]):
            yield ids[infector[row]], ids[case], f"{probability[row]:.9g}"
        yield "", ids[case], f"{outside:.9g}"


def _links(tree: trees.Tree, ids: list[str]) -> Iterator[tuple[str, str, str, int, str]]:
    rows = zip(
        tree.infector.tolist(),
        tree.probability.tolist(),
        tree.generation.tolist(),
        tree.source.tolist(),
        strict=True,
    )
    for case, (infector, probability, generation, source) in enumerate(rows):
        name = ids[infector] if infector >= 0 else ""
        yield ids[case], name, f"{probability:.9g}", generation, ids[source]


def _write(path: Path, head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    print(f"written: {path}")
