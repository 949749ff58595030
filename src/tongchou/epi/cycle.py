"""What every morning needs of a city, over partitions of its areas and on any number of cores.

Each partition is judged on its own; only what a day did to a channel everywhere (weather, a scare)
is asked of all of them together, between the two rounds. Partitions are handed out by joblib, so
the same call runs on processes of this machine or on a Dask cluster, with the same answer.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

import joblib
import numpy as np
from numpy.typing import NDArray

from tongchou.epi import forecast as coming
from tongchou.epi import reproduction
from tongchou.epi.detect import daily as by_day
from tongchou.epi.detect import ears as recent_days
from tongchou.epi.detect import evidence as together
from tongchou.epi.detect.batched_glm import BATCH
from tongchou.epi.detect.farrington_flexible import Improved, flexible
from tongchou.epi.detect.series import Flags, Floats, Series, Verdicts
from tongchou.kit.blas import one_thread

__all__ = ["Findings", "Morning", "Partition", "over", "parted"]

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Partition:
    """The counts of some areas.

    Attributes
    ----------
    areas
        Their codes.
    counts
        f64[n_areas, n_channels, n_days]; NaN where not reported.
    doubtful
        bool of the same shape: days that the quality check does not trust. They are taken as not
        reported.
    """

    areas: tuple[str, ...]
    counts: NDArray[Any]
    doubtful: Flags | None = None

    def __post_init__(self) -> None:
        if self.counts.ndim != 3 or self.counts.shape[0] != len(self.areas):
            raise ValueError("a partition has counts by area, channel and day, and a code per area")
        if self.doubtful is not None and self.doubtful.shape != self.counts.shape:
            raise ValueError("marks of doubt have the shape of the counts")

    @property
    def trusted(self) -> Floats:
        """Counts that may be computed on, f64."""
        counts = np.asarray(self.counts, dtype=np.float64)
        return counts if self.doubtful is None else np.where(self.doubtful, np.nan, counts)


#: A partition, or what loads it where the work is done: then no counts travel.
Source = Partition | Callable[[], Partition]


@dataclass(frozen=True)
class Morning:
    """What is asked of every partition.

    Attributes
    ----------
    dates
        The day of each column; the last one is judged.
    profiles
        Kinds of outbreak (`evidence.profiles`), their channels in the order of the counts.
    interval
        Serial interval, shares by day from day 0 on.
    holidays
        Dates on which counts are not usual.
    evidence_days
        Days over which evidence is added up.
    years
        At most so many years back for Farrington's method, as far as the history reaches.
    ahead
        How to forecast, or None for no forecast.
    """

    dates: Sequence[date]
    profiles: Sequence[together.Profile]
    interval: Sequence[float] | Floats
    holidays: Collection[date] = ()
    evidence_days: int = 56
    years: int = 5
    ears: recent_days.Ears = field(default_factory=recent_days.Ears)
    daily: by_day.Daily = field(default_factory=by_day.Daily)
    rt: reproduction.Cori = field(default_factory=reproduction.Cori)
    ahead: coming.Options | None = field(default_factory=coming.Options)


@dataclass(frozen=True, eq=False)
class Findings:
    """What was found, of each area and channel on the newest day.

    Everything but `evidence` has a row for each series: channel c of area a is row
    a * n_channels + c.

    Attributes
    ----------
    areas
        Codes, partition by partition.
    c1, c2, c3, farrington, daily
        Verdicts on the newest day; Farrington's are on the seven days that end with it.
    expected, dispersion
        f64[n_areas, n_channels, evidence_days]: what the daily model expects.
    factor
        f64[n_channels, evidence_days]: what each day did to a channel everywhere.
    evidence
        Score of each area, and what its channels add to it.
    rt
        R of each series over the newest window.
    forecast
        Of each series; None where none was asked for.
    """

    areas: tuple[str, ...]
    c1: Verdicts
    c2: Verdicts
    c3: Verdicts
    farrington: Verdicts
    daily: by_day.DailyVerdicts
    expected: Floats
    dispersion: Floats
    factor: Floats
    evidence: together.Evidence
    rt: reproduction.Estimates
    forecast: coming.Forecast | None


@dataclass(frozen=True, eq=False)
class _Judged:
    """One partition after the first round; `recent` are its counts of the evidence days."""

    areas: tuple[str, ...]
    c1: Verdicts
    c2: Verdicts
    c3: Verdicts
    farrington: Verdicts
    daily: by_day.DailyVerdicts
    recent: Floats
    expected: Floats
    dispersion: Floats
    rt: reproduction.Estimates
    forecast: coming.Forecast | None


def over(
    partitions: Sequence[Source],
    morning: Morning,
    *,
    jobs: int = 1,
    backend: str | None = None,
) -> Findings:
    """Judge the newest day of all partitions, and join what was found.

    Parameters
    ----------
    partitions
        Cut them with `parted`, or at multiples of 256 series: the answer then does not depend on
        where the cuts are.
    jobs
        Partitions judged at once; -1 for one on each core. The answer is the same.
    backend
        Of joblib: None for processes of this machine, "dask" with a `dask.distributed.Client`
        open for the cluster it is connected to.

    Raises
    ------
    ValueError
        Where there is no partition, or one has not as many days as there are dates.
    """
    if not partitions:
        raise ValueError("there is no partition to judge")
    words: dict[str, Any] = {} if backend is None else {"backend": backend}
    if backend in (None, "loky", "multiprocessing"):
        words["inner_max_num_threads"] = 1  # as many processes as cores: one thread each
    with joblib.parallel_config(backend=words.pop("backend", "loky"), n_jobs=jobs, **words):
        run = joblib.Parallel()
        judged: list[_Judged] = run(joblib.delayed(_judged)(each, morning) for each in partitions)
        recent = np.concatenate([each.recent for each in judged])
        expected = np.concatenate([each.expected for each in judged])
        dispersion = np.concatenate([each.dispersion for each in judged])
        factor = together.city_days(recent, expected, dispersion)
        added: list[together.Evidence] = run(
            joblib.delayed(_added)(each.recent, each.expected, each.dispersion, factor, morning)
            for each in judged
        )
    forecasts = [each.forecast for each in judged if each.forecast is not None]
    return Findings(
        areas=tuple(area for each in judged for area in each.areas),
        c1=_joined([each.c1 for each in judged]),
        c2=_joined([each.c2 for each in judged]),
        c3=_joined([each.c3 for each in judged]),
        farrington=_joined([each.farrington for each in judged]),
        daily=_joined([each.daily for each in judged]),
        expected=expected,
        dispersion=dispersion,
        factor=factor,
        evidence=_joined(added),
        rt=_joined([each.rt for each in judged]),
        forecast=_joined(forecasts) if forecasts else None,
    )


def parted(whole: Partition, n_areas: int = 128) -> list[Partition]:
    """A city cut into partitions of about so many areas, where no answer depends on the cuts."""
    n_channels = max(whole.counts.shape[1], 1)
    step = BATCH // int(np.gcd(BATCH, n_channels))  # areas that fill batches of the daily model
    size = max(round(n_areas / step), 1) * step
    return [
        Partition(
            whole.areas[low : low + size],
            whole.counts[low : low + size],
            None if whole.doubtful is None else whole.doubtful[low : low + size],
        )
        for low in range(0, len(whole.areas), size)
    ]


def _judged(source: Source, morning: Morning) -> _Judged:
    """The first round: everything that a partition can say alone."""
    partition = source if isinstance(source, Partition) else source()
    with one_thread():
        return _said(partition, morning)


def _said(partition: Partition, morning: Morning) -> _Judged:
    counts = partition.trusted
    n_areas, n_channels, n_days = counts.shape
    if n_days != len(morning.dates):
        raise ValueError(f"{n_days} days of counts for {len(morning.dates)} dates")
    series = Series(counts.reshape(-1, n_days), morning.dates)
    recent = np.arange(max(n_days - morning.evidence_days, 0), n_days)
    cube = (n_areas, n_channels, recent.size)
    last = [n_days - 1]
    daily, base = by_day.judged(series, last, recent, morning.daily, holidays=morning.holidays)
    window = [n_days - morning.rt.window]
    return _Judged(
        areas=partition.areas,
        c1=recent_days.c1(series, last, morning.ears),
        c2=recent_days.c2(series, last, morning.ears),
        c3=recent_days.c3(series, last, morning.ears),
        farrington=_farrington(series, morning),
        daily=daily,
        recent=counts[:, :, recent],
        expected=base.expected.reshape(cube),
        dispersion=base.dispersion.reshape(cube),
        rt=reproduction.instantaneous(
            series.counts, np.asarray(morning.interval), options=morning.rt, start=window, end=last
        ),
        forecast=None if morning.ahead is None else coming.ahead(series, morning.ahead),
    )


def _farrington(series: Series, morning: Morning) -> Verdicts:
    """Sums of seven days that end with the newest one, against the same weeks of past years."""
    n_weeks = series.n_times // 7
    first = series.n_times - 7 * n_weeks
    days = series.counts[:, first:].reshape(series.n_series, n_weeks, 7)
    seen = 7 - np.isnan(days).sum(axis=2)
    total = np.where(np.isnan(days), 0.0, days).sum(axis=2)
    # A day or two that did not come are made up for; a week of which less came is not known.
    weeks = np.where(seen >= 5, np.rint(total * 7 / np.maximum(seen, 1)), np.nan)
    if seen.min(initial=7) == 7:
        weeks = total
    ends = (
        [series.dates[at] for at in range(first + 6, series.n_times, 7)] if series.dates else None
    )
    years = min(morning.years, (n_weeks - 1 - Improved().w) // 53)
    if years < 1:
        return Verdicts.silent(series.n_series, np.array([n_weeks - 1]))
    return flexible(Series(weeks, ends), [n_weeks - 1], Improved(b=years))


def _added(
    counts: Floats, expected: Floats, dispersion: Floats, factor: Floats, morning: Morning
) -> together.Evidence:
    """The second round: evidence of each area, with the city's days taken out."""
    return together.gather(counts, expected * factor, dispersion, morning.profiles)


#: What all partitions have in common, and is not joined.
_SHARED = frozenset(("at", "start", "end", "probabilities"))


def _joined(parts: Sequence[_T]) -> _T:
    """One answer out of those of the partitions, row below row."""
    first: Any = parts[0]
    values = {}
    for one in fields(first):
        rows = [getattr(part, one.name) for part in parts]
        if one.name in _SHARED:
            values[one.name] = rows[0]
        else:
            axis = 1 if isinstance(first, reproduction.Estimates) and rows[0].ndim == 3 else 0
            values[one.name] = np.concatenate(rows, axis=axis)
    joined: _T = type(first)(**values)
    return joined
