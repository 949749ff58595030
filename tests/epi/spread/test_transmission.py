"""What passes the infection on: hazards of both ends, at the strength that the tables name."""

from dataclasses import replace

import numpy as np
import pytest

from tests.epi.spread.town import disease, run_of, to_day
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.ways import HOUSEHOLD, LAYERS, WORKPLACE


def first_day(run: Run) -> Run:
    """The run just before the first contacts of day 5, when about every first case infects."""
    return to_day(run, 5)


def infected_on(run: Run, change: str = "", layer: int = HOUSEHOLD, left: float = 1.0) -> Run:
    """The same day with one of today's tables changed in one layer."""
    run.behaviour.reset()
    if change:
        getattr(run.behaviour, change)[..., layer] *= left
    run.keep_tables()
    before = run.n_slots
    spread(run)
    run.slots = run.slots[before : run.n_slots]
    return run


def many() -> Run:
    return first_day(run_of(people=20_000, seeds=4000, days=10))


@pytest.mark.parametrize("change", ["gives", "takes", "made"])
@pytest.mark.parametrize("layer", [HOUSEHOLD, WORKPLACE])
def test_half_the_contacts_pass_on_half(change: str, layer: int) -> None:
    whole = np.count_nonzero(infected_on(many()).slots["layer"] == layer)
    half = np.count_nonzero(infected_on(many(), change, layer, 0.5).slots["layer"] == layer)
    assert half == pytest.approx(whole / 2, abs=3.5 * np.sqrt(whole / 2))


@pytest.mark.parametrize("change", ["gives", "takes", "made"])
def test_a_closed_layer_infects_nobody_and_the_others_go_on(change: str) -> None:
    found = infected_on(many(), change, HOUSEHOLD, 0.0).slots["layer"]
    assert np.count_nonzero(found == HOUSEHOLD) == 0
    assert np.count_nonzero(found == WORKPLACE) > 0


def test_a_contact_that_both_ends_make_by_half_is_made_by_half() -> None:
    # the stricter end decides: not a quarter
    whole = np.count_nonzero(infected_on(many()).slots["layer"] == HOUSEHOLD)
    half = np.count_nonzero(infected_on(many(), "made", HOUSEHOLD, 0.5).slots["layer"] == HOUSEHOLD)
    assert half > 0.4 * whole


def test_children_are_infected_as_much_less_as_the_course_says() -> None:
    # within the household, in which children meet the same infectious people as adults do
    course = replace(disease(0.001), dispersion=np.inf)
    course = replace(course, layers=np.eye(len(LAYERS))[HOUSEHOLD])
    rates = []
    for run in (
        to_day(run_of(people=20_000, seeds=8000, days=30, course=course, seed=seed), 12)
        for seed in range(6)
    ):
        caught = run.slots["who"][8000 : run.n_slots]
        homes = run.people.household
        exposed = np.setdiff1d(
            np.flatnonzero(np.isin(homes, homes[run.slots["who"][:8000]])), run.slots["who"][:8000]
        )
        child = run.ages < 18
        rates.append(
            (
                child[caught].sum() / child[exposed].sum(),
                (~child)[caught].sum() / (~child)[exposed].sum(),
            )
        )
    child, adult = np.mean(rates, axis=0)
    assert child / adult == pytest.approx(0.6, abs=0.12)


def test_the_layers_stand_in_the_log() -> None:
    run = to_day(run_of(people=6000, days=40), 40)
    rows = run.slots[30 : run.n_slots]
    homes = run.people.household
    infector = run.slots["who"][rows["infector"]]
    at_home = rows["layer"] == HOUSEHOLD
    assert np.all(homes[rows["who"][at_home]] == homes[infector[at_home]])
    groups = run.people.group
    at_work = rows["layer"] == WORKPLACE
    assert np.all(groups[rows["who"][at_work]] == groups[infector[at_work]])


def test_nobody_infects_before_or_after_the_infectious_time() -> None:
    run = to_day(run_of(people=6000, days=60), 60)
    rows = run.slots[: run.n_slots]
    infector = rows[rows["infector"][30:]]
    when = rows["day"][30:] - infector["day"]
    assert np.all(when >= infector["begins"])
    assert np.all(when < infector["ends"])
