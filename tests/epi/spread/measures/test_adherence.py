import numpy as np
import pytest

from tests.epi.spread.little import DISTRICT, begun, simulated
from tongchou.epi.spread.measures import adherence
from tongchou.epi.spread.measures.adherence import Adherence
from tongchou.epi.spread.measures.gatherings import Gatherings
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.state import Run


def city(*, days: int = 0, locked: int = 0, controlled: int = 0, **how: float) -> Run:
    """The eastern district after so many days with so many people in zones."""
    run = begun(Policy(adherence=Adherence(**how)))
    for run.day in range(days):
        run.daily["in_lockdown"][run.day, 0] = locked
        run.daily["in_control"][run.day, 0] = controlled
        adherence.weigh(run)
    run.day = days
    return run


def weighed(run: Run) -> list[float]:
    adherence.weigh(run)
    return run.adherence.tolist()


def test_everybody_does_as_asked_unless_told_otherwise() -> None:
    assert weighed(city(days=20, locked=DISTRICT)) == [1, 1]


def test_on_the_first_day_a_known_share_keeps_to_it() -> None:
    assert weighed(city(start=0.9, half_life_days=10)) == [0.9, 0.9]


def test_it_falls_by_half_in_the_half_life_of_a_district_under_lockdown() -> None:
    kept, elsewhere = weighed(city(days=10, locked=DISTRICT, start=0.8, half_life_days=10))
    assert kept == pytest.approx(0.4)
    assert elsewhere == 0.8


def test_half_the_people_under_lockdown_are_half_the_hardship() -> None:
    run = city(half_life_days=10, war_weight=0)
    run.tempo[:] = WAR
    for run.day in range(20):
        run.daily["in_lockdown"][run.day, 0] = DISTRICT // 2
        adherence.weigh(run)
    assert weighed(run)[0] == pytest.approx(0.5)


def test_a_small_zone_is_no_hardship_to_a_district_at_peace() -> None:
    assert weighed(city(days=30, locked=DISTRICT // 3, half_life_days=10))[0] == 1


def test_control_and_war_weigh_less() -> None:
    controlled = city(days=20, controlled=DISTRICT, half_life_days=10, control_weight=0.5)
    assert weighed(controlled)[0] == pytest.approx(0.5)
    at_war = city(half_life_days=10, war_weight=0.25)
    at_war.tempo[0] = WAR
    for at_war.day in range(40):
        adherence.weigh(at_war)
    assert weighed(at_war) == pytest.approx([0.5, 1])


def test_some_keep_to_it_whatever_comes() -> None:
    run = city(days=50, locked=DISTRICT, half_life_days=1, floor=0.3)
    assert weighed(run)[0] == pytest.approx(0.3)


def test_days_of_peace_heal() -> None:
    run = city(days=10, locked=DISTRICT, half_life_days=10)
    for run.day in range(10, 15):
        adherence.weigh(run)
    assert weighed(run)[0] == pytest.approx(0.5**0.5)
    for run.day in range(15, 30):
        adherence.weigh(run)
    assert weighed(run)[0] == 1


def test_what_is_left_lies_between_what_is_asked_and_everything() -> None:
    run = city()
    run.adherence[:] = (0.25, 1)
    run.tempo[1] = WAR
    assert adherence.left(run, np.array([0.2, 0.6])).tolist() == pytest.approx([0.8, 0.6])


def test_a_floor_above_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match=r"adherence.floor is 0.5, above adherence.start, 0.4"):
        Adherence(start=0.4, floor=0.5)


def test_who_keeps_to_less_lets_more_be_infected() -> None:
    quiet = Response(gatherings=Gatherings(compound=0.2, community=0.2, city=0.2, vehicle=0.2))

    def infections(start: float) -> float:
        policy = Policy(peace=quiet, adherence=Adherence(start=start))
        return sum(simulated(policy, seed=seed).total("infections") for seed in range(10))

    assert infections(1.0) < infections(0.5) < infections(0.0)
