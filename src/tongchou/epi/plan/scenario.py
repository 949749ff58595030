"""A scenario: a city, a disease, a policy, what stands ready, and how it begins. Plain values only.

It is small enough to be sent to workers; each of them builds the city once, from its description
and its seed.
"""

import hashlib
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tongchou.epi.plan import betas
from tongchou.epi.plan.cost import Capacity, price_of
from tongchou.epi.plan.prices import Prices
from tongchou.epi.plan.side_by_side import single_number
from tongchou.epi.spread.city import City
from tongchou.epi.spread.course import Course
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.population import Spec, build
from tongchou.epi.spread.result import Result

if TYPE_CHECKING:
    from tongchou.epi.spread.state import Run

__all__ = ["CAPS", "Capacities", "Place", "Scenario", "digest_of"]

Stop = Callable[["Run"], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """Which city: a description, how many people (0: as many as it says), and the seed of it."""

    spec: Spec
    people: int = 0
    seed: int = 1

    @property
    def n(self) -> int:
        return self.people or self.spec.people

    def built(self) -> City:
        """The city, built anew; `Scenario.run` keeps the last ones."""
        return build(self.spec, self.seed, people=self.n)


@dataclass(frozen=True, slots=True)
class Capacities:
    """What stands ready in the whole city; `inf`: it never runs short.

    Parameters
    ----------
    tubes, tests
        PCR tubes of every sample (clinics, quarantine, zones, arrivals, rounds, checkpoints), and
        of these single tests, that laboratories can read a day.
    tracers, rooms
        Tracers, and rooms in quarantine facilities.
    beds, severe_beds, icu_beds
        Beds for known cases, for the severe and for the critical.
    """

    tubes: float = math.inf
    tests: float = math.inf
    tracers: float = math.inf
    rooms: float = math.inf
    beds: float = math.inf
    severe_beds: float = math.inf
    icu_beds: float = math.inf

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not value >= 0:
                raise ValueError(f"capacities.{each.name} is {value}; it must be 0 or more")


_building = threading.Lock()

#: Which field of which measure a capacity caps, in peace and in war.
CAPS: Final = {
    "tubes": ("rounds", "tubes"),
    "tests": ("testing", "capacity"),
    "tracers": ("tracing", "tracers"),
    "rooms": ("quarantine", "rooms"),
    "beds": ("isolation", "beds"),
}


@dataclass(frozen=True, eq=False)
class Scenario:
    """Everything that a run hangs on but its seed.

    Parameters
    ----------
    course
        With a `beta`, or with an `r0` for which each worker finds the beta of the city.
    policy
        As ordered; `rules` is what of it the capacities allow.
    infections
        People infected on day 0.
    start_on
        The date of day 0; only its day of the week changes a run.
    weights
        For one number beside the bill (`cost.weighted`), as the user set them; see
        `side_by_side.single_number`. Empty: no such number.
    """

    name: str
    place: Place
    course: Course
    policy: Policy = field(default_factory=Policy)
    capacities: Capacities = field(default_factory=Capacities)
    infections: int = 10
    days: int = 90
    start_on: date | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    prices: Prices | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 3660:
            raise ValueError(f"days is {self.days}; a run has 1 to 3660 of them")
        if not 0 <= self.infections <= self.place.n:
            raise ValueError(
                f"infections is {self.infections}; a city of {self.place.n} people can begin "
                f"with 0 to {self.place.n}"
            )

    @cached_property
    def rules(self) -> Policy:
        """The policy, each measure capped by what stands ready."""
        capped = {}
        for tempo in ("peace", "war"):
            response = getattr(self.policy, tempo)
            for name, (measure, cap) in CAPS.items():
                ready, options = getattr(self.capacities, name), getattr(response, measure)
                if getattr(options, cap) > ready:
                    response = replace(response, **{measure: replace(options, **{cap: ready})})
            capped[tempo] = response
        return replace(self.policy, **capped)

    @cached_property
    def digest(self) -> str:
        """Equal for scenarios that give the same runs and bills; the name does not count."""
        parts = {each.name: getattr(self, each.name) for each in fields(self)}
        del parts["name"], parts["policy"]
        parts["start_on"] = self.start_on.weekday() if self.start_on else 0
        return digest_of((parts, self.rules))

    def run(self, seed: int, *, stop: Stop | None = None) -> tuple[Result, dict[str, float]]:
        """One run and its bill, line by line; the same in every process. `stop`: see `simulate`."""
        result = self.simulated(seed, stop=stop)
        bill = price_of(result, self.prices, capacity=self.bill_capacity)
        figures = bill.figures()
        if self.weights:
            figures["weighted"] = single_number(bill, self.weights).value
        return result, figures

    def simulated(self, seed: int, *, threads: int = 1, stop: Stop | None = None) -> Result:
        """One run, without the bill."""
        from tongchou.epi.spread.run import simulate  # brings the compiler along

        world = self._there
        return simulate(
            world.city,
            world.with_beta(self.course),
            self.rules,
            seed=seed,
            days=self.days,
            seeds=self.infections,
            threads=threads,
            first_weekday=self.start_on.weekday() if self.start_on else 0,
            stop=stop,
        )

    def calibrated(self) -> "Scenario":
        """The same with the beta that its R0 has in this city, so that no worker looks for it."""
        course = self._there.with_beta(self.course)
        return self if course is self.course else replace(self, course=course)

    @property
    def city(self) -> City:
        """The city, built once in a process."""
        return self._there.city

    @property
    def _there(self) -> "_World":
        return _world(self._place_digest, self.place)

    @cached_property
    def _place_digest(self) -> str:
        return digest_of(self.place)

    @property
    def bill_capacity(self) -> Capacity:
        """What stands ready as the bill wants it: None where nobody said how much there is."""
        ready = self.capacities
        every = {
            "isolation": ready.beds, "severe": ready.severe_beds, "critical": ready.icu_beds,
            "rooms": ready.rooms, "tracers": ready.tracers, "tubes": ready.tubes,
        }  # fmt: skip
        return Capacity(**{k: None if math.isinf(v) else v for k, v in every.items()})

    def __reduce__(self) -> tuple[Any, ...]:
        # a worker gets the same scenario for each seed: what it works out of it is worked out once
        state = {each.name: getattr(self, each.name) for each in fields(self)}
        own = (self.digest, self.name, self.start_on)
        return _received, (own, self._course_digest, state)

    @cached_property
    def _course_digest(self) -> str:
        return digest_of(self.course)


_came: dict[tuple[object, ...], Scenario] = {}
_courses: dict[str, Course] = {}
_MOST_RECEIVED: Final = 32


def _received(own: tuple[object, ...], course: str, state: dict[str, Any]) -> Scenario:
    """The scenario that was sent, or the equal one that came before."""
    with _building:
        if own not in _came:
            # arrays come back writable, which the compiler sees as another type: made anew
            kept = _courses.pop(course, None) or replace(state["course"])
            _put(_courses, course, kept)
            _put(_came, own, Scenario(**state | {"course": kept}))
        return _came[own]


def _put(kept: dict[Any, Any], key: Any, value: Any) -> None:
    """Keep it, and the newest of the others."""
    while len(kept) >= _MOST_RECEIVED:
        kept.pop(next(iter(kept)))
    kept[key] = value


class _World:
    """A built city, and the beta that each course has in it."""

    def __init__(self, key: str, place: Place) -> None:
        self.key = key
        self.city = place.built()
        self._betas: dict[str, Course] = {}

    def with_beta(self, course: Course) -> Course:
        if course.beta is not None:
            return course
        key = digest_of(course)
        if key not in self._betas:
            beta = betas.recalled(self.key, key, lambda: self._found(course))
            self._betas[key] = replace(course, r0=None, beta=beta)
        return self._betas[key]

    def _found(self, course: Course) -> float:
        from tongchou.epi.spread.calibration import with_beta

        beta = with_beta(self.city, course).beta
        assert beta is not None
        return beta


_KEPT = 2
_worlds: dict[str, _World] = {}


def _world(key: str, place: Place) -> _World:
    with _building:  # threads of one worker share a city
        if key not in _worlds:
            while len(_worlds) >= _KEPT:
                _worlds.pop(next(iter(_worlds)))
            _worlds[key] = _World(key, place)
        return _worlds[key]


def digest_of(value: object) -> str:
    """Of plain values, frozen dataclasses and arrays: equal for equal values, in any process."""
    sha = hashlib.sha256()
    _feed(sha, value)
    return sha.hexdigest()[:32]


def _feed(sha: Any, value: object) -> None:
    if is_dataclass(value) and not isinstance(value, type):
        sha.update(f"{type(value).__name__}(".encode())
        for each in fields(value):
            sha.update(f"{each.name}=".encode())
            _feed(sha, getattr(value, each.name))
    elif isinstance(value, Mapping):
        sha.update(b"{")
        for key in sorted(value):
            sha.update(f"{key}:".encode())
            _feed(sha, value[key])
    elif isinstance(value, tuple | list):
        sha.update(b"[")
        for each in value:
            _feed(sha, each)
    elif isinstance(value, np.ndarray):
        sha.update(f"{value.dtype.str}{value.shape}".encode() + value.tobytes())
    else:
        sha.update(repr(value).encode())
    sha.update(b";")
