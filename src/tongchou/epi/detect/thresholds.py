"""A bound on a score that gives a stated number of false alarms, found by replaying history.

No theory of the score is needed, and none is believed: the bound is where history says. It comes
with its own uncertainty, because a year of history has few days as rare as those looked for.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from tongchou.epi.detect.series import Floats

__all__ = ["Threshold", "alarms_per_day", "from_replay"]

Counting = Literal["days", "episodes"]
#: fewer alarms than this in the whole replay and the tail is fitted, not counted
_COUNTED = 20
_TAIL = 200


@dataclass(frozen=True)
class Threshold:
    """A bound and how well it is known.

    Attributes
    ----------
    bound
        Scores above it are alarms.
    low, high
        Between these the bound lies with probability 0.9.
    rate
        Alarms per community-day that were asked for.
    rate_low, rate_high
        Between these lies what the bound will really give, with probability 0.9, if the days to
        come are like those replayed.
    n_days, n_alarms
        Community-days replayed, and alarms that the bound would have given in them.
    extrapolated
        Whether the bound lies beyond what was seen often enough to count (fewer than 20 alarms in
        the replay): it then stands on an exponential tail, and deserves distrust.
    """

    bound: float
    low: float
    high: float
    rate: float
    rate_low: float
    rate_high: float
    n_days: int
    n_alarms: int
    extrapolated: bool


def alarms_per_day(scores: Floats, bound: float, *, count: Counting = "episodes") -> float:
    """Alarms per community-day that a bound would have given in these scores."""
    days, both = _sorted(scores, count)
    return _above(days, both, bound) / days.size if days.size else float("nan")


def from_replay(scores: Floats, *, rate: float, count: Counting = "episodes") -> Threshold:
    """The bound that gives `rate` alarms per community-day.

    Parameters
    ----------
    scores
        f64[n_communities, n_days] of days believed to be without outbreaks: of history with the
        confirmed ones taken out (NaN). Days without a score count for nothing.
    rate
        Alarms per community-day. Ten false alarms a week among 5,000 communities is 10 / 35,000.
    count
        What is one alarm: every day above the bound, or (`episodes`) only the first of a run, as
        when a signal that is being looked into is not raised again.

    Raises
    ------
    ValueError
        Where there are no scores, or fewer than one alarm in ten replays is asked for: no replay
        can tell that.

    References
    ----------
    Exceedances come in runs, and it is the runs that are independent; the interval of their
    number is Poisson's (Garwood 1936, doi:10.1093/biomet/28.3-4.437). Beyond what was counted
    the tail is exponential above its 200 largest runs (Pickands 1975, doi:10.1214/aos/1176343003).
    """
    days, both = _sorted(scores, count)
    if not days.size:
        raise ValueError("there are no scores to replay")
    if not 0 < rate < 0.5:
        raise ValueError(f"a rate is alarms per community-day, between 0 and 0.5, not {rate}")
    wanted = rate * days.size
    if wanted < 0.1:
        raise ValueError(
            f"{days.size} community-days cannot tell {rate:g} alarms a day; replay at least "
            f"{int(np.ceil(round(0.1 / rate, 6)))}"
        )
    extrapolated = wanted < _COUNTED
    find = _beyond if extrapolated else _bound
    bound = find(days, both, wanted)
    # Runs are independent, days are not: the error hangs on how many runs there are.
    n_runs = max(_above(*_sorted(scores, "episodes"), bound), 1)
    few, many = _poisson_interval(n_runs)
    low, high = (find(days, both, wanted * share / n_runs) for share in (many, few))
    return Threshold(
        bound=bound,
        low=min(low, bound),
        high=max(high, bound),
        rate=rate,
        rate_low=rate * few / n_runs,
        rate_high=rate * many / n_runs,
        n_days=int(days.size),
        n_alarms=_above(days, both, bound),
        extrapolated=extrapolated,
    )


def _sorted(scores: Floats, count: Counting) -> tuple[Floats, Floats]:
    """All scores, and (for episodes) the smaller of each and the one before it: sorted.

    A run starts where a score is above and the one before is not, so the number of runs is that of
    scores above less that of neighbours both above. A day without a score ends a run.
    """
    table = np.atleast_2d(np.asarray(scores, dtype=float))
    flat = table[~np.isnan(table)]
    both = np.minimum(table[:, 1:], table[:, :-1]) if count == "episodes" else np.empty(0)
    return np.sort(flat), np.sort(both[~np.isnan(both)])


def _above(days: Floats, both: Floats, bound: float) -> int:
    more = days.size - int(np.searchsorted(days, bound, side="right"))
    return more - (both.size - int(np.searchsorted(both, bound, side="right")))


def _bound(days: Floats, both: Floats, wanted: float) -> float:
    """The lowest score, coming from above, at which no more than `wanted` lie above it."""
    candidates = np.unique(days)[::-1]
    above = days.size - np.searchsorted(days, candidates, side="right")
    above -= both.size - np.searchsorted(both, candidates, side="right")
    # Far down runs flow together and their number falls again; only the way up to there counts.
    too_many = np.flatnonzero(above > wanted)
    place = int(too_many[0]) - 1 if too_many.size else candidates.size - 1
    return float(candidates[max(place, 0)])


def _beyond(days: Floats, both: Floats, wanted: float) -> float:
    """The same from an exponential tail fitted to the largest runs."""
    most = min(_TAIL, max(days.size // 50, 5))
    start = _bound(days, both, most)
    n = max(_above(days, both, start), 1)
    over = days[days > start] - start
    slope = float(over.mean()) if over.size else 0.0
    return start + slope * float(np.log(n / wanted))


def _poisson_interval(n: int) -> tuple[float, float]:
    return (
        float(special.gammaincinv(n, 0.05)) if n else 0.0,
        float(special.gammaincinv(n + 1, 0.95)),
    )
