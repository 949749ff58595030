"""The twelve checks of a contact list: what is wrong with a line, and how to mend it.

Pure functions over one line and its circumstances. The form, the pasted table and the list run the
same ones, so a fault is found where it is made. Which lines fail is counted on the desk.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Level
from tongchou.cases.models import Tier, Way

# Who cares for a patient meets them after they were isolated, and that is an exposure.
AT_THE_BEDSIDE = frozenset({Way.CARE, Way.NURSING, Way.WARD})
IN_HANDS = frozenset({"in_facility", "at_home"})
NOT_YET_RECEIVED = frozenset({"listed", "notified", "located", "not_found"})
AT_WORK = NOT_YET_RECEIVED | {"received", "elsewhere"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One exposure, with what is known of the case that was met."""

    way: str
    first_on: date | None = None
    last_on: date | None = None
    note: str = ""
    case: bool = True
    through: bool = False
    case_begins_on: date | None = None
    case_isolated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One contact as the checks see it; `stay` is the stage of its quarantine, if any holds."""

    tier: str
    stage: str = "listed"
    area_level: int | None = None
    has_phone: bool = False
    has_document: bool = False
    meetings: tuple[Meeting, ...] = ()
    destination: str = ""
    ends_on: date | None = None
    stay: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The day it is, and what the playbook in force says of each tier."""

    today: date
    n_days: dict[str, int]
    look_back_days: dict[str, int]


@dataclass(frozen=True)
class Finding:
    """What a check found: the field to mend, how bad it is, what is wrong, and how to mend it."""

    code: str
    field: str
    severity: str  # "bad": nobody can act on the line; "warn": look again
    says: Any
    mend: Any

    @property
    def label(self) -> Any:
        """The finding in two or three words, for a column."""
        return CHECKS[self.code][0]


Check = Callable[[Line, Circumstances], Finding | None]


def street(line: Line, around: Circumstances) -> Finding | None:
    if line.area_level is not None and line.area_level >= Level.STREET:
        return None
    return Finding(
        "street",
        "area",
        "bad",
        _("No street: nobody knows whom to send."),
        _("Choose the street, the community or the grid cell."),
    )


def source(line: Line, around: Circumstances) -> Finding | None:
    if line.tier == Tier.SECONDARY:
        if any(m.through for m in line.meetings):
            return None
        return Finding(
            "source",
            "through",
            "bad",
            _("A secondary contact without the close contact between."),
            _("Name the close contact, or hold this person to be a close contact."),
        )
    if any(m.case for m in line.meetings):
        return None
    return Finding(
        "source",
        "case",
        "bad",
        _("A contact of nobody."),
        _("Name the case that was met, or hold this person to be a secondary contact."),
    )


def way(line: Line, around: Circumstances) -> Finding | None:
    if all(m.way != Way.OTHER or m.note for m in line.meetings):
        return None
    return Finding(
        "way",
        "way",
        "warn",
        _("How they met is not said."),
        _("Choose the way of contact, or describe it in the note."),
    )


def last_day(line: Line, around: Circumstances) -> Finding | None:
    if any(m.last_on for m in line.meetings):
        return None
    return Finding(
        "last_day",
        "last_on",
        "bad",
        _("The day of the last contact is missing: quarantine cannot be counted."),
        _("Ask for it; the latest day that is possible will do until it is known."),
    )


def day_to_come(line: Line, around: Circumstances) -> Finding | None:
    if all(m.last_on is None or m.last_on <= around.today for m in line.meetings):
        return None
    return Finding(
        "day_to_come",
        "last_on",
        "bad",
        _("The last contact lies in the future."),
        _("Look at the month and the year."),
    )


def too_early(line: Line, around: Circumstances) -> Finding | None:
    back = timedelta(days=around.look_back_days.get(line.tier, 0))
    dated = [m for m in line.meetings if m.last_on and m.case_begins_on]
    counts = [m for m in dated if m.last_on >= m.case_begins_on - back]  # type: ignore[operator]
    if not dated or counts or len(dated) < len(line.meetings):
        return None
    return Finding(
        "too_early",
        "last_on",
        "warn",
        _("They last met before the case could infect anybody."),
        _("Look at the day and at the onset; if both are right, this is no contact: dismiss."),
    )


def after_isolation(line: Line, around: Circumstances) -> Finding | None:
    for m in line.meetings:
        isolated = m.case_isolated_on
        if isolated and m.last_on and m.last_on > isolated and m.way not in AT_THE_BEDSIDE:
            return Finding(
                "after_isolation",
                "last_on",
                "warn",
                _("The last contact is later than the day the case was isolated."),
                _("Mend the day, or choose care, nursing or ward as the way of contact."),
            )
    return None


def reachable(line: Line, around: Circumstances) -> Finding | None:
    if line.has_phone or line.has_document or line.stage not in NOT_YET_RECEIVED:
        return None
    return Finding(
        "reachable",
        "phone",
        "bad",
        _("Neither a phone nor a document number: this person cannot be told."),
        _("Ask the case, the workplace or the platform that sold the ticket."),
    )


def ends_late(line: Line, around: Circumstances) -> Finding | None:
    days = around.n_days.get(line.tier, 0)
    last = max((m.last_on for m in line.meetings if m.last_on), default=None)
    if line.ends_on is None or last is None or line.ends_on <= last + timedelta(days=days):
        return None
    return Finding(
        "ends_late",
        "ends_on",
        "bad",
        _("The release is later than the playbook allows: the last contact and %(days)d days.")
        % {"days": days},
        _("Shorten the order, or correct the last contact."),
    )


def nobody_holds(line: Line, around: Circumstances) -> Finding | None:
    if line.stage != "received" or line.stay in (*IN_HANDS, "ill", "absent"):
        return None
    return Finding(
        "nobody_holds",
        "stay",
        "bad",
        _("In quarantine by the list, but no site and no home holds them."),
        _("They really wait for the transfer: find out where they are, and check them in."),
    )


def waits_though_in(line: Line, around: Circumstances) -> Finding | None:
    if line.stage not in NOT_YET_RECEIVED or line.stay not in IN_HANDS:
        return None
    return Finding(
        "waits_though_in",
        "stage",
        "warn",
        _("Still waiting by the list, though a site has checked them in."),
        _("Let the site confirm the arrival, so that nobody goes to fetch them again."),
    )


def destination(line: Line, around: Circumstances) -> Finding | None:
    if line.stage != "elsewhere" or line.destination:
        return None
    return Finding(
        "destination",
        "destination",
        "bad",
        _("Elsewhere, but nobody says where."),
        _("Name the province and the city that must be asked."),
    )


CHECKS: dict[str, tuple[Any, Check]] = {
    "street": (_("street missing"), street),
    "source": (_("source missing"), source),
    "way": (_("way of contact not said"), way),
    "last_day": (_("last contact missing"), last_day),
    "day_to_come": (_("last contact in the future"), day_to_come),
    "too_early": (_("before the case was infectious"), too_early),
    "after_isolation": (_("after the case was isolated"), after_isolation),
    "reachable": (_("no phone, no document"), reachable),
    "ends_late": (_("released too late"), ends_late),
    "nobody_holds": (_("in quarantine, held by nobody"), nobody_holds),
    "waits_though_in": (_("waiting though checked in"), waits_though_in),
    "destination": (_("destination missing"), destination),
}

# What can be known while a line is being typed; the others look at what happened afterwards.
AT_ENTRY = (
    "street",
    "source",
    "way",
    "last_day",
    "day_to_come",
    "too_early",
    "after_isolation",
    "reachable",
)


def run(line: Line, around: Circumstances, only: Iterable[str] | None = None) -> list[Finding]:
    """Everything the checks find in a line; a contact who is done with has nothing to mend."""
    if line.stage not in AT_WORK:
        return []
    names = CHECKS if only is None else only
    found = (CHECKS[name][1](line, around) for name in names)
    return [finding for finding in found if finding is not None]
