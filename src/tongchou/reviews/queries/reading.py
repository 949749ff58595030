"""Records of many cases at a time: a fixed number of statements for each five thousand of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Q

from tongchou.cases.models import Case, Classification, ClassificationChange, Exposure
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.quarantine.models import DueTest, Stay
from tongchou.reviews.intervals import day_of
from tongchou.reviews.queries import tree
from tongchou.reviews.records import Cause, Leg, Met, Onward, Record
from tongchou.surveillance.models import Lead

#: What is reviewed: a positive, with symptoms or without.
POSITIVE = (Classification.CONFIRMED, Classification.ASYMPTOMATIC)
CHUNK = 5000
#: Causes are followed upwards no further: who infected whom is the business of the chains.
HIGHEST = 8

_FACTS = (
    "pk", "number", "disease", "area__name", "area_path", "classification", "found_by", "onset_on",
    "sampled_on", "diagnosed_on", "reported_on", "exposed_from", "exposed_to", "admitted_on",
    "outcome", "cluster_id", "person_id", "passage_id", "passage__opened_at", "origin",
)  # fmt: skip
_MARKS = {"core_known": "core_known", "submitted": "submitted", "accepted": "accepted"}


def read(cases: Sequence[int], *, legs: bool = False) -> list[Record]:
    """The records of these cases, by number; `legs` brings every hand-off of their trees too."""
    found: list[Record] = []
    for begin in range(0, len(cases), CHUNK):
        found += _chunk(cases[begin : begin + CHUNK], legs=legs)
    return sorted(found, key=lambda record: (record.reported_on, record.pk))


def _chunk(cases: Sequence[int], *, legs: bool) -> list[Record]:
    rows = Case.objects.filter(pk__in=cases).order_by().values_list(*_FACTS)
    records = {row[0]: _record(row) for row in rows}
    _classified(records)
    _met(records)
    _onward(records)
    _quarantined(records)
    _noted(records)
    of = {record.passage: record for record in records.values() if record.passage}
    _investigated(of)
    if legs:
        _causes(of)
        _legs(of)
    return list(records.values())


def _record(row: tuple[Any, ...]) -> Record:
    facts: tuple[Any, ...] = (*row[:-1], bool(row[-1]))  # brought by an import, or reported here
    return Record(*facts)


def _classified(records: dict[int, Record]) -> None:
    rows = ClassificationChange.objects.filter(case_id__in=records, classification__in=POSITIVE)
    for case, at in rows.order_by("-id").values_list("case_id", "at"):
        records[case].confirmed_at = at  # the first of them is written last


def _met(records: dict[int, Record]) -> None:
    """By which meetings they were contacts of other cases."""
    rows = Exposure.objects.filter(contact__became_case_id__in=records, case__isnull=False)
    for case, first_on, last_on, way, number, tier, listed_on, source, name, *days in (
        rows.order_by("id").values_list(
            "contact__became_case_id", "first_on", "last_on", "way", "contact__number",
            "contact__tier", "contact__listed_on", "case_id", "case__number",
            "case__sampled_on", "case__diagnosed_on", "case__reported_on",
        )
    ):  # fmt: skip
        found_on = min(day for day in days if day)
        records[case].met.append(
            Met(number, tier, way, source, name, found_on, first_on, last_on, listed_on)
        )


def _onward(records: dict[int, Record]) -> None:
    """Whom they met in their turn, and who of these became a case."""
    met: dict[int, dict[int, tuple[Any, bool]]] = defaultdict(dict)
    rows = Exposure.objects.filter(case_id__in=records).order_by("id")
    for case, contact, first_on, became in rows.values_list(
        "case_id", "contact_id", "first_on", "contact__became_case_id"
    ):
        before = met[case].get(contact, (None, False))[0]
        days = [day for day in (before, first_on) if day]
        met[case][contact] = (min(days) if days else None, became is not None)
    for case, contacts in met.items():
        whom = tuple(contacts.values())
        records[case].onward = Onward(len(whom), sum(became for _day, became in whom), whom)


def _quarantined(records: dict[int, Record]) -> None:
    """The stay that held them when they were found, or the last before."""
    by_person = {record.person: record for record in records.values()}
    stays = Stay.objects.filter(order__person_id__in=by_person, received_at__isnull=False)
    rows = stays.order_by("received_at").values_list(
        "order__person_id", "order_id", "received_at", "order__last_exposure_on"
    )
    orders: dict[int, Record] = {}
    for person, order, received_at, exposed_on in rows:
        record = by_person[person]
        if received_at and day_of(received_at) <= record.reported_on:
            record.quarantined, record.order_exposed_on = received_at, exposed_on
            orders[order] = record
    if orders:
        tests = DueTest.objects.filter(order_id__in=orders, done_at=None, dropped_at=None)
        for order, due_on in tests.order_by("due_on").values_list("order_id", "due_on"):
            if due_on <= orders[order].reported_on:
                orders[order].missed_tests.append(due_on)


def _noted(records: dict[int, Record]) -> None:
    """What early warning noted of the same person before: a fever visit, an antigen test."""
    by_person = {record.person: record for record in records.values()}
    rows = Lead.objects.filter(person_id__in=by_person).order_by("noted_on")
    for person, kind, noted_on in rows.values_list("person_id", "kind", "noted_on"):
        if person and noted_on <= by_person[person].reported_on:
            by_person[person].leads.append((kind, noted_on))


def _investigated(of: dict[int, Record]) -> None:
    rows = Handoff.objects.filter(
        loop="investigation", outcome__in=_MARKS, passage__caused_by_id__in=of
    )
    for case, outcome, done_at in rows.order_by("-done_at").values_list(
        "passage__caused_by_id", "outcome", "done_at"
    ):
        setattr(of[case or 0], _MARKS[outcome], done_at)  # the first time is written last


def _causes(of: dict[int, Record]) -> None:
    """What each case sprang from, nearest first, one statement for each step upwards."""
    above: dict[int, list[Record]] = defaultdict(list)
    for passage, caused_by in Passage.objects.filter(
        pk__in=of, caused_by__isnull=False
    ).values_list("pk", "caused_by_id"):
        above[caused_by or 0].append(of[passage])
    for _step in range(HIGHEST):
        if not above:
            return
        higher: dict[int, list[Record]] = defaultdict(list)
        rows = Passage.objects.filter(pk__in=above).values_list(
            "pk", "loop", "title", "opened_at", "caused_by_id"
        )
        for passage, loop, title, opened_at, caused_by in rows:
            for record in above[passage]:
                record.causes.append(Cause(passage, loop, title, opened_at))
                # Another case is where its own review begins.
                if caused_by and loop != "case_report":
                    higher[caused_by].append(record)
        above = higher


def _legs(of: dict[int, Record]) -> None:
    roots = [passage for passage in of if passage]
    root_of = dict(tree.rooted(roots))
    for record in of.values():
        # What led to the case belongs to its chain: the contact's way, the stay they were in.
        for cause in record.causes:
            if cause.loop != "case_report":
                root_of.setdefault(cause.passage, record.passage or 0)
    for leg in _legs_of(list(root_of)):
        of[root_of[leg.passage]].legs.append(leg)


def _legs_of(passages: Sequence[int]) -> Iterator[Leg]:
    for begin in range(0, len(passages), CHUNK):
        some = passages[begin : begin + CHUNK]
        rungs = dict(
            Gap.objects.filter(handoff__passage_id__in=some).values_list("handoff_id", "rung")
        )
        rows = Handoff.objects.filter(passage_id__in=some).exclude(
            Q(outcome=F("stage"))  # moved to another area: the next leg has the same clock
        )
        for row in rows.order_by("opened_at", "id").values_list(
            "pk", "passage_id", "passage__title", "loop", "stage", "owner", "unit__name",
            "area_path", "opened_at", "timed_from", "due_at", "done_at", "outcome", "clause",
        ):  # fmt: skip
            leg = _leg(row)
            yield replace(leg, rung=rungs[leg.pk]) if leg.pk in rungs else leg


def _leg(row: tuple[Any, ...]) -> Leg:
    facts: tuple[Any, ...] = (*row[:6], row[6] or "", *row[7:])
    return Leg(*facts)
