"""From the dates of a source to the days counted, as its conventions say.

Where a source went over to dating its figures by the day of publication, the last day before has
two rows. The later one counts: it is what the source said last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tongchou.surveillance.models import DateConvention

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Convention:
    """From `from_on` to `to_on` the day counted is the date plus `shift`."""

    from_on: date
    to_on: date | None
    shift: int


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of one source are read; without a convention they are the days counted."""

    conventions: tuple[Convention, ...] = ()

    def counted(self, told: date) -> date:
        """The day that figures dated `told` were counted for, until 24:00."""
        for one in reversed(self.conventions):
            if one.from_on <= told and (one.to_on is None or told <= one.to_on):
                return told + timedelta(days=one.shift)
        return told

    def told(self, counted: date) -> date:
        """The latest date under which a day counted is told."""
        shifts = {0, *(one.shift for one in self.conventions)}
        dates = (counted - timedelta(days=shift) for shift in shifts)
        return max((day for day in dates if self.counted(day) == counted), default=counted)

    def aligned(self, values: Floats, first: date) -> tuple[Floats, date]:
        """Columns of dates, the first of them `first`, as columns of days counted; and the first
        of these. Where a day has two, the later stands, unless it says nothing."""
        n_told = values.shape[1]
        days = [self.counted(first + timedelta(days=n)) for n in range(n_told)]
        if not days:
            return values, first
        begin, end = min(days), max(days)
        out = np.full((values.shape[0], (end - begin).days + 1), np.nan)
        for column, day in enumerate(days):
            told = values[:, column]
            place = (day - begin).days
            out[:, place] = np.where(np.isnan(told), out[:, place], told)
        return out, begin


def dates_of(source: str) -> Dates:
    """The standing conventions of a source."""
    return _as_dates(DateConvention.objects.filter(source=source, withdrawn_at=None))


def _as_dates(rows: Iterable[DateConvention]) -> Dates:
    found = sorted((row.from_on, row.to_on, row.shift) for row in rows)
    return Dates(tuple(Convention(*one) for one in found))
