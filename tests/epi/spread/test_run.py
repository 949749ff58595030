"""A whole run: the same for the same seed however it is cut up, and every person counted once."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.epi.spread.town import ALL, always, disease, run_of, to_day, town
from tongchou.epi.spread import pieces, spreading
from tongchou.epi.spread.measures import testing
from tongchou.epi.spread.measures.isolation import Isolation
from tongchou.epi.spread.measures.quarantine import Quarantine
from tongchou.epi.spread.measures.tracing import Tracing
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.run import prepare, result_of, simulate
from tongchou.epi.spread.settling import BOOKED
from tongchou.epi.spread.slots import ISOLATED, LONG, MOST_DISTRICTS
from tongchou.epi.spread.transmission import status_of
from tongchou.epi.spread.ways import ways_of

DAYS = 60
MEASURES = {
    "testing": testing.Testing(
        symptomatic=0.3, asymptomatic=0.002, symptomatic_held=0.5, severe=1.0
    ),
    "tracing": Tracing(completeness=(1, 0.8, 0.8, 0.5, 0.3, 0.1, 0.1), secondary=0.5, tracers=20),
    "quarantine": Quarantine(
        facility_days=7, home_days=3, secondary_home_days=7, rooms=150, adherence=0.9,
        test_days=(1, 4, 7),
    ),
    "isolation": Isolation(share=0.95, transfer_days=1, beds=20),
}  # fmt: skip


def everything(start_day: int = 0) -> Policy:
    return always(start_day=start_day, **MEASURES)


def outcome(rules: Policy | None = None, *, seed: int = 1, threads: int = 1, people: int = 6000,
            days: int = DAYS) -> Result:  # fmt: skip
    return simulate(town(people), disease(), rules, seed=seed, days=days, seeds=30, threads=threads)


@pytest.mark.parametrize("rules", [None, everything()], ids=["nothing", "everything"])
@pytest.mark.parametrize("piece", [1, 17, 400])
def test_threads_and_pieces_change_no_byte(
    rules: Policy | None, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = outcome(rules).digest()
    monkeypatch.setattr(pieces, "PIECE", piece)
    assert [outcome(rules, threads=n).digest() for n in (2, 3)] == [alone, alone]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("part", [1, 64])
def test_looked_at_in_parts_it_is_the_same_outbreak(
    part: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = outcome(everything()).digest()
    monkeypatch.setattr(spreading, "PART", part)
    monkeypatch.setattr(pieces, "PIECE", 100)
    assert outcome(everything(), threads=threads).digest() == whole


def test_with_more_compounds_than_a_short_number_counts_it_is_the_same() -> None:
    ways = ways_of(town())
    assert ways.compound_of.dtype == np.uint16
    long = ways._replace(compound_of=ways.compound_of.astype(np.int32))
    made = [simulate(w, disease(), seed=1, days=30, seeds=30).digest() for w in (ways, long)]
    assert made[0] == made[1]


def test_another_seed_is_another_outbreak() -> None:
    assert len({outcome(seed=seed).digest() for seed in range(5)}) == 5


def test_policies_that_part_later_share_every_day_before() -> None:
    nothing, later = outcome(), outcome(everything(start_day=25))
    for name, values in nothing.daily.items():
        assert np.array_equal(values[:25], later.daily[name][:25]), name
    assert not np.array_equal(nothing.curve("infections"), later.curve("infections"))


def test_what_a_measure_does_later_leaves_the_days_before_alone() -> None:
    long, short = (
        outcome(always(**MEASURES | {"quarantine": Quarantine(facility_days=days)}))
        for days in (14, 7)
    )
    first = int(np.flatnonzero(long.curve("in_facility"))[0])
    same = (long.curve("infections") == short.curve("infections")).argmin()
    assert same >= first + 7


NOTHING_DONE = {
    "tests that see nothing": {"testing": testing.Testing(symptomatic=0.5, sensitivity=0.0)},
    "a laboratory without capacity": {"testing": testing.Testing(symptomatic=0.5, capacity=0)},
    "isolation that leaves all contacts": {
        "testing": testing.Testing(symptomatic=0.5),
        "isolation": Isolation(share=1, household=1, outside=1),
    },
    "tracing without quarantine": {
        "testing": testing.Testing(symptomatic=0.5),
        "tracing": Tracing(completeness=ALL, secondary=1),
    },
    "quarantine that nobody keeps to": {
        "testing": testing.Testing(symptomatic=0.5),
        "tracing": Tracing(completeness=ALL),
        "quarantine": Quarantine(home_days=14, adherence=0),
    },
    "quarantine that everybody escapes": {
        "testing": testing.Testing(symptomatic=0.5),
        "tracing": Tracing(completeness=ALL),
        "quarantine": Quarantine(facility_days=14, escape=1),
    },
    "tracers without time": {
        "testing": testing.Testing(symptomatic=0.5),
        "tracing": Tracing(completeness=ALL, tracers=0),
        "quarantine": Quarantine(facility_days=14),
    },
}
COURSE_OF_EVENTS = [*BOOKED, "imported"]


@pytest.mark.parametrize("measures", NOTHING_DONE.values(), ids=NOTHING_DONE)
def test_measures_that_do_nothing_change_nothing(measures: dict[str, object]) -> None:
    nothing, idle = outcome(), outcome(always(**measures))
    for name in COURSE_OF_EVENTS:
        assert np.array_equal(nothing.daily[name], idle.daily[name]), name
    assert np.array_equal(nothing.deaths_by_age, idle.deaths_by_age)


@cache
def by_day() -> list[dict[str, int]]:
    """What can be counted in a run with everything, each evening."""
    run, days = run_of(everything(), days=DAYS), []
    for day in range(DAYS):
        to_day(run, day + 1)
        rows = run.slots[: run.n_slots]
        isolated = np.array([status_of(row, day) >= ISOLATED for row in rows])
        held = run.held_until[rows["who"]] > day
        over = rows["day"] + rows["ends"] <= day
        days.append(
            {
                "ever": run.n_slots,
                "lost": int((run.susceptibility == 0).sum()),
                "different": np.unique(rows["who"]).size,
                "both": int((isolated & held & ~over).sum()),
                "held": int((run.held_until > day).sum()),
                "away": int((run.facility_until > day).sum()),
                "in bed": int(
                    ((rows["isolated"] <= day) & (rows["bed"] == 1) & ~over).sum()
                ),
            }
        )  # fmt: skip
    return days


def test_who_is_infected_is_no_longer_susceptible_and_is_so_once() -> None:
    cumulative = outcome(everything()).cumulative("infections")
    assert [day["lost"] for day in by_day()] == [day["ever"] for day in by_day()]
    assert [day["different"] for day in by_day()] == [day["ever"] for day in by_day()]
    assert cumulative.tolist() == [day["ever"] for day in by_day()]


def test_nobody_is_in_isolation_and_in_quarantine() -> None:
    assert {day["both"] for day in by_day()} == {0}


def test_who_is_in_quarantine_or_in_bed_stands_in_the_books() -> None:
    result = outcome(everything())
    away, held = result.curve("in_facility"), result.curve("in_home") + result.curve("in_facility")
    assert away.tolist() == [day["away"] for day in by_day()]
    assert held.tolist() == [day["held"] for day in by_day()]
    assert result.curve("in_isolation").tolist() == [day["in bed"] for day in by_day()]


def test_no_more_rooms_and_beds_are_used_than_there_are() -> None:
    result = outcome(everything())
    assert result.peak("in_facility") == 150
    assert result.peak("in_isolation") == 20


def test_deaths_and_recoveries_never_exceed_infections() -> None:
    result = outcome()
    ended = result.cumulative("deaths") + result.cumulative("recovered")
    assert np.all(ended <= result.cumulative("infections"))
    assert result.total("deaths") == result.deaths_by_age.sum()
    assert result.total("infections") == result.infections_by_age.sum()


def test_districts_add_up_to_the_city() -> None:
    result = outcome(everything())
    assert result.n_districts == 2
    assert result.people.sum() == town().n
    assert np.all(result.by_district("infections") > 0)
    assert result.by_district("infections").sum() == result.total("infections")


def test_a_city_of_recovered_people_stays_as_it_is() -> None:
    course = replace(disease(), susceptibility=np.zeros(101))
    result = simulate(town(), course, seed=1, days=10, seeds=5)
    assert result.total("infections") == 0


def test_no_more_can_be_infected_than_there_are() -> None:
    with pytest.raises(ValueError, match="7000 first infections in a city of 6000"):
        prepare(town(), disease(), Policy(), seed=1, days=10, seeds=7000)


def test_a_city_of_more_districts_than_are_told_apart_is_refused() -> None:
    ways = ways_of(town())
    many = ways._replace(district_start=np.arange(MOST_DISTRICTS + 2, dtype=np.int32))
    with pytest.raises(ValueError, match="820 districts; the model tells 819 apart"):
        prepare(many, disease(), Policy(), seed=1, days=10, seeds=1)


def test_a_course_that_only_names_an_r0_is_refused() -> None:
    with pytest.raises(ValueError, match=r"names an R0 and no beta; calibration\.with_beta"):
        simulate(town(), replace(disease(), beta=None, r0=2.0), seed=1, days=1)


def test_the_ill_are_missed_at_work() -> None:
    run = to_day(run_of(seeds=300, days=90, course=disease(0.0)), 90)
    rows = run.slots[: run.n_slots]
    ill = rows[rows["onset"] < LONG]
    ill = ill[run.group_of[ill["who"]] >= 0]
    ill = ill[run.sector_of_group[run.group_of[ill["who"]]] > 0]
    at_work = np.arange(90) % 7 < 5
    days = sum(at_work[one["onset"] : one["ends"]].sum() for one in ill)
    lost = result_of(run, run.people).workdays_lost["ill"]
    assert lost.sum() == days > 300
    assert lost[:, 0].sum() == 0
