"""Comparing units that have different work: what one would expect of a unit with this mix.

Plain arithmetic, no tables. A unit that gets the hard stages in the worst week is not slow because
its share in time is low; it is slow where its share is lower than that of everybody else *at the
same stages*. That is indirect standardisation, as hospitals' death rates are compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

#: Two-sided normal quantiles.
Z95: Final = 1.959963984540054
Z998: Final = 3.090232306167813


@dataclass(frozen=True)
class Tally:
    """Legs of one stage: how many there were, and how many of them were handed over in time."""

    n: int
    in_time: int

    def __post_init__(self) -> None:
        if not 0 <= self.in_time <= self.n:
            raise ValueError(f"{self.in_time} of {self.n} in time")


@dataclass(frozen=True)
class Compared:
    """A unit beside what was to be expected of it.

    `ratio` is observed over expected, `low` and `high` its 95 % interval; `share` the unit's share
    in time as it would be with the mix of the whole area. `verdict` is `better`, `worse`, `as` or
    `few`.
    """

    n: int
    in_time: int
    expected: float
    ratio: float | None
    low: float | None
    high: float | None
    share: float | None
    verdict: str


def wilson(k: int, n: int, *, z: float = Z95) -> tuple[float, float]:
    """Score interval of a share: `k` of `n`.

    It stays within 0 and 1 and is sound for few observations and for shares near 0 and 1, where
    the textbook interval is not.

    Examples
    --------
    >>> low, high = wilson(15, 148)
    >>> round(low, 3), round(high, 3)
    (0.062, 0.16)

    References
    ----------
    Wilson 1927, doi:10.1080/01621459.1927.10502953. The example is of Newcombe 1998,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, from memory.
    """
    if n <= 0:
        raise ValueError("a share of nothing has no interval")
    p, zz = k / n, z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * sqrt(p * (1 - p) / n + zz / (4 * n * n))
    # Rounding may leave the ends a hair outside of what they must hold.
    return max(min(middle - half, p), 0.0), min(max(middle + half, p), 1.0)


def expected(mix: Mapping[str, int], everybody: Mapping[str, Tally]) -> float:
    """How many of a unit's legs would have been in time, had it been as quick as everybody.

    E = sum over stages of n_unit(stage) * in_time_all(stage) / n_all(stage)
    """
    return sum(n * everybody[stage].in_time / everybody[stage].n for stage, n in mix.items() if n)


def compare(
    unit: Mapping[str, Tally], everybody: Mapping[str, Tally], *, at_least: int
) -> Compared:
    """A unit's legs in time beside those to be expected of its mix of stages.

    The interval is Wilson's for the observed share, divided by the expected share, which is held
    to be known: it rests on all units' legs. The verdict asks for more, 99.8 %: of a hundred units
    that are all alike, 95 % would call five remarkable.

    Parameters
    ----------
    unit, everybody
        Legs by stage. The unit's own are among everybody's.
    at_least
        On fewer legs than this nothing is said (`few`).

    References
    ----------
    Indirect standardisation: Breslow & Day 1987, Statistical Methods in Cancer Research II,
    chapter 2, from memory. 99.8 % limits for comparing institutions: Spiegelhalter 2005,
    doi:10.1002/sim.1970.
    """
    n, in_time = sum(t.n for t in unit.values()), sum(t.in_time for t in unit.values())
    due = expected({stage: tally.n for stage, tally in unit.items()}, everybody)
    if n < max(at_least, 1) or due <= 0:
        return Compared(n, in_time, due, None, None, None, None, "few")
    wanted = due / n
    low, high = wilson(in_time, n)
    far_low, far_high = wilson(in_time, n, z=Z998)
    verdict = "worse" if far_high < wanted else "better" if far_low > wanted else "as"
    overall = sum(t.in_time for t in everybody.values()) / sum(t.n for t in everybody.values())
    return Compared(
        n=n,
        in_time=in_time,
        expected=due,
        ratio=in_time / due,
        low=low / wanted,
        high=high / wanted,
        share=min(in_time / due * overall, 1.0),
        verdict=verdict,
    )
