"""A day far outside of its neighbours: a revision, or a definition that changed.

An outbreak also jumps, but it does not fall back the next day. So a jump is only held against the
data once three days stand behind it; before that it is named and left usable, for a detector must
not be silenced by the check of its data.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from tongchou.epi.detect.series import Flags, Floats, Indices
from tongchou.epi.quality.findings import Finding
from tongchou.epi.quality.levels import around

__all__ = ["Jumps", "falls", "jumps"]

_SIDE, _WIDE = 7, 14
_SETTLED = 3


@dataclass(frozen=True)
class Jumps:
    """When a day is a jump.

    Attributes
    ----------
    times, above, sds
        A jump alone on its day is at least `times` the largest of 14 days on either side plus
        `above`, and so many standard deviations over the mean of the nearer 7.
    shared_times, shared_above, shared_sds
        The same, lower, for a jump that at least `places` rows make on one day.
    """

    times: float = 3.0
    above: float = 10.0
    sds: float = 12.0
    shared_times: float = 2.0
    shared_above: float = 5.0
    shared_sds: float = 5.0
    places: int = 3


def jumps(new: Floats, skip: Flags, options: Jumps = Jumps()) -> tuple[list[Finding], Flags, Flags]:
    """Jumps of one day; which (row, day) are doubtful for it; and all, the newest with them.

    Parameters
    ----------
    new
        f64[n_series, n_times], NaN where nothing is known.
    skip
        Days already known to be doubtful; neither judged nor compared with.
    """
    clean = np.where(skip, np.nan, new)
    rows, times = _candidates(clean, options)
    doubtful, jumped = np.zeros((2, *new.shape), dtype=bool)
    if not rows.size:
        return [], doubtful, jumped
    value = clean[rows, times]
    offsets = np.concatenate((np.arange(-_SIDE, 0), np.arange(1, _SIDE + 1)))
    near = around(clean, rows, times, offsets)
    before, after = near[:, :_SIDE], near[:, _SIDE:]
    told = (~np.isnan(before)).sum(axis=1) >= _SETTLED
    settled = (~np.isnan(after)).sum(axis=1) >= _SETTLED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows of NaN alone: not told
        wide = around(clean, rows, times, np.arange(-_WIDE, _WIDE + 1))
        wide[:, _WIDE] = np.nan
        most, mean, var = np.nanmax(near, 1), np.nanmean(near, 1), np.nanvar(near, 1)
        widest = np.nan_to_num(np.nanmax(wide, 1))
        middle = np.nanmedian(near, 1)
    most, mean = np.maximum(np.nan_to_num(most), 0.0), np.maximum(np.nan_to_num(mean), 0.0)
    sd = np.sqrt(np.maximum(np.nan_to_num(var), mean) + 0.25)
    far = (value - mean) / sd
    alone = told & (value >= options.times * widest + options.above) & (far >= options.sds)
    shared = told & (value >= options.shared_times * most + options.shared_above)
    shared &= far >= options.shared_sds

    findings = []
    crowded = _crowded(times, shared, clean, options)
    for time in np.unique(times[(shared & crowded[times]) | alone]):
        here = times == time
        group = here & shared if crowded[time] else here & alone
        for member in [np.flatnonzero(group)] if crowded[time] else np.flatnonzero(group)[:, None]:
            done = settled[member]
            jumped[rows[member], time] = True
            doubtful[rows[member[done]], time] = True
            size = float((value[member] - np.nan_to_num(middle[member])).sum())
            active = bool((np.nan_to_num(middle[member]) >= 50).any())
            kind = "definition" if crowded[time] or active else "revision"
            variant = "places" if crowded[time] else "active" if active else "jump"
            certainty = (0.9 if crowded[time] else 0.8) if done.all() else 0.4
            findings.append(
                Finding(
                    kind,
                    tuple(int(r) for r in np.sort(rows[member])),
                    int(time),
                    int(time),
                    size,
                    f"{kind}.{variant}",
                    certainty,
                    {
                        "told": float(value[member].sum()),
                        "around": float(np.nan_to_num(middle[member]).sum()),
                        "places": float(member.size),
                    },
                )
            )
    return findings, doubtful, jumped


def _candidates(clean: Floats, options: Jumps) -> tuple[Indices, Indices]:
    """Days worth a closer look: well over the day before and the day after."""
    value = np.nan_to_num(clean)
    before, after = np.zeros_like(value), np.zeros_like(value)
    before[:, 1:], after[:, :-1] = value[:, :-1], value[:, 1:]
    limit = options.shared_times * np.maximum(before, after) + options.shared_above
    rows, times = np.nonzero(value >= limit)
    return rows, times


def _crowded(times: Indices, shared: Flags, clean: Floats, options: Jumps) -> Flags:
    """Days on which more rows jump than by chance: enough of them, and of those that move."""
    n_times = clean.shape[1]
    at_once = np.bincount(times[shared], minlength=n_times)
    moving = (np.nan_to_num(clean) > 0).sum(axis=0)
    usual = max(float(at_once.mean()), 0.05)
    enough = np.maximum(options.places, 0.02 * moving)
    crowded: Flags = (at_once >= enough) & (at_once >= 10 * usual)
    return crowded


def falls(cumulative: Floats, new: Floats) -> tuple[list[Finding], Flags]:
    """Steps down of cumulative counts, and which days they and their undoing make doubtful.

    A step back up of at least half the fall and at most twice, within three reports, is the
    correction undone: both numbers belong to no day.
    """
    doubtful = np.zeros(new.shape, dtype=bool)
    findings = []
    for row, time in zip(*np.nonzero(new < 0), strict=True):
        size = float(new[row, time])
        doubtful[row, time] = True
        later = new[row, time + 1 : time + 4]
        usual = np.nanmedian(np.append(new[row, max(time - 7, 0) : time], 0.0))
        back = np.flatnonzero((later - usual >= -size / 2) & (later <= -2 * size + usual))
        undone = bool(back.size) and -size >= 3
        last = int(time + 1 + back[0]) if undone else int(time)
        if undone:
            doubtful[row, last] = True
        findings.append(
            Finding(
                "fall",
                (int(row),),
                int(time),
                last,
                size,
                "fall.undone" if undone else "fall.corrected",
                1.0,
                {"from": float(cumulative[row, time]) - size, "to": float(cumulative[row, time])},
            )
        )
    return findings, doubtful
