"""合成谬误: each order sensible by itself, together a trap."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.orders import conflicts, wording
from tongchou.orders.measures import DEMANDS, MADE_OF, RELIEFS, Claim, Group, Kind, leaves

DAY = datetime(2022, 7, 1, tzinfo=UTC)
K, G = Kind, Group


def claim(
    order: str, kind: Kind, *groups: Group, area: str = "1/", days: tuple[int, int] = (0, 7),
    number: int = 1, spares: tuple[Group, ...] = (), place: str = "",
) -> Claim:  # fmt: skip
    begin, end = (DAY + timedelta(days=n) for n in days)
    return Claim(order, number, kind, frozenset(groups), area, begin, end, frozenset(spares), place)


def codes(*claims: Claim) -> list[str]:
    return [one.code for one in conflicts.find(claims)]


def test_who_must_work_and_may_not_leave_home_is_stranded():
    work = claim("A", K.AT_WORK, G.WORKERS_SUPPLY)
    shut = claim("B", K.STAY_HOME, G.RESIDENTS, area="1/2/")
    assert codes(work, shut) == ["work_from_home"]


def test_the_conflict_names_who_where_and_when():
    work = claim("A", K.AT_WORK, G.WORKERS_SUPPLY, days=(0, 5))
    shut = claim("B", K.STAY_HOME, G.RESIDENTS, area="1/2/", days=(2, 9))
    (found,) = conflicts.find([work, shut])
    assert found.whom == (G.WORKERS_SUPPLY,)
    assert (found.area, found.from_at, found.until) == ("1/2/", shut.from_at, work.until)


def test_whom_the_closing_spares_is_not_stranded():
    work = claim("A", K.AT_WORK, G.WORKERS_SUPPLY)
    shut = claim("B", K.STAY_HOME, G.RESIDENTS, spares=(G.WORKERS_SUPPLY,))
    assert codes(work, shut) == []


def test_a_closed_loop_opens_the_way_to_work():
    work = claim("A", K.AT_WORK, G.WORKERS_SUPPLY)
    shut = claim("B", K.STAY_HOME, G.RESIDENTS)
    loop = claim("B", K.CLOSED_LOOP, G.WORKERS_SUPPLY, number=2)
    assert codes(work, shut, loop) == []


def test_a_way_that_is_open_half_the_time_is_not_open():
    work = claim("A", K.AT_WORK, G.WORKERS_SUPPLY)
    shut = claim("B", K.STAY_HOME, G.RESIDENTS)
    loop = claim("B", K.CLOSED_LOOP, G.WORKERS_SUPPLY, number=2, days=(0, 3))
    assert codes(work, shut, loop) == ["work_from_home"]


def test_a_test_is_asked_for_while_the_testing_point_is_closed():
    test = claim("A", K.TEST, G.RESIDENTS)
    shut = claim("B", K.TESTING_OFF, G.EVERYBODY, area="1/2/")
    assert codes(test, shut) == ["test_shut"]


def test_one_forbids_to_leave_and_the_other_to_stay():
    stay = claim("A", K.NO_EXIT, G.RESIDENTS)
    leave = claim("B", K.NO_STAY, G.STUDENTS)
    assert codes(stay, leave) == ["stay_nowhere"]


def test_a_driver_must_carry_a_pass_from_a_place_he_may_not_enter():
    needs = claim("A", K.PASS, G.FREIGHT, area="1/2/", place="1/3/")
    shut = claim("B", K.NO_ENTRY, G.DRIVERS, area="1/3/")
    assert codes(needs, shut) == ["pass_in"]


def test_a_pass_that_is_given_online_strands_nobody():
    needs = claim("A", K.PASS, G.FREIGHT, area="1/2/", place="1/3/")
    shut = claim("B", K.NO_ENTRY, G.DRIVERS, area="1/3/")
    online = claim("A", K.ONLINE, G.DRIVERS, area="1/", number=2)
    assert codes(needs, shut, online) == []


def test_a_compound_that_is_shut_keeps_its_workers_from_a_place_outside():
    work = claim("A", K.AT_WORK, G.WORKERS)
    assert codes(work, claim("B", K.NO_EXIT, G.RESIDENTS, area="1/2/")) == ["work_out"]


def test_a_city_that_is_shut_leaves_its_workers_their_way_inside():
    work = claim("A", K.AT_WORK, G.WORKERS, area="1/2/")
    assert codes(work, claim("B", K.NO_EXIT, G.RESIDENTS, area="1/")) == []


def test_patients_are_shut_in_where_care_is_suspended():
    shut = claim("A", K.NO_EXIT, G.RESIDENTS)
    care = claim("B", K.CARE_OFF, G.EVERYBODY)
    (found,) = conflicts.find([shut, care])
    assert (found.code, set(found.whom)) == ("care", leaves(G.PATIENTS))


def test_whoever_may_not_go_out_needs_food_brought():
    shut = claim("A", K.STAY_HOME, G.RESIDENTS)
    shops = claim("B", K.SHOP_OFF, G.EVERYBODY)
    food = claim("C", K.DELIVERY, G.RESIDENTS)
    assert codes(shut, shops) == ["food"]
    assert codes(shut, shops, food) == []


def test_two_measures_of_one_order_may_strand_somebody_too():
    own = [claim("A", K.TEST, G.RESIDENTS), claim("A", K.TESTING_OFF, G.EVERYBODY, number=2)]
    assert codes(*own) == ["test_shut"]


def test_what_ends_as_the_other_begins_is_no_conflict():
    work = claim("A", K.AT_WORK, G.WORKERS, days=(0, 3))
    assert codes(work, claim("B", K.STAY_HOME, G.RESIDENTS, days=(3, 9))) == []


def test_every_line_of_the_table_has_its_sentence_and_can_be_met():
    for way in conflicts.WAYS:
        assert way.code in wording.WAYS
        whom = G.PATIENTS if way.only else G.EVERYBODY
        asked, taken = min(way.asked), min(way.taken)
        inner = "1/2/" if way.below else "1/"
        assert way.code in codes(claim("A", asked, whom), claim("B", taken, whom, area=inner))
    assert len({way.code for way in conflicts.WAYS}) == len(conflicts.WAYS)


def test_what_mends_is_always_a_measure_that_opens_a_way():
    assert all(way.mended <= RELIEFS for way in conflicts.WAYS)
    assert not DEMANDS & RELIEFS


# --- whatever the orders -------------------------------------------------------------------------

AREAS = ["1/", "1/2/", "1/3/", "1/2/4/", "5/"]


@st.composite
def claims(draw: st.DrawFn, area: str | None = None) -> Claim:
    begin = draw(st.integers(0, 10))
    return claim(
        draw(st.sampled_from(["A", "B", "C"])),
        draw(st.sampled_from(list(Kind))),
        *draw(st.lists(st.sampled_from(list(Group)), min_size=1, max_size=3)),
        area=area or draw(st.sampled_from(AREAS)),
        days=(begin, begin + draw(st.integers(1, 10))),
        number=draw(st.integers(1, 9)),
        spares=tuple(draw(st.lists(st.sampled_from(list(Group)), max_size=2))),
    )


@given(st.lists(claims(), max_size=8), st.randoms())
def test_in_which_order_they_come_does_not_matter(found, dice):
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert conflicts.find(found) == conflicts.find(shuffled)


@given(claims(area="1/2/"), claims(area="1/3/"))
def test_areas_apart_never_conflict(one, other):
    assert conflicts.find([one, other]) == ()


@given(claims(), claims(), st.integers(0, 5))
def test_times_apart_never_conflict(one, other, pause):
    later = Claim(
        "Z", 1, other.kind, other.groups, other.area, one.until + timedelta(days=pause),
        one.until + timedelta(days=pause + 1), other.spares,
    )  # fmt: skip
    assert conflicts.find([one, later]) == ()


@given(st.lists(claims(), max_size=6), claims())
def test_a_measure_that_opens_a_way_never_strands_anybody(found, one):
    relief = Claim("R", 1, K.CLOSED_LOOP, one.groups, one.area, one.from_at, one.until)
    before = {(c.code, c.asked, c.taken) for c in conflicts.find(found)}
    after = {(c.code, c.asked, c.taken) for c in conflicts.find([*found, relief])}
    assert after <= before


@given(st.lists(claims(), max_size=6))
def test_nobody_is_stranded_whom_no_measure_touches(found):
    by_key = {}
    for one in found:
        by_key.setdefault(one.key, []).append(one)
    for conflict in conflicts.find(found):
        for key in (conflict.asked, conflict.taken):
            assert any(set(conflict.whom) <= one.touches for one in by_key[key])


@pytest.mark.parametrize("group", list(Group))
def test_every_group_is_made_of_the_smallest_and_has_a_name(group):
    assert group in wording.GROUPS
    assert leaves(group) and not leaves(group) & set(MADE_OF)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_measure_has_a_name(kind):
    assert kind in wording.KINDS


@given(st.lists(claims(), max_size=8), st.sampled_from(["A", "B"]))
def test_asked_for_one_order_it_finds_what_it_finds_for_all(found, order):
    every = [c for c in conflicts.find(found) if order in (c.asked[0], c.taken[0])]
    assert list(conflicts.find(found, order=order)) == every
