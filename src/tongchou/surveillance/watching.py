"""The channels of an area day by day, with what was to be expected, the bound, and the alarms.

For the eye, beside the cycle's own verdict: EARS C2, which needs four weeks and nothing else. A sum
over sites is shown only for days on which nearly all of those that report have done so.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tongchou.areas.models import subtree
from tongchou.epi.detect.series import Series
from tongchou.surveillance import history
from tongchou.surveillance.models import Cadence, Channel, Duty

#: So many days before the first one shown are read, for the first bound.
BEFORE = 35
#: Share of the sites that report at all which must have reported for a sum to be shown.
NEARLY_ALL = 0.8
#: A site that has been silent for so long does not count among those that report.
FORGOTTEN = 14


@dataclass(frozen=True)
class Watched:
    """One channel of an area. Lists run along `days`; None where nothing (or too little) is."""

    channel: Channel
    days: list[date]
    counts: list[float | None]
    expected: list[float | None]
    bound: list[float | None]
    alarms: list[date]
    n_sites: int
    n_reported: int  # sites that reported the last day

    @property
    def step(self) -> int:
        return 7 if self.channel.cadence == Cadence.WEEKLY else 1

    @property
    def last(self) -> float | None:
        return self.counts[-1] if self.counts else None


def watched(
    path: str, last: date, *, n_days: int = 42, channels: Sequence[str] = ()
) -> list[Watched]:
    """The channels that are counted in the area at `path`, up to `last`; official totals not."""
    duties = Duty.objects.filter(
        subtree(path, field="site__area__path"), channel__cumulative=False
    ).select_related("channel")
    if channels:
        duties = duties.filter(channel__in=channels)
    by_channel: dict[Channel, list[int]] = defaultdict(list)
    for duty in duties.order_by("channel_id", "number"):
        by_channel[duty.channel].append(duty.number)
    return [_one(channel, numbers, last, n_days) for channel, numbers in by_channel.items()]


def _one(channel: Channel, numbers: list[int], last: date, n_days: int) -> Watched:
    from tongchou.epi.detect.ears import Ears, c2

    weekly = channel.cadence == Cadence.WEEKLY
    if weekly:
        n_days *= 7
    first = last - timedelta(days=n_days - 1 + BEFORE * (7 if weekly else 1))
    counts = history.load(numbers, first, last)
    days = [first + timedelta(days=n) for n in range(counts.shape[1])]
    if weekly:
        told = np.asarray(~np.isnan(counts).all(axis=0))
        weekday = _usual_weekday(days, told)
        keep = [n for n, day in enumerate(days) if day.weekday() == weekday]
        counts, days = counts[:, keep], [days[n] for n in keep]
    total = sums(counts)
    # Small counts: the spread is not taken for less than one, or a single one would be an alarm.
    verdicts = c2(Series(total[None, :], dates=days), options=Ears(baseline=28, min_sigma=1.0))
    shown = [n for n, day in enumerate(days) if day > last - timedelta(days=n_days)]
    reported = np.isnan(counts[:, -1]) if len(days) else np.zeros(0, dtype=bool)
    return Watched(
        channel,
        [days[n] for n in shown],
        _plain(total[shown]),
        _plain(verdicts.expected[0][shown]),
        _plain(verdicts.bound[0][shown]),
        [days[n] for n in shown if verdicts.alarm[0][n]],
        len(numbers),
        int((~reported).sum()),
    )


def _usual_weekday(days: Sequence[date], told: NDArray[np.bool_]) -> int:
    found = [day.weekday() for day, one in zip(days, told, strict=True) if one]
    return max(set(found), key=found.count) if found else 0


def sums(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Totals over sites, f64[n_days]; NaN where fewer than nearly all reported."""
    told = ~np.isnan(counts)
    lately = np.zeros_like(told)
    for back in range(min(FORGOTTEN, told.shape[1])):
        lately[:, back:] |= told[:, : told.shape[1] - back or None]
    awaited = lately.sum(axis=0)
    enough = told.sum(axis=0) >= np.maximum(awaited * NEARLY_ALL, 1)
    return np.where(enough, np.nansum(counts, axis=0), np.nan)


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in values]
