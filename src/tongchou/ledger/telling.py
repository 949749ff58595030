"""Telling people of gaps: once per gap and rung, as one mail per unit and round.

In the rooms a gap is seen under "Gaps that climbed to me"; the mail is for whoever is not looking.
"""

from collections import defaultdict
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Exists, F, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _

from tongchou.ledger import registry
from tongchou.ledger.actions import whole_second
from tongchou.ledger.models import Gap, Notice
from tongchou.staff.queries import on_post

_MOST_LINES = 30


def tell(*, now: datetime) -> int:
    """Note and mail every gap that has reached a rung nobody was told of; returns how many."""
    now = whole_second(now)
    told = Notice.objects.filter(gap=OuterRef("pk"), rung=OuterRef("rung"))
    fresh = list(
        Gap.objects.filter(~Exists(told), closed_at=None)
        .select_related("handoff__passage", "unit")
        .order_by("opened_at", "id")[:5000]
    )
    Notice.objects.bulk_create(
        (Notice(gap=gap, rung=gap.rung, unit=gap.unit, at=now) for gap in fresh),
        ignore_conflicts=True,
    )
    by_unit: dict[int, list[Gap]] = defaultdict(list)
    for gap in fresh:
        if gap.unit_id:
            by_unit[gap.unit_id].append(gap)
    _mail(by_unit, now)
    return len(fresh)


def _mail(by_unit: dict[int, list[Gap]], now: datetime) -> None:
    posts = (
        on_post(now)
        .filter(unit__in=by_unit)
        .exclude(user__email="")
        .values_list("unit_id", "user__email")
        .distinct()
    )
    addresses: dict[int, list[str]] = defaultdict(list)
    for unit, address in posts.order_by(F("unit_id")):
        addresses[unit].append(address)
    with translation.override(settings.LANGUAGE_CODE):
        mails = [
            EmailMessage(_subject(by_unit[unit]), _body(by_unit[unit]), bcc=to)
            for unit, to in addresses.items()
        ]
    if mails:
        get_connection().send_messages(mails)


def _subject(gaps: list[Gap]) -> str:
    return _("%(n)d hand-offs are late (%(unit)s)") % {"n": len(gaps), "unit": gaps[0].unit}


def _body(gaps: list[Gap]) -> str:
    lines = [
        f"{gap.opened_at:%F %R} UTC  {gap.handoff.passage.title}  "
        f"{registry.stage_label(gap.loop, gap.stage)}"
        for gap in gaps[:_MOST_LINES]
    ]
    if len(gaps) > _MOST_LINES:
        lines.append(_("… and %(n)d more") % {"n": len(gaps) - _MOST_LINES})
    return "\n".join([*lines, "", _("Sign in and open “Gaps that climbed to me”.")])
