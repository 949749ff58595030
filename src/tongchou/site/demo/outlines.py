"""Outlines for a city that does not exist: cells around seeds, cut out of their parent.

Straight cuts between seeds, then every edge is bent by a displacement that depends on its ends
alone, so that neighbours share their border.
"""

import hashlib
from collections.abc import Sequence

Point = tuple[float, float]
Ring = list[Point]


def cells(outline: Ring, seeds: Sequence[Point]) -> list[Ring]:
    """For each seed the part of a convex `outline` that is nearer to it than to any other."""
    rings = []
    for seed in seeds:
        ring = outline
        for other in seeds:
            if other != seed:
                ring = _nearer(ring, seed, other)
        rings.append(ring)
    return rings


def _nearer(ring: Ring, seed: Point, other: Point) -> Ring:
    """The part of a ring on the seed's side of the line half-way to `other`."""
    mx, my = (seed[0] + other[0]) / 2, (seed[1] + other[1]) / 2
    nx, ny = other[0] - seed[0], other[1] - seed[1]

    def side(p: Point) -> float:
        return (p[0] - mx) * nx + (p[1] - my) * ny

    kept: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        sa, sb = side(a), side(b)
        if sa <= 0:
            kept.append(a)
        if (sa < 0 < sb) or (sb < 0 < sa):
            t = sa / (sa - sb)
            kept.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return kept


def bent(ring: Ring, *, depth: int = 4) -> Ring:
    """The ring with its edges bent like borders that follow streams and lanes."""
    points: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        points += _bend(a, b, depth)
    return points


def _bend(a: Point, b: Point, depth: int) -> Ring:
    """The points from `a` up to, not including, `b`; the same way back from `b` to `a`."""
    if depth == 0:
        return [a]
    first, last = sorted((_rounded(a), _rounded(b)))
    digest = hashlib.sha256(f"{first}{last}".encode()).digest()
    shift = (digest[0] / 255 - 0.5) * 0.22
    sign = 1 if _rounded(a) == first else -1
    dx, dy = b[0] - a[0], b[1] - a[1]
    middle = ((a[0] + b[0]) / 2 - dy * shift * sign, (a[1] + b[1]) / 2 + dx * shift * sign)
    return _bend(a, middle, depth - 1) + _bend(middle, b, depth - 1)


def _rounded(p: Point) -> Point:
    return round(p[0], 7), round(p[1], 7)


def polygon(ring: Ring) -> dict[str, object]:
    """A closed GeoJSON polygon."""
    points = [[round(x, 5), round(y, 5)] for x, y in ring]
    return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def centre(ring: Ring) -> Point:
    """The mean of the corners; inside, for the convex cells made here."""
    return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
