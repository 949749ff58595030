"""What the sectors of an economy are worth and what they buy of one another (China, 2020).

Work that is not done in one sector is also an order not placed with others. How much those lose
is not what the text-book multiplier says as soon as they, too, stand still: see `also_lost`.
"""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["N_SECTORS", "InputOutput", "Provenance", "Sector", "china_2020"]

Floats = NDArray[np.float64]

N_SECTORS = 42
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Provenance:
    """Where a figure is from, and how far to trust it."""

    source: str
    truth: str


@dataclass(frozen=True)
class Sector:
    """One sector. `output` and `value_added` in 100 million yuan a year, `employed` in 10 000.

    `pay` and `tax` are shares of value added; `remote` is the share of jobs that can be done at
    home, in the country that was studied.
    """

    code: int
    zh: str
    en: str
    output: float
    value_added: float
    pay: float
    tax: float
    employed: float
    remote: float
    naics: str

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True, eq=False)
class InputOutput:
    """A table of sectors.

    Attributes
    ----------
    sectors
        In the order of their codes, which count from 1.
    coefficients
        f64[n, n]: what column j buys of the domestic products of row i, for one unit of its output.
    provenance
        Of the table, of employment, of remote work.

    Raises
    ------
    ValueError
        Where shapes differ, or a sector buys as much as it makes: nothing could then be produced.
    """

    sectors: tuple[Sector, ...]
    coefficients: Floats
    provenance: dict[str, Provenance]

    def __post_init__(self) -> None:
        a, n = np.array(self.coefficients, dtype=np.float64), len(self.sectors)
        if a.shape != (n, n):
            raise ValueError(f"{n} sectors need {n} x {n} coefficients, not {a.shape}")
        if (a < 0).any() or (a.sum(axis=0) >= 1).any():
            raise ValueError("coefficients are from 0 up, and each column adds up to less than 1")
        a.setflags(write=False)
        object.__setattr__(self, "coefficients", a)

    @cached_property
    def output(self) -> Floats:
        """f64[n]: output of a year, in yuan."""
        return np.array([sector.output for sector in self.sectors]) * 1e8

    @cached_property
    def value_added(self) -> Floats:
        """f64[n]: value added of a year, in yuan; their sum is the gross domestic product."""
        return np.array([sector.value_added for sector in self.sectors]) * 1e8

    @cached_property
    def final(self) -> Floats:
        """f64[n]: what is left of the output when the sectors have bought from one another."""
        left: Floats = self.output - self.coefficients @ self.output
        return left  # below 0 for coal and oil, of which more was used than made: stocks fell

    @cached_property
    def requirements(self) -> Floats:
        """f64[n, n]: output of row i that one unit of *final* output of column j needs in all.

        The Leontief inverse of the domestic table: what is imported leaves the circle.
        """
        n = len(self.sectors)
        return np.linalg.inv(np.eye(n) - self.coefficients).astype(np.float64)

    @property
    def multipliers(self) -> Floats:
        """f64[n]: output of all sectors for one unit of final output of each."""
        total: Floats = self.requirements.sum(axis=0)
        return total

    def value_per_workday(self, days_a_year: float = 250) -> Floats:
        """f64[n]: value added of one person's day of work, in yuan, the country's mean."""
        people = np.array([sector.employed for sector in self.sectors]) * 1e4
        value: Floats = self.value_added / (people * days_a_year)
        return value

    def upstream(self, final_lost: ArrayLike) -> Floats:
        """Value added lost by suppliers when final output falls, as in the text-book.

        Use it where demand falls and everybody could have gone on working. Where work is lost
        in many sectors at once it counts the same loss again and again: use `also_lost`.

        Parameters
        ----------
        final_lost
            f64[n]: final output lost, in yuan.

        Returns
        -------
        f64[n]: by supplying sector, beyond the value added of the lost output itself.

        References
        ----------
        Leontief 1936, doi:10.2307/1927837; Miller & Blair 2009, Input-Output Analysis, chapter 2
        """
        lost = self._per_sector(final_lost)
        return self._share * (self.requirements @ lost - lost)

    def also_lost(self, value_lost: ArrayLike, *, made_up: float = 0.0) -> Floats:
        """Value added that suppliers lose beyond the work lost with them, in yuan, by supplier.

        Lost work d takes orders away from suppliers: of sector i as many as the buying sectors'
        lost output asks for. A supplier whose own people are away could not have filled them, so
        its loss is the larger of the two and not their sum: the least D with D = max(d, A D).
        That holds where the goods of one sector can stand in for each other. Short run: nobody
        changes recipes or prices, and buyers *further on*, who may lack parts, are not counted.

        Parameters
        ----------
        value_lost
            f64[n]: value added lost by work not done, in yuan.
        made_up
            Share of the lost orders that suppliers make for stock, or catch up with, and sell yet.

        Raises
        ------
        ValueError
            Where a loss is negative or the share is none.

        Examples
        --------
        >>> table = china_2020()
        >>> half = 0.5 * table.value_added  # all stand still alike: nobody loses orders besides,
        >>> float(table.also_lost(half).sum() / half.sum()) < 1e-3  # but those who sold from stock
        True
        """
        if not 0 <= made_up <= 1:
            raise ValueError(f"a share lies between 0 and 1; {made_up} does not")
        share = self._share
        own = self._per_sector(value_lost) / share
        lost = own
        for _ in range(1000):  # rises to the fixed point; each turn shrinks what is left
            more = np.maximum(own, self.coefficients @ lost)
            if np.abs(more - lost).sum() <= 1e-12 * own.sum():
                break
            lost = more
        return (1 - made_up) * share * (lost - own)

    @property
    def _share(self) -> Floats:
        share: Floats = self.value_added / self.output
        return share

    def _per_sector(self, values: ArrayLike) -> Floats:
        lost = np.asarray(values, dtype=np.float64)
        if lost.shape != (len(self.sectors),):
            raise ValueError(f"one loss for each of {len(self.sectors)} sectors, not {lost.shape}")
        if not (lost >= 0).all():
            raise ValueError("a loss is a number from 0 up")
        return lost


@cache
def china_2020() -> InputOutput:
    """The 42 sectors of China in 2020, from the figures carried beside this file."""
    told: dict[str, Any] = tomllib.loads((HERE / "sectors_2020.toml").read_text("utf-8"))
    return InputOutput(
        tuple(Sector(**row) for row in told["table"]["sectors"]),
        np.loadtxt(HERE / "coefficients_2020.csv", delimiter=",", encoding="utf-8") / 1e6,
        {name: Provenance(**row) for name, row in told["source"].items()},
    )
