import numpy as np
import pytest

from tests.epi.spread.little import begun, mean_infections, quick, simulated, steady, ways
from tongchou.epi.spread import presence
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures import schools
from tongchou.epi.spread.measures.schools import LEVELS, Schools
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import CLASS

#: Pupils of each level in each district: one community of 200 each.
PUPILS = 200


def infected_in_class(policy: Policy) -> list[int]:
    """People infected in class, by level."""
    run = begun(policy, ill=range(2, 4800, 240))
    for run.day in range(30):
        one_day(run)
    rows = run.slots[20 : run.n_slots]
    who = rows["who"][rows["layer"] == CLASS]
    return np.bincount(ways().group_role[ways().group[who]], minlength=4).tolist()


def test_only_the_closed_levels_are_empty() -> None:
    kindergarten, primary, secondary, university = infected_in_class(
        steady(schools=Schools(closed=("primary", "university")))
    )
    assert primary == university == 0
    assert kindergarten > 10
    assert secondary > 10


def test_every_level_can_be_closed() -> None:
    assert infected_in_class(steady(schools=Schools(closed=LEVELS))) == [0] * 4


def test_pupils_at_home_are_counted_on_school_days() -> None:
    run = simulated(steady(schools=Schools(closed=("primary", "secondary"))), days=14)
    week = [2 * PUPILS] * 5 + [0] * 2
    assert run.series("pupils_home").tolist() == [[day] * 2 for day in week * 2]


def test_workers_go_to_work_while_schools_are_closed() -> None:
    run = simulated(steady(schools=Schools(closed=LEVELS)), days=14)
    assert run.workdays_lost["closure"].sum() == 0


def test_schools_at_peace_stay_open() -> None:
    run = begun(Policy(war=Response(schools=Schools(closed=LEVELS))))
    run.tempo[1] = WAR
    schools.shape(run)
    presence.book(run)
    assert run.daily["pupils_home"][0].tolist() == [0, 4 * PUPILS]


def test_distance_in_class_thins_contacts_there_and_nowhere_else() -> None:
    run = begun(steady(schools=Schools(distancing=0.6)))
    schools.shape(run)
    assert run.behaviour.made[0, 0].tolist() == pytest.approx([1, 0.6, 1, 1, 1, 1, 1])
    assert run.behaviour.all_there


@pytest.mark.parametrize("idle", [Schools(), Schools(closed=(), distancing=1.0)])
def test_schools_as_ever_change_nothing(idle: Schools) -> None:
    assert simulated(steady(schools=idle)) == simulated(Policy())


def test_nothing_closes_before_the_outbreak_is_known() -> None:
    late = Policy(peace=Response(schools=Schools(closed=LEVELS)), start_day=40)
    assert simulated(late) == simulated(Policy())


def test_more_closed_schools_never_raise_mean_infections() -> None:
    closed = [(), ("primary",), LEVELS[:3], LEVELS]
    means = [mean_infections(steady(schools=Schools(closed=levels))) for levels in closed]
    assert np.all(np.diff(means) < 0)


def test_a_graph_knows_no_levels() -> None:
    pair = Graph.from_edges(2, {0: ([0], [1])}, age=[30, 30])
    with pytest.raises(ValueError, match="schools.closed needs a city"):
        simulate(pair, quick(), steady(schools=Schools(closed=LEVELS)), seed=1, days=3, seeds=1)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="schools.closed is 'nursery'; it is one of kindergarten"):
        Schools(closed=("nursery",))
