"""The loops of forecasting, one series after the other, spread over threads.

All in one file but the quantiles, which do not change: Numba looks only here to see whether its
copy is stale. Logarithms are of the count plus one, so that a day without cases has one too.
"""

import numba
import numpy as np

from tongchou.epi.detect.series import Floats, Indices
from tongchou.epi.forecast.negbin import negbin_quantiles, normal_quantile
from tongchou.kit.compiled import kernel, parallel_kernel

__all__ = ["OK", "STALE", "THIN", "forecast_all"]

OK, THIN, STALE = 0, 1, 2

# kinds of models: level and damped trend; the same on top of the growth of past years; what was
# told a season ago
TREND, NAIVE = 0.0, 1.0


@kernel
def weekday_effects(y: Floats, week: int) -> Floats:
    """f64[T, week]: effect of each day of the week as known at each time, in logs."""
    n = y.size
    effects = np.zeros((n, week))
    if week == 1:
        return effects
    total = np.zeros(week)
    weight = np.zeros(week)
    half = week // 2
    current = np.zeros(week)
    for t in range(n):
        centre = t - half
        if t >= week - 1 and not np.isnan(y[centre]):
            mean, told = 0.0, 0
            for s in range(t - week + 1, t + 1):
                if not np.isnan(y[s]):
                    mean += y[s]
                    told += 1
            if told >= week - 2:
                place = centre % week
                # a memory of about ten weeks
                odd = min(max(y[centre] - mean / told, -1.5), 1.5)
                total[place] = 0.9 * total[place] + odd
                weight[place] = 0.9 * weight[place] + 1.0
                for d in range(week):
                    # two weeks of no effect stand before the first, against chance
                    current[d] = total[d] / (weight[d] + 2.0)
        middle = current.mean()
        for d in range(week):
            effects[t, d] = current[d] - middle
    return effects


@kernel
def smooth(y: Floats, reach: int) -> Floats:
    """Centred means over `2 reach + 1` times, of what is told."""
    out = np.full(y.size, np.nan)
    for t in range(y.size):
        mean, told = 0.0, 0
        for s in range(max(t - reach, 0), min(t + reach + 1, y.size)):
            if not np.isnan(y[s]):
                mean += y[s]
                told += 1
        if told > reach:
            out[t] = mean / told
    return out


@kernel
def past_growth(calm: Floats, t: int, h: int, year: int) -> float:
    """Mean growth over the next `h` times in up to five past years, drawn towards none."""
    total, n = 0.0, 0
    for k in range(1, 6):
        start = t - k * year
        if year <= 0 or start < 0:
            break
        step = calm[start + h] - calm[start]
        if not np.isnan(step):
            total += step
            n += 1
    return total / (n + 0.5) if n else np.nan


@kernel
def backtest(
    y: Floats,
    models: Floats,
    scored: Indices,
    origins: int,
    week: int,
    year: int,
    n_ahead: int,
) -> tuple[Floats, Floats]:
    """Forecasts in logs, of the past for the scored horizons and of the future for all.

    Returns f64[n_models, origins, n_scored] (origin i is time T - 1 - i; NaN where the model has
    nothing to say) and f64[n_models, n_ahead].
    """
    n, n_models = y.size, models.shape[0]
    past = np.full((n_models, origins, scored.size), np.nan)
    ahead = np.full((n_models, n_ahead), np.nan)
    effects = weekday_effects(y, week)
    z = y.copy()
    for t in range(n):
        z[t] -= effects[max(t - 1, 0), t % week]
    calm = smooth(z, 3 if week > 1 else 1)
    growth = np.full((min(origins, n), scored.size), np.nan)
    for i in range(min(origins, n)):
        for j in range(scored.size):
            growth[i, j] = past_growth(calm, n - 1 - i, scored[j], year)
    future = np.full(n_ahead, np.nan)
    for h in range(n_ahead):
        future[h] = past_growth(calm, n - 1, h + 1, year)
    for m in range(n_models):
        kind, alpha, beta, damp, share = models[m]
        if kind == NAIVE:
            lag = int(share) if share > 0 else year
            lag = lag if share == 0 or week > 1 else 0
            if lag <= 0:
                continue
            for i in range(min(origins, n)):
                for j in range(scored.size):
                    back = ((scored[j] + lag - 1) // lag) * lag - scored[j]
                    if n - 1 - i - back >= 0:
                        past[m, i, j] = y[n - 1 - i - back]
            for h in range(n_ahead):
                back = ((h + lag) // lag) * lag - h - 1
                if n - 1 - back >= 0:
                    ahead[m, h] = y[n - 1 - back]
            continue
        level, trend, scale = np.nan, 0.0, 0.5
        for t in range(n):
            if np.isnan(level):
                level = z[t]
            else:
                drift = damp * trend
                if share > 0.0 and t >= year + 1:
                    step = past_growth(calm, t - 1, 1, year)
                    drift += share * step if not np.isnan(step) else 0.0
                if np.isnan(z[t]):
                    level += drift
                    trend *= damp
                else:
                    error = z[t] - level - drift
                    scale = 0.97 * scale + 0.03 * 1.25 * abs(error)
                    # one odd day must not throw the level
                    error = min(max(error, -3.0 * scale - 0.1), 3.0 * scale + 0.1)
                    level += drift + alpha * error
                    trend = damp * trend + alpha * beta * error
            i = n - 1 - t
            if i < origins and not np.isnan(level):
                for j in range(scored.size):
                    step = share * growth[i, j] if share > 0.0 else 0.0
                    path = trend * damp * (1.0 - damp ** scored[j]) / (1.0 - damp)
                    day = effects[t, (t + scored[j]) % week]
                    past[m, i, j] = level + path + step + day
        for h in range(1, n_ahead + 1):
            step = share * future[h - 1] if share > 0.0 else 0.0
            path = trend * damp * (1.0 - damp**h) / (1.0 - damp)
            ahead[m, h - 1] = level + path + step + effects[n - 1, (n - 1 + h) % week]
    return past, ahead


@kernel
def weigh(past: Floats, y: Floats, scored: Indices, decay: float, sharp: float) -> Floats:
    """f64[n_models, n_scored]: what each model counts for, by its errors in the past."""
    n_models, origins, n_scored = past.shape
    weights = np.zeros((n_models, n_scored))
    for j in range(n_scored):
        square = np.zeros(n_models)
        seen = np.zeros(n_models)
        for m in range(n_models):
            for i in range(scored[j], origins):
                t = y.size - 1 - i + scored[j]
                if t - scored[j] < 0:
                    break
                error = y[t] - past[m, i, j]
                if not np.isnan(error):
                    w = decay**i
                    square[m] += w * min(error * error, 9.0)
                    seen[m] += w
        most = seen.max()
        best = np.inf
        for m in range(n_models):
            if seen[m] >= 0.4 * most and seen[m] > 0:
                square[m] = square[m] / seen[m] + 1e-4
                best = min(best, square[m])
            else:
                square[m] = np.inf
        total = 0.0
        for m in range(n_models):
            if np.isfinite(square[m]):
                weights[m, j] = (best / square[m]) ** (0.5 * min(seen[m], sharp))
                total += weights[m, j]
        for m in range(n_models):
            weights[m, j] = weights[m, j] / total if total > 0 else 0.0
    return weights


@kernel
def blend(values: Floats, weights: Floats) -> float:
    """Weighted mean of what is there; NaN where nothing is."""
    total, weight = 0.0, 0.0
    for m in range(values.size):
        if weights[m] > 0 and not np.isnan(values[m]):
            total += weights[m] * values[m]
            weight += weights[m]
    return total / weight if weight > 0 else np.nan


@kernel
def middle_spread(x: Floats, past: Floats, weights: Floats, h: int, j: int, bias: float) -> float:
    """The dispersion that the middle of the errors shows; large errors make tails, not middles."""
    relative = np.empty(past.shape[1])
    noise = np.empty(past.shape[1])
    n = 0
    for i in range(h, past.shape[1]):
        t = x.size - 1 - i + h
        if t - h < 0:
            break
        f = blend(past[:, i, j], weights[:, j])
        if not np.isnan(f) and not np.isnan(x[t]):
            m = bias * max(np.exp(f) - 1.0, 0.02)
            relative[n] = abs(x[t] - m) / m
            noise[n] = 1.0 / m
            n += 1
    if n < 8:
        return np.inf
    scale = 1.4826 * np.median(relative[:n])
    found: float = max(scale * scale - np.median(noise[:n]), 0.002)
    return found


@kernel
def forecast_one(
    x: Floats,
    models: Floats,
    scored: Indices,
    n_ahead: int,
    levels: Floats,
    week: int,
    year: int,
    origins: int,
    decay: float,
    sharp: float,
    least_told: int,
    least_sum: float,
    stale: int,
    mean: Floats,
    dispersion: Floats,
    quantiles: Floats,
) -> int:
    """Fill mean f64[n_ahead], dispersion (the same), quantiles f64[n_ahead, n_levels] of a row."""
    told, total, last = 0, 0.0, -1
    for t in range(x.size):
        if not np.isnan(x[t]):
            told += 1
            total += x[t]
            last = t
    if told < least_told or total < least_sum:
        return THIN
    if x.size - 1 - last >= stale:
        return STALE
    y = np.log(x + 1.0)
    past, ahead = backtest(y, models, scored, origins, week, year, n_ahead)
    weights = weigh(past, y, scored, decay, sharp)
    bias = np.ones(scored.size)
    spread = np.zeros(scored.size)
    central = np.zeros(scored.size)
    for j in range(scored.size):
        came, thought = 3.0, 3.0
        for i in range(scored[j], origins):
            t = x.size - 1 - i + scored[j]
            if t - scored[j] < 0:
                break
            f = blend(past[:, i, j], weights[:, j])
            if not np.isnan(f) and not np.isnan(x[t]):
                w = decay**i
                m = max(np.exp(f) - 1.0, 0.02)
                came += w * min(x[t], 5.0 * m + 20.0)
                thought += w * m
        bias[j] = min(max(came / thought, 0.6), 1.8)
        # one step of prior knowledge: a tenth of the mean, as sure as two times told
        over, under = 2.0 * 0.02, 2.0
        for i in range(scored[j], origins):
            t = x.size - 1 - i + scored[j]
            if t - scored[j] < 0:
                break
            f = blend(past[:, i, j], weights[:, j])
            if not np.isnan(f) and not np.isnan(x[t]):
                w = decay**i
                m = bias[j] * max(np.exp(f) - 1.0, 0.02)
                # weights as in a ratio of means: large counts say more of the dispersion
                part = m * m / ((m + 1.0) * (m + 5.0))
                error = (x[t] - m) * (x[t] - m)
                error = min(error, 25.0 * m * m + 25.0)
                over += w * part * (error - m) / (m * m + 0.01)
                under += w * part
        spread[j] = max(over / under, 0.002)
        central[j] = min(middle_spread(x, past, weights, scored[j], j, bias[j]), spread[j])
    for h in range(1, n_ahead + 1):
        j = 0
        while j < scored.size - 1 and scored[j] < h:
            j += 1
        f = blend(ahead[:, h - 1], weights[:, j])
        if np.isnan(f):
            mean[:] = np.nan
            dispersion[:] = np.nan
            quantiles[:] = np.nan
            return THIN
        d, c, b = spread[j], central[j], bias[j]
        if j > 0 and h < scored[j]:
            to = (h - scored[j - 1]) / (scored[j] - scored[j - 1])
            d = spread[j - 1] + to * (spread[j] - spread[j - 1])
            c = central[j - 1] + to * (central[j] - central[j - 1])
            b = bias[j - 1] + to * (bias[j] - bias[j - 1])
        mean[h - 1] = b * max(np.exp(f) - 1.0, 0.02)
        dispersion[h - 1] = d
        negbin_quantiles(mean[h - 1], d, levels, quantiles[h - 1])
        inner = np.empty(levels.size)
        negbin_quantiles(mean[h - 1], c, levels, inner)
        for q in range(levels.size):
            out = min(max(abs(normal_quantile(levels[q])) - 0.5, 0.0) / 1.3, 1.0)
            mixed = inner[q] + out * (quantiles[h - 1, q] - inner[q])
            quantiles[h - 1, q] = np.floor(mixed + 0.5)
    return OK


@parallel_kernel
def forecast_all(
    counts: Floats,
    models: Floats,
    scored: Indices,
    n_ahead: int,
    levels: Floats,
    week: int,
    year: int,
    origins: int,
    decay: float,
    sharp: float,
    least_told: int,
    least_sum: float,
    stale: int,
    mean: Floats,
    dispersion: Floats,
    quantiles: Floats,
    refused: Indices,
) -> None:
    """Fill mean f64[n, n_ahead], dispersion (the same), quantiles f64[n, n_ahead, n_levels].

    Thin on purpose: what stands in a parallel loop takes Numba far longer to compile.
    """
    for row in numba.prange(counts.shape[0]):
        refused[row] = forecast_one(
            counts[row],
            models,
            scored,
            n_ahead,
            levels,
            week,
            year,
            origins,
            decay,
            sharp,
            least_told,
            least_sum,
            stale,
            mean[row],
            dispersion[row],
            quantiles[row],
        )
