"""What is wrong with a city's description: the key, the reason, and how to mend it."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import pairwise
from math import fsum


class SpecError(ValueError):
    """A description of a city that cannot be followed."""

    def __init__(self, key: str, reason: str, mend: str) -> None:
        super().__init__(f"{key}: {reason}. {mend}.")
        self.key = key
        self.reason = reason
        self.mend = mend


def unknown(key: str, known: Iterable[str]) -> SpecError:
    """The refusal of a key that is not known, with the nearest one that is."""
    name = key.rpartition(".")[2]
    choices = list(known)
    near = get_close_matches(name, choices, 1, 0.5)
    mend = f"Did you mean {near[0]!r}" if near else f"Known here: {', '.join(choices)}"
    return SpecError(key, "there is no such key", mend)


def within(key: str, value: float, low: float, high: float) -> None:
    """Refuse what is not between two bounds, both allowed (nan never is)."""
    if not low <= value <= high:
        raise SpecError(key, f"{value} is not possible", f"Give a number from {low:g} to {high:g}")


def all_within(key: str, values: Sequence[float], low: float, high: float) -> None:
    for place, value in enumerate(values, start=1):
        within(f"{key}[{place}]", value, low, high)


def length(key: str, values: Sequence[object], wanted: int, what: str) -> None:
    if len(values) != wanted:
        raise SpecError(key, f"{len(values)} entries", f"Give {wanted}: {what}")


def positive_sum(key: str, values: Sequence[float]) -> None:
    """Shares may be counts or per cent: only that there is something is asked."""
    all_within(key, values, 0, 1e12)
    if not sum(values) > 0:
        raise SpecError(key, "all entries are zero", "Give at least one above zero")


def rising(key: str, values: Sequence[float], first: float | None = None) -> None:
    if any(b <= a for a, b in pairwise(values)):
        raise SpecError(
            key, f"{list(values)} does not rise", "Give each entry larger than the last"
        )
    if first is not None and (not values or values[0] != first):
        raise SpecError(key, f"it does not begin with {first:g}", f"Begin the list with {first:g}")


def normal(values: Sequence[float]) -> tuple[float, ...]:
    """Shares of one; what is that already stays as it is, to the last digit."""
    total = fsum(values)
    if abs(total - 1) < 1e-12:
        return tuple(float(value) for value in values)
    return tuple(float(value) / total for value in values)
