"""Figures of units, from the ledger alone: counted, shown, contested, published and frozen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.supervision import supervised as s
from tongchou.areas.models import Area
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.lists.actions import problems
from tongchou.lists.models import FoundBy
from tongchou.staff.queries import scope_of
from tongchou.supervision import evaluating
from tongchou.supervision.actions import evaluations, objections
from tongchou.supervision.errors import SupervisionError, TooEarly
from tongchou.supervision.models import Evaluation, Figures, Finding, Kind, Objection, Ruling
from tongchou.supervision.queries import counted
from tongchou.supervision.queries import evaluations as queries
from tongchou.supervision.queries.counted import Period
from tongchou.supervision.standardising import Tally

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def team(city):
    return s.team(city)


@pytest.fixture
def july(city):
    return Period(city.at(), city.at(days=30), city.city.path)


def leg(city, user, *, due=24.0, took=None, opened=0.0, loop="contact", stage="listed",
        outcome="notified", area=None, allowed=24.0):  # fmt: skip
    """A hand-off of somebody's unit, due `due` hours into July and done after `took` of them."""
    area: Area = area or city.community
    due_at = city.at(hours=due)
    done = None if took is None else city.at(hours=took)
    passage = Passage.objects.create(
        loop=loop, stage=outcome if done else stage, title="x", area=area, area_path=area.path,
        opened_at=city.at(hours=opened), closed_at=done,
    )  # fmt: skip
    return Handoff.objects.create(
        passage=passage, number=1, loop=loop, stage=stage, owner="tracer",
        unit=s.unit_of(user) if user else None, area_path=area.path,
        opened_at=city.at(hours=opened), timed_from=due_at - timedelta(hours=allowed),
        due_at=due_at, playbook="x", done_at=done, done_by=city.wu if done else None,
        outcome=outcome if done else "",
    )  # fmt: skip


def of(city, user, period):
    return counted.count(period)[0][s.unit_of(user).pk]


# --- what is counted ---------------------------------------------------------------------------


def test_in_time_late_and_open_are_told_apart(city, july):
    leg(city, city.wu, took=24)
    leg(city, city.wu, took=25)
    leg(city, city.wu)

    one = of(city, city.wu, july)
    assert one.stages == {"contact.listed": Tally(3, 1)}
    assert one.n_open == {"contact.listed": 1}


def test_a_leg_is_judged_where_it_came_due(city, july):
    leg(city, city.wu, due=-1, opened=-30, took=-2)
    leg(city, city.wu, due=30 * 24 + 1, opened=0, took=1)

    assert counted.count(july)[0] == {}


def test_what_happened_after_the_period_is_not_looked_at(city, july):
    leg(city, city.wu, due=719, took=730)

    assert of(city, city.wu, july).n_open == {"contact.listed": 1}


def test_a_leg_that_came_late_is_not_charged_to_who_received_it(city, july):
    leg(city, city.wu, due=24, opened=25, took=30)

    assert counted.count(july)[0] == {}


def test_a_leg_moved_in_time_is_judged_where_it_went(city, july):
    leg(city, city.wu, took=2, outcome="listed")
    leg(city, city.lin, took=20)

    assert set(counted.count(july)[0]) == {s.unit_of(city.lin).pk}


def test_a_leg_moved_on_late_stays_with_who_let_it_lie(city, july):
    leg(city, city.wu, took=40, outcome="listed")

    assert of(city, city.wu, july).stages == {"contact.listed": Tally(1, 0)}


def test_other_areas_are_not_counted(city):
    leg(city, city.wu, took=2, area=city.west)
    east = Period(city.at(), city.at(days=30), city.east.path)

    assert counted.count(east)[0] == {}


def test_what_nobody_answered_for_is_counted_apart(city, july):
    leg(city, None)

    assert counted.count(july) == ({}, 1)


def test_the_median_lateness_is_of_the_late_ones(city, july):
    for took in (10, 26, 28, 40):
        leg(city, city.wu, took=took)

    assert of(city, city.wu, july).median_late_s == 4 * 3600


def test_silent_is_what_nobody_touched_for_as_long_again(city, july):
    leg(city, city.wu, took=47)
    leg(city, city.wu, took=48)
    leg(city, city.wu, due=700)  # open, and the period ends before twice its time is over

    assert of(city, city.wu, july).n_silent == {"contact.listed": 1}


def test_gaps_are_charged_to_who_had_the_leg_and_not_to_who_holds_the_gap(city, july):
    late = leg(city, city.wu, took=72)
    Gap.objects.create(
        handoff=late, loop="contact", stage="listed", owner="tracer", area_path=late.area_path,
        rung=1, unit=s.unit_of(city.duty_east), opened_at=late.due_at, raised_at=late.due_at,
        climbed_at=late.due_at, closed_at=late.done_at, reason="handed_over",
    )  # fmt: skip

    one = of(city, city.wu, july)
    assert (one.n_gaps, one.n_gaps_open, one.gap_seconds) == (1, 0, 2 * 86_400)


def test_a_gap_that_was_no_longer_due_is_not_counted(city, july):
    late = leg(city, city.wu, took=72)
    Gap.objects.create(
        handoff=late, loop="contact", stage="listed", owner="tracer", area_path=late.area_path,
        rung=0, opened_at=late.due_at, raised_at=late.due_at, climbed_at=late.due_at,
        closed_at=late.done_at, reason="tempo",
    )  # fmt: skip

    assert of(city, city.wu, july).n_gaps == 0


def test_returned_work_is_charged_to_who_handed_it_in(city, july):
    first = leg(city, city.lin, took=2, loop="task", stage="in_progress", outcome="submitted")
    Handoff.objects.create(
        passage=first.passage, number=2, loop="task", stage="submitted", owner="duty_officer",
        unit=s.unit_of(city.duty_city), area_path=first.area_path, opened_at=city.at(hours=2),
        timed_from=city.at(hours=2), due_at=city.at(hours=20), playbook="x",
        done_at=city.at(hours=5), done_by=city.wu, outcome="in_progress",
    )  # fmt: skip

    assert (of(city, city.lin, july).n_judged, of(city, city.lin, july).n_returned) == (1, 1)
    assert of(city, city.duty_city, july).n_returned == 0


@pytest.mark.parametrize("number", [1, 2])
def test_a_ruling_on_either_of_the_two_takes_returned_work_out(city, july, number):
    first = leg(city, city.lin, took=2, loop="task", stage="in_progress", outcome="submitted")
    judged = Handoff.objects.create(
        passage=first.passage, number=2, loop="task", stage="submitted", owner="duty_officer",
        unit=s.unit_of(city.duty_city), area_path=first.area_path, opened_at=city.at(hours=2),
        timed_from=city.at(hours=2), due_at=city.at(hours=20), playbook="x",
        done_at=city.at(hours=5), done_by=city.wu, outcome="in_progress",
    )  # fmt: skip
    leg(city, city.lin, took=3)
    out = {1: first, 2: judged}[number]
    Ruling.objects.create(handoff=out, objection=_objection(city), at=city.at())

    assert (of(city, city.lin, july).n_judged, of(city, city.lin, july).n_returned) == (0, 0)


def test_a_daily_report_that_was_excused_is_neither_in_time_nor_missing(city, july):
    leg(city, city.duty_east, took=2, loop="daily_report", stage="due", outcome="excused")
    leg(city, city.duty_east, took=2, loop="daily_report", stage="due", outcome="signed")

    assert of(city, city.duty_east, july).stages == {"daily_report.due": Tally(1, 1)}


def test_an_excuse_after_the_period_changes_nothing_in_it(city, july):
    leg(city, city.duty_east, took=31 * 24, loop="daily_report", stage="due", outcome="excused")

    assert of(city, city.duty_east, july).stages == {"daily_report.due": Tally(1, 0)}


def test_people_on_post_are_counted_once(city, july):
    leg(city, city.duty_city, took=2)

    assert of(city, city.duty_city, july).n_people == 3  # the duty officer, mayor and deputy


def test_what_a_unit_found_itself_is_told_from_what_others_found(city, july):
    s.reported(city, city.hua, kind=Kind.SELF_CHECK, now=city.at(days=1), sign="no")
    s.reported(city, now=city.at(days=2), register="no", exits="no")
    problems.raise_problem(
        title="缺转运车辆", what="x", area=city.city, found_by=FoundBy.SELF,
        found_unit=s.unit_of(city.hua), by=city.hua, now=city.at(days=3),
    )  # fmt: skip

    found = queries.found(july)[s.unit_of(city.hua).pk]
    assert (found.by_itself, found.by_others) == (2, 2)


def test_a_problem_that_a_unit_takes_on_does_not_count_against_it(city, july):
    taken = problems.raise_problem(
        title="缺转运车辆", what="x", area=city.city, found_by=FoundBy.REVIEW, by=city.duty_city,
        now=city.at(days=3),
    )  # fmt: skip
    problems.assign(problem=taken, unit=s.unit_of(city.hua), by=city.duty_city, now=city.at(days=4))

    assert s.unit_of(city.hua).pk not in queries.found(july)


def test_the_statements_are_as_many_whatever_the_number_of_units(
    city, july, django_assert_num_queries
):
    for user in (city.wu, city.lin, city.hua, city.zhao):
        leg(city, user, took=30)

    with django_assert_num_queries(5 + len(counted.RETURNS)):
        counted.count(july)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    legs=st.lists(st.tuples(st.sampled_from(["listed", "notified"]), st.integers(1, 60)),
                  min_size=1, max_size=12),
    data=st.data(),
)  # fmt: skip
def test_an_excluded_leg_is_never_counted(city, july, legs, data):
    from django.db import transaction

    with transaction.atomic():
        made = [leg(city, city.wu, took=took, stage=stage, outcome="x") for stage, took in legs]
        out = data.draw(st.sets(st.sampled_from([one.pk for one in made])))
        objection = _objection(city)
        Ruling.objects.bulk_create(
            Ruling(handoff_id=pk, objection=objection, at=city.at()) for pk in out
        )
        stays = [one for one in made if one.pk not in out]
        counted_now = counted.count(july)[0].get(s.unit_of(city.wu).pk)
        n = counted_now.n if counted_now else 0
        in_time = sum(t.in_time for t in counted_now.stages.values()) if counted_now else 0
        assert n == len(stays)
        assert in_time == sum(one.done_at <= one.due_at for one in stays)
        transaction.set_rollback(True)


def _objection(city):
    evaluation = evaluations.ask(
        area=city.city, from_on=city.at().date(), until_on=city.at(days=5).date(), by=city.du,
        now=city.at(days=40),
    )  # fmt: skip
    passage = Passage.objects.create(
        loop="objection", stage="upheld", title="x", area=city.city, area_path=city.city.path,
        opened_at=city.at(), closed_at=city.at(),
    )  # fmt: skip
    return Objection.objects.create(
        evaluation=evaluation, unit=s.unit_of(city.wu), passage=passage, reason="x", by=city.wu,
        at=city.at(),
    )  # fmt: skip


# --- what is compared --------------------------------------------------------------------------


def test_a_stage_that_one_unit_has_alone_is_not_compared(city, july):
    for _ in range(40):
        leg(city, city.wu, took=2)
        leg(city, city.wu, took=30, stage="notified")
        leg(city, city.lin, took=2)

    lines = evaluating.lines(counted.count(july)[0], {}, {})
    (wu,) = [one for one in lines if one.unit == s.unit_of(city.wu).pk]
    assert (wu.compared.n, wu.compared.verdict) == (40, "as")
    assert (wu.detail["n"], wu.detail["n_alone"]) == (80, 40)


def test_a_report_that_did_not_come_in_time_is_missing(city, july):
    leg(city, city.bai, loop="silence", stage="expected")
    leg(city, city.bai, took=30, loop="daily_report", stage="due")
    leg(city, city.bai, took=3, loop="daily_report", stage="due")
    leg(city, city.bai, took=30, loop="report_request", stage="asked")

    (line,) = evaluating.lines(counted.count(july)[0], {}, {})
    assert line.detail["missing_reports"] == 2


# --- shown, contested, published ---------------------------------------------------------------


@pytest.fixture
def evaluation(city):
    """July: Wu's unit is late forty times, Lin's in time forty times."""
    for n in range(40):
        leg(city, city.wu, due=24 + n, took=30 + n + 24)
        leg(city, city.lin, due=24 + n, took=20)
    made = evaluations.ask(
        area=city.city, from_on=city.at().date(), until_on=city.at(days=29).date(), by=city.du,
        now=city.at(days=31),
    )  # fmt: skip
    evaluations.run_waiting(now=city.at(days=31))
    made.refresh_from_db()
    return made


def row(evaluation, user):
    return queries.figures(evaluation).get(unit=s.unit_of(user))


def shown(evaluation, city):
    return evaluations.show(evaluation=evaluation, by=city.du, now=city.at(days=32))


def contest(evaluation, city, *legs, reason="系统当日停机，无法交接"):
    return objections.make(
        evaluation=evaluation, unit=s.unit_of(city.wu), reason=reason, legs=legs, by=city.wu,
        now=city.at(days=33),
    )  # fmt: skip


def test_the_worker_computes_what_waits_once(city, evaluation):
    assert (evaluation.state, evaluation.revision) == ("computed", 1)
    assert row(evaluation, city.wu).verdict == "worse"
    assert row(evaluation, city.lin).verdict == "better"
    assert evaluations.run_waiting(now=city.at(days=31)) == "0"
    assert Figures.objects.filter(revision=1).count() == Figures.objects.count()


def test_a_worker_that_was_killed_is_followed_by_another(city):
    made = evaluations.ask(
        area=city.city, from_on=city.at().date(), until_on=city.at(days=3).date(), by=city.du,
        now=city.at(days=9),
    )  # fmt: skip
    Evaluation.objects.update(started_at=city.at(days=9))

    assert evaluations.run_waiting(now=city.at(days=9, minutes=5)) == "0"
    assert evaluations.run_waiting(now=city.at(days=9, minutes=16)).startswith(str(made))


def test_a_failure_is_told_and_tried_again(city, monkeypatch):
    made = evaluations.ask(
        area=city.city, from_on=city.at().date(), until_on=city.at(days=3).date(), by=city.du,
        now=city.at(days=9),
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(counted, "count", lambda period: 1 / 0)
        evaluations.run_waiting(now=city.at(days=9))
    made.refresh_from_db()
    assert "ZeroDivision" in made.fault

    evaluations.run_waiting(now=city.at(days=9, hours=1))
    made.refresh_from_db()
    assert (made.fault, made.state) == ("", "computed")


@pytest.mark.parametrize(("since", "until"), [(5, 3), (50, 55), (-400, 3)])
def test_a_period_that_is_none_is_refused(city, since, until):
    with pytest.raises(SupervisionError):
        evaluations.ask(
            area=city.city, from_on=city.at(days=since).date(), until_on=city.at(days=until).date(),
            by=city.du, now=city.at(days=40),
        )  # fmt: skip


def test_a_unit_sees_its_figures_when_they_are_shown_and_no_others(city, evaluation):
    wu = scope_of(city.wu, now=city.at(days=32))
    assert not queries.visible_to(wu).exists()

    shown(evaluation, city)
    assert queries.visible_to(wu).get() == evaluation
    assert not queries.sees_all(wu, evaluation)


def test_a_commander_sees_what_is_shown_in_order_to_publish_it(city, evaluation):
    mayor = scope_of(city.mayor, now=city.at(days=33))
    assert not queries.sees_all(mayor, evaluation)

    shown(evaluation, city)
    assert queries.visible_to(mayor).get() == evaluation
    assert queries.sees_all(mayor, Evaluation.objects.get())


def test_figures_are_contested_only_while_they_may_be(city, evaluation):
    with pytest.raises(TooEarly):
        contest(evaluation, city)
    shown(evaluation, city)
    objections.make(
        evaluation=evaluation, unit=s.unit_of(city.wu), reason="系统当日停机，无法交接", by=city.wu,
        now=city.at(days=33),
    )  # fmt: skip
    with pytest.raises(TooEarly):
        objections.make(
            evaluation=evaluation, unit=s.unit_of(city.wu), reason="系统当日停机，无法交接",
            by=city.wu, now=city.at(days=38),
        )  # fmt: skip


def test_only_judged_hand_offs_of_ones_own_are_contested(city, evaluation):
    shown(evaluation, city)
    of_lin = Handoff.objects.filter(unit=s.unit_of(city.lin)).first()

    with pytest.raises(SupervisionError, match="not yours"):
        contest(evaluation, city, of_lin.pk)


def test_an_objection_waits_for_the_supervision(city, evaluation, team):
    shown(evaluation, city)
    objection = contest(evaluation, city)

    assert objection.passage.handoffs.get().unit == team


def test_an_upheld_objection_takes_the_hand_offs_out_for_everybody(city, evaluation):
    shown(evaluation, city)
    before = row(evaluation, city.wu).detail["n"]
    mine = list(Handoff.objects.filter(unit=s.unit_of(city.wu)).values_list("pk", flat=True)[:8])
    objection = contest(evaluation, city, *mine)
    objections.rule(
        objection=objection, upheld=True, reason="情况属实", by=city.du, now=city.at(days=34)
    )
    evaluations.run_waiting(now=city.at(days=34))

    evaluation.refresh_from_db()
    after = row(evaluation, city.wu)
    assert evaluation.revision == 2
    assert (after.detail["n"], after.detail["ruled_out"]) == (before - 8, 8)
    assert Ruling.objects.count() == 8


def test_a_refused_objection_changes_no_figure(city, evaluation):
    shown(evaluation, city)
    mine = Handoff.objects.filter(unit=s.unit_of(city.wu)).first()
    objection = contest(evaluation, city, mine.pk)
    objections.rule(
        objection=objection, upheld=False, reason="系统运行正常", by=city.du, now=city.at(days=34)
    )

    evaluation.refresh_from_db()
    assert not evaluation.stale
    assert (objection.passage.stage, Ruling.objects.count()) == ("refused", 0)


def test_a_ruling_that_comes_while_figures_are_computed_is_counted_next(city, evaluation):
    shown(evaluation, city)
    mine = list(Handoff.objects.filter(unit=s.unit_of(city.wu)).values_list("pk", flat=True)[:2])
    one, other = contest(evaluation, city, mine[0]), contest(evaluation, city, mine[1])
    for objection in (one, other):
        objections.rule(
            objection=objection, upheld=True, reason="情况属实", by=city.du, now=city.at(days=34)
        )

    evaluations.run_waiting(now=city.at(days=34))
    evaluation.refresh_from_db()
    assert row(evaluation, city.wu).detail["ruled_out"] == 2


def test_nobody_rules_on_their_own_units_objection(city, evaluation):
    shown(evaluation, city)
    objection = contest(evaluation, city)
    s.post(city, "xiao", "supervision", s.unit_of(city.wu).name, city.city)

    for by in (city.wu, city.xiao):
        with pytest.raises(SupervisionError, match="own unit"):
            objections.rule(
                objection=objection, upheld=True, reason="属实", by=by, now=city.at(days=34)
            )


def test_figures_are_published_after_everybody_was_heard(city, evaluation):
    def publish(days):
        return evaluations.publish(evaluation=evaluation, by=city.mayor, now=city.at(days=days))

    with pytest.raises(TooEarly, match="first"):
        publish(33)
    shown(evaluation, city)
    objection = contest(evaluation, city)
    with pytest.raises(TooEarly, match="until"):
        publish(34)
    with pytest.raises(TooEarly, match="1 objections wait"):
        publish(38)
    objections.rule(
        objection=objection, upheld=False, reason="系统正常", by=city.du, now=city.at(days=38)
    )
    assert publish(39).state == "published"
    assert evaluations.verify(evaluation)


def test_a_ruling_must_be_counted_in_before_publication(city, evaluation):
    shown(evaluation, city)
    mine = Handoff.objects.filter(unit=s.unit_of(city.wu)).first()
    objection = contest(evaluation, city, mine.pk)
    objections.rule(
        objection=objection, upheld=True, reason="情况属实", by=city.du, now=city.at(days=34)
    )

    with pytest.raises(TooEarly, match="counted in"):
        evaluations.publish(evaluation=evaluation, by=city.du, now=city.at(days=38))


def test_what_is_published_never_changes(city, evaluation):
    shown(evaluation, city)
    evaluations.publish(evaluation=evaluation, by=city.du, now=city.at(days=38))

    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_evaluation SET digest = 'x'")


def test_figures_are_never_rewritten(city, evaluation):
    with pytest.raises(DatabaseError):
        Figures.objects.update(n_legs=0)


def test_published_figures_are_for_everybody_in_the_area(city, evaluation):
    shown(evaluation, city)
    evaluations.publish(evaluation=evaluation, by=city.du, now=city.at(days=38))

    chen = scope_of(city.chen, now=city.at(days=39))
    assert queries.visible_to(chen).get() == evaluation
    assert queries.sees_all(chen, evaluation)


def test_nothing_that_is_published_names_a_person(city, evaluation):
    shown(evaluation, city)
    contest(evaluation, city)
    text = evaluations.frozen(evaluation)

    for user in city.users.values():
        assert user.display_name not in text or user.display_name in {
            f.name for f in Figures.objects.all()
        }


def test_few_are_not_ranked(city, evaluation):
    leg(city, city.zhao, took=50)
    Evaluation.objects.update(wanted=2)
    evaluations.run_waiting(now=city.at(days=32))
    evaluation.refresh_from_db()

    assert row(evaluation, city.zhao).verdict == "few"
    assert queries.sorted_figures(evaluation)[-1].verdict == "few"


def test_the_rows_behind_a_number_are_the_number(city, evaluation):
    for which, key in (("", "n"), ("open", "open")):
        rows = queries.legs(
            evaluation, unit=s.unit_of(city.wu).pk, loop="contact", stage="listed", which=which
        )
        assert rows.count() == row(evaluation, city.wu).detail[key]


def test_findings_make_no_legs_of_a_person(city):
    assert "person" not in {f.name for f in Figures._meta.get_fields()}
    assert "user" not in {f.name for f in Finding._meta.get_fields()}
