"""The decision log: decided once, until a day, and then decided again; never simply forgotten."""

import pytest
from django.db import DatabaseError, transaction

from tests.orders.conftest import unit_of
from tongchou.ledger import sweeping
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.ledger.models import Gap, Handoff
from tongchou.lists.models import Task
from tongchou.orders.actions import decisions
from tongchou.orders.actions.common import digest
from tongchou.orders.actions.decisions import Offered
from tongchou.orders.errors import NotNow, OrdersError
from tongchou.orders.models import Decision, Option
from tongchou.orders.queries import decisions as queries
from tongchou.planning.models import Scenario, Study
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def test_who_decided_answers_for_its_end(city, decision):
    leg = Handoff.objects.get(passage=decision.passage)
    assert leg.unit == unit_of(city.duty_city)
    assert leg.timed_from == decision.until


def test_a_decision_whose_end_comes_and_nobody_decides_again_is_a_gap(city, decision):
    sweeping.sweep(now=city.at(days=3, hours=23))
    assert not Gap.objects.exists()
    sweeping.sweep(now=city.at(days=4, hours=1))
    assert Gap.objects.get().loop == "decision"


@pytest.mark.parametrize("lacking", ["decided", "reason", "trigger"])
def test_nothing_is_decided_without_reason_and_what_would_change_it(
    city, question, verdict, lacking
):
    with pytest.raises(OrdersError):
        decisions.decide(
            decision=question, verdict=verdict(**{lacking: " "}), by=city.gao, now=city.at()
        )


def test_nothing_is_decided_for_a_time_that_is_over(city, question, verdict):
    late = verdict(until=city.at(days=-1))
    with pytest.raises(OrdersError):
        decisions.decide(decision=question, verdict=late, by=city.gao, now=city.at())


def test_the_name_under_a_decision_is_of_somebody_who_may_decide(city, question, verdict):
    with pytest.raises(OrdersError):
        decisions.decide(
            decision=question, verdict=verdict(decided_by=city.lin), by=city.gao, now=city.at()
        )


def test_what_was_decided_cannot_be_changed_by_anybody(city, decision):
    with pytest.raises(NotNow):
        decisions.change(decision=decision, options=[], by=city.gao, now=city.at(), question="?")
    for rows, facts in ((Decision.objects, {"decided": "x"}), (Option.objects, {"words": "x"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**facts)


def test_a_correction_is_a_new_entry_and_the_old_one_stands(city, decision, verdict):
    new = decisions.correct(
        decision=decision, verdict=verdict(decided="只筛东区"), by=city.duty_city, now=city.at()
    )
    decision.refresh_from_db()
    assert (decision.decided, decision.passage.stage) == ("全域核酸筛查一轮", "corrected")
    assert new.corrects == decision and new.passage.stage == "in_force"


def test_a_decision_that_ends_is_decided_again(city, decision, verdict):
    later = verdict(until=city.at(days=9))
    new = decisions.renew(
        decision=decision, verdict=later, by=city.duty_city, now=city.at(days=3, hours=1)
    )
    assert new.follows == decision and new.passage.caused_by == decision.passage
    assert [o.words for o in new.options.all()] == [o.words for o in decision.options.all()]


def test_a_decision_is_renewed_once(city, decision, verdict):
    again = Decision.objects.get(pk=decision.pk)
    assert again.passage
    decisions.renew(decision=decision, verdict=verdict(), by=city.duty_city, now=city.at(hours=1))
    with pytest.raises(AlreadyHandedOver):
        decisions.lapse(decision=again, reason="不需要", by=city.duty_city, now=city.at(hours=1))
    assert Decision.objects.count() == 2


def test_to_let_it_end_one_has_to_say_why(city, decision):
    with pytest.raises(OrdersError):
        decisions.lapse(decision=decision, reason=" ", by=city.duty_city, now=city.at(hours=1))
    decisions.lapse(decision=decision, reason="疫情已清", by=city.duty_city, now=city.at(hours=1))
    assert decision.passage.stage == "lapsed"


def test_a_question_is_decided_once(city, decision, verdict):
    with pytest.raises(NotNow):
        decisions.decide(decision=decision, verdict=verdict(), by=city.gao, now=city.at())
    assert Handoff.objects.filter(loop="decision").count() == 1


def test_a_question_that_was_taken_back_is_not_decided(city, question, verdict):
    decisions.drop(decision=question, by=city.duty_city, now=city.at())
    with pytest.raises(NotNow):
        decisions.decide(decision=question, verdict=verdict(), by=city.gao, now=city.at())


def test_a_task_springs_from_a_decision_and_whoever_decided_accepts_it(city, decision):
    decisions.set_task(
        decision=decision, goal="东区筛完", measure="应检尽检率", due_at=city.at(days=1),
        unit=unit_of(city.duty_east), by=city.duty_city, now=city.at(),
    )  # fmt: skip
    task = Task.objects.get()
    assert (task.source, task.document) == ("decision", decision.number)
    assert (task.issuer, task.passage.caused_by) == (decision.unit, decision.passage)
    assert list(queries.tasks_of(decision)) == [task]


def test_the_digest_is_of_what_is_read_back(city, decision):
    again = Decision.objects.get(pk=decision.pk)
    assert again.digest == digest(decisions.text_of(again))


def test_the_log_is_for_the_areas_one_answers_for(city, decision):
    assert list(queries.visible_to(scope_of(city.gao, now=city.at()))) == [decision]
    assert list(queries.visible_to(scope_of(city.duty_east, now=city.at()))) == []


# --- what the planner says ------------------------------------------------


def study(city, **facts):
    scenario = Scenario.objects.create(title="东区暴发", area=city.city, text="", made_at=city.at())
    return Study.objects.create(
        scenario=scenario, kind="simulate", seeds=2, asked_at=city.at(), **facts
    )


def number(mean):
    return {"mean": mean, "low": mean * 0.5, "median": mean, "high": mean * 2}


def test_the_planners_figures_stand_beside_the_option(city, verdict):
    facts = {
        "people": 3000, "days": 30, "start_on": "", "seeds": 2, "fans": {},
        "numbers": {"infections": number(120.0), "cost.total": number(9e6)},
    }  # fmt: skip
    done = study(city, state="done", result=facts, ended_at=city.at())
    decision = decisions.put_forward(
        question="封不封", unit=unit_of(city.duty_city), by=city.gao, now=city.at(),
        options=[Offered("封控", study=done), Offered("不封")],
    )  # fmt: skip
    first, second = queries.consequences(decision)
    assert {line.name: line.number.mean for line in first.lines}["infections"] == 120.0
    assert second.lines == ()


def test_a_study_that_is_not_done_says_so(city):
    waiting = study(city)
    decision = decisions.put_forward(
        question="封不封", unit=unit_of(city.duty_city), by=city.gao, now=city.at(),
        options=[Offered("封控", study=waiting)],
    )  # fmt: skip
    (told,) = queries.consequences(decision)
    assert told.state and told.lines == ()
