"""The roster as it is read: who is on duty now, a month of a unit, and the holes in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from tongchou.ledger.models import Handoff
from tongchou.orders import rights
from tongchou.orders.models import OnDuty, Roster, Shift
from tongchou.staff import reach
from tongchou.staff.models import Post, User
from tongchou.staff.queries import Scope, on_post

#: So far ahead a roster should be filled, and its holes are told.
AHEAD = timedelta(days=7)


def rosters(scope: Scope) -> QuerySet[Roster]:
    """The rosters of one's areas that have not ended."""
    found = Roster.objects.filter(reach.of(scope), ended_on=None)
    return found.select_related("unit", "area__successor")


def dressed(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    return shifts.select_related(
        "roster__unit", "roster__area__successor", "leader", "passage"
    ).order_by("starts_at", "roster_id")


def on_duty(scope: Scope, *, now: datetime) -> list[Shift]:
    """The shift of each roster that is running now, from the top of the tree down.

    Those above one's areas too: whom a street calls at night sits in the city.
    """
    above = {code for path in scope.paths for code in path.strip("/").split("/")}
    near = reach.of(scope) | Q(roster__area_id__in=above)
    running = dressed(Shift.objects.filter(near, starts_at__lte=now, ends_at__gt=now))
    found = running.filter(roster__ended_on=None)
    return list(found.order_by("area_path", "roster_id"))


def waiting(scope: Scope, *, now: datetime) -> QuerySet[Shift]:
    """Shifts whose time is over and which nobody has taken over; `due_at` is until when."""
    rows = Shift.objects.filter(reach.of(scope), passage__closed_at=None, ends_at__lte=now)
    open_leg = Handoff.objects.filter(passage=OuterRef("passage"), done_at=None)
    due = Subquery(open_leg.values("due_at")[:1])
    return dressed(rows.filter(passage__isnull=False)).annotate(due_at=due)


def month(roster: Roster, first: date, last: date) -> list[Shift]:
    """The shifts that begin on these days, with their staff."""
    days = midnight(first), midnight(last + timedelta(days=1))
    rows = dressed(roster.shifts.filter(starts_at__gte=days[0], starts_at__lt=days[1]))
    return list(rows.prefetch_related("staff"))


def midnight(day: date) -> datetime:
    """0:00 of a day where the city is."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def slots(roster: Roster, first: date, last: date) -> list[tuple[datetime, datetime]]:
    """The shifts that these days need, by the hours at which shifts change."""
    hours = sorted(time.fromisoformat(text) for text in roster.hours)
    zone = timezone.get_default_timezone()
    starts = [
        datetime.combine(first + timedelta(days=n), hour, tzinfo=zone)
        for n in range((last - first).days + 1)
        for hour in hours
    ]
    after = datetime.combine(last + timedelta(days=1), hours[0], tzinfo=zone)
    return list(zip(starts, [*starts[1:], after], strict=True))


def people(shift: Shift) -> list[User]:
    """Leader first, then who serves."""
    rows = OnDuty.objects.filter(shift=shift).select_related("user").order_by("id")
    staff = [row.user for row in rows]
    return ([shift.leader] if shift.leader else []) + [u for u in staff if u != shift.leader]


def next_of(shift: Shift) -> Shift | None:
    """The shift that takes over."""
    later = shift.roster.shifts.filter(starts_at__gt=shift.starts_at)
    return later.order_by("starts_at").first()


def may_serve(roster: Roster, *, at: datetime) -> QuerySet[User]:
    """Who may be put on this roster: people of its unit, and who leads in its area."""
    leads = Q(area=roster.area_id, role__in=rights.LEAD)
    posts = on_post(at).filter(Q(unit=roster.unit_id) | leads)
    return User.objects.filter(pk__in=posts.values("user")).order_by("display_name", "username")


@dataclass(frozen=True)
class Hole:
    """A readiness hole of a roster: nobody there, nobody leads, or somebody who cannot serve."""

    roster: Roster
    code: str  # "empty", "leader", "left", "twice", "phone"
    starts_at: datetime
    ends_at: datetime
    who: User | None = None
    shift: Shift | None = None


def holes(found: Iterable[Roster], *, now: datetime, ahead: timedelta = AHEAD) -> list[Hole]:
    """What the next days of these rosters lack, soonest first."""
    known = {roster.pk: roster for roster in found}
    until = now + ahead
    shifts = dressed(Shift.objects.filter(roster__in=known, ends_at__gt=now, starts_at__lt=until))
    rows = list(shifts.prefetch_related("staff"))
    by_roster: dict[int, list[Shift]] = {pk: [] for pk in known}
    for shift in rows:
        by_roster[shift.roster_id].append(shift)
    posts = _posts({user for shift in rows for user in _serving(shift)})
    lacking = [hole for pk, own in by_roster.items() for hole in _empty(known[pk], own, now, until)]
    for shift in rows:
        lacking += _of_shift(known[shift.roster_id], shift, posts)
    lacking += _twice(known, rows)
    return sorted(lacking, key=lambda hole: (hole.starts_at, hole.roster.pk, hole.code))


def _serving(shift: Shift) -> list[User]:
    staff = list(shift.staff.all())
    return ([shift.leader] if shift.leader else []) + [u for u in staff if u != shift.leader]


def _empty(roster: Roster, own: Sequence[Shift], now: datetime, until: datetime) -> list[Hole]:
    """The hours that no shift covers."""
    found, at = [], max(now, midnight(roster.from_on))
    for shift in sorted(own, key=lambda s: s.starts_at):
        if shift.starts_at > at:
            found.append(Hole(roster, "empty", at, shift.starts_at))
        at = max(at, shift.ends_at)
    return [*found, Hole(roster, "empty", at, until)] if at < until else found


def _posts(users: set[User]) -> dict[int, list[Any]]:
    rows = Post.objects.filter(user__in=users).select_related("area")
    found: dict[int, list[Any]] = {}
    for post in rows:
        found.setdefault(post.user_id, []).append(post)
    return found


def _of_shift(roster: Roster, shift: Shift, posts: dict[int, list[Any]]) -> list[Hole]:
    found = []
    span = shift.starts_at, shift.ends_at
    if shift.leader is None:
        found.append(Hole(roster, "leader", *span, shift=shift))
    for user in _serving(shift):
        if not any(_holds(post, roster, shift.starts_at) for post in posts.get(user.pk, [])):
            found.append(Hole(roster, "left", *span, user, shift))
        elif not (user.phone or roster.unit.phone):
            found.append(Hole(roster, "phone", *span, user, shift))
    return found


def _holds(post: Any, roster: Roster, at: datetime) -> bool:
    """Whether a post puts its holder on this roster at that time."""
    on = post.from_at <= at and (post.to_at is None or post.to_at > at)
    leads = post.area_id == roster.area_id and post.role in rights.LEAD
    return on and (post.unit_id == roster.unit_id or leads)


def _twice(known: dict[int, Roster], rows: Sequence[Shift]) -> list[Hole]:
    """People who would be on duty at two places at once."""
    found = []
    by_user: dict[int, list[tuple[User, Shift]]] = {}
    for shift in rows:
        for user in _serving(shift):
            by_user.setdefault(user.pk, []).append((user, shift))
    for own in by_user.values():
        own.sort(key=lambda pair: (pair[1].starts_at, pair[1].roster_id))
        for (user, one), (_same, other) in pairwise(own):
            if other.roster_id != one.roster_id and other.starts_at < one.ends_at:
                span = other.starts_at, min(one.ends_at, other.ends_at)
                found.append(Hole(known[other.roster_id], "twice", *span, user, other))
    return found


def is_serving(shift: Shift, user: User) -> bool:
    return shift.leader_id == user.pk or OnDuty.objects.filter(shift=shift, user=user).exists()
