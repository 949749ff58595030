"""Planning an inspection, filling it in from a phone, and reporting it."""

import pytest

from tests.supervision import supervised as s
from tongchou.ledger import actions as ledger
from tongchou.ledger import turns
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.ledger.models import Handoff
from tongchou.staff.models import Post
from tongchou.staff.queries import scope_of
from tongchou.staff.roles import Role
from tongchou.supervision.actions import answers, checklists, plans, rectifying, reporting
from tongchou.supervision.errors import NotAnswered, SomebodyElse, SupervisionError
from tongchou.supervision.models import Answer, Checklist, Finding, Inspection, Kind
from tongchou.supervision.queries import inspections as queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def team(city):
    return s.team(city)


def say(inspection, value, *, by, now, item="exits", note="", seen=0):
    return answers.answer(
        inspection=inspection, item=item, value=value, note=note, seen=seen, by=by, now=now
    )


# --- planning ----------------------------------------------------------------------------------


def test_the_team_that_is_named_has_the_inspection_until_a_day_after_it_was_due(city, team):
    leg = s.planned(city).passage.handoffs.get()

    assert (leg.unit, leg.owner, leg.stage) == (team, "supervision", "planned")
    assert (leg.due_at - leg.timed_from).total_seconds() == 24 * 3600
    assert leg.timed_from == plans.end_of(city.at(days=2).date())


def test_a_unit_checks_itself_and_nobody_else_does_it_for_it(city):
    inspection = s.planned(city, kind=Kind.SELF_CHECK)
    leg = inspection.passage.handoffs.get()

    assert inspection.team == inspection.unit == s.unit_of(city.hua)
    assert turns.may_sign(leg, scope_of(city.hua, now=city.at()))
    assert not turns.may_sign(leg, scope_of(city.du, now=city.at()))


def test_a_unit_with_nobody_on_post_leaves_its_self_check_to_the_team(city, team):
    city.hua.posts.update(from_at=city.at(days=-9), to_at=city.at(days=-1))
    leg = s.planned(city, kind=Kind.SELF_CHECK).passage.handoffs.get()

    assert (leg.unit, leg.owner) == (team, "supervision")


def test_a_closed_place_is_not_planned_for(city):
    closed = s.place(city, closed_on=city.at(days=-1).date())

    with pytest.raises(SupervisionError, match=closed.name):
        s.planned(city, place=closed)


def test_an_inspection_of_a_place_belongs_to_the_area_of_the_place(city):
    there = s.place(city)

    assert s.planned(city, place=there).area == there.area


@pytest.mark.parametrize("more", [{"until_on": -3}, {"targets": []}, {"team": None}])
def test_a_plan_that_cannot_be_is_refused(city, team, more):
    wishes = {
        "until_on": city.at(days=more.pop("until_on", 2)).date(),
        "targets": [plans.Target(s.unit_of(city.hua))],
        "team": team,
    } | more
    with pytest.raises(SupervisionError):
        plans.plan(
            title="x", kind=Kind.SPOT_CHECK, checklist=s.small(city), area=city.city,
            by=city.du, now=city.at(), **wishes,
        )  # fmt: skip


def test_who_cancels_says_why(city):
    inspection = s.planned(city)

    with pytest.raises(SupervisionError):
        plans.cancel(inspection=inspection, reason=" ", by=city.du, now=city.at(hours=1))
    plans.cancel(inspection=inspection, reason="站点已关闭", by=city.du, now=city.at(hours=1))
    assert inspection.passage.stage == "cancelled"


# --- answers -----------------------------------------------------------------------------------


def test_the_same_answer_sent_twice_is_one_answer(city):
    inspection = s.planned(city)

    first = say(inspection, "no", note="堆放杂物", by=city.du, now=city.at(hours=1))
    again = say(inspection, "no", note="堆放杂物 ", by=city.du, now=city.at(hours=3))

    assert first == again
    assert Answer.objects.count() == 1


def test_an_inspector_mends_an_answer_whose_receipt_never_came(city):
    inspection = s.planned(city)
    say(inspection, "no", by=city.du, now=city.at(hours=1))

    now_stands = say(inspection, "yes", by=city.du, now=city.at(hours=2), seen=0)

    assert (now_stands.number, now_stands.value) == (2, "yes")


def test_two_inspectors_on_one_item_see_one_another_first(city):
    inspection = s.planned(city)
    say(inspection, "yes", by=city.du, now=city.at(hours=1))

    with pytest.raises(SomebodyElse, match="du"):
        say(inspection, "no", note="门锁着", by=city.cha, now=city.at(hours=1), seen=0)
    after = say(inspection, "no", note="门锁着", by=city.cha, now=city.at(hours=2), seen=1)

    assert (after.number, after.by) == (2, city.cha)


def test_two_inspectors_who_agree_do_not_disturb_one_another(city):
    inspection = s.planned(city)
    say(inspection, "yes", by=city.du, now=city.at(hours=1))

    assert say(inspection, "yes", by=city.cha, now=city.at(hours=1)).by == city.du


def test_an_answer_that_was_replaced_stays_to_be_seen(city):
    inspection = s.planned(city)
    say(inspection, "yes", by=city.du, now=city.at(hours=1))
    say(inspection, "no", note="又看了一遍", by=city.du, now=city.at(hours=2))

    row = queries.rows(inspection)[0]
    assert row.answer.value == "no"
    assert [one.value for one in row.earlier] == ["yes"]


def test_an_item_that_is_not_asked_is_refused_with_the_version(city):
    with pytest.raises(SupervisionError, match="version 1"):
        say(s.planned(city), "yes", item="new-item", by=city.du, now=city.at(hours=1))


def test_after_the_report_nothing_is_answered(city):
    inspection = s.planned(city)
    s.fill(inspection, city.du, city.at(hours=1))
    reporting.report(inspection=inspection, by=city.du, now=city.at(hours=2))

    with pytest.raises(SupervisionError, match="over"):
        say(inspection, "no", note="补充", by=city.cha, now=city.at(hours=3), seen=1)


def test_an_open_inspection_keeps_its_version_of_a_checklist_that_changes(city):
    inspection = s.planned(city)
    newer = s.SMALL.replace("登记完整", "登记完整准确") + (
        '[[items]]\nkey = "extra"\nzh = "新增一项"\nen = "One more"\n'
    )
    second = checklists.issue(text=newer, by=city.du, now=city.at(hours=1))

    kept = Inspection.objects.select_related("checklist").get(pk=inspection.pk)
    assert (second.version, kept.checklist.version) == (2, 1)
    assert [item.key for item in queries.items_of(kept)] == ["exits", "register", "sign"]
    s.fill(kept, city.du, city.at(hours=2))
    reporting.report(inspection=inspection, by=city.du, now=city.at(hours=3))
    assert inspection.passage.stage == "reported"


# --- reporting ---------------------------------------------------------------------------------


def test_an_inspection_with_an_open_item_is_not_reported(city):
    inspection = s.planned(city)
    say(inspection, "yes", by=city.du, now=city.at(hours=1))

    with pytest.raises(NotAnswered, match="2 items.*The register is whole"):
        reporting.report(inspection=inspection, by=city.du, now=city.at(hours=2))
    assert inspection.passage.stage == "planned"


def test_a_no_says_what_was_found(city):
    inspection = s.planned(city)
    s.fill(inspection, city.du, city.at(hours=1))
    say(inspection, "no", by=city.du, now=city.at(hours=1))

    with pytest.raises(NotAnswered, match="Fire exits"):
        reporting.report(inspection=inspection, by=city.du, now=city.at(hours=2))


def test_the_score_weighs_the_items_and_leaves_out_what_does_not_apply(city):
    inspection = s.planned(city)
    s.fill(inspection, city.du, city.at(hours=1), register="no", sign="na")
    reporting.report(inspection=inspection, by=city.du, now=city.at(hours=2))

    inspection.refresh_from_db()
    assert inspection.score == 5 / 8
    assert (inspection.n_yes, inspection.n_no, inspection.n_red) == (1, 1, 0)


def test_what_was_found_goes_to_the_unit_by_its_severity(city):
    done = s.reported(city, exits="no", register="no", sign="no")

    legs = {f.item: f.passage.handoffs.get() for f in done.new}
    assert {f.item: f.severity for f in done.new} == {
        "exits": "urgent", "register": "ordinary", "sign": "minor"
    }  # fmt: skip
    assert {leg.unit for leg in legs.values()} == {s.unit_of(city.hua)}
    assert legs["exits"].due_at < legs["register"].due_at == legs["sign"].due_at
    assert legs["exits"].loop == "urgent_rectification"


def test_a_finding_names_the_inspection_that_caused_it(city):
    (finding,) = s.reported(city, sign="no").new

    assert finding.passage.caused_by == finding.inspection.passage


def test_what_a_self_check_finds_is_self_found(city):
    (finding,) = s.reported(city, city.hua, kind=Kind.SELF_CHECK, sign="no").new

    assert finding.self_found


def test_two_inspectors_cannot_both_report(city):
    inspection = s.planned(city)
    s.fill(inspection, city.du, city.at(hours=1))
    seen_by_cha = Inspection.objects.select_related("passage", "checklist").get(pk=inspection.pk)
    reporting.report(inspection=inspection, by=city.du, now=city.at(hours=2))

    with pytest.raises(AlreadyHandedOver):
        reporting.report(inspection=seen_by_cha, by=city.cha, now=city.at(hours=2))
    assert Handoff.objects.filter(loop="inspection").count() == 1


# --- again -------------------------------------------------------------------------------------


def test_the_same_item_at_the_same_unit_is_a_repeat(city):
    (first,) = s.reported(city, sign="no").new
    ledger.hand_over(passage=first.passage, to="rectified", by=city.hua, now=city.at(days=1))
    ledger.hand_over(passage=first.passage, to="passed", by=city.du, now=city.at(days=2))

    (second,) = s.reported(city, now=city.at(days=9), sign="no").new

    assert (second.repeats, second.n_before) == (first, 1)


def test_another_unit_with_the_same_item_repeats_nothing(city):
    s.reported(city, sign="no")
    (other,) = s.reported(city, of=city.lin, now=city.at(days=1), sign="no").new

    assert other.repeats is None


def test_what_is_known_and_open_is_not_found_twice(city):
    (first,) = s.reported(city, sign="no").new
    again = s.reported(city, now=city.at(days=1), sign="no")

    assert (again.new, again.known) == ([], [first])
    assert Finding.objects.count() == 1


def test_the_same_at_another_place_of_the_unit_is_a_finding_of_its_own(city):
    s.reported(city, sign="no")
    inspection = s.planned(city, place=s.place(city), now=city.at(days=1))
    s.fill(inspection, city.du, city.at(days=1), sign="no")
    done = reporting.report(inspection=inspection, by=city.du, now=city.at(days=1, hours=1))

    assert len(done.new) == 1 and done.new[0].n_before == 1


def test_a_withdrawn_finding_is_not_repeated(city):
    (first,) = s.reported(city, sign="no").new
    ledger.hand_over(passage=first.passage, to="rectified", by=city.hua, now=city.at(days=1))
    ledger.hand_over(passage=first.passage, to="withdrawn", by=city.du, now=city.at(days=2))

    (second,) = s.reported(city, now=city.at(days=9), sign="no").new

    assert second.repeats is None


# --- looking back ------------------------------------------------------------------------------


def look_back(city, finding, team):
    return plans.look_back(
        inspection=finding.inspection, until_on=city.at(days=5).date(), team=team,
        by=city.du, now=city.at(days=3),
    )  # fmt: skip


@pytest.mark.parametrize(("value", "stage"), [("yes", "passed"), ("no", "found")])
def test_a_look_back_passes_or_sends_back_what_was_rectified(city, team, value, stage):
    (finding,) = s.reported(city, sign="no").new
    ledger.hand_over(passage=finding.passage, to="rectified", by=city.hua, now=city.at(days=1))
    again = look_back(city, finding, team)

    assert [item.key for item in queries.items_of(again)] == ["sign"]
    say(again, value, item="sign", note="仍未设置", by=city.du, now=city.at(days=4))
    reporting.report(inspection=again, by=city.du, now=city.at(days=4))
    finding.passage.refresh_from_db()
    assert finding.passage.stage == stage
    if stage == "found":
        assert finding.passage.handoffs.get(done_at=None).unit == finding.unit


def test_a_self_check_does_not_pass_what_the_unit_says_it_mended(city):
    (finding,) = s.reported(city, sign="no").new
    ledger.hand_over(passage=finding.passage, to="rectified", by=city.hua, now=city.at(days=1))
    s.reported(city, city.hua, kind=Kind.SELF_CHECK, now=city.at(days=2))

    finding.passage.refresh_from_db()
    assert finding.passage.stage == "rectified"


@pytest.mark.parametrize("value", ["yes", "no"])
def test_a_look_back_by_somebody_of_the_unit_settles_nothing(city, team, value):
    (finding,) = s.reported(city, sign="no").new
    ledger.hand_over(passage=finding.passage, to="rectified", by=city.hua, now=city.at(days=1))
    s.colleague(city)
    again = look_back(city, finding, team)
    say(again, value, item="sign", note="看过了", by=city.mate, now=city.at(days=4))

    done = reporting.report(inspection=again, by=city.du, now=city.at(days=4))

    assert (done.passed, done.sent_back) == ([], [])
    finding.passage.refresh_from_db()
    assert finding.passage.stage == "rectified"


def test_a_unit_is_not_the_team_that_looks_at_itself(city, team):
    with pytest.raises(SupervisionError, match="self-check"):
        s.planned(city, city.du)


def test_nothing_found_is_nothing_to_look_back_at(city, team):
    s.reported(city)
    inspection = Inspection.objects.select_related("plan", "unit", "passage", "checklist").get()

    with pytest.raises(SupervisionError, match="Nothing was found"):
        plans.look_back(
            inspection=inspection, until_on=city.at(days=5).date(), team=team, by=city.du,
            now=city.at(days=3),
        )  # fmt: skip


def test_a_look_back_is_planned_once_at_a_time(city, team):
    (finding,) = s.reported(city, sign="no").new
    look_back(city, finding, team)

    with pytest.raises(SupervisionError, match="already"):
        look_back(city, finding, team)


# --- checked by somebody else --------------------------------------------------------------------


@pytest.fixture
def mended(city):
    (finding,) = s.reported(city, sign="no").new
    rectifying.rectify(finding=finding, note="已补标识", by=city.hua, now=city.at(hours=3))
    return finding


@pytest.mark.parametrize("verb", ["pass_it", "send_back", "withdraw"])
def test_nobody_checks_what_their_own_unit_has_mended(city, mended, verb):
    s.colleague(city)

    with pytest.raises(SupervisionError, match="own unit"):
        getattr(rectifying, verb)(
            finding=mended, note="没有问题", by=city.mate, now=city.at(hours=4)
        )
    mended.passage.refresh_from_db()
    assert mended.passage.stage == "rectified"


@pytest.mark.parametrize("verb", ["pass_it", "send_back", "withdraw"])
def test_who_mended_it_for_the_unit_does_not_check_it(city, verb):
    (mended,) = s.reported(city, sign="no").new
    rectifying.rectify(finding=mended, note="已补标识", by=city.du, now=city.at(hours=3))

    with pytest.raises(SupervisionError, match="cannot be who checks"):
        getattr(rectifying, verb)(finding=mended, note="好", by=city.du, now=city.at(hours=4))


def test_a_post_that_has_ended_makes_nobody_of_the_unit(city, mended):
    s.colleague(city).posts.filter(unit=mended.unit).update(to_at=city.at(hours=-1))
    s.post(city, "mate2", Role.SUPERVISION, "市督查组", city.city)
    Post.objects.filter(user=city.mate2).update(user=city.mate)

    rectifying.pass_it(finding=mended, by=city.mate, now=city.at(hours=4))
    assert mended.passage.stage == "passed"


# --- checklists --------------------------------------------------------------------------------


def test_the_checklists_that_ship_stand_and_stand_once(city):
    checklists.stand(now=city.at())
    checklists.stand(now=city.at(days=1))

    assert set(Checklist.objects.values_list("slug", "version")) == {
        (slug, 1)
        for slug in ("checkpoint", "fever-clinic", "market", "quarantine-site", "sampling-point",
                     "school")
    }  # fmt: skip


def test_the_same_text_is_the_same_version(city):
    assert s.small(city) == s.small(city, now=city.at(days=1))
