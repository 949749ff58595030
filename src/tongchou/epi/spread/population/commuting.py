"""Where people work, seen from where they live.

A worker draws a zone of work from the zone at home, and in it a community by its work. Zones are
the communities themselves up to 256, beyond that as many blocks of neighbours; with a matrix of
districts they are the districts. So the tables stay small however large the city is.
"""

from dataclasses import dataclass

import numpy as np

from tongchou.epi.spread.population.dice import F32, F64, I32, I64, alias_tables
from tongchou.epi.spread.population.faults import SpecError, length
from tongchou.epi.spread.population.layout import Ground
from tongchou.epi.spread.population.spec import Commuting

MOST_ZONES = 256


@dataclass(frozen=True, eq=False)
class Ways:
    """The tables of commuting.

    Parameters
    ----------
    zone
        i32[n_communities]: the zone of each.
    share
        f64[n_zones, n_zones]: of the workers of a zone, who works where.
    band
        i64[n_zones, n_zones]: the band of distance between them.
    ride
        f32[n_zones, n_zones]: who of those takes public transport.
    stays
        f32[n_zones]: who of those that work in their own zone does so in their own community.
    keep, other
        Alias tables of `share`.
    place
        i32[n_communities]: communities, zone by zone.
    first
        i32[n_zones + 1]: where in `place` a zone begins.
    place_keep, place_other
        [n_zones, widest] alias tables of the work in each zone, in the order of `place`.
    """

    zone: I32
    share: F64
    band: I64
    ride: F32
    stays: F32
    keep: F32
    other: I32
    place: I32
    first: I32
    place_keep: F32
    place_other: I32


def ways(commuting: Commuting, ground: Ground) -> Ways:
    """The tables for the communities of a city."""
    zone = _zones(commuting, ground)
    n = int(zone.max()) + 1
    jobs = np.bincount(zone, ground.jobs, n).astype(float)
    km = _distances(zone, n, ground)
    band = np.searchsorted(commuting.edges_km, km, side="right").astype(np.int64)
    share = _shares(commuting, jobs, km, band)
    keep, other = alias_tables(share)
    place = np.argsort(zone, kind="stable")
    first = np.searchsorted(zone[place], np.arange(n + 1))
    place_keep, place_other = _places(ground.jobs[place], first)
    return Ways(
        zone=zone.astype(np.int32),
        share=share,
        band=band,
        ride=np.asarray(commuting.rides, np.float32)[band],
        stays=np.minimum(commuting.own_community / np.maximum(np.diag(share), 1e-9), 1).astype(
            "f4"
        ),
        keep=keep,
        other=other,
        place=place.astype(np.int32),
        first=first.astype(np.int32),
        place_keep=place_keep,
        place_other=place_other,
    )


def _zones(commuting: Commuting, ground: Ground) -> I64:
    n, districts = ground.n, ground.district_start.size - 1
    if commuting.law == "matrix" and commuting.level == "district":
        length("commuting.matrix", commuting.matrix, districts, "a row for each district")
        return np.repeat(np.arange(districts), np.diff(ground.district_start))
    if commuting.law == "matrix":
        length("commuting.matrix", commuting.matrix, n, "a row for each community")
        return np.arange(n)
    zone = np.empty(n, np.int64)
    zone[ground.near] = np.arange(n) * min(n, MOST_ZONES) // n
    return zone


def _distances(zone: I64, n: int, ground: Ground) -> F64:
    """f64[n, n] in km between the middles of zones; inside one, how far its people are spread."""
    weight = ground.residents.astype(float)
    people = np.bincount(zone, weight, n)
    x = np.bincount(zone, weight * ground.x_km, n) / people
    y = np.bincount(zone, weight * ground.y_km, n) / people
    km = np.hypot(x[:, None] - x, y[:, None] - y)
    off = np.hypot(ground.x_km - x[zone], ground.y_km - y[zone])
    km[np.diag_indices(n)] = np.bincount(zone, weight * off, n) / people
    return km


def _shares(commuting: Commuting, jobs: F64, km: F64, band: I64) -> F64:
    if commuting.law == "matrix":
        share = np.array(commuting.matrix, float)
        if (share[:, jobs == 0] > 0).any():
            reason = "people are sent where there is no work"
            mend = "Give that place jobs, or a share of zero"
            raise SpecError("commuting.matrix", reason, mend)
    elif commuting.law == "gravity":
        share = jobs * np.exp(-(km - km.min(axis=1, keepdims=True)) / commuting.scale_km)
        share = _with_own(share, jobs, commuting.own_community)
    else:
        own = commuting.own_community
        share = np.zeros_like(km)
        for number, wanted in enumerate((commuting.shares[0] - own, *commuting.shares[1:])):
            work = np.where(band == number, jobs, 0.0)
            total = work.sum(axis=1, keepdims=True)
            # a band without work is left out, and the others take its share
            share += wanted * np.divide(work, total, out=np.zeros_like(work), where=total > 0)
        share = _with_own(share, jobs, own)
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _with_own(share: F64, jobs: F64, own: float) -> F64:
    """The shares of those who leave, and on the diagonal those who do not."""
    share[share.sum(axis=1) == 0] = jobs
    share *= (1 - own) / share.sum(axis=1, keepdims=True)
    share[np.diag_indices_from(share)] += own
    return share


def _places(jobs: F64, first: I64) -> tuple[F32, I32]:
    """Alias tables of the work in each zone; rows are filled up with places without work."""
    size = np.diff(first)
    inside = np.arange(size.max()) < size[:, None]
    work = np.zeros(inside.shape)
    work[inside] = jobs
    idle = work.sum(axis=1) == 0
    work[idle] = inside[idle]
    return alias_tables(work)
