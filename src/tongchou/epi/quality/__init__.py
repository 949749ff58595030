"""Traps in counts, found and named before anything is computed on them.

A day that is missing is not zero; a cumulative list that tells yesterday's figures again has not
had a day without cases. `check` looks at many series at once, as most traps show only there.
"""

from dataclasses import dataclass, field

import numpy as np

from tongchou.epi.detect.series import Flags, Floats, Indices, Series
from tongchou.epi.quality import jumps as jumps_
from tongchou.epi.quality import shape, shift, silence
from tongchou.epi.quality.findings import (
    DOUBTFUL,
    KINDS,
    MISSING,
    USABLE,
    Finding,
    Marks,
    Report,
)
from tongchou.epi.quality.jumps import Jumps
from tongchou.epi.quality.levels import new_counts
from tongchou.epi.quality.shift import Reference

__all__ = [
    "DOUBTFUL",
    "KINDS",
    "MISSING",
    "USABLE",
    "Finding",
    "Jumps",
    "Marks",
    "Options",
    "Reference",
    "Report",
    "check",
]


@dataclass(frozen=True)
class Options:
    """What `check` looks for.

    Attributes
    ----------
    cumulative
        The counts are running totals; new counts are their differences.
    daily
        A column is a day: dates may be checked for weekdays on which nobody reports.
    jumps
        When a day is a jump.
    """

    cumulative: bool = False
    daily: bool = True
    jumps: Jumps = field(default_factory=Jumps)


def check(
    series: Series,
    options: Options = Options(),
    *,
    reference: Reference | None = None,
    group: Indices | None = None,
    denominator: Floats | None = None,
) -> Report:
    """Find and name the traps in many series, and mark each day of each as usable or not.

    Look at all rows of one list together: a shift of dates shows only there. What is marked
    doubtful is left as told; nothing is repaired.

    Parameters
    ----------
    series
        Counts as told; NaN where nothing was. With dates that rise by a day a column, weekday
        habits are looked for too.
    reference
        Trusted sums of the same counts, over the same columns.
    group
        i64[n_series], which rows add up to one whole (-1: none): looks for totals among parts.
    denominator
        f64[n_series, n_times], what the counts are a part of.

    Examples
    --------
    >>> told = np.array([[5.0, 9, 14, 14, 21, 26, 25, 30]])
    >>> found = check(Series(told), Options(cumulative=True))
    >>> [(f.kind, f.first, f.size) for f in found.findings]
    [('fall', 6, -1.0)]
    """
    counts = series.counts
    _fit(series, reference, group, denominator)
    reported = ~np.isnan(counts)
    doubtful = np.zeros(counts.shape, dtype=bool)
    findings: list[Finding] = []
    new = counts
    if options.cumulative:
        new, over_a_gap = new_counts(counts)
        doubtful |= over_a_gap
        found, bad = jumps_.falls(counts, new)
        findings += found
        doubtful |= bad

    calendar = None
    if options.daily and _every_day(series):
        found, calendar, closed = silence.closed_weekdays(new, series.dates or ())
        findings += found
        doubtful |= closed
    findings += silence.gaps(reported, calendar)

    zeros = shift.false_zeros(new, cumulative=options.cumulative)
    days = {f.first for f in zeros if f.kind == "false_zero"}
    doubtful[:, list(days)] = True
    doubtful[:, [f.first + 1 for f in zeros if f.words == "false_zero.held"]] = True
    if reference is not None:
        sums = reference.counts
        sums = new_counts(sums)[0] if options.cumulative else sums
        turns = shift.lag_changes(new, sums, reference.row, days)
        # what the reference says outright replaces what was only inferred
        zeros = [f for f in zeros if f.kind != "date_shift"] + turns
    findings += zeros

    # jumps before silences: the days after a revision are quiet only beside it
    found, bad, jumped = jumps_.jumps(new, doubtful, options.jumps)
    findings += found
    doubtful |= bad
    found = silence.zero_runs(new, doubtful | jumped)
    findings += found
    _mark(doubtful, found)
    if not options.cumulative:
        found = silence.stuck(new)
        findings += found
        _mark(doubtful, found)
    findings += shape.heaping(new)
    if denominator is not None:
        found, bad = shape.denominators(new, denominator)
        findings += found
        doubtful |= bad
    if group is not None:
        found = shape.totals(counts, np.asarray(group))
        findings += found
        for one in found:
            doubtful[list(one.series)] = True
    marks = np.where(np.isnan(new), MISSING, np.where(doubtful, DOUBTFUL, USABLE))
    findings.sort(key=lambda f: (f.first, f.kind, f.series))
    return Report(tuple(findings), marks.astype(np.uint8), new)


def _fit(
    series: Series,
    reference: Reference | None,
    group: Indices | None,
    denominator: Floats | None,
) -> None:
    n_series, n_times = series.counts.shape
    if denominator is not None and denominator.shape != (n_series, n_times):
        raise ValueError(f"denominators need the shape of the counts, {n_series} x {n_times}")
    if group is not None and np.shape(group) != (n_series,):
        raise ValueError(f"one group for each of {n_series} series, -1 for none")
    if reference is None:
        return
    if reference.counts.shape[1] != n_times or np.shape(reference.row) != (n_series,):
        raise ValueError(f"a reference has {n_times} columns and a row number for each series")
    if np.max(reference.row, initial=-1) >= reference.counts.shape[0]:
        raise ValueError("a series belongs to a reference row that is not there")


def _mark(doubtful: Flags, findings: list[Finding]) -> None:
    for found in findings:
        doubtful[list(found.series), found.first : found.last + 1] = True


def _every_day(series: Series) -> bool:
    dates = series.dates
    if not dates or len(dates) < 28:
        return False
    return (dates[-1] - dates[0]).days == len(dates) - 1
