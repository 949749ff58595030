import numpy as np
import pytest

from tests.epi.spread.little import begun, mean_infections, quick, simulated, steady, ways
from tongchou.epi.spread import presence
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures import work
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import WORKPLACE


def infected_at_work(policy: Policy) -> int:
    run = begun(policy, ill=range(0, 4800, 240))
    for run.day in range(30):
        one_day(run)
    return int(np.count_nonzero(run.slots["layer"][20 : run.n_slots] == WORKPLACE))


def test_nobody_is_infected_at_a_closed_workplace() -> None:
    assert infected_at_work(Policy()) > 100
    assert infected_at_work(steady(work=Work(capacity=0))) == 0


def test_essential_sectors_work_in_full() -> None:
    run = begun(steady(work=Work(capacity=0.3, essential=(1, 39))))
    work.shape(run)
    there = run.behaviour.present[0, presence.PUPILS :]
    assert there[[1, 39]].tolist() == [1, 1]
    assert there[[2, 42]].tolist() == pytest.approx([0.3, 0.3])


def test_pupils_are_not_workers() -> None:
    run = begun(steady(work=Work(capacity=0)))
    work.shape(run)
    assert (run.behaviour.present[:, : presence.PUPILS] == 1).all()


def test_half_the_workers_leave_a_quarter_of_contacts() -> None:
    run = begun(steady(work=Work(capacity=0.5)))
    work.shape(run)
    people = ways()
    workers = np.flatnonzero(people.group_role[people.group] >= presence.PUPILS)
    source = np.arange(workers.size, dtype=np.int32)
    run.slots["who"][: workers.size] = workers
    target = people.member[people.group_start[people.group[workers]]].astype(np.int32)
    layer = np.full(workers.size, WORKPLACE, np.uint8)
    presence.stay_away(
        run.slots, people, run.behaviour.present, run.stream(1), source, layer, workers.size, target
    )
    assert np.mean(target >= 0) == pytest.approx(0.25, abs=0.04)


def test_days_of_work_lost_are_workers_times_days() -> None:
    run = simulated(steady(work=Work(capacity=0.25, essential=(1,))), days=14)
    workers = ways().heads.sum(axis=1)[:, presence.PUPILS :]
    # two weeks of five working days
    assert run.workdays_lost["closure"][:, 2:] == pytest.approx(workers[:, 2:] * 0.75 * 10)
    assert run.workdays_lost["closure"][:, 1].sum() == 0
    assert run.workdays_lost["zone"].sum() == 0


def test_the_workplace_closes_where_it_is_and_not_where_its_workers_live() -> None:
    run = begun(Policy(war=Response(work=Work(capacity=0))))
    run.tempo[1] = WAR
    work.shape(run)
    presence.book(run)
    heads = ways().heads
    in_west = heads[:, 1, presence.PUPILS :]
    assert run.workdays_lost["closure"] == pytest.approx(in_west)
    assert in_west[0].sum() > 0


def test_nobody_loses_work_on_a_sunday() -> None:
    run = begun(steady(work=Work(capacity=0)))
    run.day = 6
    work.shape(run)
    presence.book(run)
    assert run.workdays_lost["closure"].sum() == 0


def test_whose_turn_it_is_changes_on_monday() -> None:
    run = begun(steady(work=Work(capacity=0.5)))
    weeks = []
    for run.day in range(14):
        weeks.append(run.week)
    assert weeks == [0] * 7 + [1] * 7


def test_a_bubble_larger_than_any_workplace_changes_nothing() -> None:
    assert simulated(steady(work=Work(bubble=20))) == simulated(Policy())


@pytest.mark.parametrize("idle", [Work(), Work(essential=(3,))])
def test_work_as_ever_changes_nothing(idle: Work) -> None:
    assert simulated(steady(work=idle)) == simulated(Policy())


def test_nothing_closes_before_the_outbreak_is_known() -> None:
    late = Policy(peace=Response(work=Work(capacity=0)), start_day=40)
    assert simulated(late) == simulated(Policy())


def test_fewer_at_work_never_raise_mean_infections() -> None:
    means = [mean_infections(steady(work=Work(capacity=share))) for share in (1, 0.7, 0.4, 0)]
    assert np.all(np.diff(means) < 0)


def test_smaller_bubbles_never_raise_mean_infections() -> None:
    means = [mean_infections(steady(work=Work(bubble=size))) for size in (0, 5, 2)]
    assert np.all(np.diff(means) < 0)


def test_a_graph_knows_no_workplaces() -> None:
    pair = Graph.from_edges(2, {0: ([0], [1])}, age=[30, 30])
    with pytest.raises(ValueError, match="work needs a city"):
        simulate(pair, quick(), steady(work=Work(capacity=0.5)), seed=1, days=3, seeds=1)
