import pytest

from tests.epi.spread.little import begun
from tongchou.epi.spread.measures import stages
from tongchou.epi.spread.measures.stages import PEACE, WAR, Stages
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.state import Run

EAST, WEST = 0, 1


def city(start_day: int = 0, **rule: int) -> Run:
    return begun(Policy(stages=Stages(**rule), start_day=start_day))


def found(run: Run, day: int, n: int = 1, held: int = 0) -> None:
    run.daily["found"][day, WEST] += n
    run.daily["found_in_quarantine"][day, WEST] += held


def tempos(run: Run, days: range) -> list[int]:
    """The tempo of the western district on each of these days."""
    told = []
    for run.day in days:
        stages.turn(run)
        told.append(int(run.tempo[WEST]))
    return told


def test_a_district_is_at_war_on_the_morning_after_enough_cases() -> None:
    run = city(war_cases=3, window_days=7)
    found(run, 4, n=2)
    found(run, 6)
    assert tempos(run, range(9)) == [PEACE] * 7 + [WAR] * 2


def test_cases_spread_over_more_than_the_window_do_not_make_war() -> None:
    run = city(war_cases=2, window_days=3)
    found(run, 4)
    found(run, 7)
    assert tempos(run, range(12)) == [PEACE] * 12


def test_the_next_district_stays_at_peace() -> None:
    run = city(war_cases=1)
    found(run, 2)
    tempos(run, range(6))
    assert run.tempo.tolist() == [PEACE, WAR]


def test_cases_found_in_quarantine_do_not_make_war() -> None:
    run = city(war_cases=1)
    found(run, 2, n=5, held=5)
    assert WAR not in tempos(run, range(10))


def test_peace_returns_after_the_clean_days_and_not_earlier() -> None:
    run = city(war_cases=1, window_days=2, peace_days=5)
    found(run, 2)
    # clean are days 3 to 7
    assert tempos(run, range(10)) == [PEACE] * 3 + [WAR] * 5 + [PEACE] * 2


def test_a_case_in_quarantine_does_not_put_off_peace() -> None:
    run = city(war_cases=1, window_days=2, peace_days=5)
    found(run, 2)
    found(run, 6, n=3, held=3)
    assert tempos(run, range(10))[8] == PEACE


def test_a_district_does_not_change_every_day_when_peace_days_are_few() -> None:
    run = city(war_cases=1, window_days=6, peace_days=1)
    found(run, 2)
    assert tempos(run, range(12)) == [PEACE] * 3 + [WAR] * 6 + [PEACE] * 3


def test_without_a_rule_it_is_always_peace() -> None:
    run = city()
    found(run, 2, n=100)
    assert WAR not in tempos(run, range(6))


def test_nothing_turns_before_the_outbreak_is_known() -> None:
    run = city(start_day=6, war_cases=1, window_days=7)
    found(run, 2)
    assert tempos(run, range(8)) == [PEACE] * 6 + [WAR] * 2


def test_a_rule_that_looks_back_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="stages.window_days is 0"):
        Stages(window_days=0)
