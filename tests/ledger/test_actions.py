"""One subject, one open leg, one pair of hands; whoever comes second is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tongchou.ledger import actions, queries, registry
from tongchou.ledger.errors import (
    AlreadyHandedOver,
    ClockError,
    HeldElsewhere,
    LedgerError,
    WrongOutcome,
)
from tongchou.ledger.models import Handoff, Passage
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city: Any, case_report: Any, person: Any) -> Passage:
    """A case of the harbour community, reported on the first morning."""
    return actions.start(
        loop=case_report,
        area=city.community,
        title="C-1",
        by=city.qian,
        now=city.at(),
        person_key=person().key,
    )


def test_a_reported_case_waits_for_the_cdc(city: Any, report: Passage) -> None:
    leg = report.handoffs.get()
    assert (leg.stage, leg.owner, leg.unit.name) == ("reported", "cdc", "市疾控中心")


def test_the_deadline_and_its_clause_come_from_the_playbook(city: Any, report: Passage) -> None:
    leg = report.handoffs.get()
    assert leg.due_at == city.at(hours=2)  # 网络直报后两小时内审核
    assert leg.playbook == "cn-2022-06"


def test_handing_over_ends_one_leg_and_opens_the_next(city: Any, report: Passage) -> None:
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    done, opened = queries.timeline(report)
    assert (done.outcome, done.done_by, done.done_at) == ("verified", city.qian, city.at(hours=1))
    assert (opened.stage, opened.owner, opened.done_at) == ("verified", "tracer", None)


def test_a_stale_desk_cannot_hand_over_twice(city: Any, report: Passage) -> None:
    stale = Passage.objects.get(pk=report.pk)
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    with pytest.raises(AlreadyHandedOver, match="already been handed over"):
        actions.hand_over(passage=stale, to="discarded", by=city.qian, now=city.at(hours=1))
    assert Passage.objects.get(pk=report.pk).stage == "verified"


def test_a_desk_that_saw_an_earlier_visit_to_the_same_stage_is_stale(
    city: Any, report: Passage
) -> None:
    for to in ("verified", "admitted"):
        actions.hand_over(passage=report, to=to, by=city.lin, now=city.at(hours=1))
    first_admission = Passage.objects.get(pk=report.pk)
    for to in ("recovered", "admitted"):
        actions.hand_over(passage=report, to=to, by=city.lin, now=city.at(hours=2))
    with pytest.raises(AlreadyHandedOver):
        actions.hand_over(passage=first_admission, to="died", by=city.lin, now=city.at(hours=3))


def test_what_fails_on_the_way_leaves_the_desk_where_it_was(
    city: Any, report: Passage, case_report: Any
) -> None:
    def refuse(*args: Any, **more: Any) -> None:
        raise LedgerError("the next desk is closed")

    registry.on_stage("case_report", "verified", refuse)
    with pytest.raises(LedgerError, match="desk is closed"):
        actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    assert report.stage == Passage.objects.get(pk=report.pk).stage == "reported"


def test_a_wrong_outcome_names_what_is_allowed(city: Any, report: Passage) -> None:
    with pytest.raises(WrongOutcome, match="verified, discarded"):
        actions.hand_over(passage=report, to="admitted", by=city.lin, now=city.at())


def test_a_passage_that_ended_stays_ended(city: Any, report: Passage) -> None:
    actions.hand_over(passage=report, to="discarded", by=city.qian, now=city.at(hours=1))
    assert report.closed_at == city.at(hours=1)
    with pytest.raises(WrongOutcome, match="has ended"):
        actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=2))


def test_nothing_leaves_before_it_came(city: Any, report: Passage) -> None:
    with pytest.raises(ClockError), transaction.atomic():
        actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=-1))
    assert report.handoffs.get().done_at is None


def test_a_person_is_in_one_pair_of_hands(city: Any, report: Passage, case_report: Any) -> None:
    other = actions.start(
        loop=case_report,
        area=city.community,
        title="C-2",
        by=city.qian,
        now=city.at(),
        person_key=report.person_key,
    )
    for passage in (report, other):
        actions.hand_over(passage=passage, to="verified", by=city.qian, now=city.at(hours=1))
    actions.hand_over(passage=report, to="admitted", by=city.lin, now=city.at(hours=2))
    with pytest.raises(HeldElsewhere, match="C-1"):
        actions.hand_over(passage=other, to="admitted", by=city.lin, now=city.at(hours=2))
    assert queries.holder(report.person_key) == report


def test_custody_needs_a_person(city: Any, case_report: Any) -> None:
    nobody = actions.start(
        loop=case_report, area=city.community, title="C-3", by=city.qian, now=city.at()
    )
    actions.hand_over(passage=nobody, to="verified", by=city.qian, now=city.at())
    with pytest.raises(LedgerError, match="needs a person"):
        actions.hand_over(passage=nobody, to="admitted", by=city.lin, now=city.at())


def test_moving_to_another_area_keeps_the_clock_and_both_areas_see_it(
    city: Any, report: Passage
) -> None:
    actions.move(passage=report, area=city.area("990103001001"), by=city.qian, now=city.at(hours=1))
    left, came = queries.timeline(report)
    assert left.area_path.startswith(city.east.path)
    assert came.area_path.startswith(city.west.path)
    assert came.due_at == left.due_at


def test_moving_nowhere_is_told(city: Any, report: Passage) -> None:
    with pytest.raises(LedgerError, match="already"):
        actions.move(passage=report, area=city.community, by=city.qian, now=city.at())


def test_every_act_leaves_an_audit_event(city: Any, report: Passage) -> None:
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    events = AuditEvent.objects.filter(subject=f"passage:{report.pk}").order_by("id")
    assert list(events.values_list("actor", "verb")) == [
        ("qian", "ledger.start"),
        ("qian", "ledger.hand_over"),
    ]


def test_a_role_without_a_unit_leaves_the_leg_unowned(city: Any, report: Passage) -> None:
    city.wu.posts.update(to_at=city.at(hours=-1))
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    assert queries.unowned().get().passage == report


def test_the_database_refuses_to_edit_a_closed_leg(city: Any, report: Passage) -> None:
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(hours=1))
    closed = report.handoffs.filter(number=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        closed.update(done_at=city.at(hours=2))


def test_the_database_refuses_to_delete_a_leg(city: Any, report: Passage) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Handoff.objects.filter(passage=report)._raw_delete("default")


def test_the_database_refuses_a_second_open_leg(city: Any, report: Passage) -> None:
    leg = report.handoffs.get()
    leg.pk, leg.number = None, 2
    with pytest.raises(DatabaseError), transaction.atomic():
        leg.save(force_insert=True)


def test_the_database_refuses_done_at_without_done_by(city: Any, report: Passage) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        report.handoffs.update(done_at=city.at() + timedelta(hours=1), outcome="verified")
