"""Weekly channels and wastewater: a newest week that stands out, by two methods.

The daily model cannot speak of a series with a value a week; its weekly form does, and Farrington's
improved method says whether it agrees. Wastewater is sampled on some days: its weeks are geometric
means, Monday to Sunday, on a scale of their own.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Series, Verdicts
from tongchou.surveillance.alarms import Limits
from tongchou.surveillance.found import Found, alone
from tongchou.surveillance.gathering import Floats, gathered
from tongchou.surveillance.models import Cadence, Channel, ChannelKind

#: Years of weeks that are read.
YEARS = 7
METHODS = ("weekly", "farrington")
#: At most so many years back for Farrington's method, as far as the history reaches.
_BACK = 5
#: Wastewater counts copies in whatever unit the laboratory has. A usual week is made so many: the
#: least spread that counts can have is then a tenth of it, less than any laboratory's own.
_USUAL = 100.0


@dataclass(frozen=True, eq=False)
class Weeks:
    """Weekly values by area and channel, f64[n_areas, n_channels, n_weeks]; NaN: not reported.

    `unit` is f64[n_areas, n_channels], what a count of 1 stands for: 1, except of wastewater.
    """

    areas: tuple[str, ...]
    channels: tuple[str, ...]
    dates: list[date]
    counts: Floats
    unit: Floats

    def flat(self) -> Series:
        """All series under one another, as counts."""
        scaled = self.counts / self.unit[:, :, None]
        return Series(scaled.reshape(-1, len(self.dates)), self.dates)


def ended(day: date) -> list[Weeks]:
    """The weeks that ended on `day`, of the channels that count by such weeks."""
    tables = (_counted(day), _sampled(day) if day.weekday() == 6 else None)
    return [weeks for weeks in tables if weeks is not None]


def _counted(day: date) -> Weeks | None:
    table = gathered(day, 7 * 52 * YEARS, cadence=Cadence.WEEKLY)
    if table is None:
        return None
    offset = (day - timedelta(days=6) - table.first).days % 7
    counts = table.counts[:, :, offset::7]
    if not counts.shape[2] or np.isnan(counts).all():
        return None
    unit = np.ones(counts.shape[:2])
    return _last(Weeks(table.areas, table.channels, table.dates[offset::7], counts, unit), day)


def of_channel(channel: Channel, last: date) -> Weeks | None:
    """The weeks of one channel that had ended by `last`; of a weekly one, those it counts by."""
    if channel.kind == ChannelKind.WASTEWATER and channel.cadence != Cadence.WEEKLY:
        weeks = _sampled(last - timedelta(days=(last.weekday() + 1) % 7))
    else:
        table = gathered(last, 7 * 52 * YEARS, cadence=Cadence.WEEKLY)
        if table is None or channel.pk not in table.channels:
            return None
        # Weeks begin on whatever day this channel's do; the other days of the table are empty.
        told = ~np.isnan(table.counts[:, table.channels.index(channel.pk)]).all(axis=0)
        begin = np.bincount(np.flatnonzero(told) % 7, minlength=7).argmax()
        ended_on = table.first + timedelta(days=int(begin) + 6)
        weeks = _counted(last - timedelta(days=(last - ended_on).days % 7))
    if weeks is None or channel.pk not in weeks.channels:
        return None
    column = weeks.channels.index(channel.pk)
    one = slice(column, column + 1)
    return replace(
        weeks, channels=(channel.pk,), counts=weeks.counts[:, one], unit=weeks.unit[:, one]
    )


def _last(weeks: Weeks, day: date) -> Weeks | None:
    """The same up to the week that ended on `day`."""
    keep = sum(each + timedelta(days=6) <= day for each in weeks.dates)
    if not keep or np.isnan(weeks.counts[:, :, :keep]).all():
        return None
    return replace(weeks, dates=weeks.dates[:keep], counts=weeks.counts[:, :, :keep])


def _sampled(day: date) -> Weeks | None:
    """Wastewater by weeks: the geometric mean of the samples of an area's sites."""
    table = gathered(day, 7 * 52 * YEARS, wastewater=True)
    if table is None:
        return None
    missing = -table.n_days % 7  # days of the first week before its first sample
    days = np.pad(table.counts, ((0, 0), (0, 0), (missing, 0)), constant_values=np.nan)
    by_week = days.reshape(*days.shape[:2], -1, 7)
    told = ~np.isnan(by_week)
    n = told.sum(axis=3)
    log = np.log(np.maximum(np.where(told, by_week, 1.0), _least(days)[:, :, None, None]))
    mean = np.exp(np.where(told, log, 0.0).sum(axis=3) / np.maximum(n, 1))
    first = table.first - timedelta(days=missing)
    dates = [first + timedelta(days=7 * n) for n in range(by_week.shape[2])]
    counts = np.where(n > 0, mean, np.nan)
    return Weeks(table.areas, table.channels, dates, counts, _median(counts) / _USUAL)


def _least(days: Floats) -> Floats:
    """Half of the smallest value above zero: what a sample without any is taken for."""
    smallest = np.where(days > 0, days, np.inf).min(axis=2)
    return np.where(np.isfinite(smallest), smallest / 2, 1.0)


def _median(counts: Floats) -> Floats:
    out = np.full(counts.shape[:2], np.nan)
    some = ~np.isnan(counts).all(axis=2)
    out[some] = np.nanmedian(counts[some], axis=1)
    return np.where(out > 0, out, 1.0)


def verdicts(series: Series, method: str, at: ArrayLike) -> Verdicts:
    """What one of `METHODS` says of these weeks."""
    from tongchou.epi.detect import daily
    from tongchou.epi.detect.farrington_flexible import Improved, flexible

    times = series.times(at)
    if method == "weekly":
        return daily.glm(series, times, daily.Weekly())
    years = min(_BACK, (int(times.min()) - Improved().w) // 53)
    if years < 1:
        return Verdicts.silent(series.n_series, times)
    return flexible(series, times, Improved(b=years))


def detect(day: date, limits: Limits) -> list[Found]:
    """Weekly series whose newest week ended on `day` and stands out."""
    return [one for weeks in ended(day) for one in _found(weeks, day, limits)]


def _found(weeks: Weeks, day: date, limits: Limits) -> list[Found]:
    if weeks.dates[-1] + timedelta(days=6) != day or np.isnan(weeks.counts[:, :, -1]).all():
        return []
    series = weeks.flat()
    said = {method: verdicts(series, method, [-1]) for method in METHODS}
    found = []
    for at in range(series.n_series):
        row, column = divmod(at, len(weeks.channels))
        area, channel = weeks.areas[row], weeks.channels[column]
        loud = _loud(said, at, channel, limits, float(series.counts[at, -1]))
        if loud:
            # The first is the surest, in terms of the limit that it was held against.
            lead, unit = said[loud[0]], float(weeks.unit[row, column])
            found.append(
                alone(
                    area, channel, loud, p=float(lead.p[at, 0]),
                    observed=float(weeks.counts[row, column, -1]),
                    expected=float(lead.expected[at, 0]) * unit,
                    bound=float(lead.bound[at, 0]) * unit,
                )
            )  # fmt: skip
    return found


def _loud(
    said: dict[str, Verdicts], at: int, channel: str, limits: Limits, observed: float
) -> list[str]:
    """The methods by which a series is an alarm, the one furthest beyond its limit first.

    A method that is not asked by itself (its limit is zero) may still agree with another.
    """
    beyond, others = {}, {}
    for method, each in said.items():
        p, limit = float(each.p[at, 0]), limits.of(channel, method)
        if np.isnan(p) or observed <= each.expected[at, 0]:
            continue
        if limit > 0 and p <= limit:
            beyond[method] = p / limit
        elif not limit:
            others[method] = p
    most = max((limits.of(channel, method) for method in beyond), default=0.0)
    agrees = [method for method, p in others.items() if p <= most]
    return [*sorted(beyond, key=lambda method: beyond[method]), *agrees]
