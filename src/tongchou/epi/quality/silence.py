"""Reports that do not come, in the four ways in which they pretend to be zeros or go unnoticed."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from tongchou.epi.detect.series import Flags, Floats, Indices
from tongchou.epi.quality.findings import Finding
from tongchou.epi.quality.levels import around, span

__all__ = ["closed_weekdays", "gaps", "stuck", "zero_runs"]

_RARE = -np.log(1e-6)
_BACK = np.arange(-7, 0)


def gaps(reported: Flags, calendar: Flags | None = None) -> list[Finding]:
    """Runs of days not reported between two reports, and reports that have stopped.

    Rows with the same run share a finding. `calendar`, bool[n_series, n_times], takes out the days
    on which nothing was to be expected.
    """
    n_times = reported.shape[1]
    known = reported if calendar is None else reported | calendar
    first, last = span(reported)
    last_known = n_times - 1 - known[:, ::-1].argmax(axis=1)
    inside = (np.arange(n_times) > first[:, None]) & ~known
    inside &= np.arange(n_times) <= np.where(last < 0, -1, last_known)[:, None]
    runs: dict[tuple[int, int], list[int]] = {}
    for row, begin, end in _runs(inside):
        runs.setdefault((begin, end), []).append(row)
    findings = [
        Finding("missing", tuple(rows), begin, end, end - begin + 1.0, "missing.days", 1.0)
        for (begin, end), rows in runs.items()
    ]
    stopped: dict[int, list[int]] = {}
    for row in np.flatnonzero((last_known < n_times - 2) | (last < 0)).tolist():
        stopped.setdefault(int(last[row]) + 1 if last[row] >= 0 else 0, []).append(row)
    for begin, rows in stopped.items():
        words = "stopped.never" if last[rows[0]] < 0 else "stopped.reports"
        size = float(n_times - begin)
        findings.append(Finding("stopped", tuple(rows), begin, n_times - 1, size, words, 1.0))
    return findings


def zero_runs(new: Floats, skip: Flags) -> list[Finding]:
    """Zeros that cannot be: none at all for as long as a negative binomial would hardly ever give.

    The mean is that of the seven days before; if the run is over, the lower of that and the seven
    days after it, so that the end of an outbreak is not taken for silence. The dispersion is that
    of the 28 days before, held between 0.3 and 12, so that a row needs to be well above zero before
    anything is said. Probability limit 1e-6 per run.
    """
    n_times = new.shape[1]
    clean = np.where(skip, np.nan, new)
    zero = clean == 0
    rows, begins, ends = _as_arrays(_runs(zero & _busy(clean)))
    if not rows.size:
        return []
    before = around(clean, rows, begins, _BACK)
    after = around(clean, rows, ends, -_BACK[::-1])
    long = around(clean, rows, begins, np.arange(-28, 0))
    enough = (~np.isnan(before)).sum(axis=1) >= 4
    rate = _mean(before)
    # a row that was already going down is not silent but done
    rate = np.minimum(rate, _mean(before[:, -3:]))
    over = ends < n_times - 1
    rate = np.where(over, np.minimum(rate, np.maximum(_mean(after), 0.0)), rate)
    spread = np.nan_to_num(np.nanvar(np.where(np.isnan(long), _mean(long)[:, None], long), axis=1))
    mean = _mean(long)
    k = np.clip(mean**2 / np.maximum(spread - mean, 1e-9), 0.3, 12.0)
    length = ends - begins + 1
    # an outbreak may end for good: only the first three days of an unfinished run are strange
    counted = np.where(over, length, np.minimum(length, 3))
    strange = enough & (rate >= 2) & (counted * k * np.log1p(rate / k) > _RARE)
    findings = []
    for at in np.flatnonzero(strange):
        kind, variant = ("false_zero", "one") if over[at] else ("stopped", "zeros")
        findings.append(
            Finding(
                kind,
                (int(rows[at]),),
                int(begins[at]),
                int(ends[at]),
                float(rate[at]) if over[at] else float(length[at]),
                f"{kind}.{variant}",
                0.9 if over[at] else 0.7,
                {"around": float(rate[at]), "days": float(length[at])},
            )
        )
    return findings


def stuck(told: Floats, *, at_least: int = 5) -> list[Finding]:
    """The same number from one to a hundred thousand, day after day, where it otherwise varies.

    For new counts. Two days agree with probability of about 1 / (2 sd sqrt(pi)), or the share that
    the number has on other days; the run must be rarer than 1e-8 by that.
    """
    same = np.zeros(told.shape, dtype=bool)
    same[:, 1:] = (told[:, 1:] == told[:, :-1]) & (told[:, 1:] > 0)
    findings = []
    for row, begin, end in _runs(same):
        length = end - begin + 2
        if length < at_least:
            continue
        value = float(told[row, begin])
        others = np.delete(told[row], np.s_[begin - 1 : end + 1])
        others = others[~np.isnan(others)]
        sd = max(float(others.std()) if others.size >= 7 else 0.0, 0.5)
        smooth = 1 / (2 * sd * np.sqrt(np.pi))
        agree = min(max(smooth, float((others == value).mean()) if others.size else 1.0), 0.999)
        if others.size >= 7 and -(length - 1) * np.log(agree) > _RARE + 5:
            findings.append(
                Finding(
                    "stuck",
                    (row,),
                    begin - 1,
                    end,
                    float(length),
                    "stuck.value",
                    0.9,
                    {"value": value},
                )
            )
    return findings


def closed_weekdays(new: Floats, dates: Sequence[date]) -> tuple[list[Finding], Flags, Flags]:
    """Weekdays on which a row tells nothing, or tells zeros that are none.

    Returns the findings; the days not to be expected, bool[n_series, n_times]; and of the zeros
    among them those that are not to be believed.
    """
    weekday = np.array([day.weekday() for day in dates])
    told, zero = ~np.isnan(new), new == 0
    value = np.maximum(np.nan_to_num(new), 0.0)
    n_told = np.stack([told[:, weekday == w].sum(axis=1) for w in range(7)])
    n_days = np.array([(weekday == w).sum() for w in range(7)])[:, None]
    n_zero = np.stack([zero[:, weekday == w].sum(axis=1) for w in range(7)])
    sums = np.stack([value[:, weekday == w].sum(axis=1) for w in range(7)])
    share_told = n_told / np.maximum(n_days, 1)
    open_share = np.median(share_told, axis=0)
    absent = (share_told <= 0.05) & (n_days >= 4) & (open_share >= 0.7)
    rate = (sums.sum(axis=0) - sums) / np.maximum(n_told.sum(axis=0) - n_told, 1)
    surprise = n_zero * 0.5 * np.log1p(rate / 0.5)
    nought = (n_told >= 4) & (n_zero >= 0.95 * n_told) & (rate >= 1) & (surprise > _RARE)
    # a row of nothing but zeros on most weekdays is a rare disease, not a closed office
    nought &= (nought.sum(axis=0) <= 3)[None, :]
    absent &= (absent.sum(axis=0) <= 3)[None, :]
    findings = []
    for flags, variant in ((absent, "missing"), (nought, "zeros")):
        patterns: dict[tuple[bool, ...], list[int]] = {}
        for row in np.flatnonzero(flags.any(axis=0)):
            patterns.setdefault(tuple(flags[:, row].tolist()), []).append(int(row))
        for pattern, rows in patterns.items():
            facts = {f"weekday_{w}": float(closed) for w, closed in enumerate(pattern)}
            closed = float(sum(pattern))
            words = f"weekday.{variant}"
            findings.append(
                Finding("weekday", tuple(rows), 0, len(dates) - 1, closed, words, 0.95, facts)
            )
    expected_not = absent.T[:, weekday] & ~told
    return findings, expected_not, nought.T[:, weekday] & zero


def _busy(clean: Floats) -> Flags:
    """Rows where a zero could surprise at all; leaves the many rare series out early."""
    value = np.maximum(np.nan_to_num(clean), 0.0)
    total = np.cumsum(np.pad(value, ((0, 0), (1, 0))), axis=1)
    week = np.zeros_like(value)
    week[:, 7:] = total[:, 7:-1] - total[:, :-8]
    week[:, :7] = total[:, :-1][:, :7]
    zero = clean == 0
    begins = zero.copy()
    begins[:, 1:] &= ~zero[:, :-1]
    worth = begins & (week >= 8)
    # carry the judgement of a run's first day through the run
    number = np.cumsum(begins, axis=1)
    rows = np.arange(clean.shape[0])[:, None] * (clean.shape[1] + 1)
    good = np.unique((rows + number)[worth])
    busy: Flags = np.isin(rows + number, good) & zero
    return busy


def _runs(flags: Flags) -> list[tuple[int, int, int]]:
    """Runs of true as (row, first, last), by row."""
    padded = np.pad(flags.astype(np.int8), ((0, 0), (1, 1)))
    step = np.diff(padded, axis=1)
    rows, begins = np.nonzero(step == 1)
    ends = np.nonzero(step == -1)[1] - 1
    return list(zip(rows.tolist(), begins.tolist(), ends.tolist(), strict=True))


def _as_arrays(runs: list[tuple[int, int, int]]) -> tuple[Indices, Indices, Indices]:
    table = np.array(runs, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _mean(part: Floats) -> Floats:
    """Mean of what is told in each row; 0 where nothing is."""
    n = (~np.isnan(part)).sum(axis=1)
    mean: Floats = np.nansum(part, axis=1) / np.maximum(n, 1)
    return mean
