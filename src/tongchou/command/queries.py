"""Reads of the command desk: where somebody commands, what was ordered, the newest readings."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Level, subtree
from tongchou.command.models import Activation, LegTally, Reading, TallyRun
from tongchou.ledger.models import Adoption
from tongchou.ledger.signatures import Awaited
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, on_post
from tongchou.staff.roles import Role

#: Figures are read ahead down to here; a street is small enough to be read when it is looked at.
READ_AHEAD = Level.DISTRICT


def home_of(scope: Scope) -> Area | None:
    """The area a user's room opens with: the topmost they answer for."""
    paths = sorted(scope.paths, key=lambda path: (path.count("/"), path))
    return Area.objects.filter(path=paths[0]).first() if paths else None


def tops_of(scope: Scope) -> QuerySet[Area]:
    """All areas a user answers for, without those below another of them."""
    return Area.objects.filter(path__in=scope.paths).order_by("level", "path")


def crumbs(area: Area, scope: Scope) -> list[Area]:
    """The way down to an area, as far as the user may see it."""
    above = Area.objects.filter(code__in=area.codes).order_by("level")
    return [each for each in above if scope.sees(each.path)]


def last_tally() -> TallyRun | None:
    return TallyRun.objects.order_by("-at").first()


def activations(area: Area) -> QuerySet[Activation]:
    """What was ordered for the area, from above, and below it, newest first."""
    here = Q(area__in=area.codes) | subtree(area.path, field="area_path")
    return Activation.objects.filter(here).select_related("area", "by")


def areas_to_read() -> QuerySet[Area]:
    """The areas whose figures are read ahead: where somebody is on post or something is open."""
    posted = Area.objects.filter(posts__isnull=False, level__lte=READ_AHEAD).values("code")
    open_in = LegTally.objects.filter(area__level__lte=READ_AHEAD).values("area")
    return Area.objects.filter(Q(code__in=posted) | Q(code__in=open_in), ended_on=None).order_by(
        "path"
    )


def readings(area: Area) -> dict[str, Reading]:
    """The newest reading of each figure of an area."""
    return {reading.figure: reading for reading in Reading.objects.filter(area=area)}


def may_rule(user: User, *, now: datetime) -> bool:
    """Whether a user may put a playbook in force: a commander of a whole city or above."""
    return _holds(user, (Role.COMMANDER,), now=now)


def may_propose(user: User, *, now: datetime) -> bool:
    """Whether a user may put a playbook forward: a city's CDC or commander."""
    return _holds(user, (Role.COMMANDER, Role.CDC), now=now)


def _holds(user: User, roles: tuple[Role, ...], *, now: datetime) -> bool:
    posts = on_post(now).filter(user=user, role__in=roles)
    return posts.filter(Q(level__lte=Level.CITY) | Q(area__parent=None)).exists()


def to_sign(user: User, scope: Scope, now: datetime) -> list[Awaited]:
    """Playbooks that somebody else put forward, for who may put one in force."""
    if Role.COMMANDER not in scope.roles:
        return []
    waiting = proposals().filter(adopted_at=None, withdrawn_at=None).exclude(proposed_by=user)
    found = list(waiting)
    if not found or not may_rule(user, now=now):
        return []
    return [
        Awaited(
            title=_("Playbook %(id)s") % {"id": each.playbook},
            note=f"{each.proposed_by}: {each.reason}",
            page=reverse("command:proposal", args=[each.pk]),
            since=each.proposed_at,
        )
        for each in found
    ]


def proposals() -> QuerySet[Adoption]:
    """Every playbook that was ever put forward, newest first."""
    return Adoption.objects.select_related("proposed_by", "adopted_by").order_by("-id")
