"""What comes next: counts of the coming days or weeks, with intervals, for many series at once.

No model is trusted alone. A dozen simple ones (levels and damped trends that follow faster or
slower, with or without the growth of past years, and what was told a season ago) forecast every
series' own past; each then counts by how well it did.
"""

from dataclasses import dataclass

import numpy as np

from tongchou.epi.detect.series import Floats, Indices, Series
from tongchou.epi.forecast.kernel import OK, STALE, THIN, forecast_all
from tongchou.kit.compiled import example

__all__ = ["OK", "REASONS", "STALE", "THIN", "Forecast", "Options", "ahead"]

#: Why a series has no forecast.
REASONS = {
    OK: "spoken",
    THIN: "too few times told, or too few events",
    STALE: "the last report is too old",
}

#: kind, weight of the newest, of it in the trend, what is kept of the trend, of past growth
_TRENDS = [
    (0.0, alpha, beta, damp, share)
    for alpha, beta, damp in (
        (0.15, 0.0, 0.5),
        (0.3, 0.0, 0.5),
        (0.6, 0.0, 0.5),
        (0.95, 0.0, 0.5),
        (0.4, 0.15, 0.9),
        (0.7, 0.3, 0.8),
        (0.95, 0.4, 0.8),
    )
    for share in (0.0, 0.7)
]
# a week ago where there are weekdays, a year ago
_NAIVE = [(1.0, 0.0, 0.0, 0.0, 7.0), (1.0, 0.0, 0.0, 0.0, 0.0)]
_MODELS = np.array(_TRENDS + _NAIVE)


@dataclass(frozen=True)
class Options:
    """How to forecast.

    Attributes
    ----------
    n_ahead
        Times ahead: 14 for two weeks of days, 2 for two of weeks.
    levels
        Quantiles wanted, rising.
    week
        Times in a week: 7 for days, 1 where a time is a week already.
    year
        Times in a year, for what past years teach: 364 for days (the same weekday), 52 for
        weeks, 0 for not at all.
    origins
        So many past times are forecast again to weigh the models and to learn the spread.
    half_life
        Times after which a past error counts half.
    sharp
        How sharply the better models win: like so many errors.
    least_told, least_sum
        Fewer times told or a smaller sum, and nothing is said.
    stale
        Nor where so many of the latest times are not told.
    history
        No more than so many latest times are looked at.
    """

    n_ahead: int = 14
    levels: tuple[float, ...] = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
    week: int = 7
    year: int = 0
    origins: int = 120
    half_life: float = 60.0
    sharp: float = 20.0
    least_told: int = 21
    least_sum: float = 10.0
    stale: int = 7
    history: int = 400

    def __post_init__(self) -> None:
        rising = sorted(set(self.levels)) == list(self.levels)
        if not self.levels or not rising or not self.levels[0] > 0 or not self.levels[-1] < 1:
            raise ValueError("levels of quantiles lie between 0 and 1, and rise")
        if min(self.n_ahead, self.week, self.origins, self.stale) < 1 or self.year < 0:
            raise ValueError("times ahead, of a week, of origins and until stale are at least 1")
        if self.least_told < 4:
            raise ValueError("at least four times must be told")

    @classmethod
    def weekly(cls, n_ahead: int = 2) -> "Options":
        """For series of weeks: one and two weeks ahead, with the growth of past years."""
        return cls(
            n_ahead=n_ahead,
            week=1,
            year=52,
            origins=156,
            half_life=104.0,
            least_told=12,
            stale=3,
            history=520,
        )


@dataclass(frozen=True, eq=False)
class Forecast:
    """What is expected of each series at each time ahead.

    Attributes
    ----------
    mean, dispersion
        f64[n_series, n_ahead] of the negative binomial, its variance mean + dispersion mean².
    quantiles
        f64[n_series, n_ahead, n_levels].
    refused
        i64[n_series], a code of `REASONS`. Where it is not `OK` everything else is NaN.
    """

    mean: Floats
    dispersion: Floats
    quantiles: Floats
    refused: Indices


def ahead(series: Series, options: Options = Options()) -> Forecast:
    """Forecast every series from its last column on.

    Missing times are passed over, not read as zeros. Rows that hold other than whole numbers are
    taken for rates, and answered as such. Nothing is known of holidays, of measures
    taken, or of who is still susceptible: at a turn every model of this kind is late, and the
    intervals, learnt from the series' own past, know only turns that it has seen.

    The answer is the same with any number of threads.

    References
    ----------
    Gardner & McKenzie 1985, doi:10.1287/mnsc.31.10.1237 (damped trends); Bates & Granger 1969,
    doi:10.1057/jors.1969.103 (combining); Bracher et al. 2021, doi:10.1371/journal.pcbi.1008618
    (how such forecasts are scored)
    """
    counts = series.counts[:, -options.history :]
    scale = _scale(counts)
    counts = np.ascontiguousarray(counts * scale[:, None])
    n, size = counts.shape[0], options.n_ahead
    mean, dispersion = np.full((2, n, size), np.nan)
    quantiles = np.full((n, size, len(options.levels)), np.nan)
    refused = np.zeros(n, dtype=np.int64)
    # without past years a model with their growth is the same as the one without
    models = _MODELS if options.year else _MODELS[(_MODELS[:, 0] == 1.0) | (_MODELS[:, 4] == 0.0)]
    forecast_all(
        counts,
        models,
        _scored(size),
        size,
        np.array(options.levels),
        options.week,
        options.year,
        options.origins,
        0.5 ** (1.0 / options.half_life),
        options.sharp,
        options.least_told,
        options.least_sum,
        options.stale,
        mean,
        dispersion,
        quantiles,
        refused,
    )
    mean /= scale[:, None]
    quantiles /= scale[:, None, None]
    return Forecast(mean, dispersion, quantiles, refused)


def _scale(counts: Floats) -> Floats:
    """1 for counts; for rows of rates or percentages what brings their median to a thousand.

    Rates have no noise of counting that could be read off them; at a thousand it is small beside
    what is learnt from their errors.
    """
    scale = np.ones(counts.shape[0])
    told = ~np.isnan(counts)
    broken = (told & (counts != np.floor(np.where(told, counts, 0.0)))).any(axis=1)
    for row in np.flatnonzero(broken).tolist():
        above = counts[row][told[row] & (counts[row] > 0)]
        scale[row] = 1_000.0 / float(np.median(above)) if above.size else 1.0
    return scale


def _scored(n_ahead: int) -> Indices:
    """The horizons at which models are weighed; those between borrow from both sides."""
    chosen = {1, (n_ahead + 3) // 4, (n_ahead + 1) // 2, n_ahead}
    return np.array(sorted(chosen), dtype=np.int64)


@example
def _tiny() -> object:
    counts = np.full((1, 40), 3.0)
    return ahead(Series(counts), Options(n_ahead=2)).mean
