"""Antigen, rounds, arrivals, checkpoints and doses together: what holds of all of them at once."""

from dataclasses import replace

import numpy as np
import pytest

from tests.epi.spread.measures.little_town import always, disease, run_of, to_day, town
from tongchou.epi.spread.graph import Graph
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.antigen import Antigen
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.checkpoints import Checkpoints
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.rounds import Rounds
from tongchou.epi.spread.measures.stages import Stages
from tongchou.epi.spread.measures.vaccination import Vaccination
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.run import simulate

PEACE = Response(
    testing=testing.Testing(symptomatic=0.05),
    arrivals=Arrivals(per_day=30, prevalence=0.05, quarantine_days=5, leak=0.1, test_days=(1, 3)),
)
WAR = replace(
    PEACE,
    isolation=Isolation(share=0.6),
    antigen=Antigen(every_days=5, symptomatic=0.3, adherence=0.4, capacity=4000),
    rounds=Rounds(trigger_cases=2, interval_days=4, coverage=0.5, tubes=300),
    checkpoints=Checkpoints(crossing=0.6, tested=0.02),
)
ROWS = ((0.5, 0.2, 0.2, 0.1),) * 6
RULES = Policy(
    peace=PEACE,
    war=WAR,
    stages=Stages(war_cases=5, peace_days=5),
    vaccination=Vaccination(coverage=ROWS, doses_per_day=100, takes_days=7),
)


def test_all_of_them_give_the_same_with_any_number_of_threads() -> None:
    city = town(60_000, districts=3)
    one, two = (
        simulate(city, disease(ve=0.1), RULES, seed=3, days=30, seeds=2000, threads=threads)
        for threads in (1, 2)
    )
    assert one.curve("infectious").max() > 6000  # enough for two threads to share
    assert one.digest() == two.digest()


def test_options_of_what_is_not_done_change_nothing_bit_for_bit() -> None:
    idle = always(
        antigen=Antigen(adherence=0.2, capacity=7, specificity=0.5),
        rounds=Rounds(unit="community", window_days=3, pool_size=20, tubes=5, coverage=0.1),
        arrivals=Arrivals(prevalence=1.0, quarantine_days=9, home_days=3, test_days=(1, 2)),
        checkpoints=Checkpoints(sensitivity=0.3),
        vaccination=Vaccination(oldest_first=False, takes_days=1, gap_days=2, from_age=18),
    )
    without = simulate(town(), disease(), Policy(), seed=5, days=40)
    assert simulate(town(), disease(), idle, seed=5, days=40).digest() == without.digest()


def test_nobody_who_is_known_is_found_again() -> None:
    run = to_day(run_of(RULES, districts=2, days=40), 40)
    found = run.daily["found"].sum()
    known = run.slots["found"][: run.n_slots]
    assert found == (known < 40).sum() > 100


def test_every_series_is_a_count() -> None:
    counted = simulate(town(), disease(), RULES, seed=1, days=40)
    for name, values in counted.daily.items():
        assert (values >= 0).all(), name


def a_ring() -> Graph:
    people = np.arange(2000)
    edges = {0: (np.tile(people, 3), np.concatenate([(people + k) % 2000 for k in (1, 5, 40)]))}
    return Graph.from_edges(2000, edges, np.full(2000, 40))


def test_they_work_on_a_graph_where_nobody_asks_for_a_community() -> None:
    counted = simulate(a_ring(), disease(0.2), RULES, seed=1, days=40)
    assert counted.total("imported") > 10
    assert counted.total("pcr_tubes") > 100


def test_rounds_by_community_are_refused_on_a_graph() -> None:
    rules = always(rounds=Rounds(unit="community", trigger_cases=1))
    with pytest.raises(ValueError, match="need a city"):
        simulate(a_ring(), disease(), rules, seed=1, days=2)
