"""What a pasted text says of where a case was: stays to take, each with what speaks against it.

Nothing is stored while it is read, and nothing of the text afterwards. A stay with a reason
against it is offered, not taken; so is a place that is not surely one of the city's list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, PlaceKind
from tongchou.epi.trace import itinerary
from tongchou.tracing import gazetteer, itineraries, telling, wording
from tongchou.tracing.models import Confidence, Investigation, ItineraryStay, Precision, Transport

#: Below this the reader is not sure that the stay is one.
SURE = 0.6
#: What is put in where a text does not say when something ended.
ASSUMED = timedelta(hours=1)
RIDE = timedelta(minutes=30)
#: Who came home stays there until the next thing told, a night through at most.
NIGHT = timedelta(hours=16)
#: The name of a stay at home; one word whoever reads, or the same text would be two.
HOME = "家中"

PRECISIONS = {
    "minute": Precision.MINUTE,
    "hour": Precision.HOUR,
    "part": Precision.PART,
    "day": Precision.DAY,
    "days": Precision.DAY,
}
KINDS = {
    "home": PlaceKind.HOME,
    "hospital": PlaceKind.HOSPITAL,
    "clinic": PlaceKind.OTHER,
    "quarantine": PlaceKind.QUARANTINE_SITE,
    "school": PlaceKind.SCHOOL,
    "work": PlaceKind.WORKPLACE,
    "agency": PlaceKind.WORKPLACE,
    "shop": PlaceKind.SHOP,
    "pharmacy": PlaceKind.SHOP,
    "restaurant": PlaceKind.RESTAURANT,
    "station": PlaceKind.TRANSPORT,
    "lodging": PlaceKind.OTHER,
    "service": PlaceKind.OTHER,
}
WAYS = {
    "train": Transport.TRAIN,
    "metro": Transport.METRO,
    "flight": Transport.PLANE,
    "bus": Transport.BUS,
    "coach": Transport.COACH,
    "taxi": Transport.TAXI,
    "car": Transport.CAR,
    "cycle": Transport.WALK,
    "ship": Transport.SHIP,
}
#: Vehicles in which others sat: a ride in one is a stay, whether or not its number was said.
SHARED = frozenset({"train", "metro", "flight", "bus", "coach", "taxi", "ship"})


@dataclass(frozen=True)
class Choice:
    """An entry of the city's list that a place may be."""

    value: str
    label: str
    why: str


@dataclass
class Proposal:
    """A stay that may be taken. `number` ties it to its marks in the text."""

    number: int
    stay: itinerary.Stay
    initial: dict[str, Any]
    reasons: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    known: ItineraryStay | None = None

    @property
    def words(self) -> str:
        return self.stay.text

    @property
    def span(self) -> dict[str, int]:
        return {"text_from": self.stay.start, "text_to": self.stay.end}

    @property
    def take(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Reading:
    """A text that was read: its pieces, who is in it, the stays to take, and what to look at."""

    pieces: list[telling.Piece]
    people: list[telling.Who]
    proposals: list[Proposal]
    doubts: list[tuple[str, str]]

    @property
    def n_sure(self) -> int:
        return sum(p.take for p in self.proposals)


def read(
    text: str, *, on: date, investigation: Investigation, now: datetime, person: int | None = None
) -> Reading:
    """Read a text told or written `on` a day; `person` says which of those in it the case is."""
    told = itinerary.read(text, on=on)
    case = investigation.case
    chosen = person if person is not None else telling.likeliest(told, case)
    home = investigation.lives_in or case.area
    stays = [s for s in _with_rides(told.stays) if not _nowhere(s)]
    found = gazetteer.around(home, {s.place.text for s in stays if s.place})
    proposals = [
        _proposal(n, stay, told, chosen, found, home, now) for n, stay in enumerate(stays, 1)
    ]
    _until_the_next(proposals)
    _label([c for p in proposals for c in p.choices], proposals)
    _compare(proposals, investigation)
    return Reading(
        list(telling.pieces(told, [(p.number, p.stay) for p in proposals])),
        telling.people(told, chosen),
        proposals,
        [(doubt.text, wording.doubt(doubt.reason)) for doubt in told.doubts],
    )


# --- stays and rides ---------------------------------------------------------------------------


def _with_rides(stays: Iterable[itinerary.Stay]) -> list[itinerary.Stay]:
    """Each ride as a stay of its own: the vehicle of a stay is how they came there."""
    stays = list(stays)
    ridden = {s.vehicle.start for s in stays if s.vehicle and s.place is None}
    found: list[itinerary.Stay] = []
    for stay in stays:
        ride = stay.vehicle
        if stay.place is not None and ride and ride.kind in SHARED and ride.start not in ridden:
            ridden.add(ride.start)
            ends = {"until": None, "start": min(stay.start, ride.start), "end": ride.end}
            found.append(replace(stay, place=None, verb=None, **ends))  # type: ignore[arg-type]
        found.append(stay if stay.place is None else replace(stay, vehicle=None))
    return found


def _nowhere(stay: itinerary.Stay) -> bool:
    return stay.place is None and stay.vehicle is None and not _at_home(stay)


def _at_home(stay: itinerary.Stay) -> bool:
    said = stay.verb.text if stay.verb else ""
    at_home = "家" in said or "宿舍" in said
    return at_home or (stay.place is not None and stay.place.kind == "home")


def _proposal(
    number: int,
    stay: itinerary.Stay,
    told: itinerary.Reading,
    chosen: int | None,
    found: gazetteer.Surroundings,
    home: Area,
    now: datetime,
) -> Proposal:
    begins, ends, reasons = _times(stay, now)
    initial: dict[str, Any] = {
        "from_at": begins,
        "to_at": ends,
        "precision": PRECISIONS.get(stay.precision, Precision.DAY),
        "confidence": Confidence.SAID,
        "transport": "",
        "vehicle": "",
        "match": "",
    }
    made = Proposal(number, stay, initial, reasons)
    if stay.person is not None and stay.person != chosen:
        said = _("said of %s") % telling.called(told.people[stay.person])
        reasons.insert(0, said if chosen is not None else f"{said}: {_('is that the case?')}")
    if stay.confidence < SURE:
        reasons.append(_("read with little certainty"))
    reasons += _doubts_of(stay, told)
    if stay.place is None and stay.vehicle is not None:
        _ride(made, stay.vehicle)
    elif _at_home(stay):
        _home(made, stay, home)
    elif stay.place is not None:
        _place(made, stay.place, found)
    return made


def _times(
    stay: itinerary.Stay, now: datetime
) -> tuple[datetime | None, datetime | None, list[str]]:
    if (stay.begin or stay.until) is None or stay.precision not in PRECISIONS:
        return None, None, [_("the text gives no day for it")]
    reasons: list[str] = []
    this_minute = now.replace(second=0, microsecond=0)
    if stay.begin is None and stay.until is not None:
        left = min(timezone.make_aware(stay.until), this_minute)
        return left - ASSUMED, left, [_("when it began is not said: one hour is put in")]
    assert stay.begin is not None
    begins = timezone.make_aware(stay.begin)
    if stay.place is None and stay.vehicle is not None:
        ends = begins + RIDE
        if stay.until and timezone.make_aware(stay.until) - begins < RIDE:
            ends = timezone.make_aware(stay.until)
        reasons.append(_("how long the ride took is not said: half an hour is put in"))
    elif stay.until is None:
        ends = begins + ASSUMED
        reasons.append(_end_unsaid())
    else:
        ends = timezone.make_aware(stay.until)
    if begins > this_minute:
        reasons.append(_("it lies in the future"))
    return begins, max(begins, min(ends, this_minute)), reasons


def _until_the_next(proposals: Sequence[Proposal]) -> None:
    """Let who came home stay there until the next thing told of them."""
    for made in proposals:
        begins, said = made.initial["from_at"], made.stay
        if made.initial["kind"] != PlaceKind.HOME or said.until or said.begin is None:
            continue
        later = [
            p.initial["from_at"]
            for p in proposals
            if p.stay.person == said.person and p.initial["from_at"] and begins
            and begins < p.initial["from_at"] <= begins + NIGHT
        ]  # fmt: skip
        if later:
            made.initial["to_at"] = min(later)
            made.reasons.remove(_end_unsaid())
            made.reasons.append(_("when it ended is not said: the next stay's beginning is put in"))


def _end_unsaid() -> str:
    return _("when it ended is not said: one hour is put in")


def _doubts_of(stay: itinerary.Stay, told: itinerary.Reading) -> list[str]:
    spans = [s for s in (stay.place, stay.moment, stay.vehicle) if s is not None]
    return [
        f"{d.text}: {wording.doubt(d.reason)}"
        for d in told.doubts
        if d.about != "stay" and any(d.start < s.end and s.start < d.end for s in spans)
    ]


def _ride(made: Proposal, vehicle: itinerary.Vehicle) -> None:
    made.initial |= {
        "place_name": vehicle.text,
        "kind": PlaceKind.TRANSPORT,
        "transport": WAYS.get(vehicle.kind, ""),
        "vehicle": vehicle.number or "",
        "note": _("seat %s") % vehicle.seat if vehicle.seat else "",
    }


def _home(made: Proposal, stay: itinerary.Stay, home: Area) -> None:
    named = stay.place.text if stay.place and stay.place.kind == "home" else HOME
    value = f"{gazetteer.AREA}:{home.pk}"
    made.initial |= {"place_name": named, "kind": PlaceKind.HOME, "match": value}
    made.choices.append(Choice(value, "", _("where the case lives")))


def _place(made: Proposal, place: itinerary.Place, found: gazetteer.Surroundings) -> None:
    match = found.match(place)
    made.choices += [Choice(c.entry.id, "", wording.likeness(c.reasons)) for c in match.candidates]
    made.initial |= {
        "place_name": place.text,
        "kind": KINDS.get(place.kind, ""),
        "match": match.taken.id if match.taken else "",
    }


def _label(choices: Sequence[Choice], proposals: Sequence[Proposal]) -> None:
    """Write out what each choice is called, for all of them at once."""
    labels = gazetteer.named([choice.value for choice in choices])
    for made in proposals:
        made.choices = [
            replace(c, label=labels[c.value]) for c in made.choices if c.value in labels
        ]


def _compare(proposals: Sequence[Proposal], investigation: Investigation) -> None:
    """Say of each stay whether it stands in the itinerary, or was taken out of it."""
    standing = {row.stay.pk: row.number for row in itineraries.rows(investigation)}
    known = [*investigation.stays.all(), *itineraries.taken_out(investigation)]
    for made in proposals:
        if made.initial["from_at"] is None:
            continue
        made.known = itineraries.like(made.initial, known)
        if made.known is None:
            continue
        number = standing.get(made.known.pk)
        if number is None:
            made.reasons.append(_("was taken out of the itinerary"))
        else:
            made.reasons.append(_("is in the itinerary already, as No. %s") % number)
