"""What a plan should make small: named numbers of a run, never mixed into one behind one's back.

Several objectives give a front of plans of which none is better in all. A single number is made
only with weights that the user wrote, and these are shown wherever the number is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.plan.metrics import Metric, metric

__all__ = ["Objective", "WrongObjective", "parse", "parse_all", "weighted"]


class WrongObjective(ValueError):
    """An objective cannot be read; the message says how to write it."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A number to be made small, or large."""

    metric: Metric
    smaller: bool = True

    def __str__(self) -> str:
        return self.metric.name if self.smaller else f"-{self.metric.name}"

    def loss(self, values: ArrayLike) -> NDArray[np.float64]:
        """The same numbers so that less is better."""
        asked = np.asarray(values, float)
        return asked if self.smaller else -asked

    def words(self, lang: str) -> str:
        said = self.metric.words(lang)
        if self.smaller:
            return said
        return f"{said}（越多越好）" if lang.startswith("zh") else f"{said} (the more the better)"


def parse(text: str) -> Objective:
    """`cost.total`, `min infections` or `max doses`; `-doses` also means the most of it."""
    words = text.replace("-", "max ", 1).split() if text.startswith("-") else text.split()
    if len(words) == 2 and words[0].lower() in ("min", "minimise", "max", "maximise"):
        return Objective(metric(words[1]), smaller=words[0].lower().startswith("min"))
    if len(words) == 1:
        return Objective(metric(words[0]))
    raise WrongObjective(f"{text!r} is no objective. Write a name, such as cost.total.")


def parse_all(texts: Sequence[str]) -> tuple[Objective, ...]:
    """All of them. Raises WrongObjective where there is none, or one stands twice."""
    found = tuple(parse(text) for text in texts)
    names = [each.metric.name for each in found]
    if not found:
        raise WrongObjective('There is nothing to make small. Write minimise = ["cost.total"].')
    if twice := [name for name in names if names.count(name) > 1]:
        raise WrongObjective(f"The objective {twice[0]} stands twice. Leave one out.")
    return found


def weighted(values: Mapping[str, ArrayLike], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """One number from several, with the weights that the user set."""
    return np.asarray(
        sum(weight * np.asarray(values[name], float) for name, weight in weights.items())
    )
