"""Side by side with Covasim 3.1.9 on graphs like its own: as many fall ill, as fast, as badly.

The golden figures are of 100 seeds (golden/README.md), ours of 50, the same 50 cities with and
without measures. Two means are equal when they lie within two standard errors of their difference.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.science import covasim_course
from tests.science.dense_city import Dense, high_days
from tests.science.hybrid_graph import hybrid_city
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.run import simulate

GOLDEN = Path(__file__).parent / "golden"
PEOPLE, DAYS, SEEDS, RUNS = 20_000, 150, 20, 50
OURS = {
    "infections": "infections",
    "deaths": "deaths",
    "severe": "severe",
    "critical": "critical",
    "diagnoses": "found",
    "quarantined": "home_orders",
}

Figures = dict[str, NDArray[np.float64]]


@cache
def golden(mode: str) -> Figures:
    with (GOLDEN / "covasim_totals.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["mode"] == mode]
    rows = [row for row in rows if int(row["people"]) == PEOPLE]
    return {name: np.array([float(row[name]) for row in rows]) for name in (*OURS, "peak_day")}


@cache
def band(mode: str) -> NDArray[np.float64]:
    """f64[2, days]: between these lie nine of ten of their curves of new infections."""
    with (GOLDEN / "covasim_curves.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["mode"] == mode]
    return np.array([[float(row[f"infections_q{q}"]) for row in rows] for q in ("05", "95")])


@cache
def ours() -> dict[str, Figures]:
    """Ours by mode: each figure f64[runs], and `curve` f64[runs, days] of new infections."""
    course = covasim_course.course()
    found: dict[str, dict[str, list[Any]]] = {}
    for seed in range(RUNS):
        graph = covasim_course.graph(hybrid_city(PEOPLE, np.random.default_rng(seed)))
        for mode in ("off", "on"):
            policy = covasim_course.policy(mode)
            # a day more: they count a diagnosis on the day of its sample, we on that of its result
            result = simulate(graph, course, policy, seed=seed, days=DAYS + 2, seeds=SEEDS)
            each = found.setdefault(mode, {})
            each.setdefault("curve", []).append(result.curve("infections")[: DAYS + 1])
            for name, figure in figures(result).items():
                each.setdefault(name, []).append(figure)
    return {
        mode: {name: np.array(values) for name, values in each.items()}
        for mode, each in found.items()
    }


def figures(result: Result) -> dict[str, float]:
    """What the golden table tells, over days 0 to `DAYS`."""
    curves = {name: result.curve(ours)[: DAYS + 1] for name, ours in OURS.items()}
    curves["diagnoses"] = result.curve("found")[1 : DAYS + 2]
    peak_day = np.convolve(curves["infections"], np.ones(7), "same").argmax()
    return {name: float(curve.sum()) for name, curve in curves.items()} | {
        "peak_day": float(peak_day)
    }


def errors_apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Difference of the means, in its standard errors."""
    spread = one.var(ddof=1) / one.size + other.var(ddof=1) / other.size
    return float((one.mean() - other.mean()) / np.sqrt(spread))


@pytest.mark.parametrize("name", ["infections", "peak_day", "deaths", "severe", "critical"])
def test_without_measures_as_many_as_covasim(name: str) -> None:
    assert abs(errors_apart(ours()["off"][name], golden("off")[name])) <= 2


@pytest.mark.parametrize("name", [*OURS, "peak_day"])
def test_with_tests_tracing_and_quarantine_as_many_as_covasim(name: str) -> None:
    assert abs(errors_apart(ours()["on"][name], golden("on")[name])) <= 2


@pytest.mark.parametrize("mode", ["off", "on"])
def test_nine_of_ten_curves_lie_where_nine_of_ten_of_covasims_do(mode: str) -> None:
    curves, (low, high) = ours()[mode]["curve"], band(mode)
    inside = (curves >= low) & (curves <= high)
    assert inside[:, 20:].mean() == pytest.approx(0.9, abs=0.04)


def test_the_hybrid_city_meets_as_covasims_does() -> None:
    # Means over 30 cities of Covasim's: edge ends per head, and their variance among those
    # who have any (households: among all).
    mean = {"h": 2.001, "s": 3.725, "w": 9.822, "c": 19.996}
    variance = {"h": 1.997, "s": 15.18, "w": 12.15, "c": 15.12}
    city = hybrid_city(200_000, np.random.default_rng(1))
    for layer, (one, other) in city.layers.items():
        ends = np.bincount(np.concatenate((one, other)), minlength=city.age.size)
        some = ends if layer == "h" else ends[ends > 0]
        assert ends.mean() == pytest.approx(mean[layer], rel=0.01)
        assert some.var() == pytest.approx(variance[layer], rel=0.02)


def test_the_page_tells_the_days_of_high_load() -> None:
    # Measured on Covasim's own function, for infectious times of 1 to 30 days.
    measured = "111222333444455455555555455545"
    assert "".join(str(high_days(n)) for n in range(1, 31)) == measured


@pytest.mark.parametrize("mode", ["off", "on"])
def test_the_page_read_line_by_line_gives_what_covasim_gives(mode: str) -> None:
    rng = np.random.default_rng(5)
    found = Dense(hybrid_city(PEOPLE, rng), rng, mode == "on").run(DAYS, SEEDS)
    for name in ("infections", "deaths", "severe"):
        band = golden(mode)[name]
        assert abs(found[name] - band.mean()) <= 3 * band.std()
