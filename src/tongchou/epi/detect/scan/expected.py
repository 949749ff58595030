"""How many cases were due in each area over the last days, under either model.

An area-day that was not reported has no cases due and none found: it is left out of both sides.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Flags, Floats

__all__ = ["Expected", "permutation", "poisson"]

_ROUNDS = 10_000
_CLOSE = 1e-13


@dataclass(frozen=True, eq=False)
class Expected:
    """Cases due: `parts / divisor`.

    Kept as a fraction because both halves are whole numbers wherever nothing is missing; cylinders
    with the same cases and the same people then have exactly the same ratio.

    Attributes
    ----------
    parts
        f64[n_areas, n_durations]; column d holds the last d + 1 days.
    divisor
        Above zero.
    """

    parts: Floats
    divisor: float

    def of(self, areas: ArrayLike, days: int) -> float:
        """Cases due in these areas over the last `days` days."""
        return float(self.parts[np.asarray(areas, np.int64), days - 1].sum() / self.divisor)


def permutation(counts: Floats, days: int) -> Expected:
    """Due by the margins: what an area has in all, spread as the whole city is over the days.

    With days that did not come, by the margins of what did (quasi-independence): a factor for
    each area and one for each day, fitted in turn until the sums of both agree.

    Parameters
    ----------
    counts
        f64[n_areas, n_days], NaN where not reported.
    """
    seen = ~np.isnan(counts)
    filled = np.where(seen, counts, 0.0)
    by_area, by_day = filled.sum(axis=1), filled.sum(axis=0)
    total = float(filled.sum())
    if seen.all():
        return Expected(np.outer(by_area, _last(by_day, days)), total or 1.0)
    return Expected(_last(_fitted(seen, by_area, by_day), days), 1.0)


def poisson(counts: Floats, baseline: ArrayLike, days: int) -> Expected:
    """Due by people: every case equally likely to be any person on any reported day.

    Parameters
    ----------
    counts
        f64[n_areas, n_days], NaN where not reported.
    baseline
        People, or cases expected from elsewhere on any scale: f64[n_areas], or
        f64[n_areas, n_days] where they change from day to day.

    Raises
    ------
    ValueError
        Where it is negative or missing, or cases lie where nobody lives.
    """
    people = np.asarray(baseline, np.float64)
    if people.ndim == 1:
        people = people[:, None]
    if people.ndim != 2 or people.shape[0] != counts.shape[0]:
        raise ValueError(f"population for {people.shape[0]} areas, counts for {counts.shape[0]}")
    seen = ~np.isnan(counts)
    if people.shape[1] not in (1, counts.shape[1]):
        raise ValueError(f"population of {people.shape[1]} days, counts of {counts.shape[1]}")
    if not (np.isfinite(people) & (people >= 0)).all():
        row = int(np.argwhere(~(np.isfinite(people) & (people >= 0)))[0, 0])
        raise ValueError(f"area {row}: its population must be a number from zero up")
    people = np.where(seen, people, 0.0)
    without = np.flatnonzero(((people == 0) & (np.nan_to_num(counts) > 0)).any(axis=1))
    if without.size:
        raise ValueError(f"area {int(without[0])} has cases and no population")
    total = float(np.nansum(counts))
    return Expected(_last(people, days) * total, float(people.sum()) or 1.0)


def _last(by_day: Floats, days: int) -> Floats:
    """Sums over the last 1, 2 … days, along the last axis."""
    return np.cumsum(by_day[..., ::-1], axis=-1)[..., :days]


def _fitted(seen: Flags, by_area: Floats, by_day: Floats) -> Floats:
    """Iterative proportional fitting of area and day factors to reported cells, f64[n, days]."""
    cells = seen.astype(np.float64)
    day = by_day.copy()
    for _ in range(_ROUNDS):
        area = _ratio(by_area, cells @ day)
        before, day = day, _ratio(by_day, area @ cells)
        if np.abs(day - before).max(initial=0.0) <= _CLOSE * max(day.max(initial=0.0), 1e-300):
            break
    area = _ratio(by_area, cells @ day)
    return cells * area[:, None] * day[None, :]


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
