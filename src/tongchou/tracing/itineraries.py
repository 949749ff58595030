"""Reads of one itinerary: its stays in order, the infectious window, and the hours nobody knows of.

Time is wall time of the city: a window begins and ends at midnight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import PlaceKind
from tongchou.cases.models import Case
from tongchou.playbook import NoSuchRule, Playbook
from tongchou.tracing.models import Investigation, ItineraryStay, Precision

#: A shorter silence between two stays is the way from one to the other.
LEAST_GAP = timedelta(minutes=60)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """When this case could infect others, [from_at, to_at), and what that is counted from."""

    from_at: datetime
    to_at: datetime
    day_zero: date
    counted_from: Any
    ends_with: Any

    @property
    def last_on(self) -> date:
        """The last day in it."""
        return timezone.localdate(self.to_at - timedelta(seconds=1))


def window_of(case: Case, *, book: Playbook, now: datetime) -> Window | None:
    """The infectious window of the playbook around onset, or sampling where there was none.

    It ends earlier with the day of admission, and never after `now`; None where the playbook does
    not know the disease, or the window has not begun.
    """
    try:
        rule = book.disease(case.disease).infectious_window
    except NoSuchRule:
        return None
    begins = _midnight(case.begins_on + timedelta(days=float(rule.from_days)))
    ends = _midnight(case.begins_on + timedelta(days=float(rule.to_days) + 1))
    last = _("as the playbook has it")
    if case.admitted_on and _midnight(case.admitted_on + DAY) < ends:
        ends, last = _midnight(case.admitted_on + DAY), _("with the admission")
    if now < ends:
        ends, last = now, _("so far")
    if ends <= begins:
        return None
    counted = pgettext_lazy("counted from", "report")
    if case.onset_on:
        counted = pgettext_lazy("counted from", "onset")
    elif case.sampled_on:
        counted = pgettext_lazy("counted from", "sampling")
    return Window(begins, ends, case.begins_on, counted, last)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass(frozen=True)
class Row:
    """A stay as its line in the table and its bar in the timeline have it."""

    number: int
    stay: ItineraryStay
    overlaps: bool = False

    @property
    def way(self) -> Any:
        """How they got there, or what they rode in."""
        if not self.stay.transport:
            return ""
        return format_lazy("{} {}", self.stay.get_transport_display(), self.stay.vehicle)

    @property
    def kind_label(self) -> Any:
        return PlaceKind(self.stay.kind).label if self.stay.kind else ""

    @property
    def minutes(self) -> int:
        return round((self.stay.to_at - self.stay.from_at).total_seconds() / 60)


def rows(investigation: Investigation) -> list[Row]:
    """The stays in order, with those marked that begin before the one before has ended."""
    found: list[Row] = []
    until: datetime | None = None
    stays = investigation.stays.select_related("area", "place", "written_by")
    for number, stay in enumerate(stays, 1):
        # A stay known by the day alone says nothing of where they were at a given hour.
        exact = stay.precision != Precision.DAY
        found.append(Row(number, stay, exact and until is not None and stay.from_at < until))
        if exact:
            until = stay.to_at if until is None else max(until, stay.to_at)
    return found


def taken_out(investigation: Investigation) -> QuerySet[ItineraryStay]:
    """Stays that can still be brought back, the newest act first."""
    gone = ItineraryStay.every.filter(investigation=investigation, removed_at__isnull=False)
    return gone.select_related("removed_by").order_by("-removed_at", "-id")


@dataclass(frozen=True)
class Gap:
    """A stretch of the infectious window of which nothing is known."""

    from_at: datetime
    to_at: datetime

    @property
    def hours(self) -> float:
        return (self.to_at - self.from_at) / timedelta(hours=1)


def gaps(stays: Iterable[ItineraryStay], window: Window | None) -> list[Gap]:
    """The hours in the window that no stay accounts for, an hour or longer each, in order.

    A stay known by the day alone accounts for that day only at home: "was at the market on the
    3rd" leaves the rest of the 3rd open.
    """
    if window is None:
        return []
    found, reached = [], window.from_at
    for stay in sorted((s for s in stays if accounts(s)), key=lambda s: s.from_at):
        if stay.from_at - reached >= LEAST_GAP:
            found.append(Gap(reached, min(stay.from_at, window.to_at)))
        reached = max(reached, stay.to_at)
        if reached >= window.to_at:
            break
    if window.to_at - reached >= LEAST_GAP:
        found.append(Gap(reached, window.to_at))
    return [gap for gap in found if gap.to_at - gap.from_at >= LEAST_GAP]


def accounts(stay: ItineraryStay) -> bool:
    """Whether a stay says where somebody was in all its hours."""
    return stay.precision != Precision.DAY or stay.kind == PlaceKind.HOME


def plain_name(name: str) -> str:
    """A name as it is compared: without spaces, in one kind of letters."""
    return "".join(name.split()).casefold()


def same_stay(stay: Mapping[str, Any]) -> tuple[Any, ...]:
    """What two stays share that are one: the place or vehicle, and both ends to the minute."""
    ends = (stay[name].replace(second=0, microsecond=0) for name in ("from_at", "to_at"))
    return (plain_name(stay["place_name"]), plain_name(stay.get("vehicle") or ""), *ends)


def like(stay: Mapping[str, Any], known: Sequence[ItineraryStay]) -> ItineraryStay | None:
    """A stay that is the same, or at the same place at an overlapping time: perhaps the same."""
    wanted = same_stay(stay)
    for other in known:
        theirs = same_stay(vars(other))
        if theirs == wanted:
            return other
        alike = theirs[:2] == wanted[:2] or _same_spot(stay, other)
        if alike and _meet(wanted[2:], theirs[2:]):
            return other
    return None


def _same_spot(stay: Mapping[str, Any], other: ItineraryStay) -> bool:
    if stay.get("kind") == other.kind == PlaceKind.HOME:
        return True
    place = stay.get("place")
    same_ride = plain_name(stay.get("vehicle") or "") == plain_name(other.vehicle)
    return place is not None and place.pk == other.place_id and same_ride


def _meet(one: tuple[Any, ...], two: tuple[Any, ...]) -> bool:
    return bool(one == two or (one[0] < two[1] and two[0] < one[1]))
