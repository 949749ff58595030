"""The roster: filled by rotation, its holes seen ahead, and a shift handed over or it is a gap."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.orders.conftest import post, unit_of
from tongchou.ledger import sweeping
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Gap, Handoff
from tongchou.orders.actions import duty, handing
from tongchou.orders.actions.duty import Team
from tongchou.orders.errors import NotNow, OrdersError, TakesAnother
from tongchou.orders.forms.duty import rotation
from tongchou.orders.models import HandOver, Roster, Shift
from tongchou.orders.queries import duty as queries
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db
FIRST = date(2022, 7, 1)


@pytest.fixture
def two(city):
    """Two more duty officers of the eastern district."""
    unit = unit_of(city.duty_east)
    return [post(name, "duty_officer", unit) for name in ("值班甲", "值班乙")]


@pytest.fixture
def roster(city):
    return duty.open_roster(
        unit=unit_of(city.duty_east), hours=["08:00", "20:00"], from_on=FIRST,
        by=city.duty_east, now=city.at(),
    )  # fmt: skip


@pytest.fixture
def filled(city, roster, two):
    """A week: the two take turns, from eight in the morning of the first day."""
    teams = [Team(two[0], (two[1],)), Team(two[1], (two[0],))]
    duty.fill(
        roster=roster, first=FIRST, last=FIRST + timedelta(days=8), teams=teams,
        by=city.duty_east, now=city.at(),
    )  # fmt: skip
    return list(roster.shifts.order_by("starts_at"))


def test_a_rotation_goes_round(city, filled, two):
    assert [shift.leader for shift in filled[:3]] == [two[0], two[1], two[0]]
    assert filled[0].starts_at == city.at() and filled[0].ends_at == filled[1].starts_at
    assert len(filled) == 18


def test_leaders_and_staff_each_have_their_own_turn():
    teams = rotation(["a", "b"], ["x", "y", "z"], 1)
    assert [(t.leader, t.staff) for t in teams[:4]] == [
        ("a", ("x",)), ("b", ("y",)), ("a", ("z",)), ("b", ("x",)),
    ]  # fmt: skip


def test_filling_twice_changes_nothing(city, roster, filled, two):
    made, stood = duty.fill(
        roster=roster, first=FIRST, last=FIRST, teams=[Team(two[1])], by=city.gao, now=city.at()
    )
    assert (made, stood) == (0, 2)
    assert roster.shifts.order_by("starts_at").first().leader == two[0]


def test_a_roster_is_not_written_for_days_that_have_passed(city, roster, two):
    with pytest.raises(OrdersError):
        duty.fill(roster=roster, first=date(2022, 6, 30), last=FIRST, teams=[Team(two[0])],
                  by=city.gao, now=city.at())  # fmt: skip


def test_nobody_without_a_post_there_is_put_on_a_roster(city, roster):
    with pytest.raises(OrdersError, match="护士林"):
        duty.fill(roster=roster, first=FIRST, last=FIRST, teams=[Team(city.lin)],
                  by=city.gao, now=city.at())  # fmt: skip


def test_a_swap_is_written_down_with_its_reason(city, filled, two):
    swap = duty.swap(shift=filled[2], out=two[0], into=city.duty_east, reason="开会",
                     by=city.duty_east, now=city.at())  # fmt: skip
    assert (swap.leads, swap.out, swap.into) == (True, two[0], city.duty_east)
    assert Shift.objects.get(pk=filled[2].pk).leader == city.duty_east


def test_nobody_takes_the_place_of_somebody_on_the_same_shift(city, filled, two):
    for out in two:  # the leader, and who serves with them
        with pytest.raises(OrdersError, match="on this shift already"):
            duty.swap(shift=filled[2], out=out, into=two[0], reason="开会",
                      by=city.gao, now=city.at())  # fmt: skip


def test_a_shift_that_is_over_is_not_swapped(city, filled, two):
    with pytest.raises(NotNow):
        duty.swap(shift=filled[0], out=two[0], into=city.duty_east, reason="开会",
                  by=city.duty_east, now=city.at(hours=13))  # fmt: skip


# --- readiness --------------------------------------------------------------


def holes(city, **at):
    scope = scope_of(city.duty_city, now=city.at())
    return queries.holes(queries.rosters(scope), now=city.at(**at))


def test_an_empty_roster_is_a_hole(city, roster):
    assert [hole.code for hole in holes(city)] == ["empty"]


def test_a_full_roster_has_none(city, filled):
    assert holes(city) == []


def test_the_end_of_a_roster_is_seen_a_week_ahead(city, filled):
    (hole,) = holes(city, days=3)
    assert (hole.code, hole.starts_at) == ("empty", filled[-1].ends_at)


def test_somebody_who_lost_their_post_is_a_hole(city, filled, two):
    two[0].posts.update(to_at=city.at(days=1))
    found = [hole for hole in holes(city) if hole.code == "left"]
    assert found and {hole.who for hole in found} == {two[0]}
    assert min(hole.starts_at for hole in found) >= city.at(days=1)


def test_whoever_cannot_be_telephoned_is_a_hole(city, filled, two):
    two[0].phone = ""
    two[0].save()
    assert {hole.code for hole in holes(city)} == {"phone"}


def test_two_places_at_once_is_a_hole(city, filled, two):
    other = duty.open_roster(unit=unit_of(city.duty_city), hours=["08:00"], from_on=FIRST,
                             by=city.gao, now=city.at())  # fmt: skip
    both = post("两边跑", "duty_officer", unit_of(city.duty_city))
    both.posts.create(user=both, role="duty_officer", unit=unit_of(city.duty_east), area=city.east,
                      level=3, from_at=city.at(days=-9))  # fmt: skip
    duty.fill(roster=other, first=FIRST, last=FIRST, teams=[Team(both)], by=city.gao, now=city.at())
    duty.swap(shift=filled[0], out=two[0], into=both, reason="顶班", by=city.gao, now=city.at())
    assert "twice" in {hole.code for hole in holes(city)}


def test_who_is_on_duty_now(city, filled, two):
    scope = scope_of(city.duty_city, now=city.at())
    (shift,) = queries.on_duty(scope, now=city.at(hours=13))
    assert queries.people(shift) == [two[1], two[0]]


# --- the hand-over ------------------------------------------------------------


def begun(city, filled):
    duty.begin_due(now=city.at())
    return Shift.objects.get(pk=filled[0].pk)


def test_a_shift_begins_once(city, filled):
    assert duty.begin_due(now=city.at()) == 1
    assert duty.begin_due(now=city.at()) == 0
    leg = Handoff.objects.get(loop="shift")
    assert (leg.unit, leg.timed_from) == (unit_of(city.duty_east), filled[0].ends_at)


def test_a_shift_that_nobody_takes_over_is_a_gap(city, filled):
    begun(city, filled)
    sweeping.sweep(now=city.at(hours=12, minutes=59))
    assert not Gap.objects.filter(loop="shift").exists()
    sweeping.sweep(now=city.at(hours=13))
    assert Gap.objects.get().loop == "shift"


def test_the_next_shift_signs_for_what_is_open(city, filled, two, question):
    shift = begun(city, filled)
    handing.write_notes(shift=shift, notes="留意码头", by=two[0], now=city.at(hours=11))
    signed = handing.take_over(shift=shift, by=two[1], now=city.at(hours=12))
    assert shift.passage.stage == "handed_over"
    assert signed.incoming == filled[1]
    assert "留意码头" in signed.text and two[1].display_name in signed.text
    assert {part["key"] for part in signed.facts} >= {"gaps", "tasks", "signals", "orders"}


def test_what_was_open_at_the_signature_is_frozen(city, filled, two):
    shift = begun(city, filled)
    handing.take_over(shift=shift, by=two[1], now=city.at(hours=12))
    handover = HandOver.objects.get(shift=shift)
    assert handing.intact(handover)
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.update(text="x")
    with pytest.raises(NotNow):
        handing.write_notes(shift=shift, notes="晚了", by=two[0], now=city.at(hours=13))


def test_only_the_next_shift_signs(city, filled):
    shift = begun(city, filled)
    with pytest.raises(OrdersError, match="值班乙"):
        handing.take_over(shift=shift, by=city.duty_east, now=city.at(hours=12))


def test_whoever_wrote_the_notes_does_not_sign_for_them(city, filled, two):
    shift = begun(city, filled)
    handing.write_notes(shift=shift, notes="…", by=two[1], now=city.at(hours=11))
    with pytest.raises(TakesAnother):
        handing.take_over(shift=shift, by=two[1], now=city.at(hours=12))


def test_a_shift_is_not_taken_over_at_noon(city, filled, two):
    shift = begun(city, filled)
    with pytest.raises(NotNow):
        handing.take_over(shift=shift, by=two[1], now=city.at(hours=4))


def test_a_shift_is_taken_over_once(city, filled, two):
    shift = begun(city, filled)
    again = Shift.objects.get(pk=shift.pk)
    assert again.passage
    handing.take_over(shift=shift, by=two[1], now=city.at(hours=12))
    with pytest.raises(LedgerError):
        handing.take_over(shift=again, by=two[1], now=city.at(hours=12))
    assert HandOver.objects.count() == 1


def test_where_the_roster_ends_somebody_of_the_unit_takes_over(city, filled, two):
    Shift.objects.exclude(pk=filled[0].pk).delete()
    shift = begun(city, filled)
    with pytest.raises(TakesAnother):
        handing.take_over(shift=shift, by=two[0], now=city.at(hours=12))
    handing.take_over(shift=shift, by=city.duty_east, now=city.at(hours=12))
    assert shift.passage.stage == "handed_over"


def test_a_roster_that_ends_leaves_the_shift_that_runs(city, roster, filled):
    begun(city, filled)
    duty.close_roster(roster=roster, by=city.gao, now=city.at(hours=1))
    assert list(Shift.objects.all()) == [filled[0]]
    assert Roster.objects.get().ended_on == FIRST


def test_a_worker_that_slept_begins_what_it_missed(city, filled):
    assert duty.begin_due(now=city.at(days=1, hours=1)) == 3
    sweeping.sweep(now=city.at(days=1, hours=1))
    assert Gap.objects.filter(loop="shift").count() == 2  # the third is running


def test_a_street_sees_whom_to_call_in_the_district_above_it(city, filled):
    scope = scope_of(city.duty_street, now=city.at())
    assert [shift.roster.unit for shift in queries.on_duty(scope, now=city.at())] == [
        unit_of(city.duty_east)
    ]
