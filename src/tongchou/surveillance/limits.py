"""From which p a channel alarms, and what history says a limit would have raised.

`in_force` is what the daily cycle asks; a channel and a method that nobody has set have `DEFAULT`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect import ears
from tongchou.epi.detect.series import Series
from tongchou.epi.detect.thresholds import from_replay
from tongchou.surveillance import history
from tongchou.surveillance.models import Channel, Duty, Evidence, Signal, Threshold

#: One false alarm in a thousand days of a series, where nobody has chosen.
DEFAULT = 0.001
#: Weeks that are replayed, and days before them that are read for the first expectation.
WEEKS, BEFORE = 26, 40
#: The methods that can be replayed while somebody waits.
METHODS = ("ears-c1", "ears-c2", "ears-c3")
_RUN = {"ears-c1": ears.c1, "ears-c2": ears.c2, "ears-c3": ears.c3}
_OPTIONS = ears.Ears(baseline=28, min_sigma=1.0)


def in_force(*, now: datetime) -> dict[tuple[str, str], float]:
    """The limit of each (channel, method) that somebody has set; the newest counts."""
    rows = Threshold.objects.filter(set_at__lte=now).order_by("set_at", "id")
    return {(row.channel_id or "", row.detector): row.limit for row in rows}


def limit(
    chosen: dict[tuple[str, str], float], channel: str, detector: str, default: float = DEFAULT
) -> float:
    """What stands for this channel and method: its own, else that of all channels, else default."""
    own = chosen.get((channel, detector))
    return own if own is not None else chosen.get(("", detector), default)


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
    too short to count so few of them and an exponential tail stands in.
    """

    channel: Channel
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


class TooThin(ValueError):
    """History is too short to choose a limit by it."""


def replay(
    channel: Channel, detector: str, *, per_week: float, last: date, now: float, weeks: int = WEEKS
) -> Replay:
    """Run a method over the last weeks of a channel, and find the limit for `per_week` alarms.

    Days of signals that were confirmed are left out: they were no false alarms.

    Raises
    ------
    TooThin
        Where too few days were reported to tell.
    """
    first = last - timedelta(days=7 * weeks - 1)
    duties = list(Duty.objects.filter(channel=channel).values_list("number", "site__area_id"))
    if not duties:
        raise TooThin
    scores, days = _scores(duties, detector, first, last)
    calm = _without_true(scores, channel, [area for _number, area in duties], first, last)
    told = int((~np.isnan(calm)).sum())
    if told < 7 * len(duties) or told < 100:
        raise TooThin
    rate = per_week / 7 / len(duties)
    try:
        found = from_replay(calm, rate=rate)
    except ValueError as refusal:
        raise TooThin(str(refusal)) from refusal
    wanted = float(np.clip(10**-found.bound, 1e-12, 0.5))
    raised, standing = _begins(scores, found.bound), _begins(scores, -np.log10(now))
    return Replay(
        channel,
        detector,
        first,
        last,
        len(duties),
        per_week,
        wanted,
        now,
        int(raised.sum()),
        int(standing.sum()),
        _by_week(raised, standing, days),
        found.extrapolated,
        found.rate_low * 7 * len(duties),
        found.rate_high * 7 * len(duties),
    )


def _scores(
    duties: Sequence[tuple[int, str]], detector: str, first: date, last: date
) -> tuple[NDArray[np.float64], list[date]]:
    """-log10 p of every series and day, f64[n_series, n_days]; NaN where the method is silent."""
    begin = first - timedelta(days=BEFORE)
    counts = history.load([number for number, _area in duties], begin, last)
    days = [begin + timedelta(days=n) for n in range(counts.shape[1])]
    verdicts = _RUN[detector](Series(counts, dates=days), options=_OPTIONS)
    p = np.clip(verdicts.p[:, BEFORE:], 1e-300, 1.0)
    return -np.log10(p), days[BEFORE:]


def _without_true(
    scores: NDArray[np.float64], channel: Channel, areas: Sequence[str], first: date, last: date
) -> NDArray[np.float64]:
    calm = scores.copy()
    true = Signal.objects.filter(passage__stage="confirmed", area_id__in=set(areas))
    rows = Evidence.objects.filter(signal__in=true, day__range=(first, last), stands=True)
    for area, day, shares in rows.values_list("signal__area_id", "day", "shares"):
        if any(share["channel"] == channel.pk for share in shares):
            at = [place for place, one in enumerate(areas) if one == area]
            calm[at, (day - first).days] = np.nan
    return calm


def _begins(scores: NDArray[np.float64], bound: float) -> NDArray[np.bool_]:
    """Where a run of days above the bound begins."""
    above = np.nan_to_num(scores, nan=-1.0) > bound
    before = np.zeros_like(above)
    before[:, 1:] = above[:, :-1]
    return above & ~before


def _by_week(
    raised: NDArray[np.bool_], standing: NDArray[np.bool_], days: Sequence[date]
) -> list[Week]:
    return [
        Week(days[n], int(raised[:, n : n + 7].sum()), int(standing[:, n : n + 7].sum()))
        for n in range(0, len(days) - 6, 7)
    ]
