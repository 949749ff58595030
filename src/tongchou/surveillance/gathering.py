"""The counts of the sentinels as detectors take them: by area and channel, day by day.

A sum is a sum only where everybody who reports at all did so; days that the quality check silenced
are days that were not reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Series
from tongchou.surveillance import history
from tongchou.surveillance.models import Cadence, ChannelKind, Duty, Finding

Floats = NDArray[np.float64]
#: (duty, number, area, channel, source)
Row = tuple[int, int, str, str, str]


@dataclass(frozen=True, eq=False)
class Table:
    """Counts by area and channel, f64[n_areas, n_channels, n_days]; NaN where one is missing."""

    areas: tuple[str, ...]
    channels: tuple[str, ...]
    first: date
    counts: Floats

    @property
    def n_days(self) -> int:
        return int(self.counts.shape[2])

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.n_days)]

    def flat(self) -> Series:
        """All series under one another."""
        return Series(self.counts.reshape(-1, self.n_days), self.dates)


def gathered(
    day: date, history_days: int, *, cadence: str = Cadence.DAILY, wastewater: bool = False
) -> Table | None:
    """The counts of the sentinels up to `day`, added up by area and channel.

    Wastewater is apart: of the sites of an area it is the geometric mean of those that sampled.
    """
    of_kind = Duty.objects.exclude(channel__kind=ChannelKind.OFFICIAL)
    if wastewater:
        of_kind = of_kind.filter(channel__kind=ChannelKind.WASTEWATER)
    else:
        of_kind = of_kind.exclude(channel__kind=ChannelKind.WASTEWATER)
    duties = list(
        of_kind.filter(channel__cadence=cadence, channel__cumulative=False)
        .order_by("site__area_id", "channel_id", "number")
        .values_list("pk", "number", "site__area_id", "channel_id", "site__source_id")
    )
    if not duties:
        return None
    first = day - timedelta(days=history_days - 1)
    counts = history.load([row[1] for row in duties], first, day)
    told = ~np.isnan(counts)
    if not told.any():
        return None
    begin = int(told.any(axis=0).argmax())  # what lies before the first report is no history
    counts, first = counts[:, begin:], first + timedelta(days=begin)
    _silence(counts, first, day, duties)
    areas = sorted({row[2] for row in duties})
    channels = sorted({row[3] for row in duties})
    place = {code: n for n, code in enumerate(areas)}
    column = {slug: n for n, slug in enumerate(channels)}
    cell = np.array([place[row[2]] * len(channels) + column[row[3]] for row in duties])
    summed = (_averaged if wastewater else _added)(counts, cell, len(areas) * len(channels))
    return Table(
        tuple(areas),
        tuple(channels),
        first,
        summed.reshape(len(areas), len(channels), -1),
    )


def _added(counts: Floats, cell: NDArray[np.int64], n_cells: int) -> Floats:
    """Sums of the series of a cell, NaN on days on which one that reports at all did not."""
    out = np.full((n_cells, counts.shape[1]), np.nan)
    used, size = np.unique(cell, return_counts=True)
    alone = np.isin(cell, used[size == 1])
    out[cell[alone]] = counts[alone]
    for each in used[size > 1]:
        part = counts[cell == each]
        told = ~np.isnan(part)
        live = _alive(told)
        whole = (told | ~live).all(axis=0) & told.any(axis=0)
        out[each] = np.where(whole, np.nansum(part, axis=0), np.nan)
    return out


def _averaged(values: Floats, cell: NDArray[np.int64], n_cells: int) -> Floats:
    """Geometric means of the series of a cell that have a value; 0 where any of them is 0."""
    out = np.full((n_cells, values.shape[1]), np.nan)
    for each in np.unique(cell):
        part = values[cell == each]
        n = (~np.isnan(part)).sum(axis=0)
        with np.errstate(divide="ignore"):
            log = np.nansum(np.log(part), axis=0)
        out[each] = np.where(n > 0, np.exp(log / np.maximum(n, 1)), np.nan)
    return out


def _alive(told: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a series is among those that report: from its first report to two weeks after its
    last."""
    n_days = told.shape[1]
    first = np.where(told.any(axis=1), told.argmax(axis=1), n_days)
    last = n_days - 1 - told[:, ::-1].argmax(axis=1)
    days = np.arange(n_days)
    return (
        (days >= first[:, None])
        & (days <= last[:, None] + 14)
        & np.asarray(told.any(axis=1))[:, None]
    )


def _silence(counts: Floats, first: date, last: date, duties: Sequence[Row]) -> None:
    """Take out the days that a finding says are not to be computed on."""
    rows = Finding.objects.filter(
        silent=True, gone_at=None, to_on__gte=first, from_on__lte=last
    ).values_list("duty_id", "source_id", "channel_id", "from_on", "to_on", "params")
    place = {row[0]: n for n, row in enumerate(duties)}
    for duty, source, channel, begin, end, params in rows:
        days = slice(max((begin - first).days, 0), (end - first).days + 1)
        if duty is not None:
            if duty in place:
                counts[place[duty], days] = np.nan
        elif params.get("everywhere"):
            hit = [
                n for n, row in enumerate(duties) if row[4] == source and channel in (None, row[3])
            ]
            counts[hit, days] = np.nan
