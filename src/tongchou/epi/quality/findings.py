"""What a quality check says: findings with a name, and a mark for each day of each series.

A mark speaks of a day's *new* count. Nothing is mended here: who computes on counts leaves out
what is not usable, and says how many days that were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Floats

__all__ = ["DOUBTFUL", "KINDS", "MISSING", "USABLE", "Finding", "Marks", "Report"]

Marks = NDArray[np.uint8]

#: The three marks. A missing day is not a zero; a doubtful one has a number that is not its own.
USABLE: Final = 0
MISSING: Final = 1
DOUBTFUL: Final = 2

#: Every kind of finding, with what its `size` counts.
KINDS: Final[Mapping[str, str]] = {
    "date_shift": "days by which the dates move from `first` on",
    "false_zero": "new counts that a day like this had around it",
    "definition": "new counts of the day above what was around it",
    "revision": "new counts of the day above what was around it",
    "fall": "by how much the cumulative count falls, below zero",
    "missing": "days not reported",
    "stopped": "days since the last report, or since the count stood still",
    "stuck": "days on which the same number is told again",
    "weekday": "weekdays (of seven) on which nothing is told",
    "heaping": "share of counts that end in 0 or 5",
    "denominator": "days with a denominator that cannot be",
    "total": "days on which a row is the sum of the others of its group",
}


@dataclass(frozen=True)
class Finding:
    """One trap in the data.

    Attributes
    ----------
    kind
        One of `KINDS`, which also says what `size` is.
    series
        Rows concerned, rising.
    first, last
        Columns, both included.
    words
        Which sentence to say, as `kind.variant`; a face translates it.
    certainty
        0 to 1: below 0.5 it may well be real (a jump on the newest day), from 0.9 it is nearly
        sure. A judgement by rule, not a probability from a model.
    facts
        Numbers for the sentence.
    """

    kind: str
    series: tuple[int, ...]
    first: int
    last: int
    size: float
    words: str
    certainty: float
    facts: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not self.words.startswith(self.kind + "."):
            raise ValueError(f"no kind of finding: {self.kind} ({self.words})")


@dataclass(frozen=True, eq=False)
class Report:
    """What was found in many series.

    Attributes
    ----------
    findings
        By first day, then kind and rows.
    marks
        u8[n_series, n_times]: `USABLE`, `MISSING` or `DOUBTFUL`.
    new
        f64[n_series, n_times], each day's new count as told: differences of what is cumulative
        (they may be below zero), NaN where nothing is known.
    """

    findings: tuple[Finding, ...]
    marks: Marks
    new: Floats

    @property
    def trusted(self) -> Floats:
        """New counts, NaN wherever they are missing or doubtful: what to compute on."""
        return np.where(self.marks == USABLE, self.new, np.nan)

    def of(self, kind: str) -> tuple[Finding, ...]:
        """The findings of one kind."""
        return tuple(found for found in self.findings if found.kind == kind)

    def on(self, series: int, time: int) -> tuple[Finding, ...]:
        """The findings that speak of one day of one series."""
        return tuple(f for f in self.findings if f.first <= time <= f.last and series in f.series)
