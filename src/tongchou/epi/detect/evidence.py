"""Many weak channels of one community, added up over channels and days into one score.

Each day and channel gives a log-likelihood ratio: how much better "an outbreak of this kind goes
on" explains the count than "nothing does". Ratios add, so the score can be taken apart again, and
the page can say which channels agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Flags, Floats, Indices

__all__ = ["CityDay", "Evidence", "Profile", "city_days", "gather", "profiles"]


@dataclass(frozen=True)
class Profile:
    """What one kind of outbreak does to the channels.

    Attributes
    ----------
    excess
        Counts a day that a just noticeable outbreak adds to each channel, in the order of the
        channels; zero where it adds none.
    respond
        Chance that a channel responds at all. Below one, a channel that stays quiet tells only
        little against the outbreak: that finds outbreaks which show in a few channels only.
    """

    name: str
    excess: tuple[float, ...]
    respond: float = 1.0

    def __post_init__(self) -> None:
        if not self.excess or min(self.excess) < 0 or max(self.excess) <= 0:
            raise ValueError(f"profile {self.name}: some channel must rise, and none may fall")
        if not 0 < self.respond <= 1:
            raise ValueError(f"profile {self.name}: respond is a share, not {self.respond}")

    def times(self, factor: float) -> "Profile":
        """The same kind of outbreak, so many times as large."""
        return Profile(self.name, tuple(each * factor for each in self.excess), self.respond)


@dataclass(frozen=True, eq=False)
class CityDay:
    """What a day did to a channel everywhere: `factor` f64[n_channels, n_days]."""

    factor: Floats


@dataclass(frozen=True, eq=False)
class Evidence:
    """The score of each community on each day, and what it is made of.

    Attributes
    ----------
    score
        f64[n_communities, n_days]: the largest sum, over the profiles, of log-likelihood ratios
        since that sum was last zero. NaN where no channel reported.
    profile
        i64[n_communities, n_days]: the profile that it is of, as a place in the list given.
    at
        i64[n_at], the days that `contributions` and `since` speak of.
    contributions
        f64[n_communities, n_channels, n_at]: what each channel has added; their sum is the score.
    since
        i64[n_communities, n_at]: days that the sum has been above zero.
    """

    score: Floats
    profile: Indices
    at: Indices
    contributions: Floats
    since: Indices


def profiles(
    channels: Sequence[str],
    kinds: Mapping[str, Mapping[str, float]],
    *,
    sizes: Sequence[float] = (1.0, 3.0),
    few: float = 0.375,
) -> list[Profile]:
    """Each kind of outbreak, small and large, in all its channels or in a few of them only.

    Parameters
    ----------
    channels
        The channels in the order of the counts.
    kinds
        Of each kind the counts a day that it adds to a channel while it is just noticeable. A
        kind that touches none of the channels is left out.
    few
        Chance of a channel to respond, in the profiles of few channels.

    Examples
    --------
    >>> [p.name for p in profiles(["fever"], {"respiratory": {"fever": 2.0}}, sizes=[1])]
    ['respiratory', 'respiratory, few channels']
    """
    made = []
    for kind, added in kinds.items():
        excess = tuple(float(added.get(channel, 0.0)) for channel in channels)
        if not any(excess):
            continue
        for size in sizes:
            made.append(Profile(kind, excess).times(size))
            made.append(Profile(f"{kind}, few channels", excess, few).times(size))
    return made


def city_days(
    counts: Floats, expected: Floats, dispersion: Floats, *, spread: float = 0.2
) -> CityDay:
    """What each day did to each channel in the whole city: weather, a scare, a football match.

    The ratio of counted to expected over all communities, each community's deviation cut at three
    standard deviations so that a community in an outbreak does not move the city, and drawn
    towards one as far as the city is too small to tell.

    Parameters
    ----------
    counts, expected, dispersion
        f64[n_communities, n_channels, n_days]; NaN where nothing was reported or expected.
    spread
        How much such days usually differ: the standard deviation of the factor.
    """
    scale = np.sqrt(dispersion * expected)
    residual = np.clip((counts - expected) / scale, -3.0, 3.0) * scale
    known = ~np.isnan(residual)
    total = np.where(known, expected, 0.0).sum(axis=0)
    excess = np.where(known, residual, 0.0).sum(axis=0)
    noise = np.where(known, scale**2, 0.0).sum(axis=0)
    shrunk = spread**2 * total * excess / np.maximum(spread**2 * total**2 + noise, 1e-300)
    return CityDay(np.maximum(1.0 + shrunk, 0.05))


def gather(
    counts: Floats,
    expected: Floats,
    dispersion: Floats,
    profiles: Sequence[Profile],
    *,
    at: ArrayLike = -1,
    cap: float = 8.0,
) -> Evidence:
    """Add up the evidence of every community, day by day.

    The recursion of each profile is a CUSUM: what speaks against an outbreak is forgotten at zero,
    so that a quiet year is no credit. Take the city's days out first (`city_days`).

    Parameters
    ----------
    counts, expected, dispersion
        f64[n_communities, n_channels, n_days]. A channel that did not report, or of which nothing
        is expected yet (NaN), says nothing that day.
    profiles
        The kinds of outbreak looked for.
    at
        Days whose contributions are wanted.
    cap
        The most one channel may add in one day. A number keyed in twice is no epidemic.

    References
    ----------
    Moustakides 1986, doi:10.1214/aos/1176350164 (CUSUM is the quickest at its false alarm rate);
    Burkom et al. 2005 and Neill & Cooper 2010, doi:10.1007/s10994-009-5144-4 (joined streams).
    """
    n_communities, n_channels, n_days = counts.shape
    for profile in profiles:
        if len(profile.excess) != n_channels:
            raise ValueError(
                f"profile {profile.name} names {len(profile.excess)} channels, not {n_channels}"
            )
    if not profiles:
        raise ValueError("evidence needs at least one profile")
    wanted = np.atleast_1d(np.asarray(at, dtype=np.int64)) % n_days
    kept = {int(day): place for place, day in enumerate(wanted)}
    score = np.full((n_communities, n_days), np.nan)
    chosen = np.zeros((n_communities, n_days), dtype=np.int64)
    contributions = np.full((n_communities, n_channels, wanted.size), np.nan)
    since = np.zeros((n_communities, wanted.size), dtype=np.int64)
    parts = np.zeros((len(profiles), n_communities, n_channels))
    days = np.zeros((len(profiles), n_communities), dtype=np.int64)
    rows = np.arange(n_communities)
    for day in range(n_days):
        ratios, reported = _ratios(
            counts[:, :, day], expected[:, :, day], dispersion[:, :, day], profiles, cap
        )
        parts += ratios
        above = parts.sum(axis=2) > 0
        parts *= above[:, :, None]
        days = np.where(above, days + 1, 0)
        sums = parts.sum(axis=2)
        best = sums.argmax(axis=0)
        score[:, day] = np.where(reported, sums[best, rows], np.nan)
        chosen[:, day] = best
        if day in kept:
            contributions[:, :, kept[day]] = np.where(reported[:, None], parts[best, rows], np.nan)
            since[:, kept[day]] = days[best, rows]
    return Evidence(score, chosen, wanted, contributions, since)


def _ratios(
    count: Floats, mean: Floats, dispersion: Floats, profiles: Sequence[Profile], cap: float
) -> tuple[Floats, Flags]:
    """log P(count | outbreak) / P(count | none) for each profile, community and channel."""
    known = ~np.isnan(count + mean + dispersion)
    y = np.where(known, count, 0.0)
    mu = np.where(known, np.maximum(mean, 1e-6), 1.0)
    # The size of the negative binomial law stays what it is without an outbreak.
    size = mu / np.maximum(np.where(known, dispersion, 1.0) - 1.0, 1e-6)
    answer = np.zeros((len(profiles), *count.shape))
    for place, profile in enumerate(profiles):
        added = np.asarray(profile.excess)
        grown = np.log1p(added / (size + mu))
        ratio = y * (np.log1p(added / mu) - grown) - size * grown
        if profile.respond < 1:
            some = np.log(profile.respond) + ratio
            ratio = np.where(added > 0, np.logaddexp(np.log1p(-profile.respond), some), 0.0)
        answer[place] = np.where(known, np.minimum(ratio, cap), 0.0)
    reported: Flags = np.asarray(known.any(axis=1))
    return answer, reported
