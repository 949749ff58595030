"""What is known of the chain of one positive, as plain values: no querysets beyond this point."""

from dataclasses import dataclass, field
from datetime import date, datetime

from tongchou.reviews.intervals import Moment, day_of


@dataclass(frozen=True, slots=True)
class Leg:
    """One hand-off of the response to a case."""

    pk: int
    passage: int
    title: str
    loop: str
    stage: str
    owner: str
    unit: str
    area_path: str
    opened_at: datetime
    timed_from: datetime
    due_at: datetime
    done_at: datetime | None
    outcome: str
    clause: str
    rung: int | None = None  # how high its gap climbed, where there was one

    def late_by(self, now: datetime) -> int:
        """Seconds past the deadline, negative where it was early."""
        return int(((self.done_at or now) - self.due_at).total_seconds())

    def took(self, now: datetime) -> int:
        return int(((self.done_at or now) - self.timed_from).total_seconds())

    @property
    def allowed(self) -> int:
        return int((self.due_at - self.timed_from).total_seconds())


@dataclass(frozen=True, slots=True)
class Cause:
    """A passage that this case sprang from: a stay, a contact, another case, a signal, a lead."""

    passage: int
    loop: str
    title: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting by which this person was a contact of another case before being one."""

    contact: str
    tier: str
    way: str
    case: int
    case_number: str
    case_found_on: date  # from this day on their contacts could have been looked for
    first_on: date | None
    last_on: date | None
    listed_on: date


@dataclass(frozen=True, slots=True)
class Onward:
    """Who was exposed to this case, as far as anybody knows."""

    n: int = 0
    n_cases: int = 0
    #: Day of the first meeting, and whether they became a case; None where the day is not known.
    first_on: tuple[tuple[date | None, bool], ...] = ()


@dataclass(slots=True)
class Record:
    """One case, with everything that its review needs."""

    pk: int
    number: str
    disease: str
    area: str
    area_path: str
    classification: str
    found_by: str
    onset_on: date | None
    sampled_on: date | None
    diagnosed_on: date | None
    reported_on: date
    exposed_from: date | None
    exposed_to: date | None
    admitted_on: date | None
    outcome: str
    cluster: int | None
    person: str
    passage: int | None
    opened_at: datetime | None  # of its passage
    imported: bool
    confirmed_at: datetime | None = None
    core_known: datetime | None = None
    submitted: datetime | None = None
    accepted: datetime | None = None
    quarantined: datetime | None = None
    order_exposed_on: date | None = None  # what the order took for the last exposure
    met: list[Met] = field(default_factory=list)
    onward: Onward = field(default_factory=Onward)
    leads: list[tuple[str, date]] = field(default_factory=list)
    missed_tests: list[date] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)

    @property
    def found_on(self) -> date | None:
        """The first day anybody knew: sampled or diagnosed, never after the report."""
        days = [day for day in (self.sampled_on, self.diagnosed_on) if day]
        return min([*days, self.reported_on]) if days else None

    @property
    def reported(self) -> Moment:
        """The second where the loop saw the report on its day, else the day of the record."""
        if self.opened_at and not self.imported and day_of(self.opened_at) == self.reported_on:
            return self.opened_at
        return self.reported_on

    @property
    def confirmed(self) -> date | None:
        """Diagnosed by the record; without that, classified so by somebody at this desk."""
        if self.diagnosed_on or self.confirmed_at is None or self.imported:
            return self.diagnosed_on
        return day_of(self.confirmed_at)

    @property
    def begins_on(self) -> date:
        return self.onset_on or self.sampled_on or self.reported_on
