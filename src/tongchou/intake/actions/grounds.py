"""The area that an import belongs to: named, or the only one, or made for the list."""

from datetime import datetime
from difflib import get_close_matches

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Level
from tongchou.intake.errors import IntakeError
from tongchou.intake.layout import Profile
from tongchou.intake.profiles import every
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def ground(
    *, profile: Profile, code: str, by: User | None, now: datetime, keep: bool = True
) -> Area:
    """Where rows go that name no area of their own. Without `keep` nothing is written.

    Raises
    ------
    IntakeError
        Where the code is unknown, or there are several cities and none was named.
    """
    if code:
        return _named(code)
    own = Area.objects.filter(code=profile.ground.code).first()
    if own is not None:
        return own
    # A place that another list brought along is no city that this one could be about.
    made = {each.ground.code for each in every()}
    tops = list(Area.objects.filter(parent=None, ended_on=None).exclude(code__in=made)[:6])
    if len(tops) == 1:
        return tops[0]
    if tops:
        listed = ", ".join(f"{area.code} {area.name}" for area in tops[:5])
        raise IntakeError(_("Say which area this list is about: %(areas)s …") % {"areas": listed})
    return _made(profile, by=by, now=now, keep=keep)


def _named(code: str) -> Area:
    area = Area.objects.filter(code=code).first()
    if area is None:
        known = Area.objects.order_by("level").values_list("code", flat=True)[:5000]
        near = get_close_matches(code, list(known), n=1)
        said = _("There is no area %(code)s.") % {"code": code}
        if near:
            said += " " + _("Did you mean %(near)s?") % {"near": near[0]}
        raise IntakeError(said)
    return area


def _made(profile: Profile, *, by: User | None, now: datetime, keep: bool) -> Area:
    """An empty instance has no areas yet; the list stands under the place it is about."""
    ground = profile.ground
    area = Area(
        code=ground.code,
        name=ground.name,
        name_en=ground.name_en,
        level=Level.CITY,
        path=f"{ground.code}/",
    )
    if not keep:
        return area
    area.save(force_insert=True)
    detail = {"profile": profile.id}
    audit.record(verb="area.create", subject=f"area:{area.pk}", by=by, now=now, detail=detail)
    return area
