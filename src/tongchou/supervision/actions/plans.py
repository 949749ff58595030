"""Inspections are planned and cancelled. Each target is a passage with its own deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Place
from tongchou.ledger import actions as ledger
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import Unit, User
from tongchou.supervision.errors import SupervisionError
from tongchou.supervision.loops import INSPECTION
from tongchou.supervision.models import Checklist, Finding, Inspection, Kind, Plan

#: A plan of more targets is two plans: nobody reads the list of one.
MOST_TARGETS = 500


@dataclass(frozen=True)
class Target:
    """What is inspected: a unit, at one of its places where that matters."""

    unit: Unit
    place: Place | None = None
    follows: Inspection | None = None

    @property
    def area(self) -> Area:
        return self.place.area if self.place else self.unit.area


@transaction.atomic
def plan(
    *,
    title: str,
    kind: str,
    checklist: Checklist,
    area: Area,
    targets: Sequence[Target],
    until_on: date,
    by: User,
    now: datetime,
    team: Unit | None = None,
    why: str = "",
) -> Plan:
    """Plan an inspection of each target. In a self-check every unit is its own team.

    Raises
    ------
    SupervisionError
        Without a target or a team, or where a place is closed.
    """
    _check(kind, targets, team, until_on, now)
    made = Plan.objects.create(
        title=title, kind=kind, checklist=checklist, area=area, area_path=area.path,
        until_on=until_on, why=why[:200], by=by, at=now,
    )  # fmt: skip
    audit.record(
        verb="inspection.plan", subject=f"plan:{made.pk}", by=by, now=now,
        detail={"checklist": checklist.slug, "version": checklist.version, "kind": kind,
                "targets": len(targets)},
    )  # fmt: skip
    for target in targets:
        inspects = target.unit if kind == Kind.SELF_CHECK else team
        assert inspects is not None
        _start(made, target, inspects, by=by, now=now)
    return made


def _check(
    kind: str, targets: Sequence[Target], team: Unit | None, until_on: date, now: datetime
) -> None:
    if not targets:
        raise SupervisionError(_("Choose at least one unit or place to inspect."))
    if len(targets) > MOST_TARGETS:
        raise SupervisionError(
            _("%(n)d targets are too many for one plan; %(most)d at most.")
            % {"n": len(targets), "most": MOST_TARGETS}
        )
    if kind != Kind.SELF_CHECK and team is None:
        raise SupervisionError(_("Say which unit inspects."))
    if kind != Kind.SELF_CHECK and any(target.unit == team for target in targets):
        raise SupervisionError(_("A unit that looks at itself makes a self-check."))
    if until_on < timezone.localdate(now):
        raise SupervisionError(_("The day by which it is to be done is over already."))
    closed = [t.place.name for t in targets if t.place and t.place.closed_on]
    if closed:
        raise SupervisionError(
            _("Closed, so there is nothing to inspect: %(places)s.") % {"places": ", ".join(closed)}
        )
    if kind == Kind.LOOK_BACK and any(t.follows is None for t in targets):
        raise SupervisionError(_("A look back follows an inspection that found something."))


def _start(made: Plan, target: Target, team: Unit, *, by: User, now: datetime) -> Inspection:
    (pk,) = reserve_ids(Inspection, 1)
    where = target.place.name if target.place else target.unit.name
    passage = ledger.start(
        loop=INSPECTION,
        area=target.area,
        title=f"I-{pk:06d} · {where}",
        by=by,
        now=now,
        timed_from=end_of(made.until_on),
        unit=team.pk,
        caused_by=target.follows.passage if target.follows else None,
    )
    return Inspection.objects.create(
        pk=pk, plan=made, passage=passage, checklist=made.checklist, kind=made.kind,
        unit=target.unit, place=target.place, area=target.area, area_path=target.area.path,
        team=team, until_on=made.until_on, follows=target.follows,
    )  # fmt: skip


def end_of(day: date) -> datetime:
    """The last second of a day, by the clock of the city."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(
        seconds=1
    )


@transaction.atomic
def look_back(
    *, inspection: Inspection, until_on: date, team: Unit, by: User, now: datetime, why: str = ""
) -> Inspection:
    """Go again (回头看): only what was found is asked, and the answers pass or send back.

    Raises
    ------
    SupervisionError
        Where nothing was found, or a look back is planned already.
    """
    if not Finding.objects.filter(inspection=inspection).exists():
        raise SupervisionError(_("Nothing was found at %(number)s; there is nothing to look back "
                                 "at.") % {"number": inspection.number})  # fmt: skip
    if inspection.followed_by.filter(passage__closed_at=None).exists():
        raise SupervisionError(_("A look back is planned already."))
    made = plan(
        title=f"{inspection.plan.title[:60]} · {Kind.LOOK_BACK.label}",
        kind=Kind.LOOK_BACK,
        checklist=inspection.checklist,
        area=inspection.area,
        targets=[Target(inspection.unit, inspection.place, inspection)],
        until_on=until_on,
        team=team,
        by=by,
        now=now,
        why=why,
    )
    return made.inspections.get()


@transaction.atomic
def cancel(*, inspection: Inspection, reason: str, by: User, now: datetime) -> Inspection:
    """It will not be made: the unit is closed, or somebody else has just been there.

    Raises
    ------
    SupervisionError
        Without a reason.
    """
    if len(reason.strip()) < 2:
        raise SupervisionError(_("Say why it is not made, in some words."))
    ledger.hand_over(
        passage=inspection.passage, to="cancelled", by=by, now=now, note=reason.strip()
    )
    return inspection
