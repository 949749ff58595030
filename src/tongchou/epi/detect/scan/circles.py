"""Circles of areas: which areas lie nearest to each centre, and how far a circle may grow.

Distances are great-circle and compared in whole millimetres, so that two areas equally far away
stay in the order of their rows whatever the last bits of a float say.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.detect.series import Floats, Indices

__all__ = ["EARTH_KM", "Circles", "circles", "nearest"]

#: Mean radius of the earth, IUGG.
EARTH_KM = 6371.0088
_MM = 1e6  # millimetres in a kilometre
_AT_ONCE = 1 << 21  # distances held at once

Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Circles:
    """The circles around every centre, nearest area first.

    Attributes
    ----------
    starts
        i64[n_areas + 1]. The circles around area c are the first 1, 2, 3 … of
        `order[starts[c]:starts[c + 1]]`; none where even the centre alone is too large.
    order
        i32[n_circles], areas.
    """

    starts: Indices
    order: Ints

    def __len__(self) -> int:
        return self.order.size

    def around(self, centre: int) -> Ints:
        """The areas of the largest circle around a centre, nearest first."""
        return self.order[self.starts[centre] : self.starts[centre + 1]]


def nearest(
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    centres: ArrayLike | None = None,
    most: int | None = None,
) -> tuple[Ints, Floats]:
    """The areas nearest to each centre, itself first, and how far away they are.

    Areas equally far away, to the millimetre, stand in the order of their rows.

    Parameters
    ----------
    longitude, latitude
        Degrees, f64[n]; one point for each area.
    centres
        Rows to start from, i64[m]; all of them by default.
    most
        So many areas for each centre; all of them by default.

    Returns
    -------
    order, km
        i32[m, most] and f64[m, most].

    Raises
    ------
    ValueError
        Where a coordinate is missing or is none.
    """
    points = _points(longitude, latitude)
    n = len(points)
    chosen = np.arange(n) if centres is None else np.atleast_1d(np.asarray(centres, np.int64))
    k = n if most is None else max(min(most, n), 0)
    order, km = np.empty((chosen.size, k), np.int32), np.empty((chosen.size, k))
    step = max(_AT_ONCE // max(n, 1), 1)
    for first in range(0, chosen.size, step):
        rows = slice(first, first + step)
        key = _keys(points, chosen[rows])
        if k < n:
            key = np.partition(key, k - 1, axis=1)[:, :k] if k else key[:, :0]
        key.sort(axis=1)
        order[rows], km[rows] = key % n, key // n / _MM
    return order, km


def circles(
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    weight: ArrayLike,
    share: float | None = None,
    radius_km: float | None = None,
) -> Circles:
    """Circles that grow by one area at a time, up to a share of all weight, a radius, or both.

    Of areas equally far away one enters before the other, so that every whole disc is among the
    circles, and some that lack a part of their rim.

    Parameters
    ----------
    weight
        f64[n], people or cases of each area.
    share
        A circle holds at most this share of all weight; 1 by default.
    radius_km
        No area of a circle lies farther from its centre.
    """
    points = _points(longitude, latitude)
    n = len(points)
    heavy = np.asarray(weight, np.float64)
    if heavy.shape != (n,):
        raise ValueError(f"{heavy.size} weights for {n} areas")
    limit = np.inf if share is None else share * heavy.sum() * (1 + 1e-12)
    within = np.inf if radius_km is None else round(radius_km * _MM)
    k = n if share is None else min(n, int(1.5 * share * n) + 16)
    step = max(_AT_ONCE // max(n, 1), 1)
    sizes, parts = np.zeros(n, np.int64), []
    for first in range(0, n, step):
        key = _keys(points, np.arange(first, min(first + step, n)))
        if radius_km is not None:
            k = max(int((key // n <= within).sum(axis=1).max()), 1)
        while True:
            near = key if k >= n else np.partition(key, k - 1, axis=1)[:, :k]
            near = np.sort(near, axis=1)
            order = near % n
            inside = (np.cumsum(heavy[order], axis=1) <= limit) & (near // n <= within)
            # Weights are never negative, so what is inside is the beginning of each row.
            if k >= n or radius_km is not None or not inside[:, -1].any():
                break
            k = min(2 * k, n)
        sizes[first : first + step] = inside.sum(axis=1)
        parts.append(order[inside].astype(np.int32))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    return Circles(starts, np.concatenate(parts) if parts else np.empty(0, np.int32))


def _points(longitude: ArrayLike, latitude: ArrayLike) -> Floats:
    """Unit vectors, f64[n, 3]."""
    east, north = np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)
    if east.ndim != 1 or east.shape != north.shape:
        raise ValueError("each area needs one longitude and one latitude")
    bad = np.flatnonzero(~((np.abs(east) <= 180) & (np.abs(north) <= 90)))
    if bad.size:
        row = int(bad[0])
        raise ValueError(
            f"area {row}: longitude {east[row]:g}, latitude {north[row]:g} is no place on earth; "
            "longitudes lie within 180 degrees, latitudes within 90"
        )
    east, north = np.radians(east), np.radians(north)
    return np.column_stack(
        (np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north))
    )


def _keys(points: Floats, centres: Indices) -> Indices:
    """Millimetres and row in one number, i64[m, n]: it sorts by distance, then by row."""
    chord = np.zeros((centres.size, len(points)))
    for axis in points.T:  # squares of differences: a dot product would lose short distances
        chord += (axis[centres][:, None] - axis[None, :]) ** 2
    np.sqrt(chord, out=chord)
    np.minimum(chord, 2.0, out=chord)
    km = 2 * EARTH_KM * np.arcsin(chord / 2)
    return np.rint(km * _MM).astype(np.int64) * len(points) + np.arange(len(points))
