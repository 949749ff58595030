"""The real model beneath the planner: one city, many seeds, any number of workers."""

from dataclasses import replace

import joblib
import pytest

from tests.epi.plan.small_city import POLICY, small
from tongchou.epi.plan import dotted
from tongchou.epi.plan.ensemble import ensemble
from tongchou.epi.spread.policy import Policy

SEEDS = range(1, 7)
ASK = ("infections", "beds.severe", "rooms", "cost.total", "cost.in_lockdown")


def test_the_same_seed_gives_the_same_run_with_any_threads():
    scenario = small()

    assert scenario.simulated(3) == scenario.simulated(3, threads=2)
    assert scenario.simulated(3) != scenario.simulated(4)


def test_processes_find_what_this_one_finds():
    here = ensemble(small(), SEEDS, ask=ASK, curves=["infections"])

    assert ensemble(small(), SEEDS, ask=ASK, curves=["infections"], workers=2) == here
    assert sum(here.runs[0].curves["infections"]) == here.runs[0].values["infections"]


def test_a_dask_cluster_finds_it_too():
    distributed = pytest.importorskip("distributed")
    here = ensemble(small(), SEEDS, ask=ASK)
    with (
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        assert ensemble(small(), SEEDS, ask=ASK) == here


def test_what_is_done_averts_infections():
    idle = ensemble(small(policy=Policy()), SEEDS, ask=ASK)
    busy = ensemble(small(), SEEDS, ask=ASK)

    assert sum(busy.values("infections")) < 0.5 * sum(idle.values("infections"))
    assert sum(idle.values("cost.in_lockdown")) == 0 < sum(busy.values("cost.in_lockdown"))


def test_rooms_that_stand_ready_are_not_exceeded():
    few = small(capacities=replace(small().capacities, rooms=10.0))

    assert max(ensemble(few, SEEDS, ask=ASK).values("rooms")) <= 10
    assert max(ensemble(small(), SEEDS, ask=ASK).values("rooms")) > 10


def test_weights_of_the_user_make_one_number():
    weights = dict.fromkeys(("city", "insurance", "enterprises", "suppliers", "households"), 1.0)
    result, bill = small().run(1)
    _, weighed = small(weights=weights | dict.fromkeys(_not_money(), 0.0)).run(1)

    assert weighed["weighted"] == pytest.approx(bill["total"])
    assert "weighted" not in bill
    assert result.seed == 1


def _not_money():
    from tongchou.epi.plan.items import ITEMS

    return [key for key, item in ITEMS.items() if not item.money]


def test_a_city_that_is_calibrated_has_the_r0_asked_for():
    asked = small(course=replace(small().course, r0=2.5, beta=None))
    ready = asked.calibrated()

    assert ready.course.beta is not None
    assert ready.simulated(1) == asked.simulated(1)


def test_no_measure_at_all_is_the_policy_that_does_nothing():
    nothing = dotted.replaced(POLICY, "both.zones.trigger_cases", 0)

    assert small(policy=nothing).run(1)[1]["in_lockdown"] == 0
