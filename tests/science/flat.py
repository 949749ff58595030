"""Cities so simple that theory says what will happen in them, and that theory.

In `mixed` everybody lives alone and meets many others of the whole city every day; in `homes`
people meet their own household and nobody else.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from tongchou.epi.spread.city import UNITS, City
from tongchou.epi.spread.course import LAYERS, Course, plain
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.state import Run
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import Contacts, Ways, ways_of

Floats = NDArray[np.float64]

#: Contacts a day in `mixed`; so many that one contact hardly ever infects twice.
MANY = 254
LATENT, INFECTIOUS = Spell(3, 1.5, "gamma"), Spell(5, 2, "gamma")
NO_MEETINGS = Contacts(*[0] * 6)


def city(household_start: NDArray[np.int32], age: int | NDArray[np.uint8] = 30) -> City:
    """One compound of one community of one district; nobody works or learns."""
    n = int(household_start[-1])
    empty = np.empty(0, np.int32)
    return City(
        name="flat",
        age=np.full(n, age, np.uint8) if isinstance(age, int) else age,
        household=np.repeat(
            np.arange(household_start.size - 1, dtype=np.int32), np.diff(household_start)
        ),
        household_start=household_start,
        unit_start=dict.fromkeys(UNITS, np.array([0, n], np.int32)),
        group=np.full(n, -1, np.int32),
        seat=np.full(n, -1, np.int32),
        group_start=np.zeros(1, np.int32),
        member=empty,
        group_kind=empty.astype(np.uint8),
        group_sector=empty.astype(np.uint8),
        group_community=empty,
        rides=np.zeros(n, np.uint8),
        community_code=("1",),
        community_name=("One",),
        district_code=("1",),
        district_name=("One",),
    )


def mixed(n: int, contacts: int = MANY, age: int | NDArray[np.uint8] = 30) -> Ways:
    """`n` people who live alone and meet `contacts` of all others a day."""
    return ways_of(
        city(np.arange(n + 1, dtype=np.int32), age),
        NO_MEETINGS._replace(city=contacts),
        active=np.full(101, 8, np.uint8),
    )


def homes(n: int, size: int) -> Ways:
    """`n` households of `size` whose people meet nobody else."""
    return ways_of(city(np.arange(0, n * size + 1, size, dtype=np.int32)), NO_MEETINGS)


def within(*layers: str) -> Floats:
    """Layer weights: 1 for these, 0 for all others."""
    return np.array([float(layer in layers) for layer in LAYERS])


@dataclass(frozen=True)
class Theory:
    """A disease in `mixed`, solved.

    `by_day[g]` is the mean number of people infected g days after one's own infection, as long as
    nobody is immune. Exact for `contacts` a day, each of which infects once at most.
    """

    r0: float
    dispersion: float = np.inf
    contacts: int = MANY
    latent: Spell = LATENT
    infectious: Spell = INFECTIOUS

    @property
    def course(self) -> Course:
        short = plain(
            "theory", latent=self.latent, infectious=self.infectious, r0=None, beta=self.beta,
            dispersion=self.dispersion,
        )  # fmt: skip
        return replace(short, layers=within("city"))

    @property
    def shape(self) -> Floats:
        """Expected infectious days g days after infection."""
        lasts = self.infectious.pmf(at_least=1)
        return np.convolve(self.latent.pmf(at_least=1), 1 - np.cumsum(lasts))

    def per_day(self, beta: float) -> float:
        """People infected by one infectious person on one day: each contact a coin."""
        if np.isinf(self.dispersion):
            return -self.contacts * np.expm1(-beta)
        k = self.dispersion
        return self.contacts * (1 - (1 + beta / k) ** -k)

    @property
    def beta(self) -> float:
        asked = self.r0 / self.shape.sum()
        return float(optimize.brentq(lambda beta: self.per_day(beta) - asked, 0, 1, xtol=1e-15))

    @property
    def by_day(self) -> Floats:
        return self.r0 * self.shape / self.shape.sum()

    def final_size(self, first: float) -> float:
        """Share ever infected, of which `first` on day 0 (Kermack and McKendrick 1927)."""

        def apart(z: float) -> float:
            return 1 - z - (1 - first) * np.exp(-self.r0 * z)

        return float(optimize.brentq(apart, max(first, 1e-6), 1, xtol=1e-12))

    def growth(self) -> float:
        """r with sum by_day(g) exp(-r g) = 1."""
        days = np.arange(self.by_day.size)

        def apart(r: float) -> float:
            return float(self.by_day @ np.exp(-r * days)) - 1

        return float(optimize.brentq(apart, -1, 3, xtol=1e-12))

    def curve(self, first: float, days: int) -> Floats:
        """New infections a day, as shares of all, in a city without end."""
        new = np.zeros(days)
        new[0], left = first, 1 - first
        reach = self.by_day[1:]
        for day in range(1, days):
            past = new[max(day - reach.size, 0) : day][::-1]
            force = past @ reach[: past.size]
            new[day] = -left * np.expm1(-force)
            left -= new[day]
        return new


def played(run: Run) -> Run:
    """The run on the day after it has died out, or after its last day."""
    for day in range(run.days):
        if not run.active.size:
            break
        run.day = day
        one_day(run)
    return run


def run_of(people: Ways, course: Course, *, seed: int, seeds: int | NDArray[np.int32],
           days: int = 500, policy: Policy | None = None) -> Run:  # fmt: skip
    """A whole run without its wrapping: its slots are the log of who infected whom."""
    return played(prepare(people, course, policy or Policy(), seed=seed, days=days, seeds=seeds))
