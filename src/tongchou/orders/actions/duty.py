"""The roster: opened for a unit, filled in bulk by rotation, and changed one shift at a time.

A shift that has begun is in the ledger; only who stands in for whom still changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import actions as ledger
from tongchou.orders.actions.common import check_lives, need, plain
from tongchou.orders.errors import NotNow, OrdersError
from tongchou.orders.loops import SHIFT
from tongchou.orders.models import OnDuty, Roster, Shift, Swap
from tongchou.orders.queries import duty as queries
from tongchou.records import audit
from tongchou.staff.models import Unit, User

#: A roster is filled so far at most; a list typed wrongly must not fill ten years.
MOST_DAYS = 62


@dataclass(frozen=True)
class Team:
    """Who serves together; the rotation goes from one team to the next."""

    leader: User | None
    staff: tuple[User, ...] = field(default=())


@transaction.atomic
def open_roster(
    *, unit: Unit, hours: Sequence[str], from_on: date, by: User, now: datetime
) -> Roster:
    """Put a unit on duty round the clock, with shifts that change at these hours."""
    check_lives(unit.area)
    try:
        clean = sorted({f"{time.fromisoformat(text.strip()):%H:%M}" for text in hours})
    except ValueError:
        raise OrdersError(_("Write hours as 08:00.")) from None
    if not clean:
        raise OrdersError(_("Say at which hour the first shift begins."))
    roster, made = Roster.objects.update_or_create(
        unit=unit,
        defaults={
            "area": unit.area,
            "area_path": unit.area.path,
            "hours": clean,
            "from_on": from_on,
            "ended_on": None,
            "made_by": by,
            "made_at": now,
        },
    )
    _audit("roster.open", f"roster:{roster.pk}", by=by, now=now, hours=clean, again=not made)
    return roster


@transaction.atomic
def close_roster(*, roster: Roster, by: User, now: datetime) -> Roster:
    """End a roster: shifts that have not begun go away, those that have are handed over still."""
    n, _rows = roster.shifts.filter(passage=None, starts_at__gt=now, swaps=None).delete()
    roster.ended_on = timezone.localdate(now)
    roster.save(update_fields=["ended_on"])
    _audit("roster.close", f"roster:{roster.pk}", by=by, now=now, shifts=n)
    return roster


@transaction.atomic
def fill(
    *, roster: Roster, first: date, last: date, teams: Sequence[Team], by: User, now: datetime
) -> tuple[int, int]:
    """Fill these days by rotation; shifts that stand already are left as they are.

    Returns how many were made and how many stood already.

    Raises
    ------
    OrdersError
        Where a day has passed, the stretch is too long, or somebody holds no post there then.
    """
    # The row is taken first: two desks that fill the same days come one after the other.
    roster = Roster.objects.select_for_update().get(pk=roster.pk)
    if roster.ended_on:
        raise NotNow(_("This roster has ended; open it again first."))
    if first < timezone.localdate(now):
        raise OrdersError(_("A roster is not written for days that have passed."))
    if last < first or (last - first).days >= MOST_DAYS:
        raise OrdersError(_("Fill between one day and %(n)s days at a time.") % {"n": MOST_DAYS})
    if not teams:
        raise OrdersError(_("Name at least one leader or team."))
    wanted = queries.slots(roster, first, last)
    _check_posts(roster, teams, wanted)
    begins = [begin for begin, _end in wanted]
    there = set(roster.shifts.filter(starts_at__in=begins).values_list("starts_at", flat=True))
    made = []
    for place, (begin, end) in enumerate(wanted):
        if begin not in there:
            team = teams[place % len(teams)]
            shift = Shift(
                roster=roster,
                area_path=roster.area_path,
                starts_at=begin,
                ends_at=end,
                leader=team.leader,
            )
            made.append((shift, team))
    Shift.objects.bulk_create([shift for shift, _team in made])
    OnDuty.objects.bulk_create(
        [OnDuty(shift=shift, user=user) for shift, team in made for user in team.staff]
    )
    detail = {"first": first, "last": last, "made": len(made), "stood": len(there)}
    _audit("roster.fill", f"roster:{roster.pk}", by=by, now=now, **detail)
    return len(made), len(there)


@transaction.atomic
def swap(
    *, shift: Shift, out: User | None, into: User, reason: str, by: User, now: datetime
) -> Swap:
    """Put somebody in the place of another (替班), or into a place that is empty.

    Raises
    ------
    NotNow
        Where the shift is over.
    OrdersError
        Without a reason, or where somebody is not on the shift, or holds no post there then.
    """
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    # The row is taken first: two swaps of one shift come one after the other.
    shift = Shift.objects.select_for_update().get(pk=shift.pk)
    if shift.ends_at <= now:
        raise NotNow(_("This shift is over; it cannot be changed any more."))
    if (
        not queries.may_serve(shift.roster, at=max(now, shift.starts_at))
        .filter(pk=into.pk)
        .exists()
    ):
        raise OrdersError(_("%(who)s holds no post there at that time.") % {"who": into})
    if queries.is_serving(shift, into):
        raise OrdersError(_("%(who)s is on this shift already.") % {"who": into})
    leads = shift.leader_id == (out.pk if out else None)
    if leads:
        shift.leader = into
        shift.save(update_fields=["leader"])
    elif out is None or not OnDuty.objects.filter(shift=shift, user=out).update(user=into):
        raise OrdersError(_("%(who)s is not on this shift.") % {"who": out})
    made = Swap.objects.create(
        shift=shift, leads=leads, out=out, into=into, reason=reason.strip()[:200], by=by, at=now
    )
    _audit("shift.swap", f"shift:{shift.pk}", by=by, now=now, out=str(out), into=str(into))
    return made


def begin_due(*, now: datetime) -> int:
    """Begin the shifts whose hour has come; each by itself, so that one fault stops no other."""
    due = Shift.objects.filter(passage=None, starts_at__lte=now).order_by("starts_at", "id")
    return sum(
        begin(shift=shift, now=now) for shift in due.select_related("roster__unit", "roster__area")
    )


@transaction.atomic
def begin(*, shift: Shift, now: datetime) -> bool:
    """Begin a shift: its unit answers for it until the next one signs. Twice is once."""
    roster = shift.roster
    passage = ledger.start(
        loop=SHIFT,
        area=roster.area,
        title=f"{roster.unit} {timezone.localtime(shift.starts_at):%m-%d %H:%M}",
        by=None,
        now=now,
        timed_from=shift.ends_at,
        unit=roster.unit_id,
    )
    if Shift.objects.filter(pk=shift.pk, passage=None).update(passage=passage) != 1:
        transaction.set_rollback(True)  # another worker was quicker
        return False
    shift.passage = passage
    return True


def _check_posts(
    roster: Roster, teams: Sequence[Team], wanted: Sequence[tuple[datetime, datetime]]
) -> None:
    """Refuse people who hold no post of the unit or its area on the first and the last day."""
    named = {user for team in teams for user in (team.leader, *team.staff) if user}
    for at in (wanted[0][0], wanted[-1][0]):
        able = set(queries.may_serve(roster, at=at))
        for user in sorted(named - able, key=lambda user: user.pk):
            raise OrdersError(
                _("%(who)s holds no post there on %(day)s.")
                % {"who": user, "day": timezone.localdate(at)}
            )


def end_of_month(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _audit(verb: str, subject: str, *, by: User, now: datetime, **detail: Any) -> None:
    audit.record(verb=verb, subject=subject, by=by, now=now, detail=detail)
