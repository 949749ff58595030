"""The timeline of one positive, laid out by the system: pure, from a record and the playbook.

Nothing here is stored. The same record, playbook and moment give the same layout, and what is not
known is said to be unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tongchou.playbook import Playbook
from tongchou.playbook.book import NoSuchRule
from tongchou.reviews import intervals
from tongchou.reviews.intervals import Measured, Moment
from tongchou.reviews.queries import reading
from tongchou.reviews.records import Leg, Record

#: So many bottlenecks and enablers are proposed; people choose among them.
MOST = 6


@dataclass(frozen=True, slots=True)
class Window:
    """When they may have been infected; `basis` says how each side is known."""

    since: date | None
    until: date | None
    basis: str  # recorded, contact, incubation, or empty
    incubation_max_days: int | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """A day on which they could have been found already, and by what."""

    on: date
    way: str  # contact, source, quarantine, test, lead, onset
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What finding this case a day earlier would have spared, as far as meetings are dated."""

    from_on: date
    n: int  # met this case for the first time on the last day or after it
    n_cases: int  # of these, who became a case
    n_undated: int
    n_all: int


@dataclass(frozen=True, slots=True)
class Step:
    """Hand-offs of one stage, or one interval: what it took beside what it was allowed."""

    name: str  # loop.stage, or the name of an interval
    n: int
    n_late: int
    n_open: int
    excess_s: int
    worst_s: int
    took_s: int
    allowed_s: int
    share: float | None = None  # of the whole delay; None where nothing was late

    @property
    def loop(self) -> str:
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def stage(self) -> str:
        return self.name.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that a review shows of one positive."""

    record: Record
    window: Window
    chances: tuple[Chance, ...]  # earliest first
    moments: dict[str, Moment | None]
    measured: tuple[Measured, ...]
    legs: tuple[Leg, ...]
    bottlenecks: tuple[Step, ...]
    enablers: tuple[Step, ...]
    earlier: Earlier | None
    at: datetime

    @property
    def delay_s(self) -> int:
        """All that was late of its hand-offs, added up."""
        return sum(max(0, leg.late_by(self.at)) for leg in self.legs)

    def taken(self, name: str) -> int | None:
        return next((m.taken_s for m in self.measured if m.interval.name == name), None)

    def measure(self, name: str) -> Measured | None:
        return next((m for m in self.measured if m.interval.name == name), None)


def lay_out(
    cases: Sequence[int], *, book: Playbook, now: datetime, legs: bool = True
) -> list[Layout]:
    """The layouts of these cases, in the order of their reports.

    With `legs` each has every hand-off of its tree: for a page. Without, for many at once, it has
    the intervals only, and the hand-offs are added up by `tree.delays`.
    """
    wanted = intervals.measured_by(book)
    return [
        of_record(record, book=book, wanted=wanted, now=now)
        for record in reading.read(cases, legs=legs)
    ]


def of_record(
    record: Record, *, book: Playbook, wanted: Iterable[intervals.Interval], now: datetime
) -> Layout:
    """The layout of one record."""
    window = exposure_window(record, book)
    chances = chances_to_find(record)
    moments = moments_of(record, chances)
    going_on = record.passage is not None and not record.imported
    measured = tuple(
        intervals.measure(each, moments, going_on=going_on, now=now) for each in wanted
    )
    legs = tuple(sorted(record.legs, key=lambda leg: (leg.opened_at, leg.pk)))
    steps = by_stage(legs, now=now)
    return Layout(
        record=record,
        window=window,
        chances=chances,
        moments=moments,
        measured=measured,
        legs=legs,
        bottlenecks=bottlenecks(steps, measured),
        enablers=enablers(steps, measured),
        earlier=a_day_earlier(record),
        at=now,
    )


def exposure_window(record: Record, book: Playbook) -> Window:
    """As recorded; else the meetings that made them a contact; else what the disease allows."""
    longest = _incubation(record.disease, book)
    if record.exposed_from or record.exposed_to:
        since, until = record.exposed_from, record.exposed_to
        return Window(since, until, "recorded", longest)
    first = [met.first_on or met.last_on for met in record.met]
    last = [met.last_on or met.first_on for met in record.met]
    if known := [day for day in first if day]:
        return Window(min(known), max(day for day in last if day), "contact", longest)
    if record.onset_on and longest is not None:
        since = record.onset_on - timedelta(days=longest)
        return Window(since, record.onset_on, "incubation", longest)
    return Window(None, None, "", longest)


def chances_to_find(record: Record) -> tuple[Chance, ...]:
    """The days on which somebody could have found them, up to the day they were."""
    found: list[Chance] = []
    for met in record.met:
        found.append(Chance(met.listed_on, "contact", met.case_number))
        # Once a source is known, whoever was near it can be looked for; not before they met.
        first = max(filter(None, (met.case_found_on, met.first_on or met.last_on)))
        found.append(Chance(first, "source", met.case_number))
    if record.quarantined:
        found.append(Chance(intervals.day_of(record.quarantined), "quarantine"))
    found += [Chance(day, "test") for day in record.missed_tests]
    found += [Chance(day, "lead", kind) for kind, day in record.leads]
    if record.onset_on:
        found.append(Chance(record.onset_on, "onset"))
    until = record.found_on or record.reported_on
    once = dict.fromkeys(chance for chance in found if chance.on <= until)
    return tuple(sorted(once, key=lambda chance: (chance.on, chance.way)))


def moments_of(record: Record, chances: Sequence[Chance]) -> dict[str, Moment | None]:
    """When each thing happened, as far as it is known."""
    exposed = [met.last_on or met.first_on for met in record.met]
    days = [day for day in (record.order_exposed_on, record.exposed_to, *exposed) if day]
    return {
        "exposed": record.order_exposed_on or record.exposed_to or max(days, default=None),
        "chance": chances[0].on if chances else None,
        "onset": record.onset_on,
        "quarantined": record.quarantined,
        "sampled": record.sampled_on,
        "found": record.found_on,
        "confirmed": record.confirmed,
        "reported": record.reported,
        "core_known": record.core_known,
        "admitted": record.admitted_on,
        "submitted": record.submitted,
        "accepted": record.accepted,
    }


def by_stage(legs: Iterable[Leg], *, now: datetime) -> list[Step]:
    """Hand-offs that ended or are overdue, added up by stage."""
    stages: dict[str, list[Leg]] = defaultdict(list)
    for leg in legs:
        if leg.done_at is not None or leg.due_at <= now:
            stages[f"{leg.loop}.{leg.stage}"].append(leg)
    found = []
    for name, some in stages.items():
        late = [max(0, leg.late_by(now)) for leg in some]
        found.append(
            Step(
                name,
                n=len(some),
                n_late=sum(1 for each in late if each),
                n_open=sum(1 for leg in some if leg.done_at is None),
                excess_s=sum(late),
                worst_s=max(late),
                # Ended before its clock began, as a quarantine that illness cut short: no time.
                took_s=sum(max(0, leg.took(now)) for leg in some),
                allowed_s=sum(leg.allowed for leg in some),
            )
        )
    return found


def bottlenecks(steps: Iterable[Step], measured: Iterable[Measured] = ()) -> tuple[Step, ...]:
    """What took longest beyond what it was allowed, with its share of the whole delay.

    Hand-offs and intervals each have their own whole: an interval runs over several hand-offs,
    and nothing is counted twice in one share.
    """
    late = _shared([step for step in steps if step.excess_s])
    over = _shared([_as_step(m) for m in measured if m.excess_s])
    ranked = sorted((*late, *over), key=lambda step: (-step.excess_s, step.name))
    return tuple(ranked[:MOST])


def enablers(steps: Iterable[Step], measured: Iterable[Measured] = ()) -> tuple[Step, ...]:
    """What kept to its deadlines with at least half of the time to spare, most spare first."""
    swift = [
        step
        for step in (*steps, *(_as_step(m) for m in measured if m.in_time and m.taken_s))
        if not step.n_late and not step.n_open and 0 < 2 * step.took_s <= step.allowed_s
    ]
    ranked = sorted(swift, key=lambda step: (step.took_s / step.allowed_s, step.name))
    return tuple(ranked[:MOST])


def a_day_earlier(record: Record) -> Earlier | None:
    """Who met this case first on the day it was taken out of the way, or after: a day spared them.

    Only meetings with a date can tell. It is the most that a day could have spared: somebody may
    have been infected elsewhere all the same.
    """
    if not record.onward.n:
        return None
    out_on = min(day for day in (record.admitted_on, record.reported_on) if day)
    last = [became for day, became in record.onward.first_on if day and day >= out_on]
    undated = sum(1 for day, _became in record.onward.first_on if day is None)
    return Earlier(out_on, len(last), sum(last), undated, record.onward.n)


def _shared(steps: list[Step]) -> list[Step]:
    whole = sum(step.excess_s for step in steps)
    return [replace(step, share=step.excess_s / whole) for step in steps] if whole else steps


def _as_step(measured: Measured) -> Step:
    within, excess = measured.interval.within, measured.excess_s or 0
    return Step(
        measured.interval.name,
        n=1,
        n_late=int(excess > 0),
        n_open=0,
        excess_s=excess,
        worst_s=excess,
        took_s=measured.taken_s or 0,
        allowed_s=int(within.total_seconds()) if within else 0,
    )


def _incubation(disease: str, book: Playbook) -> int | None:
    try:
        return int(book.disease(disease).incubation_max_days.value)
    except NoSuchRule:
        return None
