"""Rings to draw a cluster by: its circle, the hull of its areas, an ellipse about its cases.

All are closed rings of (longitude, latitude), first point last again, as GeoJSON wants them. They
suit a city: a ring over a pole or the date line is not cut.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.scan.circles import EARTH_KM
from tongchou.epi.detect.series import Floats

__all__ = ["circle", "ellipse", "hull"]


def circle(longitude: float, latitude: float, radius_km: float, *, points: int = 64) -> Floats:
    """All that is `radius_km` away on the great circle, f64[points + 1, 2]."""
    far, north = radius_km / EARTH_KM, math.radians(latitude)
    turn = np.linspace(0, 2 * np.pi, points + 1)
    lat = np.arcsin(
        math.sin(north) * math.cos(far) + math.cos(north) * math.sin(far) * np.cos(turn)
    )
    east = np.arctan2(
        np.sin(turn) * math.sin(far) * math.cos(north),
        math.cos(far) - math.sin(north) * np.sin(lat),
    )
    return _closed(np.column_stack((longitude + np.degrees(east), np.degrees(lat))))


def hull(longitude: ArrayLike, latitude: ArrayLike) -> Floats:
    """The smallest convex ring around these points, counter-clockwise, f64[n, 2].

    Of one point or two, or points in a line, a ring without breadth. Andrew 1979,
    doi:10.1016/0020-0190(79)90072-3.
    """
    places = np.unique(np.column_stack((np.atleast_1d(longitude), np.atleast_1d(latitude))), axis=0)
    if len(places) < 3:
        return _closed(np.vstack((places, places[:1])))
    lower, upper = _chain(places), _chain(places[::-1])
    return _closed(np.vstack((lower[:-1], upper[:-1], lower[:1])))


def ellipse(
    longitude: ArrayLike,
    latitude: ArrayLike,
    weight: ArrayLike | None = None,
    *,
    deviations: float = 2.0,
    least_km: float = 0.3,
    points: int = 64,
) -> Floats:
    """An ellipse by mean and covariance of the points, f64[points + 1, 2].

    Parameters
    ----------
    weight
        Cases at each point; all the same by default.
    deviations
        Standard deviations from the middle to the rim.
    least_km
        No half-axis is drawn shorter: one area, or several in a line, must be seen on a map.
    """
    east, north = np.atleast_1d(np.asarray(longitude, float)), np.atleast_1d(latitude)
    share = np.ones(east.size) if weight is None else np.asarray(weight, float)
    if not share.sum() > 0:
        raise ValueError("an ellipse needs a weight above zero")
    share = share / share.sum()
    middle = np.array([share @ east, share @ north])
    degree = math.radians(1) * EARTH_KM
    scale = np.array([degree * math.cos(math.radians(middle[1])), degree])
    km = (np.column_stack((east, north)) - middle) * scale
    variance, axes = np.linalg.eigh((km * share[:, None]).T @ km)
    half = np.maximum(deviations * np.sqrt(np.maximum(variance, 0)), least_km)
    turn = np.linspace(0, 2 * np.pi, points + 1)
    rim = np.column_stack((np.cos(turn), np.sin(turn))) * half
    return _closed(middle + (rim @ axes.T) / scale)


def _chain(places: Floats) -> Floats:
    """One side of the hull of points in order."""
    kept: list[Floats] = []
    for place in places:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], place) <= 0:
            kept.pop()
        kept.append(place)
    return np.array(kept)


def _turn(a: Floats, b: Floats, c: Floats) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _closed(ring: Floats) -> Floats:
    ring[-1] = ring[0]
    return ring
