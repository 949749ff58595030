"""What the planner may change: numbers of a scenario, each with a range or a list of choices."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Dimension", "Settings", "Space", "WrongRange", "parse"]

Settings = Mapping[str, Any]
Check = Callable[[str, object], object]


class WrongRange(ValueError):
    """A range cannot be read; the message says how to write one."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One number, and what it may be: `choices`, or else from `low` to `high`, both counted.

    Parameters
    ----------
    step
        Between neighbours; zero for a number that may lie anywhere.
    """

    path: str
    choices: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    whole: bool = False

    @property
    def size(self) -> float:
        """How many values there are; `inf` where it may lie anywhere."""
        if self.choices:
            return len(self.choices)
        return math.inf if not self.step else self._last + 1

    @property
    def ordered(self) -> bool:
        """Whether neighbouring choices are alike: numbers are, words and lists are not."""
        return all(isinstance(each, int | float) for each in self.choices)

    @property
    def _last(self) -> int:
        return math.floor((self.high - self.low) / self.step + 1e-9)

    def values(self) -> tuple[Any, ...]:
        """Every value. Only where `size` is finite."""
        return self.choices or tuple(self.at(place) for place in range(self._last + 1))

    def at(self, place: int) -> Any:
        """The value at a place of the list or the grid."""
        if self.choices:
            return self.choices[place]
        # as a sum of tenths would not: 0.1 + 2 * 0.1 is not 0.3
        value = round(self.low + place * self.step, 12)
        return int(value) if self.whole else value

    def has(self, value: Any) -> bool:
        """Whether a value is one of those that it may be."""
        if self.size < math.inf:
            return value in self.values()
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Space:
    """All that may change, in the order in which it was written."""

    dimensions: tuple[Dimension, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(each.path for each in self.dimensions)

    @property
    def size(self) -> float:
        return math.prod(each.size for each in self.dimensions)

    def has(self, settings: Settings) -> bool:
        return all(each.has(settings[each.path]) for each in self.dimensions)

    def every(self) -> Iterator[dict[str, Any]]:
        """Each combination. Only where `size` is finite."""
        for values in itertools.product(*(each.values() for each in self.dimensions)):
            yield dict(zip(self.paths, values, strict=True))


def parse(written: Mapping[str, Any], check: Check) -> Space:
    """The space in a table of paths.

    Parameters
    ----------
    written
        By path: a list of choices, or `{from = 1, to = 7, step = 1}`; of numbers with a point the
        step may be left out.
    check
        Called with a path and each end or choice; gives the value as the path takes it, or raises.

    Raises
    ------
    WrongRange
        Where an entry is neither, or leaves nothing to choose.
    """
    if not written:
        raise WrongRange(
            "There is nothing to search. Name what may change, such as "
            '"policy.war.rounds.interval_days" = { from = 1, to = 7 } below [search].'
        )
    return Space(tuple(_dimension(path, entry, check) for path, entry in written.items()))


def _dimension(path: str, entry: Any, check: Check) -> Dimension:
    if isinstance(entry, list):
        choices = tuple(check(path, each) for each in entry)
        if len(choices) < 2:
            raise WrongRange(f"{path}: {len(choices)} choice leaves nothing to choose; name two")
        if len(set(choices)) < len(choices):
            raise WrongRange(f"{path}: a choice stands twice in {entry}")
        return Dimension(path, choices)
    if not isinstance(entry, dict) or not {"from", "to"} <= set(entry):
        raise WrongRange(f"{path}: write {{ from = 1, to = 7 }} or a list of choices, not {entry}")
    if unknown := sorted(set(entry) - {"from", "to", "step"}):
        raise WrongRange(f"{path}: {unknown[0]!r} is not known of a range; from, to and step are")
    low, high = check(path, entry["from"]), check(path, entry["to"])
    if isinstance(low, tuple):  # one number for every layer of contact
        low, high = entry["from"], entry["to"]
    if not all(isinstance(each, int | float) for each in (low, high)):
        raise WrongRange(f"{path}: only numbers have a range; list the choices instead")
    assert isinstance(low, int | float) and isinstance(high, int | float)
    whole = isinstance(low, int) and isinstance(high, int)
    step = entry.get("step", 1 if whole else 0)
    if not isinstance(step, int | float) or step < 0 or (whole and step < 1):
        raise WrongRange(f"{path}: a step of {step} leads nowhere; write one above zero")
    if not low < high or low + step > high:
        raise WrongRange(f"{path}: from {low} to {high} by {step} leaves nothing to choose")
    whole = whole and isinstance(step, int)
    return Dimension(path, low=float(low), high=float(high), step=float(step), whole=whole)
