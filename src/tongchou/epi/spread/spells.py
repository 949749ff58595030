"""How long each stretch of an infection lasts, as tables over whole days.

The simulator steps in days, so a law in continuous time must become whole days somehow.
Two ways are offered, because they answer different wishes: `nearest` rounds each duration
to the nearest day, as Covasim does; `mean` keeps the mean of the law, but for what
lies beyond the longest day.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.delays import discretise
from tongchou.epi.incomplete_gamma import Array
from tongchou.epi.laws import Gamma, LogNormal

SpellLaw = Literal["lognormal", "gamma", "exponential", "constant"]
Rounding = Literal["nearest", "mean"]

SPELLS = (
    "exposed_to_infectious",
    "infectious_to_symptoms",
    "symptoms_to_severe",
    "severe_to_critical",
    "critical_to_death",
    "recovery_asymptomatic",
    "recovery_mild",
    "recovery_severe",
    "recovery_critical",
)
"""The spells of a course, in the order of `Course.tables`."""

# Nobody passes the infection on within the day on which it was caught, and nobody is well
# again on the day on which the illness starts: these spells take one day or more.
AT_LEAST: Mapping[str, int] = MappingProxyType(
    {name: int(name == "exposed_to_infectious" or name.startswith("recovery_")) for name in SPELLS}
)

LONGEST = 250
"""Days: what no spell exceeds, so that a duration fits in one byte."""

# Below what a 32-bit probability can tell apart; the tail beyond is given to the last day.
_TAIL = 1e-7


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of an infection: its mean and standard deviation in days, and its law.

    An exponential spell has no spread of its own to ask for, and a constant one has none:
    their `sd_days` must be the mean, or zero, or is left out.
    """

    mean_days: float
    sd_days: float = math.nan
    law: SpellLaw = "lognormal"

    def __post_init__(self) -> None:
        if self.law not in get_args(SpellLaw):
            raise ValueError(
                f"law {self.law!r} is not known; it is one of {', '.join(get_args(SpellLaw))}"
            )
        if not 0 <= self.mean_days < LONGEST:
            raise ValueError(f"mean_days {self.mean_days} is not between 0 and {LONGEST}")
        own = {"exponential": self.mean_days, "constant": 0.0}.get(self.law, self.sd_days)
        if not (math.isnan(self.sd_days) or math.isclose(self.sd_days, own)):
            article = "an" if self.law == "exponential" else "a"
            raise ValueError(f"sd_days of {article} {self.law} spell is {own}, not {self.sd_days}")
        object.__setattr__(self, "sd_days", own)
        if self.law in ("lognormal", "gamma") and not (self.mean_days > 0 and own > 0):
            raise ValueError(
                f"mean_days {self.mean_days} and sd_days {own} of a {self.law} spell must be "
                'above zero; a spell without spread has law = "constant"'
            )

    def pmf(self, *, rounding: Rounding = "nearest", at_least: int = 0) -> Array:
        """Probability of 0, 1, 2 … whole days; what is below `at_least` counts as that.

        `nearest`: k days where the law says k - 1/2 to k + 1/2. `mean`: as between two
        dates, the first at any hour of its day (`delays.discretise`), which keeps the mean
        and adds at most a quarter to the variance. For a constant spell that is a mixture
        of the whole days on both sides.
        """
        pmf = self._constant(rounding) if self._certain else self._spread(rounding)
        if at_least:
            pmf = np.concatenate((pmf, np.zeros(max(at_least + 1 - pmf.size, 0))))
            pmf[at_least] += pmf[:at_least].sum()
            pmf[:at_least] = 0.0
        return pmf

    @property
    def _certain(self) -> bool:
        return self.law == "constant" or self.mean_days == 0

    def _constant(self, rounding: Rounding) -> Array:
        whole = math.floor(self.mean_days)
        over = self.mean_days - whole
        if rounding == "nearest":
            over = float(over >= 0.5)
        return np.array([*[0.0] * whole, 1 - over, over] if over else [*[0.0] * whole, 1.0])

    def _spread(self, rounding: Rounding) -> Array:
        law = (LogNormal if self.law == "lognormal" else Gamma)(self.mean_days, self.sd_days)
        if rounding == "mean":
            pmf = discretise(law, until=LONGEST).pmf.copy()
        else:
            pmf = np.diff(law.cdf(np.arange(LONGEST + 1) + 0.5), prepend=0.0)
        last = int(np.searchsorted(np.cumsum(pmf), 1 - _TAIL))
        pmf = pmf[: min(last, LONGEST) + 1]
        pmf[-1] += 1 - pmf.sum()
        return pmf


def cumulative(pmf: Array) -> NDArray[np.float32]:
    """f32 table: entry k is the probability of at most k days; the last entry is 1.

    The duration drawn with u in [0, 1) is the first k whose entry is above u.
    """
    table = np.cumsum(pmf).astype(np.float32)
    table[-1] = 1.0
    return np.minimum(table, np.float32(1.0))
