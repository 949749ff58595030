"""Which communities and districts there are, how many live in each, and where they lie.

A city without coordinates is laid along a Hilbert curve at its density: communities that stand
near one another in the list lie near one another on the ground, and districts hang together.
"""

from dataclasses import dataclass

import numpy as np

from tongchou.epi.spread.city import WORKPLACE, City
from tongchou.epi.spread.population.areas import checked
from tongchou.epi.spread.population.dice import (
    DISTRICTS,
    F64,
    I64,
    JOBS,
    RESIDENTS,
    lognormal_weights,
    shared_out,
    uniforms,
)
from tongchou.epi.spread.population.faults import SpecError
from tongchou.epi.spread.population.spec import Spec

#: The curve has 4**_FINE places.
_FINE = 9


@dataclass(frozen=True, eq=False)
class Ground:
    """The communities of a city in order, district by district.

    Parameters
    ----------
    start
        i64[n + 1]: the first person of each community.
    district_start
        i64[n_districts + 1]: the first community of each district.
    mean_size
        f64[n]: people per household as stated, nan where not.
    x_km, y_km
        f64[n]: where its middle lies.
    jobs
        f64[n]: how much work there is beside others.
    near
        i64[n]: the communities in an order in which neighbours lie near.
    """

    start: I64
    district_start: I64
    mean_size: F64
    x_km: F64
    y_km: F64
    jobs: F64
    near: I64
    community_code: tuple[str, ...]
    community_name: tuple[str, ...]
    district_code: tuple[str, ...]
    district_name: tuple[str, ...]

    @property
    def n(self) -> int:
        return self.start.size - 1

    @property
    def residents(self) -> I64:
        return np.diff(self.start)


def laid(spec: Spec, seed: int, people: int) -> Ground:
    """The ground of a city of so many people."""
    return _listed(spec, seed, people) if spec.communities else _drawn(spec, seed, people)


def _drawn(spec: Spec, seed: int, people: int) -> Ground:
    layout = spec.layout
    n = layout.communities or max(1, min(round(people / layout.residents_per_community), people))
    _check(people, n)
    residents = shared_out(people, lognormal_weights(seed, RESIDENTS, n, layout.uneven), least=1)
    n_districts = layout.districts or max(1, round(people / layout.residents_per_district))
    n_districts = min(n_districts, n)
    # an edge between two districts stands where it likes within half a district
    off = (uniforms(seed, DISTRICTS, n_districts - 1) - 0.5) * 0.5
    edges = np.rint((np.arange(1, n_districts) + off) * n / n_districts).astype(np.int64)
    first = np.concatenate(([0], edges, [n]))
    for k in range(1, n_districts):  # none is empty
        first[k] = min(max(first[k], first[k - 1] + 1), n - (n_districts - k))
    width = len(str(n_districts))
    codes = [f"{d + 1:0{max(width, 2)}d}" for d in range(n_districts)]
    size = np.diff(first)
    numbers = [
        f"{code}{k + 1:0{max(len(str(size.max())), 3)}d}"
        for code, count in zip(codes, size, strict=True)
        for k in range(count)
    ]
    x, y = _placed(residents, layout.people_per_km2)
    return Ground(
        start=np.concatenate(([0], np.cumsum(residents))),
        district_start=first,
        mean_size=np.full(n, np.nan),
        x_km=x,
        y_km=y,
        jobs=residents * lognormal_weights(seed, JOBS, n, spec.commuting.jobs_uneven),
        near=np.arange(n),
        community_code=tuple(numbers),
        community_name=tuple(layout.community_name.replace("{}", code) for code in numbers),
        district_code=tuple(codes),
        district_name=tuple(layout.district_name.replace("{}", code) for code in codes),
    )


def _listed(spec: Spec, seed: int, people: int) -> Ground:
    communities = checked(spec.communities)
    n = len(communities)
    _check(people, n)
    stated = np.array([each.residents for each in communities])
    residents = stated if people == stated.sum() else shared_out(people, stated, least=1)
    districts = {each.district_code: each.district_name for each in communities}
    code = np.array([each.district_code for each in communities])
    changes = np.flatnonzero(code[1:] != code[:-1]) + 1
    first = np.concatenate(([0], changes, [n])).astype(np.int64)
    x, y, near = _positions(spec, residents, np.repeat(np.arange(len(districts)), np.diff(first)))
    jobs = np.array([each.jobs for each in communities])
    if np.isnan(jobs).any():
        jobs = residents * lognormal_weights(seed, JOBS, n, spec.commuting.jobs_uneven)
    elif not jobs.sum() > 0:
        raise SpecError("community.jobs", "there is no work at all", "Give one above zero")
    return Ground(
        start=np.concatenate(([0], np.cumsum(residents))),
        district_start=first,
        mean_size=np.array([each.residents / (each.households or np.nan) for each in communities]),
        x_km=x,
        y_km=y,
        jobs=jobs,
        near=near,
        community_code=tuple(each.code for each in communities),
        community_name=tuple(each.name for each in communities),
        district_code=tuple(districts),
        district_name=tuple(districts.values()),
    )


def ground_of(city: City, spec: Spec) -> Ground:
    """The ground that a city was built on, with the jobs as they were taken up."""
    start = city.unit_start["community"].astype(np.int64)
    n = start.size - 1
    x, y, near = _positions(spec, np.diff(start), city.unit_of("district", start[:-1]))
    worked = np.diff(city.group_start)[city.group_kind == WORKPLACE]
    jobs = np.bincount(city.group_community[city.group_kind == WORKPLACE], worked, n)
    if spec.communities and not np.isnan(spec.communities[0].jobs):
        jobs = np.array([each.jobs for each in checked(spec.communities)])
    return Ground(
        start=start,
        district_start=np.searchsorted(start, city.unit_start["district"]).astype(np.int64),
        mean_size=np.full(n, np.nan),
        x_km=x,
        y_km=y,
        jobs=jobs.astype(float),
        near=near,
        community_code=city.community_code,
        community_name=city.community_name,
        district_code=city.district_code,
        district_name=city.district_name,
    )


def _positions(spec: Spec, residents: I64, district: I64) -> tuple[F64, F64, I64]:
    """Where the communities lie, and an order in which neighbours are near, by district."""
    x = np.array([each.x_km for each in checked(spec.communities)] if spec.communities else [])
    if not x.size or np.isnan(x).any():
        return *_placed(residents, spec.layout.people_per_km2), np.arange(residents.size)
    y = np.array([each.y_km for each in checked(spec.communities)])
    return x, y, np.lexsort((_along_curve(x, y), district))


def _check(people: int, communities: int) -> None:
    if people < communities:
        reason = f"{people} people cannot fill {communities} communities"
        mend = f"Ask for at least {communities} people, or for fewer communities"
        raise SpecError("people", reason, mend)


def _placed(residents: I64, people_per_km2: float) -> tuple[F64, F64]:
    """Along the curve, each community on as much of it as it has people."""
    ends = np.cumsum(residents)
    middle = (ends - residents / 2) / ends[-1]
    x, y = _on_curve((middle * 4**_FINE).astype(np.int64))
    side = float(np.sqrt(ends[-1] / people_per_km2)) / 2**_FINE
    return (x + 0.5) * side, (y + 0.5) * side


def _on_curve(place: I64) -> tuple[F64, F64]:
    """Columns and rows of places on the Hilbert curve of 2**_FINE by 2**_FINE cells."""
    x, y, rest = np.zeros_like(place), np.zeros_like(place), place.copy()
    for level in range(_FINE):
        side = 1 << level
        right = (rest // 2) & 1
        up = (rest ^ right) & 1
        x, y = _turned(x, y, right, up, side)
        x, y = x + side * right, y + side * up
        rest //= 4
    return x.astype(float), y.astype(float)


def _along_curve(x: F64, y: F64) -> I64:
    """Places on the same curve of points given in any unit."""
    extent = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    columns = np.minimum((x - x.min()) / extent * 2**_FINE, 2**_FINE - 1).astype(np.int64)
    rows = np.minimum((y - y.min()) / extent * 2**_FINE, 2**_FINE - 1).astype(np.int64)
    place = np.zeros(x.size, np.int64)
    for level in reversed(range(_FINE)):
        side = 1 << level
        right, up = (columns & side) > 0, (rows & side) > 0
        place += side * side * ((3 * right) ^ up)
        columns, rows = _turned(columns, rows, right, up, 1 << _FINE)
    return place


def _turned(x: I64, y: I64, right: I64, up: I64, side: int) -> tuple[I64, I64]:
    """One quarter of the curve, brought into the direction in which it is run through."""
    flipped = (right == 1) & (up == 0)
    x = np.where(flipped, side - 1 - x, x)
    y = np.where(flipped, side - 1 - y, y)
    return np.where(up == 0, y, x), np.where(up == 0, x, y)
