"""Counts with outbreaks whose truth is known, for `detection_quality`: weeks, days and channels.

The weekly and the daily design are those of two published comparisons, with their figures; the
channels of a community are our own.
"""

from dataclasses import dataclass

import numpy as np

# --- weeks: Noufaily et al. 2013, doi:10.1002/sim.5595, used again by Bedubourg & Le Strat 2017 ---

#: theta, overdispersion, trend a week, and the weights of cosine and sine
WEEKLY = (
    (0.1, 1.5, 0.0025, 0.6, 0.6),
    (-2.0, 2.0, 0.005, 0.1, 0.3),
    (1.5, 1.0, 0.003, 0.2, -0.4),
    (0.5, 5.0, 0.002, 0.5, 0.5),
    (2.5, 3.0, 0.001, 1.0, 0.1),
    (3.75, 1.1, 0.001, 0.1, -0.1),
    (5.0, 1.2, 0.0001, 0.05, 0.01),
)
N_WEEKS, FIRST_BASELINE, FIRST_TESTED = 624, 312, 575


@dataclass(frozen=True)
class Weeks:
    """`counts` i64[n, 624] with past outbreaks, `mean` and `sd` of what they were laid upon."""

    counts: np.ndarray
    mean: np.ndarray
    sd: np.ndarray


def weekly(rng: np.random.Generator, n_each: int, *, past: float) -> Weeks:
    """`n_each` series of each of the 42 scenarios, with four past outbreaks of `past` sd."""
    t = np.arange(1, N_WEEKS + 1)
    means, spreads = [], []
    for theta, phi, beta, cosine, sine in WEEKLY:
        for trend in (0, 1):
            for waves in (0, 1, 2):
                log = theta + trend * beta * t
                for wave in range(1, waves + 1):
                    angle = 2 * np.pi * wave * t / 52
                    log = log + cosine * np.cos(angle) + sine * np.sin(angle)
                means.append(np.exp(log))
                spreads.append(phi)
    mean = np.repeat(np.array(means), n_each, axis=0)
    phi = np.repeat(np.array(spreads), n_each)[:, None]
    counts, sd = overdispersed(rng, mean, phi), np.sqrt(phi * mean)
    if past:
        for row in range(len(counts)):
            for start in rng.integers(FIRST_BASELINE, FIRST_TESTED, 4):
                lay(counts[row], start, weekly_outbreak(rng, past * sd[row, start]), FIRST_TESTED)
    return Weeks(counts, mean, sd)


def weekly_outbreak(rng: np.random.Generator, size: float) -> np.ndarray:
    """Cases of each week of an outbreak of about `size` cases."""
    return np.bincount(np.floor(rng.lognormal(0.0, 0.5, rng.poisson(size))).astype(int))


def overdispersed(rng: np.random.Generator, mean: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Negative binomial counts whose variance is `phi` times the mean; Poisson where it is 1."""
    loose = np.maximum(phi - 1.0, 1e-9)
    rate = np.where(phi > 1, rng.gamma(mean / loose, loose), mean)
    return rng.poisson(rate).astype(np.int64)


def lay(counts: np.ndarray, start: int, cases: np.ndarray, end: int) -> None:
    stop = min(start + cases.size, end)
    counts[start:stop] += cases[: stop - start].astype(counts.dtype)


# --- days: Noufaily, Morbey et al. 2019, doi:10.1093/bioinformatics/bty997 -----------------------

N_YEARS, YEAR, TESTED = 7, 364, 49 * 7
N_DAYS = N_YEARS * YEAR
#: how much of an outbreak shows on each day of the week, Monday first
_SHOWS = {5: (1.5, 1.1, 1.0, 1.0, 1.1), 7: (1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0)}


@dataclass(frozen=True)
class Noise:
    """Mean of a signal: waves in year and week (the same weights for each wave), trend, shift."""

    waves: tuple[int, int]
    alpha: float
    year: tuple[float, float]
    week: tuple[float, float]
    phi: float = 1.0
    shift: int = 0
    beta: float = 0.0

    def mean(self, days: int) -> np.ndarray:
        """f64[7 * 52 * days]: of each day on which the service is open, `days` a week."""
        t = np.arange(1, N_YEARS * 52 * days + 1) + self.shift
        log = self.alpha + self.beta * t
        for count, (cosine, sine), period in (
            (self.waves[0], self.year, 52 * days),
            (self.waves[1], self.week, days),
        ):
            for wave in range(1, count + 1):
                angle = 2 * np.pi * wave * t / period
                log = log + cosine * np.cos(angle) + sine * np.sin(angle)
        return np.exp(log)

    def sd(self, days: int) -> np.ndarray:
        return np.sqrt(self.phi * self.mean(days))


@dataclass(frozen=True)
class Signal:
    """One of the 16 signals.

    Attributes
    ----------
    days
        Days a week on which it reports; on the others it is zero.
    divisor
        What the noise is divided by. The outbreaks are not: they are large in such a signal.
    size_of
        The noise whose standard deviation an outbreak is measured by, where it is another's. The
        authors' scenarios 14 and 15 are so, by a slip it seems; kept, for the sake of comparison.
    season
        First and last day of the year on which a yearly epidemic may begin, its size in sd, and
        the noise that these are of.
    """

    days: int
    noise: Noise
    divisor: float = 1.0
    size_of: Noise | None = None
    season: tuple[int, int, float, Noise] | None = None


_S1 = Noise((1, 2), 6, (0.2, 0.2), (0.5, 0.4), 2, 29)
_S6 = Noise((1, 1), 6, (0.3, 2), (0.3, 0.5), 1.5, -50)
_S7 = Noise((1, 1), 1, (0.1, 2), (0.05, 0.05), 1, -50)
_S14 = Noise((1, 2), 2, (0.8, 0.8), (0.8, 0.4), 4, 57, 0.0005)
_S14_FLAT = Noise((1, 2), 2, (0.8, 0.8), (0.8, 0.4), 4, 57)
DAILY = {
    1: Signal(7, _S1),
    3: Signal(7, Noise((1, 2), 0.5, (1.5, 1.4), (0.5, 0.4), 1, -167)),
    4: Signal(7, Noise((0, 2), 5.5, (0, 0), (0.3, 0.25), 1, 1)),
    5: Signal(7, Noise((0, 2), 2, (0, 0), (0.3, 0.25), 1, 1)),
    6: Signal(5, _S6, 10, season=(1, 20, 3 * 5 * 80, _S6)),
    7: Signal(5, _S7, season=(1, 20, 3 * 5 * 50, _S7)),
    8: Signal(5, Noise((0, 1), 6, (0, 0), (0.6, 0.9), 1.5, 0, 0.0001), 10),
    9: Signal(5, Noise((1, 1), 3, (1.5, 0.1), (0.2, 0.3), 1, -150)),
    10: Signal(5, Noise((1, 1), 3, (0.2, 0.1), (0.05, 0.15), 1, -200)),
    11: Signal(5, Noise((1, 1), 5, (0.2, 0.1), (0.05, 0.1), 1, 0)),
    12: Signal(5, Noise((2, 1), 0.5, (0.4, 0), (0.05, 0.15), 1, 0)),
    13: Signal(5, Noise((1, 1), 9, (0.5, 0.2), (0.2, 0.5), 1, 0), 100),
    14: Signal(7, _S14, size_of=_S1),
    15: Signal(7, Noise((4, 1), 0.05, (0.01, 0.01), (1.8, 0.1), 1, -85), size_of=_S14_FLAT),
    16: Signal(
        7,
        Noise((1, 2), 3, (0.8, 0.6), (0.8, 0.4), 4, 29),
        season=(210, 230, 3 * 7 * 150, _S7),
    ),
    17: Signal(7, Noise((0, 2), 6, (0, 0), (0.8, 0.4), 4, 1)),
}


def holidays() -> np.ndarray:
    """Eight days off a year, by their place among the 2,548 days; the first is a Monday.

    In the spirit of the 58 that the authors used: most on the same date, two that move in spring.
    """
    found = []
    for year in range(N_YEARS):
        friday = 95 + 7 * (year * 3 % 5) - 1
        found += [YEAR * year + day for day in (0, friday, friday + 3, 126, 147, 238, 357, 358)]
    return np.array(found)


@dataclass(frozen=True)
class Days:
    """`counts` and `outbreak` i64[n, 2548] (the outbreak to be found; not the yearly epidemics)."""

    counts: np.ndarray
    outbreak: np.ndarray


def daily(rng: np.random.Generator, signal: Signal, n: int, *, size: float) -> Days:
    """`n` series of one signal, each with one outbreak of `size` standard deviations."""
    days = signal.days
    mean, free = signal.noise.mean(days), np.zeros(N_DAYS, dtype=bool)
    free[holidays()] = True
    n_open, tested = mean.size, 49 * days
    sd = (signal.size_of or signal.noise).sd(days)
    counts = overdispersed(rng, np.broadcast_to(mean, (n, n_open)), np.array(signal.noise.phi))
    values, found = counts / signal.divisor, np.zeros((n, n_open))
    for row in range(n):
        start = int(rng.integers(n_open - tested, n_open))
        wave = daily_outbreak(rng, size * days * sd[start], start, days, width=0.25)
        lay(found[row], start, wave, n_open)
        if signal.season:
            first, last, factor, of = signal.season
            for year in range(N_YEARS):
                start = int(rng.integers(first, last + 1)) + year * 52 * days - 1
                epidemic = daily_outbreak(rng, factor * of.sd(days)[start], start, days, width=0.02)
                lay(values[row], start, epidemic, n_open)
    values += found
    place = np.flatnonzero(np.arange(N_DAYS) % 7 < days)
    off = free[place]
    if days == 5:
        # Closed on a holiday; the next day on which it is open has half as many again.
        values[:, off] = 0
        after = np.flatnonzero(off[:-1] & ~off[1:]) + 1
        values[:, after] *= 1.5
    else:
        values[:, off] *= 2
    whole = np.zeros((2, n, N_DAYS))
    whole[0][:, place], whole[1][:, place] = values, found
    return Days(np.rint(whole[0]).astype(np.int64), np.rint(whole[1]).astype(np.int64))


def daily_outbreak(
    rng: np.random.Generator, size: float, start: int, days: int, *, width: float
) -> np.ndarray:
    """Cases of each open day: log-normal times, in slices of `width`, more on some weekdays."""
    times = rng.lognormal(0.0, 0.5, max(int(rng.poisson(size)), 2))
    cases = np.bincount((times / width).astype(int)).astype(float)
    return cases * np.array(_SHOWS[days])[(start + np.arange(cases.size)) % days]


# --- channels of a community ---------------------------------------------------------------------


@dataclass(frozen=True)
class Channel:
    """Counts a day without an outbreak, variance over mean, and what an infection does to it.

    `catches` is the chance that an infection shows here, `delay` the mean days until it does.
    """

    name: str
    mean: float
    phi: float
    catches: float
    delay: float


CHANNELS = (
    Channel("fever_clinic", 2.0, 1.3, 0.12, 6.0),
    Channel("outpatient", 12.0, 1.8, 0.15, 5.0),
    Channel("pharmacy", 25.0, 2.5, 0.30, 3.0),
    Channel("school_absence", 8.0, 2.0, 0.10, 4.0),
    Channel("work_absence", 10.0, 2.0, 0.12, 4.0),
    Channel("antigen", 1.0, 1.2, 0.10, 4.0),
    Channel("hotline", 1.5, 1.3, 0.05, 5.0),
    Channel("pcr", 0.5, 1.1, 0.03, 8.0),
)
_WEEKDAY = np.array([1.15, 1.05, 1.0, 1.0, 1.05, 0.9, 0.85])


def channel_means(n_days: int) -> np.ndarray:
    """f64[n_channels, n_days] without outbreak."""
    return np.array([c.mean for c in CHANNELS])[:, None] * _WEEKDAY[np.arange(n_days) % 7]


def communities(
    rng: np.random.Generator, n: int, n_days: int, *, shock_sd: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Counts f64[n, n_channels, n_days] of communities without outbreak, and the city's factor.

    `shock_sd` is how much a day differs in the whole city, by channel.
    """
    factor = np.maximum(1 + rng.normal(0, shock_sd, (len(CHANNELS), n_days)), 0.2)
    mean = np.broadcast_to(channel_means(n_days) * factor, (n, len(CHANNELS), n_days))
    phi = np.array([c.phi for c in CHANNELS])[:, None]
    return overdispersed(rng, mean, phi).astype(float), factor


def seeded(
    rng: np.random.Generator, n: int, n_days: int, *, respond: int, doubling: float = 4.0
) -> tuple[np.ndarray, np.ndarray]:
    """Outbreaks from one infection on day 0: f64[n, n_channels, n_days] added counts, and the
    infections so far, f64[n, n_days].

    New infections follow a branching growth with the given doubling time; each shows in a channel
    that responds (`respond` of the eight, drawn anew for each outbreak) after a delay.
    """
    growth = 2 ** (1 / doubling)
    infections = np.zeros((n, n_days))
    infections[:, 0] = 1
    for day in range(1, n_days):
        total = infections[:, :day].sum(axis=1)
        infections[:, day] = rng.poisson(total * (growth - 1))
    shown = np.zeros((n, len(CHANNELS), n_days))
    for number, channel in enumerate(CHANNELS):
        # delays of a gamma law with shape 4, cut into days
        lags = rng.gamma(4.0, channel.delay / 4.0, 20_000).astype(int)
        delay = np.bincount(lags, minlength=n_days)[:n_days] / lags.size
        mean = np.stack([np.convolve(row, delay)[:n_days] for row in infections])
        shown[:, number] = rng.poisson(channel.catches * mean)
    order = rng.permuted(np.tile(np.arange(len(CHANNELS)), (n, 1)), axis=1)
    return shown * (order < respond)[:, :, None], infections.cumsum(axis=1)
