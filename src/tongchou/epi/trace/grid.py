"""The grid of co-presence: cells of about 800 m by 800 m, the same all over the world.

Carriers flagged companions in space and time by such cells in 2021. A cell's number fits into 32
bits; the store gives those in use dense numbers.
"""

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace.day import F64, NO_CELL, U32

__all__ = ["METRES", "NO_CELL", "cells", "dense"]

METRES = 800.0
#: Metres per degree of latitude on the sphere of 6,371,008.8 m (IUGG mean radius).
DEGREE = 111_195.08
_COLUMNS = int(360 * DEGREE // METRES) + 1


def cells(longitude: F64, latitude: F64) -> U32:
    """World-wide cell number of each position, u32[n]; `NO_CELL` where there is none.

    Rows are 800 m high; the columns of a row are as wide as fits its southern edge's latitude,
    so cells far north are a little narrower at their top. Positions are in degrees.
    """
    known = np.isfinite(longitude) & np.isfinite(latitude)
    known &= (np.abs(longitude) <= 180) & (np.abs(latitude) <= 90)
    lon, lat = np.where(known, longitude, 0.0), np.where(known, latitude, 0.0)
    step = METRES / DEGREE
    row = np.floor((lat + 90) / step)
    shrink = np.cos(np.radians(np.clip(row * step - 90, -90.0, 90.0)))
    column = np.floor((lon + 180) * np.maximum(shrink, 0.0) / step)
    return np.where(known, row * _COLUMNS + column, NO_CELL).astype(np.uint32)


def dense(world: U32) -> tuple[U32, NDArray[np.uint32]]:
    """Dense numbers u32[n] by the order of `world`, and the world-wide number of each, u32[m]."""
    known = world != NO_CELL
    found, numbers = np.unique(world[known], return_inverse=True)
    out = np.full(world.size, NO_CELL, np.uint32)
    out[known] = numbers
    return out, found
