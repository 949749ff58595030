"""What history says a limit of p would have raised, so that somebody sees it before choosing.

The daily cycle alarms where p is no greater than the limit of a channel and a method (`detecting`);
here the same methods run over what was counted, and the limit is found that gives so many false
alarms. It takes seconds to minutes: `actions.replays` lets the worker do it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Series
from tongchou.surveillance import alarms, detecting, weekly
from tongchou.surveillance.gathering import Floats, Table, gathered
from tongchou.surveillance.models import Cadence, Channel, ChannelKind, Evidence, Signal

#: Told how much is done, and of how much.
Progress = Callable[[int, int], object]

#: Weeks that are replayed; and of channels with one value a week, for as many chances of an alarm.
WEEKS, LONG = 26, 156
#: All channels weighed together: no channel of its own.
TOGETHER = "evidence"
#: Of channels that count by the day.
DAILY = ("daily", "ears-c2")
#: The methods of the daily cycle that can be replayed.
METHODS = (TOGETHER, *DAILY, *weekly.METHODS)
#: Fewer days (or weeks) than this of a series tell nothing of its alarms.
_LEAST = 28
_SMALLEST, _LARGEST = 1e-12, 0.5


def _nobody(_done: int, _of: int) -> None:
    """Progress that nobody watches."""


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
    """What a limit would have done. Alarms are counted once for each run of days (or weeks).

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

    def facts(self) -> dict[str, Any]:
        """As plain values, for the record."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        plain["channel"] = self.channel.pk if self.channel else None
        plain["first"], plain["last"] = self.first.isoformat(), self.last.isoformat()
        plain["weeks"] = [[week.begin.isoformat(), week.n, week.n_now] for week in self.weeks]
        return plain


def from_facts(facts: dict[str, Any], channel: Channel | None) -> Replay:
    """A replay as it was kept."""
    told = dict(facts) | {"channel": channel}
    told["first"], told["last"] = (date.fromisoformat(facts[name]) for name in ("first", "last"))
    told["weeks"] = [Week(date.fromisoformat(begin), *n) for begin, *n in facts["weeks"]]
    return Replay(**told)


def methods_of(channel: Channel | None) -> tuple[str, ...]:
    """The methods of the daily cycle that judge this channel; without one, all together."""
    if channel is None:
        return (TOGETHER,)
    weeks = channel.cadence == Cadence.WEEKLY or channel.kind == ChannelKind.WASTEWATER
    return weekly.METHODS if weeks else DAILY


def in_force(channel: Channel | None, detector: str) -> float:
    """The limit that the next daily cycle goes by."""
    return alarms.in_force().of(channel.pk if channel else "", detector)


def replay(
    channel: Channel | None,
    detector: str,
    *,
    per_week: float,
    last: date,
    weeks: int | None = None,
    progress: Progress = _nobody,
) -> Replay:
    """Run a method over the last weeks of a channel, and find the limit for `per_week` alarms.

    Days of signals that were confirmed are left out: they were no false alarms.

    Parameters
    ----------
    weeks
        Half a year by default; three years where there is one value a week.
    progress
        Called with how much is done, and of how much.

    Raises
    ------
    TooThin
        Where too few days were reported to tell.
    """
    from tongchou.epi.detect.thresholds import from_replay

    if channel is not None and detector in weekly.METHODS:
        told = weekly.of_channel(channel, last)
        if told is None:
            raise TooThin
        step, n = 7, min(weeks or LONG, len(told.dates))
        areas, last = told.areas, told.dates[-1] + timedelta(days=6)
        scores = _weekly(told, detector, n, progress)
    else:
        table = gathered(last, detecting.HISTORY)
        if table is None or (channel is not None and channel.pk not in table.channels):
            raise TooThin
        step, n = 1, min(7 * (weeks or WEEKS), table.n_days // 7 * 7)
        areas = table.areas
        if channel is None:
            scores = _together(table, n, progress)
        else:
            scores = _daily(table, channel, detector, n, progress)
    first = last - timedelta(days=step * n - 1)
    calm = _without_true(scores, areas, channel, first, last, step)
    n_series = int(((~np.isnan(calm)).sum(axis=1) >= _LEAST).sum())
    if not n_series:
        raise TooThin
    a_week = 7 // step * n_series  # chances of an alarm in a week
    try:
        found = from_replay(calm, rate=per_week / a_week)
    except ValueError as refusal:
        raise TooThin(str(refusal)) from refusal
    standing = in_force(channel, detector)
    wanted = float(np.clip(10.0**-found.bound, _SMALLEST, _LARGEST))
    raised, as_now = _begins(scores, -np.log10(wanted)), _begins(scores, _bound(standing))
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
        _by_week(raised, as_now, first, 7 // step),
        found.extrapolated,
        found.rate_low * a_week,
        found.rate_high * a_week,
    )


def _daily(
    table: Table, channel: Channel, detector: str, n_days: int, progress: Progress
) -> Floats:
    """-log10 p of every area and day, f64[n_areas, n_days]; NaN where the method is silent."""
    from tongchou.epi.detect import daily
    from tongchou.epi.detect.ears import Ears, c2

    series = Series(table.counts[:, table.channels.index(channel.pk), :], table.dates)
    at = np.arange(table.n_days - n_days, table.n_days)
    if detector == "ears-c2":
        return _score(c2(series, at, Ears(min_sigma=1.0)).p)
    parts = _parts(at)
    found = []
    for n, part in enumerate(parts):
        progress(n, len(parts))
        found.append(daily.glm(series, part).p)
    return _score(np.concatenate(found, axis=1))


def _together(table: Table, n_days: int, progress: Progress) -> Floats:
    from tongchou.epi.detect import daily, evidence

    days = np.arange(max(table.n_days - n_days - detecting.ADDED, 0), table.n_days)
    parts, bases = _parts(days), []
    for n, part in enumerate(parts):
        progress(n, len(parts) + 1)
        bases.append(daily.baseline(table.flat(), part))
    progress(len(parts), len(parts) + 1)
    shape = (len(table.areas), len(table.channels), days.size)
    expected, dispersion = (
        np.concatenate([getattr(base, name) for base in bases], axis=1).reshape(shape)
        for name in ("expected", "dispersion")
    )
    kinds = [] if np.isnan(expected).all() else detecting.kinds(table, expected, dispersion)
    if not kinds:
        raise TooThin
    counts = table.counts[:, :, days]
    factor = detecting.city_factor(counts, expected, dispersion)
    score = evidence.gather(counts, expected * factor, dispersion, kinds).score
    return np.asarray(score[:, -n_days:] / np.log(10))  # p = exp(-score), Wald's bound


def _weekly(weeks: weekly.Weeks, detector: str, n_weeks: int, progress: Progress) -> Floats:
    series, found = weeks.flat(), []
    at = range(len(weeks.dates) - n_weeks, len(weeks.dates))
    for n, week in enumerate(at):
        if n % 13 == 0:
            progress(n, n_weeks)
        found.append(weekly.verdicts(series, detector, [week]).p)
    return _score(np.concatenate(found, axis=1))


def _score(p: Floats) -> Floats:
    return np.asarray(-np.log10(np.clip(p, 1e-300, 1.0)))


def _parts(days: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Four weeks at a time: a fit serves about as many days, and somebody watches the progress."""
    return np.split(days, range(28, days.size, 28))


def _without_true(
    scores: Floats,
    areas: Sequence[str],
    channel: Channel | None,
    first: date,
    last: date,
    step: int,
) -> Floats:
    calm = scores.copy()
    true = Signal.objects.filter(passage__stage="confirmed", area_id__in=areas)
    rows = Evidence.objects.filter(signal__in=true, day__range=(first, last), stands=True)
    place = {area: n for n, area in enumerate(areas)}
    for area, day, shares in rows.values_list("signal__area_id", "day", "shares"):
        if channel is None or any(share["channel"] == channel.pk for share in shares):
            calm[place[area], (day - first).days // step] = np.nan
    return calm


def _bound(limit: float) -> float:
    """The score of a limit; a method without one raises nothing."""
    return float(-np.log10(limit)) if limit else float("inf")


def _begins(scores: Floats, bound: float) -> NDArray[np.bool_]:
    """Where a run of days at or above the bound begins."""
    above = np.nan_to_num(scores, nan=-1.0) >= bound
    before = np.zeros_like(above)
    before[:, 1:] = above[:, :-1]
    return np.asarray(above & ~before)


def _by_week(
    raised: NDArray[np.bool_], as_now: NDArray[np.bool_], first: date, a_week: int
) -> list[Week]:
    """`a_week` columns are a week."""
    return [
        Week(
            first + timedelta(days=7 * (n // a_week)),
            int(raised[:, n : n + a_week].sum()),
            int(as_now[:, n : n + a_week].sum()),
        )
        for n in range(0, raised.shape[1], a_week)
    ]
