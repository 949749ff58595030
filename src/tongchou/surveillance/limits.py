"""What history says a limit of p would have raised, so that somebody sees it before choosing.

The daily cycle alarms where p is no greater than the limit of a channel and a method (`detecting`);
here the same methods run over half a year, and the limit is found that gives so many false alarms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Series
from tongchou.surveillance import detecting
from tongchou.surveillance.gathering import Table, gathered
from tongchou.surveillance.models import Channel, Evidence, Signal

#: Weeks that are replayed.
WEEKS = 26
#: All channels weighed together: no channel of its own.
TOGETHER = "evidence"
#: The methods of the daily cycle that can be replayed.
METHODS = (TOGETHER, "daily", "ears-c2")
#: A fit serves so many replayed days: what is expected moves slowly, and somebody waits.
_REFIT = 28
#: Fewer days than this of a series tell nothing of its alarms.
_LEAST = 28
_SMALLEST, _LARGEST = 1e-12, 0.5


class TooThin(ValueError):
    """History is too short to choose a limit by it."""


@dataclass(frozen=True)
class Week:
    """How many alarms a limit would have raised in a week, and how many the one in force would."""

    begin: date
    n: int
    n_now: int


@dataclass(frozen=True)
class Replay:
    """What a limit would have done. Alarms are counted once for each run of days.

    `wanted` is the limit that gives the asked-for false alarms a week; `guessed` where history is
    too short to count so few of them and an exponential tail stands in. `low` and `high` are the
    alarms a week it will really give, with probability 0.9.
    """

    channel: Channel | None
    detector: str
    first: date
    last: date
    n_series: int
    per_week: float
    wanted: float
    now: float
    n_raised: int
    n_now: int
    weeks: list[Week]
    guessed: bool
    low: float
    high: float


def in_force(channel: Channel | None, detector: str) -> float:
    """The limit that the next daily cycle goes by."""
    return detecting.in_force().of(channel.pk if channel else "", detector)


def replay(
    channel: Channel | None, detector: str, *, per_week: float, last: date, weeks: int = WEEKS
) -> Replay:
    """Run a method over the last weeks of a channel, and find the limit for `per_week` alarms.

    Days of signals that were confirmed are left out: they were no false alarms.

    Raises
    ------
    TooThin
        Where too few days were reported to tell.
    """
    from tongchou.epi.detect.thresholds import from_replay

    table = gathered(last, detecting.HISTORY)
    if table is None or (channel is not None and channel.pk not in table.channels):
        raise TooThin
    n_days = min(7 * weeks, table.n_days // 7 * 7)
    scores = _scores(table, channel, detector, n_days)
    first = last - timedelta(days=n_days - 1)
    calm = _without_true(scores, table.areas, channel, first, last)
    told = (~np.isnan(calm)).sum(axis=1)
    n_series = int((told >= _LEAST).sum())
    if not n_series:
        raise TooThin
    rate = per_week / 7 / n_series
    try:
        found = from_replay(calm, rate=rate)
    except ValueError as refusal:
        raise TooThin(str(refusal)) from refusal
    standing = in_force(channel, detector)
    wanted = float(np.clip(10.0**-found.bound, _SMALLEST, _LARGEST))
    raised, as_now = _begins(scores, -np.log10(wanted)), _begins(scores, -np.log10(standing))
    return Replay(
        channel,
        detector,
        first,
        last,
        n_series,
        per_week,
        wanted,
        standing,
        int(raised.sum()),
        int(as_now.sum()),
        _by_week(raised, as_now, first),
        found.extrapolated,
        found.rate_low * 7 * n_series,
        found.rate_high * 7 * n_series,
    )


def _scores(
    table: Table, channel: Channel | None, detector: str, n_days: int
) -> NDArray[np.float64]:
    """-log10 p of every area and day, f64[n_areas, n_days]; NaN where the method is silent."""
    from tongchou.epi.detect import daily
    from tongchou.epi.detect.ears import Ears, c2

    if channel is None:
        return _together(table, n_days)
    column = table.channels.index(channel.pk)
    series = Series(table.counts[:, column, :], table.dates)
    at = np.arange(table.n_days - n_days, table.n_days)
    if detector == "ears-c2":
        p = c2(series, at, Ears(min_sigma=1.0)).p
    else:
        p = daily.glm(series, at, daily.Daily(refit=_REFIT)).p
    return -np.log10(np.clip(p, 1e-300, 1.0))


def _together(table: Table, n_days: int) -> NDArray[np.float64]:
    from tongchou.epi.detect import daily, evidence

    days = np.arange(max(table.n_days - n_days - detecting.ADDED, 0), table.n_days)
    base = daily.baseline(table.flat(), days, daily.Daily(refit=_REFIT))
    shape = (len(table.areas), len(table.channels), days.size)
    expected, dispersion = base.expected.reshape(shape), base.dispersion.reshape(shape)
    kinds = [] if np.isnan(expected).all() else detecting.kinds(table, expected, dispersion)
    if not kinds:
        raise TooThin
    counts = table.counts[:, :, days]
    factor = detecting.city_factor(counts, expected, dispersion)
    score = evidence.gather(counts, expected * factor, dispersion, kinds).score
    return np.asarray(score[:, -n_days:] / np.log(10))  # p = exp(-score), Wald's bound


def _without_true(
    scores: NDArray[np.float64],
    areas: Sequence[str],
    channel: Channel | None,
    first: date,
    last: date,
) -> NDArray[np.float64]:
    calm = scores.copy()
    true = Signal.objects.filter(passage__stage="confirmed", area_id__in=areas)
    rows = Evidence.objects.filter(signal__in=true, day__range=(first, last), stands=True)
    place = {area: n for n, area in enumerate(areas)}
    for area, day, shares in rows.values_list("signal__area_id", "day", "shares"):
        if channel is None or any(share["channel"] == channel.pk for share in shares):
            calm[place[area], (day - first).days] = np.nan
    return calm


def _begins(scores: NDArray[np.float64], bound: float) -> NDArray[np.bool_]:
    """Where a run of days at or above the bound begins."""
    above = np.nan_to_num(scores, nan=-1.0) >= bound
    before = np.zeros_like(above)
    before[:, 1:] = above[:, :-1]
    return np.asarray(above & ~before)


def _by_week(raised: NDArray[np.bool_], as_now: NDArray[np.bool_], first: date) -> list[Week]:
    return [
        Week(
            first + timedelta(days=n),
            int(raised[:, n : n + 7].sum()),
            int(as_now[:, n : n + 7].sum()),
        )
        for n in range(0, raised.shape[1], 7)
    ]
