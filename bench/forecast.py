"""Are forecasts better than what was told a season ago, and are they there in the morning.

Scored by scoringrules (weighted interval score of 11 intervals, and CRPS from 23 quantiles) one and
two weeks ahead: on ILINet's visits by state (`../shared/data/ili_us`; "X" is missing), on the daily
new counts of 2020 after the quality check, and on simulated communities. The anchor is seasonal
naive: the count of the same week a year ago (days: the same weekday a week ago) with the spread of
its own past errors, taken in logs. "Last count" is the harder one to beat: the newest count with
its own past errors either way.
"""

import csv
import dataclasses
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench import Row

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LEVELS = (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
N_SERIES, N_DAYS = 60_000, 1_095


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.forecast import Options

    weeks = dataclasses.replace(Options.weekly(), levels=LEVELS)
    days = dataclasses.replace(Options(), levels=LEVELS)
    rows = []
    if (ili := SHARED / "ili_us/ILINet_states_1997_2020.csv").is_file():
        counts = visits(ili)
        origins = range(260, counts.shape[1] - 2, max(int(5 / scale), 5))
        rows += scores("ILINet, visits by state", counts, weeks, origins, (1, 2), 52)
    if (cities := SHARED / "city_daily_2020").is_dir():
        counts = new_counts(cities / "china_city_cumulative_20200110_20200430.csv")
        rows += scores("new counts of 2020 by city", counts, days, range(35, 98, 7), (7, 14), 7)
    counts = communities(np.random.default_rng(1), max(int(400 * scale), 50), 600)
    rows += scores("simulated daily counts", counts, days, range(400, 580, 20), (7, 14), 7)
    rows.append(speed(scale))
    return rows


def scores(
    name: str, counts: Any, options: Any, origins: Iterable[int], horizons: Any, season: int
) -> list[Row]:
    """Own against seasonal naive, at each horizon."""
    from tongchou.epi.detect.series import Series
    from tongchou.epi.forecast import ahead

    table: dict[int, list[Any]] = {h: [] for h in horizons}
    for origin in origins:
        found = ahead(Series(counts[:, : origin + 1]), options)
        for h in horizons:
            truth = counts[:, origin + h]
            own = found.quantiles[:, h - 1]
            season_ago = naive(counts[:, : origin + 1], h, season)
            last = naive(counts[:, : origin + 1], h, 0)
            good = (found.refused == 0) & ~np.isnan(truth)
            good &= ~np.isnan(season_ago).any(axis=1) & ~np.isnan(last).any(axis=1)
            kinds = (own[good], season_ago[good], last[good])
            inside = (own[good, 1] <= truth[good]) & (truth[good] <= own[good, -2])
            half = (own[good, 6] <= truth[good]) & (truth[good] <= own[good, -7])
            table[h].append(
                np.array(
                    [
                        *(interval_score(q, truth[good]) for q in kinds),
                        *(crps(q, truth[good]) for q in kinds),
                        inside,
                        half,
                    ]
                )
            )
    rows = []
    for h in horizons:
        every = np.concatenate(table[h], axis=1).mean(axis=1)
        own, ago, last, own_crps, ago_crps, _, inside, half = every
        ahead_is = f"{h} day{'s' * (h > 1)}" if season == 7 else f"{h} week{'s' * (h > 1)}"
        n = sum(part.shape[1] for part in table[h])
        rows.append(
            Row(
                f"forecast, {name}, {ahead_is} ahead",
                "numba",
                "seasonal naive",
                ago,
                own,
                own / ago,
                "<= 1",
                "WIS",
                f"CRPS ratio {own_crps / ago_crps:.2f}; WIS {own / last:.2f} of last count's; "
                f"95 % hold {inside:.1%}, 50 % {half:.1%}; {n:,} forecasts",
            )
        )
    return rows


def interval_score(quantiles: Any, truth: Any) -> Any:
    import scoringrules

    alpha = np.array([2 * level for level in LEVELS if level < 0.5])
    n = alpha.size
    lower, upper = quantiles[:, :n], quantiles[:, : -n - 1 : -1]
    return scoringrules.weighted_interval_score(truth, quantiles[:, n], lower, upper, alpha)


def crps(quantiles: Any, truth: Any) -> Any:
    import scoringrules

    return scoringrules.crps_quantile(truth, quantiles, np.array(LEVELS))


def naive(counts: Any, h: int, season: int) -> Any:
    """Quantiles of the count a season ago (0: of the last one) with its own past errors."""
    logs = np.log(counts + 1)
    lag = -(-h // season) * season if season else h
    point = logs[:, logs.shape[1] - 1 + h - lag] if season else logs[:, -1]
    errors = logs[:, lag:] - logs[:, :-lag]
    if not season:
        errors = np.concatenate((errors, -errors), axis=1)
    spread = np.full((counts.shape[0], len(LEVELS)), np.nan)
    told = (~np.isnan(errors)).sum(axis=1) >= 10
    spread[told] = np.nanquantile(errors[told], LEVELS, axis=1).T
    return np.maximum(np.exp(point[:, None] + spread) - 1, 0)


def speed(scale: float) -> Row:
    """The whole city's morning: 5,000 communities of 12 channels, three years of days."""
    from tongchou.epi.detect.series import Series
    from tongchou.epi.forecast import ahead
    from tongchou.kit import compiled

    compiled.warm_up()
    n = max(int(N_SERIES * scale), 200)
    rng = np.random.default_rng(2)
    counts = np.concatenate(
        [communities(rng, min(5_000, n - i), N_DAYS).astype(np.float32) for i in range(0, n, 5_000)]
    )
    before = time.perf_counter()
    quantiles = [
        ahead(Series(counts[i : i + 5_000])).quantiles.astype(np.float32)
        for i in range(0, n, 5_000)
    ]
    seconds = time.perf_counter() - before
    assert not np.isnan(np.concatenate(quantiles)[:, 0]).all()
    limit = 60.0 * n / N_SERIES
    name = f"forecasts, {n:,} series of {N_DAYS:,} days, 14 days ahead: time"
    return Row(name, "numba", "a minute for 60,000", limit, seconds, seconds / limit, "<= 1", "s")


def communities(rng: np.random.Generator, n_series: int, n_days: int) -> Any:
    """Daily counts with weekdays, a season, waves and more scatter than Poisson; some missing."""
    days = np.arange(n_days)
    level = np.exp(rng.uniform(-0.5, 4.5, n_series))[:, None]
    week = 1 + rng.uniform(0, 0.5, (n_series, 1)) * np.sin(2 * np.pi * (days + 3) / 7)
    season = np.exp(0.6 * np.sin(2 * np.pi * (days / 365 + rng.uniform(0, 1, (n_series, 1)))))
    steps = rng.normal(0, 0.04, (n_series, n_days)).cumsum(axis=1)
    waves = np.exp(steps - np.linspace(0, 1, n_days) * steps[:, -1:])
    mean = level * week * season * waves
    shape = np.exp(rng.uniform(1, 4, (n_series, 1)))
    counts = rng.poisson(rng.gamma(shape, mean / shape)).astype(float)
    counts[rng.random(counts.shape) < 0.02] = np.nan
    return counts


def visits(path: Path) -> Any:
    """ILITOTAL by state and week; NaN where X stands."""
    with path.open(encoding="utf-8-sig") as file:
        table = list(csv.DictReader(file))
    weeks = sorted({(int(row["YEAR"]), int(row["WEEK"])) for row in table})
    states = sorted({row["REGION"] for row in table})
    when, where = {w: i for i, w in enumerate(weeks)}, {s: i for i, s in enumerate(states)}
    counts = np.full((len(states), len(weeks)), np.nan)
    for row in table:
        if row["ILITOTAL"] != "X":
            time_ = when[int(row["YEAR"]), int(row["WEEK"])]
            counts[where[row["REGION"]], time_] = float(row["ILITOTAL"])
    return counts[~np.isnan(counts).all(axis=1)]


def new_counts(path: Path) -> Any:
    """New confirmed cases by city and day as far as the quality check trusts them."""
    from tongchou.epi.detect.series import Series
    from tongchou.epi.quality import Options, check

    with path.open(encoding="utf-8-sig") as file:
        table = [row for row in csv.DictReader(file) if row["cityCode"].isdigit()]
    cities = {code: i for i, code in enumerate(sorted({row["cityCode"] for row in table}))}
    first = min(date.fromisoformat(row["date"]) for row in table)
    counts = np.full((len(cities), 112), np.nan)
    for row in table:
        day = (date.fromisoformat(row["date"]) - first).days
        counts[cities[row["cityCode"]], day] = float(row["confirmed"])
    dates = [first + timedelta(days=i) for i in range(112)]
    trusted = check(Series(counts, dates), Options(cumulative=True)).trusted
    return np.maximum(trusted, 0.0)
