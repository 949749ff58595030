"""What a plan must keep to, as text: `beds.severe <= 1200 @ 95%`.

A number of the run, a bound, and the share of runs in which it must hold (all of them where
nothing is said). Since all plans meet the same dice, a plan that has failed in more runs than it
may is out for certain, and needs no further run.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.plan.metrics import Metric, metric

__all__ = ["Constraint", "WrongConstraint", "parse", "parse_all"]

_FORM = re.compile(
    r"""^\s*(?P<name>[A-Za-z_][\w.]*)\s*
        (?P<sign><=|>=|<|>|≤|≥|==?)\s*
        (?P<limit>[-+]?[\d_,]*\.?\d+(?:[eE][-+]?\d+)?)\s*(?P<times>[kKmM万亿]?)\s*
        (?:@\s*(?P<share>\d+(?:\.\d+)?)\s*(?P<percent>%?))?\s*$""",
    re.VERBOSE,
)
_TIMES = {"": 1.0, "k": 1e3, "m": 1e6, "万": 1e4, "亿": 1e8}
_SIGNS = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">="}
EXAMPLE = '"beds.severe <= 1200 @ 95%"'


class WrongConstraint(ValueError):
    """A constraint cannot be read; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One bound.

    Parameters
    ----------
    at_most
        Whether the number may not rise above `limit`, or may not fall below it.
    share
        Of runs in which it must hold, above 0 up to 1.
    """

    metric: Metric
    at_most: bool
    limit: float
    share: float = 1.0

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        return f"{self.metric.name} {sign} {self.limit:g} @ {self.share * 100:g}%"

    def holds(self, values: ArrayLike) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """bool, shape of `values`: in which runs it holds."""
        asked = np.asarray(values, float)
        return asked <= self.limit if self.at_most else asked >= self.limit

    def may_fail(self, n_runs: int) -> int:
        """In how many of `n_runs` runs it may fail."""
        return math.floor((1 - self.share) * n_runs + 1e-9)

    def lost(self, values: ArrayLike, n_runs: int) -> bool:
        """Whether it fails in so many runs already that it cannot hold in `n_runs`."""
        return int(np.sum(~self.holds(values))) > self.may_fail(n_runs)

    def at_stake(self, values: ArrayLike) -> float:
        """The value that must keep the bound for the constraint to hold in these runs.

        With `at_most` the smallest number such that a large enough share of the runs is not above
        it: no interpolation, so that it is below the limit exactly when the constraint holds.
        """
        asked = np.sort(np.asarray(values, float))
        if not self.at_most:
            asked = asked[::-1]
        return float(asked[asked.size - 1 - self.may_fail(asked.size)])

    def slack(self, values: ArrayLike) -> float:
        """How much room is left, as a share of the limit; below zero where it does not hold."""
        room = self.limit - self.at_stake(values)
        return (room if self.at_most else -room) / max(abs(self.limit), 1.0)

    def words(self, lang: str) -> str:
        share = f"{self.share * 100:g}%"
        if lang.startswith("zh"):
            sign = "不超过" if self.at_most else "不低于"
            often = "每次模拟都" if self.share == 1 else f"{share}的模拟中"
            return f"{often}{self.metric.zh}{sign} {self.limit:,g}"
        sign = "at most" if self.at_most else "at least"
        often = "in every run" if self.share == 1 else f"in {share} of runs"
        return f"{self.metric.en} {sign} {self.limit:,g} {often}"


def parse(text: str) -> Constraint:
    """The constraint in a text.

    Raises
    ------
    WrongConstraint
        Where it does not read `NAME <= NUMBER @ SHARE%`.
    metrics.WrongMetric
        Where a run leaves nothing of that name behind.

    Examples
    --------
    >>> str(parse("beds.severe <= 1200 @ 95%"))
    'beds.severe <= 1200 @ 95%'
    >>> parse("rooms <= 2万").limit
    20000.0
    """
    found = _FORM.match(text)
    if found is None:
        raise WrongConstraint(f"{text!r} is no constraint. Write one like {EXAMPLE}.")
    sign = _SIGNS.get(found["sign"])
    if sign is None:
        raise WrongConstraint(f"{text!r}: {found['sign']} is not understood; write <= or >=")
    share = 1.0
    if found["share"]:
        share = float(found["share"]) / (100 if found["percent"] else 1)
        if not 0 < share <= 1:
            raise WrongConstraint(
                f"{text!r}: {found['share']}{found['percent']} of the runs is no share; "
                "write one above 0% up to 100%"
            )
    digits = found["limit"].replace(",", "").replace("_", "")
    limit = float(digits) * _TIMES[found["times"].lower()]
    return Constraint(metric(found["name"]), sign == "<=", limit, share)


def parse_all(texts: Sequence[str]) -> tuple[Constraint, ...]:
    """All of them; the message of a wrong one says which it is."""
    return tuple(parse(text) for text in texts)
