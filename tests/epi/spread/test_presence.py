import numpy as np
import pytest

from tests.epi.spread.little import COMMUNITY, COMPOUND, begun, simulated, steady, ways
from tests.epi.spread.measures.test_zones import LOOKING, ONE_CASE, on
from tongchou.epi.spread import presence
from tongchou.epi.spread.measures import quarantine, schools, tracing, work
from tongchou.epi.spread.measures.schools import LEVELS, Schools
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.presence import PUPILS
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.zoning import CONTROL


def locked(policy: Policy) -> Run:
    """The city on the evening on which the first community was locked down."""
    run = on(begun(policy), 0, 0)
    schools.shape(run)
    work.shape(run)
    presence.book(run)
    return run


COMMUNITIES = Zones(**ONE_CASE, unit="community")
SMALL = Zones(**(ONE_CASE | {"control_days": 0, "precaution_days": 0}), unit="community")


def workers_of(people: slice) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Workers among these people, by sector."""
    roles = ways().group_role[ways().group[people]].astype(int)
    return np.bincount(roles[roles >= PUPILS] - PUPILS, minlength=43)


def test_everybody_is_counted_once_by_home_place_and_role() -> None:
    heads = ways().heads
    assert heads.sum() == 4800
    assert heads[:, :, :PUPILS].sum(axis=(1, 2)).tolist() == [800, 800]
    assert heads[0, 0].sum() == heads[1, 1].sum()


def test_who_is_kept_in_by_a_zone_loses_work_or_school() -> None:
    run = locked(steady(zones=SMALL))
    assert run.workdays_lost["zone"][0].tolist() == workers_of(slice(COMMUNITY)).tolist()
    assert run.workdays_lost["zone"][1].sum() == 0
    assert run.daily["pupils_home"][0].tolist() == [COMMUNITY // 3, 0]


def test_nobody_may_leave_a_control_zone_either() -> None:
    run = locked(steady(zones=COMMUNITIES))
    kept = run.workdays_lost["zone"][0].sum() + run.daily["pupils_home"][0, 0]
    assert kept == run.zone_people[0, CONTROL:].sum()


def test_people_of_a_precaution_zone_go_to_work() -> None:
    run = on(begun(steady(zones=Zones(**ONE_CASE, unit="building"))), 0, 0)
    assert run.kept_in.sum() == COMPOUND


def test_nobody_loses_the_same_day_of_work_twice() -> None:
    run = locked(steady(zones=SMALL, work=Work(capacity=0), schools=Schools(closed=LEVELS)))
    lost = run.workdays_lost["zone"] + run.workdays_lost["closure"]
    assert lost == pytest.approx(ways().heads.sum(axis=1)[:, PUPILS:])
    assert run.daily["pupils_home"][0].tolist() == [800, 800]


IN_CLASS = tracing.Tracing(completeness=(0, 1, 0, 0, 0, 0, 0))
PUPIL = 2


def traced(closed_on: range) -> int:
    """Contacts found of a pupil who was found on day 6, with all classes closed on some days."""
    run = begun(steady(tracing=IN_CLASS), ill=(PUPIL,))
    for run.day in closed_on:
        run.behaviour.present[:, :PUPILS] = 0
        presence.book(run)
    run.day, run.found_today = 6, np.zeros(1, np.int32)
    tracing.trace(run)
    return sum(np.unique(orders[:, 0]).size for orders in run.orders[6])


def test_classmates_are_not_traced_when_nobody_was_in_class() -> None:
    assert traced(range(6)) == 0


def test_classmates_met_before_the_class_was_closed_are_traced() -> None:
    # without symptoms two days before the test count; day 3 was the last in class
    open_class = traced(range(0))
    assert open_class > 1
    assert 0 < traced(range(4, 6)) < open_class


def test_who_is_tired_of_it_does_not_keep_to_quarantine_at_home() -> None:
    run = begun(steady(quarantine=quarantine.Quarantine(home_days=7)))
    run.adherence[:] = (1, 0)
    people = np.arange(0, 4800, 100)
    run.orders[0].append(np.column_stack((people, people * 0, people * 0)).astype(np.int32))
    quarantine.hold(run)
    assert run.keeps[people].tolist() == [1] * 24 + [0] * 24


def test_zone_days_of_work_are_workers_times_days() -> None:
    run = simulated(steady(zones=COMMUNITIES, testing=LOOKING), days=42)
    worker_days = run.workdays_lost["zone"].sum()
    kept = run.curve("in_lockdown") + run.curve("in_control")
    school_days = np.arange(42) % 7 < 5
    # two of three people work
    assert worker_days == pytest.approx(kept[school_days].sum() * 2 / 3)
    assert run.total("pupils_home") == pytest.approx(kept[school_days].sum() / 3)
