"""What one run of the model leaves behind: counts by day and district, and no person.

Two results are equal when every byte is: the digest is how a run proves that it does not hang on
the number of threads.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.series import named

__all__ = ["AGE_GROUPS", "REASONS", "SECTORS", "Result", "age_group"]

Counts = NDArray[Any]
Floats = NDArray[np.float64]

AGE_GROUPS = 18  # of five years; the last is 85 and older
SECTORS = 43  # 1..42 as in the table of 2020; 0 stays empty
REASONS = ("ill", "quarantine", "zone", "closure")


def age_group(age: int) -> int:
    """Which of the 18 groups: 0 is 0-4 years, 17 is 85 and older."""
    return min(age // 5, AGE_GROUPS - 1)


@dataclass(frozen=True, eq=False)
class Result:
    """One run.

    Attributes
    ----------
    seed
        Of the dice.
    district_code, district_name
        The columns of everything below.
    people
        i64[n_districts]: who lives there.
    daily
        By name of `SERIES`: i64 or f64[days, n_districts]. A series that a run does not keep is
        left out, and asking for it is an error: it is not zero.
    workdays_lost
        By reason of `REASONS`: f64[n_districts, 43], days of work lost by sector.
    deaths_by_age, infections_by_age
        i64[n_districts, 18].

    Raises
    ------
    ValueError
        Where a name is not known or a shape does not fit.
    """

    seed: int
    district_code: tuple[str, ...]
    district_name: tuple[str, ...]
    people: NDArray[np.int64]
    daily: Mapping[str, Counts]
    workdays_lost: Mapping[str, Floats]
    deaths_by_age: NDArray[np.int64]
    infections_by_age: NDArray[np.int64]
    notes: Mapping[str, str] = field(default_factory=dict)  # words for people, not in the digest

    def __post_init__(self) -> None:
        n = len(self.district_code)
        _fits("district_name", (len(self.district_name),), (n,))
        _fits("people", self.people.shape, (n,))
        for name, values in self.daily.items():
            named(name)
            _fits(name, values.shape, (self.days, n))
        for reason, values in self.workdays_lost.items():
            if reason not in REASONS:
                raise ValueError(f"work is lost by reason of {', '.join(REASONS)}; not {reason!r}")
            _fits(f"workdays_lost[{reason}]", values.shape, (n, SECTORS))
        _fits("deaths_by_age", self.deaths_by_age.shape, (n, AGE_GROUPS))
        _fits("infections_by_age", self.infections_by_age.shape, (n, AGE_GROUPS))

    @property
    def days(self) -> int:
        return next((len(values) for values in self.daily.values()), 0)

    @property
    def n_districts(self) -> int:
        return len(self.district_code)

    def series(self, name: str) -> Counts:
        """The table [days, n_districts] of one series."""
        series = named(name)
        try:
            return self.daily[name]
        except KeyError:
            raise ValueError(f"this run kept no {name} ({series.en})") from None

    def curve(self, name: str) -> Counts:
        """The whole city by day."""
        return self._sum(name, axis=1)

    def cumulative(self, name: str) -> Counts:
        """The whole city, summed up to and with each day."""
        return np.cumsum(self.curve(name))

    def by_district(self, name: str) -> Counts:
        """Summed over days; of a stock these are days of persons."""
        return self._sum(name, axis=0)

    def total(self, name: str) -> float:
        """Summed over days and districts; of a stock these are days of persons."""
        return float(self.series(name).sum())

    def peak(self, name: str) -> float:
        """The city's highest day; 0 for a run of no days."""
        return float(self.curve(name).max(initial=0))

    def peak_day(self, name: str) -> int:
        """The first day, counted from 0, on which the city's highest value is reached."""
        return int(np.argmax(self.curve(name)))

    def _sum(self, name: str, axis: int) -> Counts:
        summed: Counts = self.series(name).sum(axis=axis)
        return summed

    def digest(self) -> str:
        """SHA-256 over every name, type, shape and byte, in an order of its own."""
        sha = hashlib.sha256(repr((self.seed, self.district_code, self.district_name)).encode())
        for name, values in self._arrays():
            plain = np.ascontiguousarray(values)
            sha.update(f"{name} {plain.dtype.str} {plain.shape}".encode())
            sha.update(plain.tobytes())
        return sha.hexdigest()

    def _arrays(self) -> Iterator[tuple[str, Counts]]:
        yield "people", self.people
        yield "deaths_by_age", self.deaths_by_age
        yield "infections_by_age", self.infections_by_age
        yield from sorted(self.daily.items())
        for reason, values in sorted(self.workdays_lost.items()):
            yield f"workdays_lost {reason}", values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())


def _fits(name: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if found != wanted:
        raise ValueError(f"{name} has the shape {found}; {wanted} was expected")
