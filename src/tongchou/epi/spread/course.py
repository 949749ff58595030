"""What an infection does to a person, as arrays: the natural history of one pathogen.

A disease is data here: the same simulator runs wild-type covid-19, Omicron, influenza or
SARS, and which of them it is stands in the playbook. Nothing here knows of measures.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.incomplete_gamma import Array
from tongchou.epi.spread.spells import AT_LEAST, SPELLS, Rounding, Spell, cumulative

LAYERS = ("household", "class", "workplace", "compound", "community", "city", "vehicle")
"""The layers of contact, in the order of every array that has one entry per layer."""

AGES = 101
"""Ages 0 to 100; who is older counts as 100."""

DOSES = 4
"""Doses 0 to 3; who has had more counts as 3."""

_BY_AGE = ("susceptibility", "p_symptomatic", "p_severe", "p_critical", "p_death")
_BY_DOSE = ("ve_infection", "ve_severe", "ve_death")


@dataclass(frozen=True, slots=True)
class Load:
    """Infectiousness in two phases: high at first, then low.

    Of an infectious time of T days the first min(high_share x T, cap_days) are high, and a
    day there weighs `ratio` times one of the rest. Both are divided by
    1 + high_share x (ratio - 1), so that a time that the cap does not shorten weighs about T
    (the high days are whole ones, so a little more). From day `max_days` on the load is
    nothing: who lies in bed for three weeks does not infect for three weeks. Covasim knows
    no such end, so by default there is none.
    Source: Covasim (Kerr et al. 2021, doi:10.1371/journal.pcbi.1009149).
    """

    high_share: float = 0.3
    ratio: float = 2.0
    cap_days: float = 4.0
    max_days: float = math.inf

    def __post_init__(self) -> None:
        if not 0 <= self.high_share <= 1:
            raise ValueError(f"high_share {self.high_share} is not between 0 and 1")
        if not (0 < self.ratio < math.inf and self.cap_days >= 0):
            raise ValueError(
                f"ratio {self.ratio} must be above zero and cap_days {self.cap_days} not below"
            )
        if not self.max_days >= 1:
            raise ValueError(f"max_days {self.max_days} must be one or more")

    @property
    def high(self) -> float:
        return self.ratio * self.low

    @property
    def low(self) -> float:
        return 1 / (1 + self.high_share * (self.ratio - 1))

    def high_days(self, total: int) -> int:
        """How many of `total` infectious days are in the first phase: those that begin in it."""
        return min(math.ceil(min(self.high_share * total, self.cap_days)), total)

    def by_day(self, total: int) -> Array:
        """Weight of each of `total` infectious days, f64[total]."""
        day = np.arange(total)
        weight = np.where(day < self.high_days(total), self.high, self.low)
        return weight * (day < self.max_days)


FLAT = Load(high_share=0.0, ratio=1.0, cap_days=0.0)
"""Every infectious day weighs the same."""


@dataclass(frozen=True, eq=False)
class Course:
    """The natural history of one disease.

    The time line of a person infected on day t, every spell in whole days:

        t + exposed_to_infectious             infectious from this day on
          + infectious_to_symptoms            symptoms, if any (p_symptomatic)
          + symptoms_to_severe                severe, needs a bed (p_severe of those)
          + severe_to_critical                critical, needs intensive care (p_critical)
          + critical_to_death                 dead (p_death of the critical)

    or recovered, `recovery_X` after the onset of the worst state X that was reached
    (without symptoms: after the infectious time began). A person is infectious from the
    first infectious day to the day before recovery or death, but `load.max_days` at most.

    Parameters
    ----------
    r0, beta
        Exactly one of the two: the basic reproduction number asked for (the engine finds
        the transmissibility that gives it in its city), or the transmissibility itself:
        probability per contact and day at weight 1 and load 1.
    layers
        f64[7], transmissibility per contact relative to the others, in the order of `LAYERS`.
    dispersion
        k of the infectiousness of persons: gamma of mean 1 and shape k, so that numbers of
        offspring are negative binomial. `inf`: everyone is alike.
    asymptomatic
        Infectiousness of a person who never has symptoms, relative to others.
    spells
        One `Spell` for each name in `SPELLS`.
    susceptibility, p_symptomatic, p_severe, p_critical, p_death
        f64[101] by age. Susceptibility is relative; each p is a probability *given* the
        state before it.
    ve_infection, ve_severe, ve_death
        f64[4] by doses had. As studies publish them: the share of infections, of severe
        cases and of deaths prevented, each against nobody being vaccinated. So they do not
        fall in this order; `severe_factor` and `death_factor` are what is left for those
        infected all the same.
    rounding
        How laws become whole days, see `spells`.
    """

    name: str
    spells: Mapping[str, Spell]
    susceptibility: Array
    p_symptomatic: Array
    p_severe: Array
    p_critical: Array
    p_death: Array
    r0: float | None = None
    beta: float | None = None
    layers: Array = field(default_factory=lambda: np.ones(len(LAYERS)))
    dispersion: float = math.inf
    asymptomatic: float = 1.0
    load: Load = FLAT
    ve_infection: Array = field(default_factory=lambda: np.zeros(DOSES))
    ve_severe: Array = field(default_factory=lambda: np.zeros(DOSES))
    ve_death: Array = field(default_factory=lambda: np.zeros(DOSES))
    rounding: Rounding = "nearest"

    def __post_init__(self) -> None:
        if (self.r0 is None) == (self.beta is None):
            raise ValueError(f"{self.name}: say either r0 or beta")
        for key, value in (("r0", self.r0), ("beta", self.beta)):
            if value is not None and not 0 <= value < math.inf:
                raise ValueError(f"{self.name}: {key} {value} is not a number from zero up")
        if not self.dispersion > 0:
            raise ValueError(f"{self.name}: dispersion {self.dispersion} must be above zero")
        if not 0 <= self.asymptomatic < math.inf:
            raise ValueError(f"{self.name}: asymptomatic {self.asymptomatic} is below zero")
        if self.rounding not in ("nearest", "mean"):
            raise ValueError(f"{self.name}: rounding {self.rounding!r} is neither nearest nor mean")
        if missing := [spell for spell in SPELLS if spell not in self.spells]:
            raise ValueError(f"{self.name}: spells.{missing[0]} is missing")
        if unknown := sorted(set(self.spells) - set(SPELLS)):
            raise ValueError(f"{self.name}: spells.{unknown[0]} is not a spell; see SPELLS")
        self._keep("layers", len(LAYERS), math.inf)
        for key in _BY_AGE:
            self._keep(key, AGES, math.inf if key == "susceptibility" else 1.0)
        for key in _BY_DOSE:
            self._keep(key, DOSES, 1.0)
        for less, more in (("ve_infection", "ve_severe"), ("ve_severe", "ve_death")):
            if np.any(getattr(self, less) > getattr(self, more)):
                raise ValueError(f"{self.name}: {more} is below {less}, which it contains")

    def _keep(self, key: str, size: int, most: float) -> None:
        """Keep the array of a key read-only, of the right size, and between 0 and `most`."""
        values = np.array(getattr(self, key), dtype=float)
        if values.shape != (size,):
            raise ValueError(f"{self.name}: {key} has shape {values.shape}, not ({size},)")
        wrong = np.flatnonzero(~((values >= 0) & (values <= most) & np.isfinite(values)))
        if wrong.size:
            where = f"{key}[{wrong[0]}]"
            raise ValueError(f"{self.name}: {where} is {values[wrong[0]]}, not from 0 to {most}")
        values.setflags(write=False)
        object.__setattr__(self, key, values)

    # Vaccination

    @cached_property
    def severe_factor(self) -> Array:
        """f64[4]: what p_severe of an infected person is multiplied by, by doses."""
        return _left(self.ve_severe, self.ve_infection)

    @cached_property
    def death_factor(self) -> Array:
        """f64[4]: what p_death of a critical patient is multiplied by, by doses."""
        return _left(self.ve_death, self.ve_severe)

    # Durations

    def spell_pmf(self, spell: str) -> Array:
        """Probability of 0, 1, 2 … whole days of a spell, as the engine draws it."""
        return self.spells[spell].pmf(rounding=self.rounding, at_least=AT_LEAST[spell])

    def durations(self, spell: str) -> NDArray[np.float32]:
        """f32 table of a spell: entry k is the probability of at most k whole days.

        With rounding "nearest" that is the law at k + 1/2 (Covasim draws a log-normal and
        rounds it); with "mean" the law between dates, which keeps the mean exactly. Spells
        in `AT_LEAST` never take less than a day. Draw with u in [0, 1): the first k whose
        entry is above u.
        """
        if spell not in SPELLS:
            raise ValueError(f"{spell!r} is not a spell; it is one of {', '.join(SPELLS)}")
        return cumulative(self.spell_pmf(spell))

    @cached_property
    def tables(self) -> NDArray[np.float32]:
        """f32[9, days]: `durations` of all of `SPELLS`, filled up with ones."""
        rows = [self.durations(spell) for spell in SPELLS]
        filled = np.ones((len(rows), max(row.size for row in rows)), dtype=np.float32)
        for row, table in zip(filled, rows, strict=True):
            row[: table.size] = table
        return filled

    # What follows from it

    @cached_property
    def outcomes(self) -> Array:
        """f64[5, 101]: chance of asymptomatic, mild, severe, critical, death; unvaccinated."""
        symptoms = self.p_symptomatic
        severe = symptoms * self.p_severe
        critical = severe * self.p_critical
        dead = critical * self.p_death
        return np.array([1 - symptoms, symptoms - severe, severe - critical, critical - dead, dead])

    @cached_property
    def _by_day(self) -> list[Array]:
        """Expected infectiousness on each day since infection began, one array per outcome."""
        onset = self.spell_pmf("infectious_to_symptoms")
        severe = np.convolve(onset, self.spell_pmf("symptoms_to_severe"))
        critical = np.convolve(severe, self.spell_pmf("severe_to_critical"))
        before = (np.ones(1), onset, severe, critical, critical)
        last = (*[f"recovery_{state}" for state in _WORST], "critical_to_death")
        latent = self.spell_pmf("exposed_to_infectious")
        factor = (self.asymptomatic, 1.0, 1.0, 1.0, 1.0)
        totals = (np.convolve(a, self.spell_pmf(b)) for a, b in zip(before, last, strict=True))
        return [
            weight * np.convolve(latent, self._load_by_day(total))
            for weight, total in zip(factor, totals, strict=True)
        ]

    def _load_by_day(self, total: Array) -> Array:
        """Mean load on each day of an infectious time whose length has this distribution."""
        mean = np.zeros(max(total.size - 1, 1))
        for days, chance in enumerate(total):
            mean[:days] += chance * self.load.by_day(days)
        return mean

    def infectious_days(self) -> Array:
        """f64[101] by age: infectious days expected, weighed by load and by having symptoms.

        In a well-mixed city of susceptibility 1, R0 = beta x contacts a day x this (as long
        as one contact is unlikely to infect, and infects a person once).
        """
        return np.array([day.sum() for day in self._by_day]) @ self.outcomes

    def generation_interval(self, ages: ArrayLike | None = None) -> Array:
        """Generation interval implied, as pmf: entry g is the share passed on after g days.

        Nobody shields anybody: this is the interval without measures and while few are
        immune. Entry 0 is zero.

        Parameters
        ----------
        ages
            f64[101], how many people there are of each age; by default alike up to 79. Those
            infected first are taken in proportion to their susceptibility.

        Examples
        --------
        >>> two, three = Spell(2, law="constant"), Spell(3, law="constant")
        >>> course = plain("demo", latent=two, infectious=three)
        >>> course.generation_interval().round(3).tolist()
        [0.0, 0.0, 0.333, 0.333, 0.333]
        """
        people = (np.arange(AGES) < 80) if ages is None else np.asarray(ages)
        weights = people.astype(float) * self.susceptibility
        if people.shape != (AGES,) or not (np.all(weights >= 0) and weights.sum() > 0):
            raise ValueError(f"ages must be {AGES} numbers of people, and somebody susceptible")
        shares = self.outcomes @ weights
        size = max(day.size for day in self._by_day)
        each = [np.pad(day, (0, size - day.size)) for day in self._by_day]
        interval = shares @ np.array(each)
        if not interval.sum() > 0:
            raise ValueError(f"{self.name}: nobody is ever infectious")
        return np.trim_zeros(interval / interval.sum(), "b")

    def growth_rate(self, r0: float, ages: ArrayLike | None = None) -> float:
        """Growth a day while everyone is susceptible: r with r0 x sum g(s) exp(-r s) = 1.

        Euler-Lotka for a renewal in whole days, as the engine steps (Wallinga & Lipsitch
        2007, doi:10.1098/rspb.2006.3754). Negative below r0 = 1.
        """
        if not 0 < r0 < math.inf:
            raise ValueError(f"r0 {r0} must be above zero")
        interval = self.generation_interval(ages)
        low, high = -1.0, 1.0
        while _offspring(interval, low) * r0 < 1:
            low *= 2
        while _offspring(interval, high) * r0 > 1:
            high *= 2
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if _offspring(interval, middle) * r0 > 1 else (low, middle)
        return (low + high) / 2

    def r_from_growth(self, growth: float, ages: ArrayLike | None = None) -> float:
        """The reproduction number behind a steady growth a day; inverse of `growth_rate`."""
        return float(1 / _offspring(self.generation_interval(ages), growth))


_WORST = ("asymptomatic", "mild", "severe", "critical")


def plain(
    name: str,
    *,
    latent: Spell,
    infectious: Spell,
    r0: float | None = 2.0,
    beta: float | None = None,
    dispersion: float = math.inf,
    load: Load = FLAT,
) -> Course:
    """A course with nothing but a latent and an infectious time: what theory is checked on.

    Nobody has symptoms, nobody dies, everyone is alike. Give `r0=None` with a `beta`.
    """
    nought = np.zeros(AGES)
    idle = Spell(0, law="constant")
    spells = dict.fromkeys(SPELLS, idle) | {
        "exposed_to_infectious": latent,
        "recovery_asymptomatic": infectious,
    }
    return Course(
        name,
        spells,
        susceptibility=np.ones(AGES),
        p_symptomatic=nought,
        p_severe=nought,
        p_critical=nought,
        p_death=nought,
        r0=r0,
        beta=beta,
        dispersion=dispersion,
        load=load,
    )


def _left(total: Array, before: Array) -> Array:
    """Share that slips through the second net of those who slipped through the first."""
    through = 1 - before
    return np.divide(1 - total, through, out=np.zeros_like(through), where=through > 0)


def _offspring(interval: Array, growth: float) -> float:
    return float(interval @ np.exp(-growth * np.arange(interval.size)))
