"""Records that are put away change nothing, and who is still needed keeps theirs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.epi.spread.town import always, disease, run_of, to_day, town
from tongchou.epi.spread import run as running
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.arrivals import Arrivals
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.measures.vaccination import Vaccination
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.measures.zones import Zones
from tongchou.epi.spread.memory import give_back, room
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.putting_away import put_away
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.slots import SETTLED, UNNOTICED
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day

MANY: dict[str, Any] = {
    "testing": testing.Testing(symptomatic=0.15, asymptomatic=0.01, severe=1.0, result_days=3),
    # few tracers: cases wait for them until they are well again
    "tracing": Tracing(completeness=(1.0, *(0.5,) * 6), tracers=6, secondary=0.2),
    "isolation": Isolation(share=0.8, transfer_days=2, beds=100),
    "arrivals": Arrivals(per_day=40, prevalence=0.1, quarantine_days=3, test_days=(1, 3)),
    "zones": Zones(unit="building", trigger_cases=2),
    "work": Work(capacity=0.8),
}
EXEMPT, FREE = (
    Quarantine(home_days=7, rooms=40, facility_days=3, test_days=(2, 5), recovered_exempt=exempt)
    for exempt in (True, False)
)
POLICIES = {
    "nothing is done": Policy(),
    "everything": replace(
        always(quarantine=FREE, start_day=4, **MANY),
        vaccination=Vaccination(doses_per_day=150, takes_days=3),
    ),
    "the recovered are exempt": always(quarantine=EXEMPT, start_day=4, **MANY),
}


def small(monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    """Put records away even in a town."""
    monkeypatch.setattr(running, "LARGE", 0)
    monkeypatch.setattr(running, "put_away", lambda run: put_away(run, least=least))


@pytest.mark.parametrize("rules", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_is_the_same_bit_for_bit(
    rules: Policy, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def result() -> Any:
        return simulate(town(), disease(), rules, seed=4, days=70, seeds=30, threads=threads)

    kept = result()
    small(monkeypatch, least=50)
    assert kept.total("infections") > 1000
    assert result().digest() == kept.digest()


def ended(day: int) -> Run:
    """A town in which some thousand are well again, some of them known."""
    rules = always(testing=testing.Testing(symptomatic=0.1, result_days=2))
    return to_day(run_of(rules, days=60, seeds=200), day)


def test_who_is_ill_keeps_the_record_in_the_order_of_infection() -> None:
    run = ended(45)
    run.day -= 1
    before = run.slots[run.active].copy()
    put_away(run, least=0)
    assert run.first_slot > 100
    assert (np.diff(run.active) > 0).all()
    after = run.slots[run.active]
    for name in set(before.dtype.names) - {"infector"}:  # of that no more is known
        assert after[name].tolist() == before[name].tolist()
    assert (run.slot_of[before["who"]] - 1 == run.active).all()


def test_of_the_others_it_is_kept_whether_they_were_known() -> None:
    run = ended(45)
    run.day -= 1
    before = run.slots[: run.n_slots].copy()
    put_away(run, least=0)
    code = run.slot_of[before["who"]]
    assert (code == SETTLED).sum() > 50 < (code == UNNOTICED).sum()
    over = run.day - before["day"] >= before["ends"]
    known = (before["found"] <= run.day) | (before["fate"] == 1)
    assert over[code < 0].all()
    assert (known == (code == SETTLED))[code < 0].all()


def test_a_result_still_to_come_keeps_its_record() -> None:
    run = to_day(run_of(always(testing=testing.Testing(symptomatic=0.3, result_days=20)),
                        days=60, seeds=200), 25)  # fmt: skip
    run.day -= 1
    waiting = {day: run.slots["who"][np.concatenate(slots)] for day, slots in run.due.items()}
    assert sum(who.size for who in waiting.values()) > 20
    put_away(run, least=0)
    assert run.first_slot > 0
    for day, slots in run.due.items():
        assert (run.slots["who"][np.concatenate(slots)] == waiting[day]).all()


def test_nothing_is_put_away_where_little_would_be_gained() -> None:
    run = ended(45)
    put_away(run)
    assert run.first_slot == 0
    early = to_day(run_of(days=30, seeds=200), 3)
    put_away(early, least=0)
    assert early.first_slot == 0


def test_a_run_day_by_day_keeps_all_records() -> None:
    run = ended(45)
    one_day(run)
    assert run.first_slot == 0
    assert (run.slot_of >= 0).all()


def test_memory_given_back_is_that_of_the_rows_named() -> None:
    rows = room(2_000_000, np.int64)
    rows[:] = 7
    give_back(rows, 0, 1_500_000)
    assert (rows[1_500_000:] == 7).all()
    assert np.count_nonzero(rows) < 800_000


def test_small_arrays_are_ordinary_ones() -> None:
    rows = room(10, np.int32)
    give_back(rows, 0, 5)
    assert rows.tolist() == [0] * 10
