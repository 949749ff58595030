"""What a study found, as it is kept and as pages read it: plain values, no person in any.

`Summary` is an ensemble of one policy: fans of curves, numbers with their spread, the price by who
pays it. A plan study keeps one for every plan that it shows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

__all__ = ["LEVELS", "NUMBERS", "SHOWN", "Districts", "Number", "PlanFound", "Summary"]

LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
#: Series of which a fan is kept, the first drawn large.
SHOWN: Final = (
    "found", "infections", "in_isolation", "in_severe", "in_facility", "in_home", "in_lockdown",
    "pcr_tubes", "pcr_missed",
)  # fmt: skip
#: Numbers that are asked of every run beside the bill.
NUMBERS: Final = (
    "infections", "found", "severe", "deaths", "beds.severe", "beds.critical", "beds.isolation",
    "rooms", "tubes", "tracers", "person_days_restricted", "person_days_lockdown", "cost.total",
    "pcr_missed",
)  # fmt: skip


@dataclass(frozen=True)
class Number:
    """One number over the runs: its mean, and what 5, 50 and 95 % of the runs stay below."""

    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Districts:
    """One run of many, the one in the middle, day by day and district by district."""

    seed: int
    codes: list[str]
    names: list[str]
    people: list[int]
    infections: list[list[float]]  # by day, by district


@dataclass(frozen=True)
class Summary:
    """An ensemble of runs under one policy."""

    people: int
    days: int
    start_on: str
    seeds: int
    numbers: dict[str, Number]
    fans: dict[str, list[list[float]]]  # by series: a curve for each of LEVELS
    silent: list[str] = field(default_factory=list)
    districts: Districts | None = None

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Summary":
        own = dict(facts)
        own["numbers"] = {key: Number(**value) for key, value in facts["numbers"].items()}
        own["districts"] = Districts(**facts["districts"]) if facts.get("districts") else None
        return cls(**own)

    def facts(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class PlanFound:
    """One plan of the front, or the playbook as it stands (number 0)."""

    number: int
    holds: bool
    cheapest: bool
    least_regretted: bool
    changes: dict[str, list[str]]  # by language
    objectives: dict[str, list[float]]  # mean, low and high of the mean
    binding: dict[str, str]  # which constraint has the least room, by language; empty: none asked
    room: float | None
    doubts: list[dict[str, Any]]
    playbook: str  # the text of it, empty where the scenario has no playbook
    beyond: list[str]  # what changes outside the playbook, as lines of TOML
    summary: dict[str, Any]

    @classmethod
    def all_of(cls, facts: Mapping[str, Any]) -> list["PlanFound"]:
        return [cls(**each) for each in facts["plans"]]

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def numbers(values: Sequence[float]) -> Number:
    """Mean and quantiles of one number over the runs."""
    import numpy as np

    low, median, high = (float(v) for v in np.quantile(values, (0.05, 0.5, 0.95)))
    return Number(*(round(each, 4) for each in (float(np.mean(values)), low, median, high)))
