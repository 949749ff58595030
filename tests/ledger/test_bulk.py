"""Many passages started at once are the passages that `start` would have made, one by one."""

import json
from dataclasses import replace
from typing import Any

import pytest
from django.forms.models import model_to_dict

from tongchou.ledger import actions, bulk, registry
from tongchou.ledger.bulk import Subject, runs, start_many
from tongchou.ledger.errors import HeldElsewhere, LedgerError
from tongchou.ledger.models import Handoff, Passage
from tongchou.loops import Handoff as Row
from tongchou.loops import Loop
from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post

pytestmark = pytest.mark.django_db


def subject(area: Any, title: str, person_key: str = "") -> Subject:
    return Subject(area=area.code, area_path=area.path, title=title, person_key=person_key)


def facts(row: Any) -> dict[str, Any]:
    """Everything of a row but what tells it from its twin."""
    twin = ("id", "passage", "title", "person_key")
    return {k: v for k, v in model_to_dict(row).items() if k not in twin}


@pytest.mark.parametrize("where", ["city", "east", "community"])
def test_started_together_or_alone_the_rows_are_equal(
    city: Any, case_report: Any, where: str
) -> None:
    area = getattr(city, where)
    alone = actions.start(loop=case_report, area=area, title="C-1", by=city.qian, now=city.at())
    [pk] = start_many(
        loop=case_report, subjects=[subject(area, "C-2")], by=city.qian, now=city.at()
    )
    together = Passage.objects.get(pk=pk)
    assert facts(together) == facts(Passage.objects.get(pk=alone.pk))
    assert facts(together.handoffs.get()) == facts(alone.handoffs.get())


def test_each_area_has_its_own_deadline_and_unit(city: Any, case_report: Any) -> None:
    type(city.west).objects.filter(code=city.west.code).update(tempo="war")
    Post.objects.create(
        user=city.qian,
        role="cdc",
        unit=city.duty_east.posts.get().unit,
        area=city.east,
        level=city.east.level,
        from_at=city.at(days=-1),
    )
    subjects = [subject(city.east, "E"), subject(city.west, "W"), subject(city.community, "C")]
    legs = [
        Handoff.objects.get(passage=pk)
        for pk in start_many(loop=case_report, subjects=subjects, by=None, now=city.at())
    ]
    for leg, each in zip(legs, subjects, strict=True):
        alone = actions.start(
            loop=case_report, area=city.area(each.area), title="-", by=None, now=city.at()
        )
        assert facts(leg) == facts(alone.handoffs.get())


def test_an_area_without_a_unit_leaves_the_leg_to_nobody(city: Any, case_report: Any) -> None:
    Post.objects.filter(role="cdc").delete()
    [pk] = start_many(loop=case_report, subjects=[subject(city.west, "C")], by=None, now=city.at())
    assert Handoff.objects.get(passage=pk).unit is None


def test_passages_keep_the_order_of_their_subjects(city: Any, case_report: Any) -> None:
    titles = [f"C-{n}" for n in range(50)]
    ids = start_many(
        loop=case_report,
        subjects=[subject(city.city, title) for title in titles],
        by=None,
        now=city.at(),
    )
    found = Passage.objects.in_bulk(ids)
    assert [found[pk].title for pk in ids] == titles


def test_one_audit_event_names_every_passage(city: Any, case_report: Any) -> None:
    before = AuditEvent.objects.count()
    ids = start_many(
        loop=case_report,
        subjects=[subject(city.city, "a"), subject(city.city, "b")],
        by=city.steward,
        now=city.at(),
    )
    event = AuditEvent.objects.order_by("-id")[0]
    assert AuditEvent.objects.count() == before + 1
    assert (event.verb, event.actor) == ("ledger.start_many", "steward")
    assert json.loads(event.detail)["passages"] == runs(ids)


def test_a_clock_may_run_from_an_earlier_moment(city: Any, case_report: Any) -> None:
    [pk] = start_many(
        loop=case_report,
        subjects=[subject(city.city, "a")],
        by=None,
        now=city.at(hours=5),
        timed_from=city.at(),
    )
    assert Handoff.objects.get(passage=pk).due_at == city.at(hours=2)


def test_what_follows_from_a_start_follows_for_each(city: Any, case_report: Any) -> None:
    seen: list[str] = []
    registry.on_stage("case_report", "reported", lambda p, *, by, now: seen.append(p.title))
    start_many(
        loop=case_report,
        subjects=[subject(city.city, "a"), subject(city.city, "b")],
        by=None,
        now=city.at(),
    )
    assert seen == ["a", "b"]


def test_each_passage_remembers_what_it_follows_from(city: Any, case_report: Any) -> None:
    source = actions.start(loop=case_report, area=city.city, title="C", by=None, now=city.at())
    [pk] = start_many(
        loop=case_report,
        subjects=[replace(subject(city.city, "a"), caused_by=source.pk)],
        by=None,
        now=city.at(),
    )
    assert list(source.effects.values_list("pk", flat=True)) == [pk]


def test_nothing_is_started_for_nobody(city: Any, case_report: Any) -> None:
    assert start_many(loop=case_report, subjects=[], by=None, now=city.at()) == []


# The stage's name is one that the shipped playbooks have a deadline for.
STAY = Loop(
    "quarantine_stay", (Row("in_facility", "quarantine_site", ("released",), custody=True),)
)


@pytest.fixture
def stay() -> Any:
    kept = dict(registry._loops)
    registry.register(STAY)
    yield STAY
    registry._loops.clear()
    registry._loops.update(kept)


def test_a_held_person_is_not_taken_by_a_list(city: Any, stay: Any) -> None:
    held = subject(city.city, "a", "P1")
    start_many(loop=stay, subjects=[held], by=city.hua, now=city.at())
    with pytest.raises(HeldElsewhere):
        start_many(
            loop=stay, subjects=[subject(city.city, "b", "P2"), held], by=city.hua, now=city.at()
        )
    assert Passage.objects.filter(holds=True).count() == 1


def test_a_list_cannot_hold_one_person_twice(city: Any, stay: Any) -> None:
    twice = subject(city.city, "a", "P1")
    with pytest.raises(HeldElsewhere, match="twice"):
        start_many(loop=stay, subjects=[twice, twice], by=city.hua, now=city.at())


def test_nobody_is_held_without_a_key(city: Any, stay: Any) -> None:
    with pytest.raises(LedgerError, match="needs a person's key"):
        start_many(loop=stay, subjects=[subject(city.city, "a")], by=city.hua, now=city.at())


def test_runs_are_spans_of_neighbours() -> None:
    assert bulk.runs([4, 5, 6, 9]) == [[4, 6], [9, 9]]
