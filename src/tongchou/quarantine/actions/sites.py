"""What a site must prove before it takes anybody in."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Place, PlaceKind
from tongchou.quarantine import queries
from tongchou.quarantine.errors import QuarantineError, SiteFull, SiteUnsafe
from tongchou.quarantine.models import Site
from tongchou.quarantine.plan import local_day
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def certify(
    *, place: Place, certificate: str, until: date, by: User, now: datetime, phone: str = ""
) -> Site:
    """Record a site's safety certificate and the day it runs out."""
    site, _new = Site.objects.update_or_create(
        place=place,
        defaults={"certificate": certificate, "certified_until": until, "phone": phone},
    )
    audit.record(
        verb="quarantine.certify",
        subject=f"place:{place.pk}",
        by=by,
        now=now,
        detail={"certificate": certificate, "until": until.isoformat()},
    )
    return site


def check_safe(place: Place, *, now: datetime) -> None:
    """Refuse a place that is no site, is closed, or whose certificate has run out."""
    today = local_day(now)
    if place.kind != PlaceKind.QUARANTINE_SITE:
        raise SiteUnsafe(_("%(place)s is not a quarantine site.") % {"place": place})
    if place.closed_on and place.closed_on <= today:
        raise SiteUnsafe(
            _("%(place)s was closed on %(day)s.") % {"place": place, "day": place.closed_on}
        )
    site = Site.objects.filter(place=place).first()
    if site and site.certified_until and site.certified_until < today:
        raise SiteUnsafe(
            _("The safety certificate of %(place)s ran out on %(day)s. Choose another site.")
            % {"place": place, "day": site.certified_until}
        )


def check_room(place: Place, *, by: User, signer: User | None) -> bool:
    """Refuse a full site unless somebody other than the receiver signs; whether it was over-filled.

    The place's row is locked, so two desks cannot both give away the last room.
    """
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.capacity is None or queries.n_in(place) < place.capacity:
        return False
    if signer is None or signer == by:
        raise SiteFull(
            _("%(place)s is full (%(n)s of %(n)s). Choose another site, or say who signs.")
            % {"place": place, "n": place.capacity}
        )
    if not signer.is_active:
        raise QuarantineError(_("Whoever signs must be on the staff."))
    return True
