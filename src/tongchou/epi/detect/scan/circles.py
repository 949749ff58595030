"""Circles of areas: which areas lie nearest to each centre, and how far a circle may grow.

Distances are great-circle and compared in whole millimetres, so that two areas equally far away
stay in the order of their rows whatever the last bits of a float say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
    """The areas nearest to each centre, beginning with itself, and how far away they are.

    Areas equally far away, to the millimetre, stand in the order of their rows; so do those that
    lie where the centre does.

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
    every = np.arange(n)[None, :]
    step = max(_AT_ONCE // max(n, 1), 1)
    for first in range(0, chosen.size, step):
        rows = slice(first, first + step)
        areas, mm = _sorted(points, chosen[rows], np.broadcast_to(every, (chosen[rows].size, n)))
        order[rows], km[rows] = areas[:, :k], mm[:, :k] / _MM
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
    k = min(n, 16 if share is None else int(1.5 * share * n) + 16)
    pending, found = np.arange(n), []
    tree = _tree(points)
    while pending.size:
        later = []
        step = max(_AT_ONCE // max(k, 1), 1)
        for first in range(0, pending.size, step):
            rows = pending[first : first + step]
            order, mm = _sorted(points, rows, tree.query(points[rows], k=np.arange(1, k + 1))[1])
            # Weights are never negative, so what is inside is the beginning of each row.
            inside = (np.cumsum(heavy[order], axis=1) <= limit) & (mm <= within)
            sizes = inside.sum(axis=1)
            # Enough are known where the first left out is nearer than the last known.
            edge = np.take_along_axis(mm, np.minimum(sizes, k - 1)[:, None], axis=1)[:, 0]
            known = (mm[:, -1] > edge + 1) | (k >= n)
            found.append((rows[known], sizes[known], order[known][inside[known]]))
            later.append(rows[~known])
        pending, k = np.concatenate(later), min(2 * k, n)
    return _joined(n, found)


def _joined(n: int, parts: Sequence[tuple[Indices, Indices, Indices]]) -> Circles:
    """From (centres, sizes, areas one after the other)."""
    sizes = np.zeros(n, np.int64)
    for centres, lengths, _ in parts:
        sizes[centres] = lengths
    starts = np.concatenate(([0], np.cumsum(sizes)))
    order = np.empty(starts[-1], np.int32)
    for centres, lengths, areas in parts:
        before = np.cumsum(lengths) - lengths
        order[np.arange(areas.size) + np.repeat(starts[centres] - before, lengths)] = areas
    return Circles(starts, order)


def _tree(points: Floats) -> Any:
    from scipy.spatial import cKDTree  # loads slowly, and a page that draws needs none

    return cKDTree(points)


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


def _sorted(points: Floats, centres: Indices, near: Indices) -> tuple[Indices, Indices]:
    """Rows of areas in order of distance, then of row; and the distances in millimetres."""
    chord = np.zeros(near.shape)
    for axis in points.T:  # squares of differences: a dot product would lose short distances
        chord += (axis[centres][:, None] - axis[near]) ** 2
    np.sqrt(chord, out=chord)
    np.minimum(chord, 2.0, out=chord)
    mm = np.rint(2 * EARTH_KM * _MM * np.arcsin(chord / 2)).astype(np.int64)
    mm *= len(points)
    mm += near
    mm.sort(axis=1)
    return mm % len(points), mm // len(points)
