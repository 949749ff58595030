"""Days that nobody counted, and dates that change their meaning.

When a list goes over from the day counted to the day of publication, every count is told once more
under the next date: one day of false zeros in all rows at once, and nothing made up for after it.
Where a reference for sums of rows exists, the lag between both says it outright.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from tongchou.epi.detect.series import Floats, Indices
from tongchou.epi.quality.findings import Finding

__all__ = ["Reference", "false_zeros", "lag_changes"]

_LAGS = 3


@dataclass(frozen=True, eq=False)
class Reference:
    """Sums of the same counts from somebody whose dates are trusted.

    Attributes
    ----------
    counts
        f64[n_sums, n_times] over the same columns, cumulative if the series are.
    row
        i64[n_series]: the sum that each series is a part of, -1 for none.
    """

    counts: Floats
    row: Indices


def false_zeros(new: Floats, *, cumulative: bool) -> list[Finding]:
    """Days on which hardly any row moves, between days on which many do.

    Said once for all rows. If the day after makes up for it, reports were held back for a day. If
    not, and the counts are cumulative, the dates have moved: a second finding says so.
    """
    value = np.maximum(np.nan_to_num(new), 0.0)
    total, movers = value.sum(axis=0), (value > 0).sum(axis=0).astype(float)
    told = (~np.isnan(new)).sum(axis=0)
    findings = []
    rows = np.arange(new.shape[0])
    n_times = total.size
    for time in range(3, n_times):
        usual = _low(total, movers, told, time)
        if not usual or _weekly(total, time):
            continue
        here = tuple(int(r) for r in rows[~np.isnan(new[:, time])])
        facts = {"told": float(total[time]), "moved": float(movers[time])}
        facts["before"] = float(total[time - 1])
        variant = "newest"
        if time + 1 < n_times:
            facts["after"] = float(total[time + 1])
            variant = "held" if total[time + 1] > 1.6 * usual else "everywhere"
        words, certainty = f"false_zero.{variant}", 0.7 if variant == "newest" else 0.95
        findings.append(Finding("false_zero", here, time, time, usual, words, certainty, facts))
        if cumulative and variant == "everywhere":
            everyone = tuple(int(r) for r in rows)
            words = "date_shift.published"
            findings.append(
                Finding("date_shift", everyone, time, n_times - 1, 1.0, words, 0.8, facts)
            )
    return findings


def _low(total: Floats, movers: Floats, told: Indices, time: int) -> float:
    """What a day would usually have, if it is far below that; else 0."""
    before = np.arange(time - 3, time)
    after = np.arange(time + 1, min(time + 4, total.size))
    near = np.concatenate((before, after))
    usual = float(np.median(total[near]))
    moving = min(float(np.median(movers[before])), float(np.median(movers[near])))
    strict = after.size == 0
    low = total[time] < (0.1 if strict else 0.25) * usual
    low &= movers[time] < (0.25 if strict else 0.4) * moving
    if usual < 30 or moving < 5 or not low:
        return 0.0
    # at the end of an outbreak low days follow high ones, but no high one follows
    sides = min([float(np.median(total[before])), *total[after[:1]].tolist()])
    # few rows told: that is a day missing, not a day of zeros
    missing = told[time] < 0.7 * min([told[time - 1], *told[after[:1]]])
    if sides < 0.5 * usual or missing:
        return 0.0
    return usual


def _weekly(total: Floats, time: int) -> bool:
    """A day that is low every week is a habit, which `weekday` names."""
    beside = [t for t in (time - 14, time - 7, time + 7, time + 14) if 3 <= t < total.size - 3]
    if not beside:
        return False
    habit = [total[t] < 0.5 * np.median(total[[t - 2, t - 1, t + 1, t + 2]]) for t in beside]
    return bool(np.mean(habit) > 0.5)


def lag_changes(
    new: Floats, reference_new: Floats, row: Indices, zeros: Collection[int]
) -> list[Finding]:
    """Where the lag between sums of rows and a reference changes.

    The sum of the distances of square roots (for counts, of about equal noise at any level) is
    taken for lags of -3 to 3 days, and the cheapest way through the days found (Viterbi), where
    a change of lag must be worth several ordinary days.

    Parameters
    ----------
    zeros
        Days of false zeros, which fit no lag: left out, and a change that follows on one
        begins on it.
    """
    cost = _costs(new, reference_new, row)
    cost[:, list(zeros)] = 0.0
    path = _cheapest(cost)
    turns = np.flatnonzero(np.diff(path, prepend=_LAGS))
    findings = []
    for turn, until in zip(turns, np.append(turns, path.size)[1:], strict=True):
        first = int(turn)
        while first - 1 in zeros:
            first -= 1
        before, now = int(path[turn - 1]) if turn else _LAGS, int(path[turn])
        spell = slice(first, int(until))
        certain = cost[before, spell].sum() >= 2 * cost[now, spell].sum() + 1
        findings.append(
            Finding(
                "date_shift",
                tuple(int(r) for r in np.flatnonzero(row >= 0)),
                first,
                path.size - 1,
                float(now - before),
                "date_shift.published" if now > before else "date_shift.counted",
                0.99 if certain else 0.8,
                {"lag_before": float(before - _LAGS), "lag": float(now - _LAGS)},
            )
        )
    return findings


def _costs(new: Floats, reference_new: Floats, row: Indices) -> Floats:
    """f64[7, n_times]: how far the sums lie from the reference at each lag."""
    n_sums, n_times = reference_new.shape
    inside = row >= 0
    sums = np.zeros((n_sums, n_times))
    np.add.at(sums, row[inside], np.maximum(np.nan_to_num(new[inside]), 0.0))
    own = np.sqrt(sums)
    theirs = np.sqrt(np.maximum(np.nan_to_num(reference_new), 0.0))
    cost = np.zeros((2 * _LAGS + 1, n_times))
    for place, lag in enumerate(range(-_LAGS, _LAGS + 1)):
        moved = np.zeros_like(theirs)
        to = slice(max(lag, 0), n_times + min(lag, 0))
        moved[:, to] = theirs[:, max(-lag, 0) : n_times - max(lag, 0)]
        # at the ends there is nothing to compare with, and nothing to pay
        cost[place, to] = np.abs(own - moved)[:, to].sum(axis=0)
    return cost


def _cheapest(cost: Floats) -> Indices:
    """The lag of each day, where a change costs what five ordinary days cost."""
    n_lags, n_times = cost.shape
    change = 5.0 * float(np.median(cost.min(axis=0))) + 3.0
    # dates mean the same at first unless it is worth a change
    total = cost[:, 0] + change * (np.arange(n_lags) != _LAGS)
    came = np.zeros((n_lags, n_times), dtype=np.int64)
    for time in range(1, n_times):
        best = int(total.argmin())
        stays = total <= total[best] + change
        came[:, time] = np.where(stays, np.arange(n_lags), best)
        total = np.where(stays, total, total[best] + change) + cost[:, time]
    path = np.empty(n_times, dtype=np.int64)
    path[-1] = int(total.argmin())
    for time in range(n_times - 1, 0, -1):
        path[time - 1] = came[path[time], time]
    return path
