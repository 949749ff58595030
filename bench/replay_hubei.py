"""Hubei, January 2020: fit 17 cities up to the 31st with the simulator, forecast February, score.

A synthetic city of 60,000 stands for each: infected people arrive until the 23rd, the disease
spreads with some R, from the 23rd on a part of the contacts outside home is left, and those with
symptoms are confirmed after a delay. Which R, which part and which delay is weighed by the daily
counts of 25 to 31 January alone; the number of arrivals is a factor. What the cities say together
is every city's prior.

`run` prints the weighted interval score against two baselines. Counts: ../shared, see SOURCE.md
there for the change of dates on 7 February.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from bench import Row
from tongchou.epi.spread import purposes
from tongchou.epi.spread.calibration import with_beta
from tongchou.epi.spread.course import AGES, Course
from tongchou.epi.spread.draws import units
from tongchou.epi.spread.measures.gatherings import Gatherings
from tongchou.epi.spread.measures.schools import LEVELS as LEVELS_OF_SCHOOL
from tongchou.epi.spread.measures.schools import Schools
from tongchou.epi.spread.measures.work import Work
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.population import build, preset
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.settling import SYMPTOMATIC
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.spreading import add_infected
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import Ways, ways_of

Floats = NDArray[np.float64]

COUNTS = Path("../shared/data/city_daily_2020/china_city_cumulative_20200110_20200430.csv")
FIRST_DAY = date(2020, 1, 1)
CLOSED, FIT_FROM, FIT_TO, LAST = 22, 24, 30, 59  # days from 1 January: the 23rd, 25th, 31st
#: The dials, each value alike likely before anything is seen.
R_BEFORE = (1.8, 2.5, 3.2)
LEFT = (0.02, 0.15, 0.35, 0.6)
DELAY = (5.0, 8.0, 11.0)
ARRIVALS, GROWTH, SEEDS, PEOPLE = 200, 0.14, 3, 60_000
LEVELS = np.array([0.01, 0.025, *np.arange(0.05, 0.951, 0.05), 0.975, 0.99])
#: Size of the negative binomial of a day's count: weekends, batches, late reports.
SIZE = 3.0


def course(r0: float) -> Course:
    """Covid-19 of 2020. Durations of Covasim 3.1.9 (Kerr et al. 2021), rest from memory."""
    days = {
        "exposed_to_infectious": Spell(4.5, 1.5),
        "infectious_to_symptoms": Spell(1.1, 0.9),
        "symptoms_to_severe": Spell(6.6, 4.9),
        "severe_to_critical": Spell(1.5, 2.0),
        "critical_to_death": Spell(10.7, 4.8),
        "recovery_asymptomatic": Spell(8.0, 2.0),
        "recovery_mild": Spell(8.0, 2.0),
        "recovery_severe": Spell(18.1, 6.3),
        "recovery_critical": Spell(18.1, 6.3),
    }
    nobody = np.zeros(AGES)
    return Course(
        "covid-19, 2020", days, susceptibility=np.ones(AGES), p_symptomatic=np.full(AGES, 0.7),
        p_severe=nobody, p_critical=nobody, p_death=nobody, r0=r0, dispersion=0.45,
        layers=np.array([3.0, 0.6, 0.6, 0.3, 0.3, 0.3, 0.3]),
    )  # fmt: skip


def onsets(people: Ways, spreads: Course, left: float, seed: int) -> Floats:
    """Onsets a day from 1 January on, for `ARRIVALS` infected arrivals until the 23rd."""
    measures = Response(
        gatherings=Gatherings(left, left, left, left),
        work=Work(capacity=left**0.5),  # two colleagues meet if both are there
        schools=Schools(closed=LEVELS_OF_SCHOOL),
    )
    policy = Policy.steady(measures, start_day=CLOSED)
    run = prepare(people, spreads, policy, seed=seed, days=LAST + 1, seeds=0, first_weekday=2)
    weight = np.exp(GROWTH * np.arange(CLOSED + 1))
    coming = np.rint(np.cumsum(weight) / weight.sum() * ARRIVALS)
    for run.day in range(LAST + 1):
        if run.day <= CLOSED:
            n = int(coming[run.day] - (coming[run.day - 1] if run.day else 0))
            drawn = units(run.stream(purposes.ARRIVAL), np.arange(n))
            who = (drawn * run.n).astype(np.int32)
            nobody = np.full(n, -1, np.int32)
            add_infected(run, source=nobody, layer=np.zeros(n, np.uint8), target=who, shift=3)
        one_day(run)
    return run.booked[SYMPTOMATIC].sum(axis=1).astype(float)


@dataclass(frozen=True)
class Candidate:
    """One setting of the dials, and confirmed cases a day for `ARRIVALS` arrivals."""

    r: float
    left: float
    delay: float
    confirmed: Floats


def candidates() -> list[Candidate]:
    """Every setting, simulated."""
    people = ways_of(build(preset("china-city"), seed=1, people=PEOPLE))
    found = []
    for r in R_BEFORE:
        spreads = with_beta(people, course(r))
        for left in LEFT:
            daily = np.mean([onsets(people, spreads, left, seed) for seed in range(SEEDS)], axis=0)
            found += [Candidate(r, left, delay, late(daily, delay)) for delay in DELAY]
    return found


def late(daily: Floats, mean: float) -> Floats:
    """Onsets as confirmed cases: gamma delay, its sd half its mean."""
    pmf = np.diff(stats.gamma.cdf(np.arange(daily.size + 1), 4, scale=mean / 4))
    return np.convolve(daily, pmf)[: daily.size]


def counted(path: Path = COUNTS) -> dict[str, NDArray[np.int64]]:
    """New confirmed cases a day from 1 January to 29 February, by city; falls count as none."""
    cumulative: dict[str, dict[int, int]] = defaultdict(dict)
    with path.open() as lines:
        for row in csv.DictReader(lines):
            if row["provinceCode"] != "420000" or not row["cityCode"].isdigit():
                continue
            day = (date.fromisoformat(row["date"]) - FIRST_DAY).days
            # from 7 February on a file shows what was counted the day before
            day -= day >= (date(2020, 2, 7) - FIRST_DAY) // timedelta(days=1)
            cumulative[row["city"]][day] = int(row["confirmed"])
    daily = {}
    for city, by_day in cumulative.items():
        sums = np.zeros(LAST + 1)
        for day in range(LAST + 1):
            sums[day] = by_day.get(day, sums[day - 1] if day else 0)
        daily[city] = np.maximum(np.diff(sums, prepend=0), 0).astype(np.int64)
    return daily


def scores(tried: list[Candidate], daily: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Log likelihood of each candidate at its best factor, and that factor."""
    seen = daily[FIT_FROM : FIT_TO + 1]
    found, factors = np.empty(len(tried)), np.empty(len(tried))
    for i, one in enumerate(tried):
        expected = one.confirmed[FIT_FROM : FIT_TO + 1]
        tries = seen.sum() / expected.sum() * np.geomspace(0.5, 2, 25)
        logs = [loglik(seen, expected * factor) for factor in tries]
        found[i], factors[i] = max(logs), tries[int(np.argmax(logs))]
    return found, factors


def loglik(seen: NDArray[np.int64], mean: Floats) -> float:
    return float(stats.nbinom.logpmf(seen, SIZE, SIZE / (SIZE + mean)).sum())


def forecast(means: Floats, weights: Floats, rng: np.random.Generator) -> Floats:
    """Quantiles f64[levels, days] of a mixture: `means[candidate, days]`."""
    pick = rng.choice(len(weights), size=2000, p=weights)
    drawn = rng.negative_binomial(SIZE, SIZE / (SIZE + np.maximum(means[pick], 1e-9)))
    return np.quantile(drawn, LEVELS, axis=0)


def naive(daily: NDArray[np.int64], rng: np.random.Generator, *, widening: float) -> Floats:
    """The last week again; `widening`: sd of a random walk of its logarithm, a week."""
    week, n_days = daily[FIT_TO - 6 : FIT_TO + 1], LAST - FIT_TO
    mean = np.tile(week, n_days // 7 + 1)[:n_days].astype(float)
    walk = rng.normal(0, widening, (2000, n_days)) * np.sqrt(np.arange(1, n_days + 1) / 7)
    mean = np.maximum(mean, 1e-9) * np.exp(walk)
    return np.quantile(rng.negative_binomial(SIZE, SIZE / (SIZE + mean)), LEVELS, axis=0)


def wis(quantiles: Floats, seen: NDArray[np.int64]) -> float:
    """Weighted interval score, mean over days (Bracher et al. 2021)."""
    below = seen[None, :] <= quantiles
    return float((2 * (below - LEVELS[:, None]) * (quantiles - seen[None, :])).mean())


def covered(quantiles: Floats, seen: NDArray[np.int64], share: float) -> float:
    low = int(np.argmin(np.abs(LEVELS - (1 - share) / 2)))
    inside = (quantiles[low] <= seen) & (seen <= quantiles[-1 - low])
    return float(inside.mean())


@dataclass(frozen=True)
class Replayed:
    """One city: scores of February, and what was thought of the dials on 31 January."""

    city: str
    ours: float
    week: float
    walk: float
    in_half: float
    in_most: float
    expected: float
    happened: int
    left: float


def replay(tried: list[Candidate], counts: dict[str, NDArray[np.int64]]) -> Iterator[Replayed]:
    """Every city, the prior of the dials being what the others say."""
    rng = np.random.default_rng(1)
    logs = {city: scores(tried, daily) for city, daily in counts.items()}
    own = {city: special.softmax(found) for city, (found, _) in logs.items()}
    for city, daily in counts.items():
        others = np.mean([own[other] for other in own if other != city], axis=0)
        found, factors = logs[city]
        weights = special.softmax(found + np.log(others + 1e-6))
        means = np.array(
            [one.confirmed[FIT_TO + 1 :] * f for one, f in zip(tried, factors, strict=True)]
        )
        quantiles, seen = forecast(means, weights, rng), daily[FIT_TO + 1 :]
        yield Replayed(
            city,
            wis(quantiles, seen),
            wis(naive(daily, rng, widening=0.0), seen),
            wis(naive(daily, rng, widening=0.5), seen),
            covered(quantiles, seen, 0.5),
            covered(quantiles, seen, 0.9),
            float(weights @ means.sum(axis=1)),
            int(seen.sum()),
            float(weights @ [one.left for one in tried]),
        )


def run(scale: float) -> list[Row]:
    """The whole province, Wuhan apart. `scale` is not used: there was one Hubei."""
    del scale
    if not COUNTS.exists():
        return []
    cities = list(replay(candidates(), counted()))
    for one in cities:
        print(
            f"{one.city}: WIS {one.ours:.1f}, last week again {one.week:.1f}, walk {one.walk:.1f};"
            f" in the 50 % {one.in_half:.2f}, 90 % {one.in_most:.2f};"
            f" expected {one.expected:.0f}, happened {one.happened}; contacts left {one.left:.2f}"
        )
    others = [one for one in cities if one.city != "武汉市"]
    ours = float(np.mean([one.ours for one in others]))
    rows = []
    for name, theirs in (
        ("last week again", [one.week for one in others]),
        ("last week, random walk", [one.walk for one in others]),
    ):
        mean = float(np.mean(theirs))
        rows.append(
            Row("replay_hubei", "simulator", name, mean, ours, ours / mean, "", "WIS a day",
                "16 cities, 1 to 29 February 2020, Wuhan left out")
        )  # fmt: skip
    return rows


__all__ = ["Candidate", "candidates", "counted", "replay", "run", "wis"]
