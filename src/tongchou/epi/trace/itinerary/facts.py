"""What a text says, as frozen values; each knows where it stands: text[start:end].

A value that the text does not say is None, never a guess; what was inferred has a confidence
below one, and a doubt says why.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text, [start, end) in characters, and how sure the reader is of it."""

    start: int
    end: int
    text: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment(Span):
    """A time named in the text. `begin` and `until` are wall time of the city, `until` excluded.

    `precision`: minute, hour, part (of a day), day, days, month, year, or unknown. `role`: what
    happened then (onset, visit, confirmed, isolated, arrived, left, discharged, other).
    """

    begin: datetime | None = None
    until: datetime | None = None
    precision: str = "unknown"
    role: str = "other"
    closes: int | None = None  # start of the moment this one is the end of ("…至5日")


@dataclass(frozen=True, slots=True)
class Place(Span):
    """A place named in the text.

    `kind`: division, area (a village, an estate), venue, hospital, clinic, station, lodging,
    home …; `name`: its normal form, divisions written out; `parts`: the divisions it names or
    implies, from the largest; `role`: residence, origin, transit, destination, care, history,
    reporting, other; `alias`: another name in brackets behind it (inside the span); `ward`: the
    department of a hospital that stands behind its name (outside the span).
    """

    kind: str = "area"
    name: str = ""
    parts: tuple[str, ...] = ()
    role: str = "other"
    alias: Span | None = None
    ward: Span | None = None


@dataclass(frozen=True, slots=True)
class Vehicle(Span):
    """A vehicle: `kind` (train, metro, flight, bus, coach, taxi, car, ambulance, ship …),
    `number` as written (G1234, a plate, a line) and `seat`."""

    kind: str = "other"
    number: str | None = None
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Found(Span):
    """A word of the text and what it means."""

    value: str | int | float = ""


@dataclass(frozen=True, slots=True)
class Person(Span):
    """Somebody the text is about. `until` is where what is said of this person ends."""

    label: str | None = None
    name: Found | None = None
    age: Found | None = None  # years
    sex: Found | None = None  # male, female
    how_found: Found | None = None
    residence: Place | None = None
    until: int = 0


@dataclass(frozen=True, slots=True)
class Event(Span):
    """What happened: onset, visit, admitted, isolated, confirmed, tested, discharged, died."""

    kind: str = ""
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Stay(Span):
    """One person at one place for a time; a trip is a stay in its vehicle with no place.

    `begin`, `until`: wall time; `until` is excluded and None where the text does not say.
    `person` is an index into `Reading.people`.
    """

    person: int | None = None
    begin: datetime | None = None
    until: datetime | None = None
    precision: str = "unknown"
    place: Place | None = None
    vehicle: Vehicle | None = None
    verb: Found | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class Doubt(Span):
    """Something a person should look at: `about` (time, place, person …) and the reason."""

    about: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in a text read on a day."""

    text: str
    on: date
    people: tuple[Person, ...] = ()
    stays: tuple[Stay, ...] = ()
    places: tuple[Place, ...] = ()
    moments: tuple[Moment, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    events: tuple[Event, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    mentions: tuple[Found, ...] = field(default=())  # ages, sexes, names, labels of anyone


def names_of(kind: type[Span]) -> tuple[str, ...]:
    """The names of the values that a kind of span holds, its span first."""
    return tuple(f.name for f in fields(kind))
