"""Each day of each worker is lost once: ill before quarantine, before zones, before closure."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.epi.spread.little import COMMUNITY, PEOPLE, begun, steady, ways
from tongchou.epi.spread import absence, zoning
from tongchou.epi.spread.absence import HELD, ILL, INSIDE, book_away
from tongchou.epi.spread.course import AGES, Course
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.presence import PUPILS
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.spells import SPELLS, Spell
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.zoning import CONTROL

HEADS = ways().heads.sum(axis=1)[:, PUPILS:]
SECTOR = ways().group_role[ways().group].astype(int) - PUPILS
WORKERS = np.flatnonzero(SECTOR >= 0)
HOME = np.searchsorted(ways().district_start, np.arange(PEOPLE), side="right") - 1


def disease() -> Course:
    """Most have symptoms, some turn severe and die; a third pass it on for a week unnoticed."""
    ones = np.ones(AGES)
    return Course(
        "short", dict.fromkeys(SPELLS, Spell(3.0, 1.5, "gamma")), susceptibility=ones,
        p_symptomatic=ones * 0.7, p_severe=ones * 0.3, p_critical=ones * 0.5,
        p_death=ones * 0.5, beta=0.05,
    )  # fmt: skip


def lost_today(run: Run) -> np.ndarray:
    """i64[3, districts, 43]: workers by home who are ill, held, kept in, asked one by one."""
    ill = np.zeros(PEOPLE, bool)
    for slot in run.slots[: run.n_slots]:
        first = min(slot["day"] + int(slot["onset"]) if slot["onset"] < 255 else NEVER,
                    int(slot["isolated"]))  # fmt: skip
        ill[slot["who"]] = first <= run.day < slot["day"] + int(slot["ends"])
    held = ~ill & (run.held_until > run.day)
    inside = ~ill & ~held & (run.zone >= CONTROL)
    counts = np.zeros((3, *HEADS.shape), np.int64)
    for row, away in enumerate((ill, held, inside)):
        who = WORKERS[away[WORKERS]]
        np.add.at(counts[row], (HOME[who], SECTOR[who]), 1)
    return counts


def so_far(run: Run) -> np.ndarray:
    return np.stack([run.workdays_lost[reason] for reason in ("ill", "quarantine", "zone")])


policies = st.builds(
    lambda ask, trace, days, adherence, zones, control, work, bed, peace: Policy.steady(
        steady(
            testing=testing.Testing(symptomatic=ask, asymptomatic=ask / 4, severe=1.0),
            tracing=Tracing(completeness=(1.0, *(trace,) * 6), secondary=trace / 2),
            quarantine=Quarantine(
                facility_days=days, home_days=peace, secondary_home_days=peace, rooms=60,
                adherence=adherence,
            ),
            isolation=Isolation(share=bed, transfer_days=peace % 3, beds=20),
            zones=Zones(unit=zones, trigger_cases=1, lockdown_days=3, control_days=control),
            work=Work(capacity=work, essential=(3, 20)),
        ).peace
    ),
    st.sampled_from([0.1, 0.6]), st.sampled_from([0.0, 0.3, 0.9]), st.integers(0, 9),
    st.sampled_from([0.5, 1.0]), st.sampled_from(["building", "community"]), st.integers(0, 4),
    st.sampled_from([0.0, 0.4, 1.0]), st.sampled_from([0.0, 0.5, 1.0]), st.integers(0, 12),
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(policies, st.integers(0, 1000), st.integers(0, 6))
def test_what_is_lost_each_day_is_who_is_away_counted_person_by_person(
    policy: Policy, seed: int, weekday: int
) -> None:
    run = prepare(
        ways(), disease(), policy, seed=seed, days=30, seeds=40, first_weekday=weekday
    )  # fmt: skip
    for run.day in range(30):
        before = so_far(run), run.workdays_lost["closure"].copy()
        one_day(run)
        lost = so_far(run) - before[0]
        closed = run.workdays_lost["closure"] - before[1]
        wanted = lost_today(run) * (run.weekday < 5)
        assert lost.tolist() == wanted.tolist()
        assert (lost.sum(axis=0) + closed <= HEADS + 1e-9).all()
    worked = sum((weekday + day) % 7 < 5 for day in range(30))
    everything = sum(run.workdays_lost.values())
    assert (everything <= HEADS * worked + 1e-6).all()


def books(**more: Any) -> np.ndarray:
    """Stocks by reason and day of one worker, held from day 2 up to 8, ill from 4 up to 6."""
    told = {"held_until": 8, "ill_first": 4, "ill_last": 6, "inside": False} | more
    away = np.zeros((3, 11, 1, 43), np.int32)
    book_away(
        away, 1, 2, 0, 5, told["held_until"], told["ill_first"], told["ill_last"], told["inside"]
    )
    return np.cumsum(away[:, :, 0, 5], axis=1)


def test_who_falls_ill_in_quarantine_is_ill_on_those_days_and_held_on_the_others() -> None:
    stock = books()
    assert np.flatnonzero(stock[ILL]).tolist() == [4, 5]
    assert np.flatnonzero(stock[HELD]).tolist() == [2, 3, 6, 7]
    assert not stock[INSIDE].any()


def test_inside_a_zone_the_same_days_are_known_to_be_lost_already() -> None:
    stock = books(inside=True)
    assert (stock[INSIDE] == stock[ILL] + stock[HELD]).all()


def test_days_before_today_and_after_the_end_are_not_booked() -> None:
    stock = books(ill_first=-5, ill_last=40, held_until=0)
    assert np.flatnonzero(stock[ILL]).tolist() == list(range(2, 10))
    assert not stock[HELD].any()


@pytest.mark.parametrize("ill", [(NEVER, NEVER), (9, 5), (0, 1)])
def test_no_illness_to_come_leaves_quarantine_as_it_is(ill: tuple[int, int]) -> None:
    stock = books(ill_first=ill[0], ill_last=ill[1])
    assert np.flatnonzero(stock[HELD]).tolist() == list(range(2, 8))
    assert not stock[ILL].any()


def test_who_is_quarantined_in_a_closed_community_is_missed_once() -> None:
    zone = Zones(unit="community", trigger_cases=1, lockdown_days=9)
    run = begun(steady(zones=zone, quarantine=Quarantine(home_days=5), work=Work(capacity=0)))
    run.orders[0].append(np.array([(person, 0, 0) for person in range(0, 600, 2)], np.int32))
    run.found_today = run.found_outside = np.zeros(1, np.int32)
    run.due[0].append(np.zeros(1, np.int32))
    one_day(run)
    lost = run.workdays_lost
    assert run.zone_people[0, CONTROL:].sum() >= COMMUNITY
    assert lost["quarantine"].sum() == np.count_nonzero(SECTOR[0:600:2] >= 0)
    assert lost["quarantine"] + lost["zone"] + lost["closure"] == pytest.approx(HEADS)


def test_a_case_without_symptoms_is_missed_while_isolated() -> None:
    run = begun(
        steady(testing=testing.Testing(asymptomatic=1.0), isolation=Isolation(share=1.0)),
        ill=range(0, 600, 3),
    )  # fmt: skip
    run.slots["onset"][:200] = 255
    for run.day in range(14):
        one_day(run)
    theirs = run.slots[:200][run.slots["isolated"][:200] < NEVER]
    days = theirs["ends"].astype(int) - theirs["isolated"]
    assert theirs.size
    # days 0 to 4 are a week's work; the disease is over before the next
    assert run.workdays_lost["ill"].sum() >= np.minimum(days, 5 - theirs["isolated"]).sum() > 0


def test_both_files_mean_the_same_zone() -> None:
    assert absence.KEPT_IN == zoning.CONTROL
