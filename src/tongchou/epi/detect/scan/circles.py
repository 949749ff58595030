"""Circles of areas: which areas lie nearest to each centre, and how far a circle may grow.

Distances are great-circle and compared in whole millimetres, so that two areas equally far away
stay in the order of their rows whatever the last bits of a float say.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.detect.series import Floats, Indices
from tongchou.kit.compiled import example, kernel, workers

__all__ = ["EARTH_KM", "Circles", "along", "circles", "nearest"]

#: Mean radius of the earth, IUGG.
EARTH_KM = 6371.0088
_MM = 1e6  # millimetres in a kilometre
_FAR = 1 << 35  # millimetres: farther than any two places are apart
_BLOCK = 64  # centres done at once; with 2^21 areas their keys still fit 63 bits
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
    rank: ArrayLike | None = None,
    threads: int | None = None,
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
    rank
        What areas equally far away are ordered by, each number below n once; their row by default.
    """
    points = _points(longitude, latitude)
    n = len(points)
    heavy = np.asarray(weight, np.float64)
    if heavy.shape != (n,):
        raise ValueError(f"{heavy.size} weights for {n} areas")
    limit = np.inf if share is None else share * heavy.sum() * (1 + 1e-12)
    within = int(4e10 if radius_km is None else min(round(radius_km * _MM), 4e10))
    ranked = np.arange(n) if rank is None else np.asarray(rank, np.int64)

    def some(first: int) -> tuple[Indices, Ints]:
        stop = min(first + _BLOCK, n)
        return _around(points, first, stop, heavy, limit, within, ranked)

    with ThreadPoolExecutor(workers(threads)) as pool:
        parts = list(pool.map(some, range(0, n, _BLOCK)))
    sizes = np.concatenate([np.zeros(1, np.int64), *(size for size, _ in parts)])
    return Circles(
        np.cumsum(sizes), np.concatenate([np.empty(0, np.int32), *(o for _, o in parts)])
    )


def _around(
    points: Floats,
    first: int,
    stop: int,
    weight: Floats,
    limit: float,
    within: int,
    rank: Indices,
) -> tuple[Indices, Ints]:
    """Sizes and areas, one centre after the other, of the centres from `first` up to `stop`."""
    room = 512 * _BLOCK
    counts = np.empty(stop - first, np.int64)
    while True:
        keys = np.empty(room, np.int64)
        used = _near(points, first, weight, limit, within, rank, counts, keys)
        if used <= room:
            break
        room = int(used)
    # Rows of unlike length are sorted at once: the centre is the highest part of each key.
    keys = np.sort(keys[:used])
    order = np.empty(used, np.int32)
    sizes = np.empty(stop - first, np.int64)
    kept = _inside(keys, counts, np.argsort(rank), weight, limit, within, order, sizes)
    return sizes, order[:kept].copy()


@kernel
def _near(
    points: Floats, first: int, weight: Floats, limit: float, within: int,
    rank: Indices, counts: Indices, keys: Indices,
) -> int:  # fmt: skip
    """Keys of all areas that may lie in a circle, and a few more; returns how many there are.

    Areas are taken by their squared chord, up to a reach that grows until the weight inside is
    too much, and 4 mm beyond: whatever ties with the first area outside is among them.
    """
    n = len(points)
    chord = np.empty(n)
    farthest = (2.0 * math.sin(min((within + 4) / _MM / EARTH_KM, math.pi) / 2)) ** 2
    margin = 4 / _MM / EARTH_KM
    reach, used = min(1e-9, farthest), 0
    for row in range(counts.size):
        x, y, z = points[first + row]
        for j in range(n):  # squares of differences: a dot product would lose short distances
            u, v, w = points[j, 0] - x, points[j, 1] - y, points[j, 2] - z
            chord[j] = u * u + v * v + w * w
        while True:
            inside = 0.0
            for j in range(n):
                inside += weight[j] if chord[j] <= reach else 0.0
            if inside > limit or reach >= farthest or reach >= 4.0:
                break
            reach = min(reach * 1.6, farthest)
        edge, count = (math.sqrt(reach) + margin) ** 2, 0
        for j in range(n):
            if chord[j] <= edge:
                if used + count < keys.size:
                    half = min(math.sqrt(chord[j]) / 2, 1.0)
                    mm = int(np.rint(2 * EARTH_KM * _MM * math.asin(half)))
                    keys[used + count] = (row * _FAR + mm) * n + rank[j]
                count += 1
        counts[row] = count
        used += count
        if inside > 0.0:  # the next centre is often as crowded
            reach = min(reach * min(max(1.2 * limit / inside, 0.25), 1.0), farthest)
    return used


@kernel
def _inside(
    keys: Indices, counts: Indices, ranked: Indices, weight: Floats, limit: float, within: int,
    order: Ints, sizes: Indices,
) -> int:  # fmt: skip
    """The areas of each centre's largest circle, in order; returns how many there are."""
    at, kept = 0, 0
    for row in range(counts.size):
        carried, size = 0.0, 0
        base = row * _FAR * ranked.size
        for k in range(at, at + counts[row]):
            mm = (keys[k] - base) // ranked.size
            j = ranked[keys[k] - base - mm * ranked.size]
            carried += weight[j]
            if carried > limit or mm > within:
                break
            order[kept + size] = j
            size += 1
        sizes[row] = size
        kept += size
        at += counts[row]
    return kept


@example
def _warm_up() -> None:
    circles([0.0, 1.0], [0.0, 1.0], weight=[1.0, 1.0], threads=1)


def along(longitude: ArrayLike, latitude: ArrayLike) -> Indices:
    """Rows in an order in which neighbours mostly follow each other (Morton's), i64[n].

    What is near on the map is then near in memory.
    """
    _points(longitude, latitude)  # refuses what is no place, by its row
    places = [np.asarray(axis, np.float64) for axis in (longitude, latitude)]
    key = np.zeros(places[0].size, np.uint64)
    for axis, place in enumerate(places):
        width = float(np.ptp(place)) if place.size else 0.0
        scaled = np.zeros(place.size) if width == 0 else (place - place.min()) / width
        x = (scaled * 65535).astype(np.uint64)
        for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            x = (x | (x << np.uint64(shift))) & np.uint64(mask)
        key |= x << np.uint64(axis)
    return np.argsort(key, kind="stable")


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
