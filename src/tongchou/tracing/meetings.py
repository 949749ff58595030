"""Which cases met which: what the ledger has of it, read for many cases at once, and weighed.

The input of `chains`. Who listed whom says nothing about the direction, so a meeting has none;
the dates rule out what cannot be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from tongchou.cases.models import Case, Classification, Exposure
from tongchou.people.models import Person

if TYPE_CHECKING:
    from tongchou.playbook import Disease

T = TypeVar("T")

# Assumptions of no playbook: only the ratios between the pairs of one case matter.
PER_HOUR = 0.01  # chance that an hour together infects, as `tongchou trace chains` has it
PROTECTED = 0.1  # what an hour under effective protection counts


class Known(NamedTuple):
    """A case as the reckoning needs it; ten thousand of these cost little."""

    pk: int
    number: str
    person_id: str
    area_path: str
    area: str
    found_by: str
    onset_on: date | None
    sampled_on: date | None
    reported_on: date

    @property
    def seen_on(self) -> date:
        """The day from which the illness is known at the latest."""
        return self.onset_on or self.sampled_on or self.reported_on


COLUMNS = (
    "pk", "number", "person_id", "area_path", "area__name", "found_by", "onset_on", "sampled_on",
    "reported_on",
)  # fmt: skip


class Meeting(NamedTuple):
    """Two cases who met, by their places in the list; in either direction."""

    one: int
    other: int
    minutes: int | None
    first_on: date | None
    last_on: date | None
    protected: bool


@dataclass
class Met:
    """All meetings among the cases, and how many cases each met that are not among them."""

    meetings: list[Meeting] = field(default_factory=list)
    n_beyond: dict[int, int] = field(default_factory=dict)


def in_parts(many: Sequence[T], size: int = 5000) -> Iterator[Sequence[T]]:
    """So many at a time: databases take only so many values in one list."""
    return (many[i : i + size] for i in range(0, len(many), size))


def onsets(cases: Sequence[Known]) -> list[date]:
    """The onset of each; without one, the report less the median delay of those with both."""
    delays = sorted((c.reported_on - c.onset_on).days for c in cases if c.onset_on is not None)
    usual = timedelta(days=max(delays[len(delays) // 2], 0) if delays else 0)
    return [case.onset_on or case.reported_on - usual for case in cases]


def meetings(cases: QuerySet[Case], listed: Sequence[Known]) -> Met:
    """Every meeting among these cases: as contact, as the one met, or as the one between."""
    place = {case.pk: i for i, case in enumerate(listed)}
    merged = dict(
        Person.objects.filter(merged_into__isnull=False).values_list("key", "merged_into_id")
    )
    person: dict[str, list[int]] = {}
    for i, case in enumerate(listed):
        person.setdefault(_end(merged, case.person_id), []).append(i)
    met = Met()
    beyond: dict[int, set[int]] = {}
    for row in _exposures(cases, [key for key in merged if _end(merged, key) in person]):
        contact, through, of_case, became, minutes, first, last, protected, standing = row
        here = set(person.get(_end(merged, contact), ()))
        if became in place:
            here.add(place[became])
        there = set(person.get(_end(merged, through), ())) if through else set()
        if of_case in place:
            there.add(place[of_case])
        elif of_case is not None and standing:
            for i in here:
                beyond.setdefault(i, set()).add(of_case)
        if became is not None and became not in place and of_case in place:
            beyond.setdefault(place[of_case], set()).add(became)
        met.meetings += [
            Meeting(a, b, minutes, first, last, protected) for a in here for b in there if a != b
        ]
    met.n_beyond = {i: len(others) for i, others in beyond.items()}
    return met


def _end(merged: dict[str, str], key: str) -> str:
    while key in merged:
        key = merged[key]
    return key


def _exposures(cases: QuerySet[Case], aliases: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Exposures whose contact is, or became, one of these cases, or another standing case."""
    people, numbers = cases.order_by().values("person"), cases.order_by().values("pk")
    rows = Exposure.objects.values_list(
        "pk", "contact__person_id", "through__person_id", "case_id", "contact__became_case_id",
        "minutes", "first_on", "last_on", "protected", "case__disease", "case__classification",
    )  # fmt: skip
    standing = ~Q(contact__became_case__classification=Classification.DISCARDED)
    asked = [
        rows.filter(contact__person__in=people),
        rows.filter(contact__became_case__in=numbers),
        rows.filter(standing, case__in=numbers, contact__became_case__isnull=False),
        *(rows.filter(contact__person_id__in=some) for some in in_parts(aliases)),
    ]
    seen: set[int] = set()
    diseases = set(cases.order_by().values_list("disease", flat=True).distinct())
    for query in asked:
        for pk, *facts, disease, classification in query.iterator(chunk_size=5000):
            if pk not in seen:
                seen.add(pk)
                same = disease in diseases and classification != Classification.DISCARDED
                yield (*facts, same)


def met_several(cases: Sequence[int]) -> dict[str, tuple[int, set[int]]]:
    """People who are no case and are listed by two or more of these cases, by their key.

    Each with one of their contact records, and the ids of the cases.
    """
    found: dict[str, tuple[int, set[int]]] = {}
    for some in in_parts(cases):
        rows = Exposure.objects.filter(case_id__in=some, contact__became_case=None)
        for of_case, contact, key in rows.order_by("pk").values_list(
            "case_id", "contact_id", "contact__person_id"
        ):
            found.setdefault(key, (contact, set()))[1].add(of_case)
    several = {key: row for key, row in found.items() if len(row[1]) > 1}
    ill: set[str] = set()
    for keys in in_parts(list(several)):
        standing = Case.objects.exclude(classification=Classification.DISCARDED)
        ill |= set(standing.filter(person_id__in=keys).values_list("person_id", flat=True))
    return {key: row for key, row in several.items() if key not in ill}


def weighed(
    meetings: Sequence[Meeting], cases: Sequence[Known], disease: "Disease"
) -> tuple[Any, Any, Any, int]:
    """Each pair once per direction: key, minutes, weight; and how many meetings no date allows.

    Who first met after the illness of the one was seen did not infect them; nor did who last met
    them before becoming infectious. A pair whose minutes nobody wrote down counts like the median.
    """
    import numpy as np

    from tongchou.epi.chains.pairs import hazard

    before = timedelta(days=-int(disease.infectious_window.from_days))
    sums: dict[int, list[float]] = {}
    n_ruled_out = 0
    for meeting in meetings:
        ways = [(meeting.one, meeting.other), (meeting.other, meeting.one)]
        possible = [way for way in ways if _possible(meeting, cases[way[0]], cases[way[1]], before)]
        n_ruled_out += not possible
        for source, target in possible:
            entry = sums.setdefault(target * len(cases) + source, [0, 0, 0])
            minutes = meeting.minutes or 0
            entry[0] += minutes
            entry[1] += minutes * (PROTECTED if meeting.protected else 1)
            entry[2] = max(entry[2], PROTECTED if meeting.protected else 1)
    key = np.array(sorted(sums), dtype=np.int64)
    table = np.array([sums[k] for k in key.tolist()], dtype=float).reshape(-1, 3)
    timed = table[:, 0] > 0
    weight = hazard(table[:, 1], per_hour=PER_HOUR)
    usual = float(np.median(weight[timed])) if timed.any() else 1.0
    return key, table[:, 0], np.where(timed, weight, usual * table[:, 2]), n_ruled_out


def _possible(meeting: Meeting, source: Known, target: Known, before: timedelta) -> bool:
    if meeting.first_on is not None and meeting.first_on > target.seen_on:
        return False
    infectious = source.onset_on - before if source.onset_on else None
    return infectious is None or meeting.last_on is None or meeting.last_on >= infectious
