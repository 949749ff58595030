"""Small cities for the tests of the scan."""

import numpy as np


def points(rng, n, *, grid=False):
    """Longitudes and latitudes; on a grid many lie equally far apart."""
    if grid:
        return 114 + np.arange(n) % 5 * 0.01, 30 + np.arange(n) // 5 * 0.01
    return 114 + rng.random(n) * 0.3, 30 + rng.random(n) * 0.3


def city(seed, *, n=25, days=16, cases=120, planted=True, missing=0.0, grid=False):
    """Longitude, latitude, people, counts; with `planted`, three areas rise for three days."""
    rng = np.random.default_rng(seed)
    longitude, latitude = points(rng, n, grid=grid)
    people = np.round(rng.lognormal(8, 0.6, n))
    rate = np.repeat(people / people.sum() / days, days)
    counts = rng.multinomial(cases, rate).reshape(n, days).astype(float)
    if planted:
        counts[[3, 4, 5], -3:] += rng.poisson(1.5, (3, 3))
    counts[rng.random((n, days)) < missing] = np.nan
    return longitude, latitude, people, counts


def new_york_like():
    """192 areas within 30 km, 24 days, single cases, and five of them close by in two days.

    Made up, of the shape of SaTScan's sample of New York; not its data.
    """
    rng = np.random.default_rng(20011124)
    longitude, latitude = -73.9 + rng.normal(0, 0.09, 192), 40.72 + rng.normal(0, 0.07, 192)
    counts = rng.multinomial(189, np.full(192 * 24, 1 / (192 * 24))).reshape(192, 24).astype(float)
    near = np.argsort((longitude + 73.9) ** 2 + (latitude - 40.72) ** 2)[:3]
    counts[near, -2] += 1
    counts[near[:2], -1] += 1
    return longitude, latitude, counts
