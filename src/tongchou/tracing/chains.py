"""The chains of an outbreak: who may have infected whom, over all cases a reader may see.

Cases with their onsets and the meetings between them go to `epi.chains`; what comes back is a
probability for every candidate, and for a source outside of the known cases. Who listed whom says
nothing about the direction, so a meeting of two cases stands for both, and the dates decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from tongchou.areas.models import subtree
from tongchou.cases.linking import BY_CHAINS
from tongchou.cases.models import Case, Classification, Transmission
from tongchou.cases.queries import visible_to
from tongchou.ledger import policy
from tongchou.staff.queries import Scope
from tongchou.tracing.meetings import (
    COLUMNS,
    Known,
    Met,
    in_parts,
    meetings,
    met_several,
    onsets,
    weighed,
)
from tongchou.tracing.models import Investigation, SourceKind

if TYPE_CHECKING:
    from tongchou.epi.chains.infectors import Infectors
    from tongchou.epi.chains.trees import Cluster, Tree
    from tongchou.playbook import Disease

#: More than this at once are not reckoned on a page; the reader narrows.
MOST_CASES = 20_000
#: Fewer linked cases than this say nothing of how many others a case infects.
FEWEST = 10
#: A case is more likely infected by somebody unknown than by anyone known.
OUTSIDE = 0.5
#: So many candidates stand in a line of the table.
SHOWN = 4


@dataclass(frozen=True)
class Wanted:
    """One disease; the cases reported in the last `days` (all where None), below `area_path`."""

    disease: str
    days: int | None = None
    area_path: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody who may have infected a case."""

    case: Known
    probability: float
    days: int
    minutes: int


@dataclass(frozen=True)
class Row:
    """One case, with everybody who may have infected it and the share of those not known."""

    case: Known
    day: date
    dated: bool
    outside: float
    candidates: list[Candidate]
    n_met: int
    n_beyond: int
    infected: float
    p_many: float
    investigation: Any

    @property
    def explained(self) -> bool:
        """Whether the investigation already has a source outside of the known cases."""
        return self.investigation is not None and is_explained(self.investigation[1])

    @property
    def n_more(self) -> int:
        """Candidates beyond the few that a line has room for."""
        return max(len(self.candidates) - SHOWN, 0)

    @property
    def rest(self) -> float:
        """What those have together."""
        return sum(one.probability for one in self.candidates[SHOWN:])

    @property
    def source(self) -> Any:
        """The source as the investigation has it; None where there is none."""
        return SourceKind(self.investigation[1]).label if self.investigation else None


@dataclass(frozen=True)
class Suspect:
    """Somebody who is no case, met several, and may be the source that is not known."""

    key: str
    contact: int
    n_met: int
    unexplained: float


def is_explained(source: str) -> bool:
    return source not in (SourceKind.UNKNOWN, SourceKind.CASE)


def diseases(scope: Scope) -> dict[str, int]:
    """How many cases of each disease this reader may see, most first."""
    rows = _standing(scope).order_by().values_list("disease").annotate(n=Count("pk"))
    return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def _standing(scope: Scope) -> QuerySet[Case]:
    return visible_to(scope).exclude(classification=Classification.DISCARDED)


def chosen(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Case]:
    """The cases the reckoning is of."""
    found = _standing(scope).filter(disease=wanted.disease)
    if wanted.days is not None:
        since = timezone.localdate(now) - timedelta(days=wanted.days)
        found = found.filter(reported_on__gte=since)
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    return found


def stored_at(disease: str) -> datetime | None:
    """When probabilities of this view were stored last, for any case of the disease."""
    rows = Transmission.objects.filter(method=BY_CHAINS, infectee__disease=disease)
    newest: datetime | None = rows.aggregate(newest=Max("at"))["newest"]
    return newest


def law_of(disease: str, *, now: datetime) -> tuple["Disease", bool]:
    """What the playbook in force says of a disease; of its main one where it says nothing."""
    book = policy.in_force(now)
    known = disease in book.diseases
    return book.disease(disease if known else None), known


class Chains:
    """What was found of these cases; arrays until a page of them is shown."""

    def __init__(
        self,
        cases: Sequence[Known],
        days: Sequence[date],
        met: Met,
        found: "Infectors",
        minutes: Any,
        n_ruled_out: int,
    ) -> None:
        from tongchou.epi.chains import trees

        self.cases, self.days, self.met, self.found = cases, days, met, found
        self.minutes, self.n_ruled_out = minutes, n_ruled_out
        self.tree: Tree = trees.most_likely(found)
        self.groups: list[Cluster] = trees.clusters(found, self.tree)

    def __len__(self) -> int:
        return len(self.cases)

    @cached_property
    def outside(self) -> list[float]:
        """Of each case: that somebody outside of the known cases infected it."""
        return [float(p) for p in self.found.outside]

    @cached_property
    def infected(self) -> list[float]:
        """How many known cases each infected, in expectation."""
        return [float(n) for n in self.found.expected_offspring]

    @cached_property
    def clusters(self) -> "list[Cluster]":
        """Those of two or more."""
        return [group for group in self.groups if len(group) > 1]

    @cached_property
    def n_met(self) -> list[int]:
        """How many of the other cases each met, whenever that was."""
        others: list[set[int]] = [set() for _ in self.cases]
        for meeting in self.met.meetings:
            others[meeting.one].add(meeting.other)
            others[meeting.other].add(meeting.one)
        return [len(each) for each in others]

    @property
    def n_linked(self) -> int:
        """Cases that at least one known case can have infected."""
        return sum(p < 1 for p in self.outside)

    @property
    def n_unlinked(self) -> int:
        return len(self) - self.n_linked

    @property
    def n_beyond(self) -> int:
        """Cases that met others which this selection leaves out."""
        return len(self.met.n_beyond)

    @property
    def n_dated(self) -> int:
        """Cases without an onset, dated by their report."""
        return sum(case.onset_on is None for case in self.cases)

    @property
    def estimable(self) -> bool:
        """Whether so many are linked that offspring can be spoken of."""
        return self.n_linked >= FEWEST and self.found.offspring.mean > 0

    @cached_property
    def many(self) -> int:
        """More than this many infected make a superspreader."""
        from tongchou.epi.chains import offspring

        mean = self.found.offspring.mean
        return offspring.many(mean) if mean > 0 else 0

    @cached_property
    def p_many(self) -> list[float]:
        """The chance of each case that it infected more than `many`."""
        from tongchou.epi.chains import offspring

        pairs = self.found.pairs
        chances = offspring.chance_of_more(
            len(self), pairs.infector, self.found.probability, self.many
        )
        return [float(p) for p in chances]

    @cached_property
    def investigations(self) -> dict[int, tuple[int, str, datetime | None]]:
        """Number, source as it looks now and end of the investigation, by case."""
        rows = Investigation.objects.values_list(
            "case_id", "pk", "source_kind", "passage__closed_at"
        )
        found: dict[int, tuple[int, str, datetime | None]] = {}
        for some in in_parts([case.pk for case in self.cases]):
            found |= {case: (pk, source, ended) for case, pk, source, ended in
                      rows.filter(case_id__in=some)}  # fmt: skip
        return found

    def spreaders(self, n: int = 10) -> list[int]:
        """Who infected most, first; nobody whose share comes to less than one case."""
        order = sorted(range(len(self)), key=lambda i: -self.infected[i])
        return [i for i in order[:n] if self.infected[i] >= 1]

    def unexplained(self) -> list[int]:
        """Who was more likely infected from outside: first whom no investigation explains yet.

        Among those the ones found in the community, then the newest.
        """

        def urgency(i: int) -> tuple[bool, bool, date, float]:
            case, known = self.cases[i], self.investigations.get(self.cases[i].pk)
            explained = known is not None and is_explained(known[1])
            held = case.found_by in ("quarantine", "key_group")
            return not explained, not held, self.days[i], self.outside[i]

        likely = [i for i, p in enumerate(self.outside) if p >= OUTSIDE]
        return sorted(likely, key=urgency, reverse=True)

    def suspects(self, n: int = 10) -> list[Suspect]:
        """People who are no case, and met at least two that the known cases do not explain."""
        unknown = {c.pk: p for c, p in zip(self.cases, self.outside, strict=True) if p >= OUTSIDE}
        found = [
            Suspect(key, contact, len(of), sum(unknown[pk] for pk in of))
            for key, (contact, of) in met_several(list(unknown)).items()
        ]
        return sorted(found, key=lambda one: (-one.unexplained, one.key))[:n]

    def around(self, number: str) -> list[int]:
        """The cluster of a case, with every candidate of its members; empty where unknown."""
        at = next((i for i, case in enumerate(self.cases) if case.number == number), None)
        if at is None:
            return []
        members = next(set(group.members.tolist()) for group in self.groups if at in group.members)
        pairs = self.found.pairs
        near = set(members)
        for source, target, p in zip(
            pairs.infector.tolist(), pairs.case.tolist(), self.found.probability.tolist(),
            strict=True,
        ):  # fmt: skip
            if p > 0 and (target in members or source == at):
                near |= {source, target}
        return sorted(near)

    def rows(self, numbers: Sequence[int]) -> list[Row]:
        """The cases at these places, each with its candidates, likeliest first."""
        return [self._row(i) for i in numbers]

    def _row(self, i: int) -> Row:
        pairs, case = self.found.pairs, self.cases[i]
        start, end = pairs.offsets[i : i + 2].tolist()
        candidates = [
            Candidate(
                self.cases[int(pairs.infector[row])],
                float(self.found.probability[row]),
                int(pairs.days[row]),
                int(self.minutes[row]),
            )
            for row in range(start, end)
            if self.found.probability[row] > 0
        ]
        return Row(
            case=case,
            day=self.days[i],
            dated=case.onset_on is None,
            outside=self.outside[i],
            candidates=sorted(candidates, key=lambda one: -one.probability),
            n_met=self.n_met[i],
            n_beyond=self.met.n_beyond.get(i, 0),
            infected=self.infected[i],
            p_many=self.p_many[i],
            investigation=self.investigations.get(case.pk),
        )


def of(cases: QuerySet[Case], disease: "Disease") -> Chains | None:
    """Reckon the chains of these cases; None where there are none.

    Only what is among these cases counts as known: a source that the selection leaves out is
    "outside" here, and `Met.n_beyond` says of which cases that is so.
    """
    import numpy as np

    from tongchou.cases.linking import serial_interval
    from tongchou.epi.chains.infectors import infer
    from tongchou.epi.chains.pairs import Pairs

    rows = cases.order_by("reported_on", "pk").values_list(*COLUMNS)
    listed = [Known(*row) for row in rows]
    if not listed:
        return None
    days = onsets(listed)
    met = meetings(cases, listed)
    onset = np.array([day.toordinal() for day in days])
    key, minutes, weight, n_ruled_out = weighed(met.meetings, listed, disease)
    target, source = np.divmod(key, len(listed))
    pairs = Pairs.of(onset, source, target, weight)
    found = infer(pairs, serial_interval(disease))
    return Chains(listed, days, met, found, minutes, n_ruled_out)
