"""The prospective scan: which circle of areas has had too many cases over the last days.

Cylinders end today, for an outbreak that is over needs no alarm. The answer depends on data and
seed alone, not on threads, nor on how many replicates are computed ahead of an early stop.
"""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.scan import chance, expected
from tongchou.epi.detect.scan.answers import Cluster, Clusters, Options
from tongchou.epi.detect.scan.circles import Circles, along, circles, nearest
from tongchou.epi.detect.scan.draws import Multinomial, Null, Shuffled, ShuffledAround
from tongchou.epi.detect.scan.expected import Expected
from tongchou.epi.detect.scan.lanes import Layout
from tongchou.epi.detect.scan.search import Best, Window
from tongchou.epi.detect.series import Floats, Indices, Series
from tongchou.kit.compiled import workers

__all__ = ["prospective"]

#: Replicates between two looks at whether it is time to stop. Part of no answer.
_ROUND = 64
DEFAULTS = Options()


def prospective(
    series: Series,
    longitude: ArrayLike,
    latitude: ArrayLike,
    *,
    population: ArrayLike | None = None,
    options: Options = DEFAULTS,
    seed: int = 0,
    threads: int | None = None,
) -> Clusters:
    """The most likely clusters of the last days, with their chance.

    Parameters
    ----------
    series
        A row for each area, a column for each day of the study, today last. NaN where an area did
        not report: such area-days are left out of cases and expectation alike.
    longitude, latitude
        Degrees, one for each area.
    population
        People of each area, f64[n] or f64[n, days]; needed for `poisson`, and where it is given
        the measure of `zone_share` for both models.
    seed
        Names the replicates; the same seed gives the same ones on any machine.
    threads
        At most so many; the answer is the same with any number.

    Raises
    ------
    ValueError
        Where a count is no whole number, the study is shorter than `days`, or shapes disagree.

    References
    ----------
    Kulldorff 2001, doi:10.1111/1467-985X.00186; Kulldorff et al. 2005,
    doi:10.1371/journal.pmed.0020059
    """
    counts = series.counts
    total = _checked(counts, options)
    if options.model == "poisson":
        if population is None:
            raise ValueError("the poisson model needs the population of each area")
        due = expected.poisson(counts, population, options.days)
    else:
        due = expected.permutation(counts, options.days)
    weight = np.nansum(counts, axis=1)
    if population is not None:
        people = np.asarray(population, np.float64)
        weight = people if people.ndim == 1 else people.mean(axis=1)
    # All that follows has areas in the order of a curve, where neighbours share cache lines.
    curve = along(longitude, latitude)
    if not curve.size == weight.size == counts.shape[0]:
        raise ValueError(
            f"counts of {counts.shape[0]} areas, places of {curve.size}, people of {weight.size}"
        )
    rings = circles(
        np.asarray(longitude)[curve],
        np.asarray(latitude)[curve],
        weight=weight[curve],
        share=options.zone_share,
        radius_km=options.radius_km,
        rank=curve,
        threads=threads,
    )
    counts, due = counts[curve], Expected(due.parts[curve], due.divisor)
    layout = Layout(options.days, wide=_is_large(rings, due, counts, total))
    window = Window.of(rings, due, layout, total=total, least=options.min_cases, rank=curve)
    bests = _observed(window, counts, options.most)
    maxima = np.empty(0)
    if bests:
        null = _null(counts, due, total, layout, options.model, seed)
        maxima = _replicates(window, null, bests[0].llr, options, threads)
    return Clusters(
        found=tuple(
            _described(best, window, counts, curve, (longitude, latitude), maxima, options)
            for best in bests
        ),
        maxima=maxima,
        n_cases=total,
        n_cylinders=len(rings) * options.days,
        n_missing=int(np.isnan(counts).sum()),
        options=options,
        seed=seed,
        stopped=bool(bests) and maxima.size < options.replicates,
    )


def _checked(counts: Floats, options: Options) -> int:
    """The number of cases."""
    cases = counts[~np.isnan(counts)]
    if (cases != np.floor(cases)).any():
        raise ValueError("a scan counts cases: a count is no whole number")
    if options.days > counts.shape[1]:
        raise ValueError(
            f"a cylinder of {options.days} days does not fit a study of {counts.shape[1]}; "
            "give more days or ask for fewer"
        )
    total = int(cases.sum())
    if total >= 2**31 - 1:
        raise ValueError(f"{total:,} cases are more than a scan can count")
    return total


def _is_large(rings: Circles, due: Expected, counts: Floats, total: int) -> bool:
    """Whether a circle may come to hold more cases than four counts to a word can."""
    most = Layout(1).largest
    if total < most:
        return False
    by_area = np.nansum(counts, axis=1)
    if _fullest(rings, by_area) >= most:
        return True
    mean = _fullest(rings, due.parts[:, -1] / due.divisor)
    # Twenty standard deviations: 1e-88.
    return mean + 20 * math.sqrt(mean) + 100 >= most


def _fullest(rings: Circles, weight: Floats) -> float:
    sums = np.concatenate(([0.0], np.cumsum(weight[rings.order])))
    return float((sums[rings.starts[1:]] - sums[rings.starts[:-1]]).max(initial=0.0))


def _observed(window: Window, counts: Floats, most: int) -> list[Best]:
    """The best cylinder, then the best that shares no area with those before it, and so on."""
    days = window.layout.durations
    ago = np.nan_to_num(counts)[:, ::-1][:, :days].astype(np.int64)
    lanes = window.layout.pack(np.cumsum(ago, axis=1))
    taken = np.zeros(counts.shape[0], dtype=bool)
    found: list[Best] = []
    while len(found) < most:
        best = window.best(lanes, window.stops_before(taken) if found else None)
        if best.centre < 0:
            break
        found.append(best)
        taken[window.circles.around(best.centre)[: best.size]] = True
    return found


def _null(counts: Floats, due: Expected, total: int, layout: Layout, model: str, seed: int) -> Null:
    seed &= (1 << 64) - 1
    if model == "poisson":
        return Multinomial.of(due.parts, due.divisor, total, layout, seed)
    if np.isnan(counts).any():
        return ShuffledAround.of(counts, layout, seed)
    return Shuffled.of(counts, layout, seed)


def _replicates(
    window: Window, null: Null, llr: float, options: Options, threads: int | None
) -> Floats:
    """The largest ratio of each replicate, up to where the first round allows to stop."""
    n_areas = window.starts.size - 1
    maxima = np.empty(options.replicates)
    n_threads = workers(threads)

    def some(rows: range) -> None:
        lanes = window.layout.empty(n_areas)
        for row in rows:
            null.draw(row, lanes)
            maxima[row] = window.best(lanes).llr

    with ThreadPoolExecutor(n_threads) as pool:
        size = options.replicates if options.stop_after is None else _ROUND
        for first in range(0, options.replicates, max(size, 1)):
            last = min(first + size, options.replicates)
            list(pool.map(some, [range(first + i, last, n_threads) for i in range(n_threads)]))
            stop = chance.stopped_at(maxima[:last], llr, options.stop_after)
            if stop is not None:
                return maxima[:stop]
    return maxima


def _described(
    best: Best,
    window: Window,
    counts: Floats,
    curve: Indices,
    places: tuple[ArrayLike, ArrayLike],
    maxima: Floats,
    options: Options,
) -> Cluster:
    rows = window.circles.around(best.centre)[: best.size]
    inside = counts[rows, counts.shape[1] - best.days :]
    observed, due = int(np.nansum(inside)), window.expected.of(rows, best.days)
    rest = window.total - observed
    outside = rest / (window.total - due)
    centre = int(curve[best.centre])
    _, km = nearest(*places, centres=[centre], most=best.size)
    tail = chance.Gumbel.fitted(maxima)
    return Cluster(
        centre=centre,
        areas=curve[rows],
        radius_km=float(km[0, -1]),
        days=best.days,
        observed=observed,
        expected=due,
        relative_risk=observed / due / outside if rest else math.inf,
        llr=best.llr,
        p=chance.rank(maxima, best.llr, options.stop_after),
        p_tail=tail.beyond(best.llr) if tail else math.nan,
    )
