"""Many weak channels of one community, added up over channels and days into one score.

Each day and channel gives a log-likelihood ratio: how much better "an outbreak of this kind goes
on" explains the count than "nothing does". Ratios add, so the score can be taken apart again, and
the page can say which channels agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Floats, Indices

__all__ = ["KINDS", "Evidence", "Profile", "city_days", "gather", "profiles"]

#: a day that moves the whole city is found in steps, because each step cuts what is far off
_ROUNDS = 4

#: Counts a day that about ten new infections a day add to the channels of their community. Orders
#: of magnitude, set by hand: put measured ones in their place where a city has them.
KINDS: Mapping[str, Mapping[str, float]] = {
    "respiratory": {
        "fever_clinic": 1.2,
        "outpatient": 1.5,
        "pharmacy": 3.0,
        "school_absence": 1.0,
        "work_absence": 1.2,
        "antigen": 1.0,
        "pcr": 0.3,
        "hotline": 0.5,
    },
    "enteric": {
        "outpatient": 2.0,
        "pharmacy": 2.5,
        "school_absence": 1.5,
        "work_absence": 0.8,
        "hotline": 0.8,
    },
}


@dataclass(frozen=True)
class Profile:
    """What one kind of outbreak does to the channels.

    Attributes
    ----------
    excess
        Counts a day that a just noticeable outbreak adds to each channel, in the order of the
        channels; zero where it adds none.
    respond
        Chance that a channel responds at all. At one, every channel that stays quiet speaks
        against the outbreak, and the evidence is a CUSUM. Below, a quiet channel costs no more
        than log(1 - respond), and the evidence is that of the last days: this finds outbreaks
        which show in a few channels only.
    weight
        How likely this profile is beside the others. A CUSUM chooses its own beginning, and so
        reaches any height more easily than a sum over fixed days: it deserves the less weight.
    """

    name: str
    excess: tuple[float, ...]
    respond: float = 1.0
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.excess or min(self.excess) < 0 or max(self.excess) <= 0:
            raise ValueError(f"profile {self.name}: some channel must rise, and none may fall")
        if not 0 < self.respond <= 1:
            raise ValueError(f"profile {self.name}: respond is a share, not {self.respond}")
        if not 0 < self.weight <= 1:
            raise ValueError(f"profile {self.name}: weight is above 0 up to 1, not {self.weight}")


@dataclass(frozen=True, eq=False)
class Evidence:
    """The score of each community on each day, and what it is made of.

    Attributes
    ----------
    score
        f64[n_communities, n_days]: the largest of the profiles' sums of log-likelihood ratios,
        with the log of the profile's weight; at least zero. NaN where no channel reported.
    profile
        i64[n_communities, n_days]: the profile that it is of, as a place in the list given.
    at
        i64[n_at], the days that `contributions` and `since` speak of.
    contributions
        f64[n_communities, n_channels, n_at]: what each channel has added; their sum is the score.
        What the weight takes is shared out among the channels that the profile touches.
    since
        i64[n_communities, n_at]: days that the sum, less what the profile's weight takes, has been
        above zero, today included.
    """

    score: Floats
    profile: Indices
    at: Indices
    contributions: Floats
    since: Indices


def profiles(
    channels: Sequence[str],
    kinds: Mapping[str, Mapping[str, float]] = KINDS,
    *,
    sizes: Sequence[float] = (1.0, 3.0),
) -> list[Profile]:
    """Each kind of outbreak: in all its channels, or, small and large, in about half of them.

    Parameters
    ----------
    channels
        The channels in the order of the counts; one that no kind knows is not listened to.
    kinds
        Of each kind the counts a day that it adds to a channel while it is just noticeable. A
        kind that touches none of the channels is left out.
    sizes
        How many times that much, for the profiles of few channels.

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
        made.append(Profile(kind, excess, weight=0.2))
        for size in sizes:
            grown = tuple(size * each for each in excess)
            made.append(Profile(f"{kind}, few channels", grown, respond=0.5))
    return made


def city_days(
    counts: Floats, expected: Floats, dispersion: Floats, *, spread: float = 0.2
) -> Floats:
    """What each day did to each channel in the whole city: f64[n_channels, n_days], 1 for nothing.

    Weather, a scare, a football match: multiply the expected counts by it before `gather`.

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
    known = ~np.isnan(counts + expected + dispersion)
    mean = np.where(known, expected, 0.0)
    variance = np.where(known, dispersion * expected, 0.0)
    total, noise = mean.sum(axis=0), variance.sum(axis=0)
    believed = spread**2 * total / np.maximum(spread**2 * total**2 + noise, 1e-300)
    factor: Floats = np.ones(total.shape)
    for _ in range(_ROUNDS):
        reach = 3.0 * np.sqrt(variance * factor)
        residual = np.clip(np.where(known, counts - mean * factor, 0.0), -reach, reach)
        excess = residual.sum(axis=0) + (factor - 1.0) * total
        factor = np.maximum(1.0 + believed * excess, 0.05)
    return factor


def gather(
    counts: Floats,
    expected: Floats,
    dispersion: Floats,
    profiles: Sequence[Profile],
    *,
    at: ArrayLike = -1,
    memory: int = 7,
    cap: float = 8.0,
) -> Evidence:
    """Add up the evidence of every community, day by day.

    A CUSUM forgets at zero what speaks against an outbreak, so that a quiet year is no credit.
    Its past reaches back weeks: give it some fifty days before the first that matters. Take the
    city's days out first (`city_days`).

    Parameters
    ----------
    counts, expected, dispersion
        f64[n_communities, n_channels, n_days]. A channel that did not report, or of which nothing
        is expected yet (NaN), says nothing that day.
    profiles
        The kinds of outbreak looked for.
    at
        Days whose contributions are wanted.
    memory
        Days that count for a profile of few channels.
    cap
        The most one channel may add in one day. A number keyed in twice is no epidemic.

    Raises
    ------
    ValueError
        Where there is no profile, or one that does not fit the channels; for a day that there is
        not.

    References
    ----------
    Moustakides 1986, doi:10.1214/aos/1176350164 (CUSUM is the quickest at its false alarm rate);
    Xie & Siegmund 2013, doi:10.1214/13-AOS1094 (few of many sensors);
    Neill & Cooper 2010, doi:10.1007/s10994-009-5144-4 (joined streams, several kinds of event).
    """
    _check(counts, profiles, memory)
    n_communities, n_channels, n_days = counts.shape
    wanted = np.atleast_1d(np.asarray(at, dtype=np.int64))
    if wanted.size and not (-n_days <= wanted.min() and wanted.max() < n_days):
        raise ValueError(f"there are {n_days} days; asked for {wanted.tolist()}")
    wanted = np.where(wanted < 0, wanted + n_days, wanted)
    score = np.full((n_communities, n_days), np.nan)
    chosen = np.zeros((n_communities, n_days), dtype=np.int64)
    contributions = np.full((n_communities, n_channels, wanted.size), np.nan)
    since = np.zeros((n_communities, wanted.size), dtype=np.int64)
    sums = [_Sum(profile, n_communities, memory) for profile in profiles]
    rows = np.arange(n_communities)
    for day in range(n_days):
        today = counts[:, :, day], expected[:, :, day], dispersion[:, :, day]
        reported = np.asarray((~np.isnan(today[0] + today[1] + today[2])).any(axis=1))
        for each in sums:
            each.add(np.minimum(_ratio(*today, each.added), cap))
        height = np.stack([each.height for each in sums])
        best = height.argmax(axis=0)
        score[:, day] = np.where(reported, height[best, rows], np.nan)
        chosen[:, day] = best
        for place in np.flatnonzero(wanted == day):
            parts = np.stack([each.parts() for each in sums])[best, rows]
            contributions[:, :, place] = np.where(reported[:, None], parts, np.nan)
            since[:, place] = np.stack([each.days for each in sums])[best, rows]
    return Evidence(score, chosen, wanted, contributions, since)


def _check(counts: Floats, profiles: Sequence[Profile], memory: int) -> None:
    if not profiles:
        raise ValueError("evidence needs at least one profile")
    if memory < 1:
        raise ValueError(f"memory is one day or more, not {memory}")
    for profile in profiles:
        if len(profile.excess) != counts.shape[1]:
            raise ValueError(
                f"profile {profile.name} names {len(profile.excess)} channels; "
                f"the counts have {counts.shape[1]}"
            )


class _Sum:
    """The running evidence for one profile: a CUSUM, or that of the last days."""

    def __init__(self, profile: Profile, n_communities: int, memory: int) -> None:
        self.profile = profile
        self.added = np.array(profile.excess)
        self.touched = self.added > 0
        self.each = np.zeros((n_communities, self.added.size))
        self.past: list[Floats] = []
        self.memory = memory
        self.height = np.zeros(n_communities)
        self.days = np.zeros(n_communities, dtype=np.int64)

    def add(self, ratio: Floats) -> None:
        if self.profile.respond < 1:
            self.past = [*self.past, ratio][-self.memory :]
            total = np.sum(self.past, axis=0) + np.log(self.profile.respond)
            few = np.logaddexp(np.log1p(-self.profile.respond), total)
            self.each = np.where(self.touched, few, 0.0)
        else:
            self.each = self.each + ratio
            self.each *= self.each.sum(axis=1, keepdims=True) > 0
        weighed = self.each.sum(axis=1) + np.log(self.profile.weight)
        self.height = np.maximum(weighed, 0.0)
        self.days = np.where(weighed > 0, self.days + 1, 0)

    def parts(self) -> Floats:
        """What each channel has added; zero throughout where the sum is not above zero."""
        share = np.log(self.profile.weight) * self.touched / self.touched.sum()
        answer: Floats = (self.each + share) * (self.height > 0)[:, None]
        return answer


def _ratio(count: Floats, mean: Floats, dispersion: Floats, added: Floats) -> Floats:
    """log P(count | outbreak) / P(count | none), f64[n_communities, n_channels].

    The size of the negative binomial law stays what it is without an outbreak.
    """
    known = ~np.isnan(count + mean + dispersion)
    y = np.where(known, count, 0.0)
    mu = np.where(known, np.maximum(mean, 1e-6), 1.0)
    size = mu / np.maximum(np.where(known, dispersion, 1.0) - 1.0, 1e-6)
    grown = np.log1p(added / (size + mu))
    return np.where(known, y * (np.log1p(added / mu) - grown) - size * grown, 0.0)
