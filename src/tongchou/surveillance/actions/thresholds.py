"""Choosing from which p a channel alarms: what the replay showed is written down beside it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.surveillance.actions.signals import NotSaid
from tongchou.surveillance.limits import Replay
from tongchou.surveillance.models import Threshold


@transaction.atomic
def set_threshold(*, shown: Replay, reason: str, by: User, now: datetime) -> Threshold:
    """Put the limit of a replay in force, for this channel and method, from the next cycle on.

    Raises
    ------
    NotSaid
        Without a reason: fewer alarms may mean that an outbreak is seen later.
    """
    if not reason.strip():
        raise NotSaid(_("Say why: fewer alarms may mean that an outbreak is seen later."))
    made = Threshold.objects.create(
        channel=shown.channel,
        detector=shown.detector,
        limit=shown.wanted,
        per_week=shown.per_week,
        replayed_from=shown.first,
        replayed_to=shown.last,
        n_raised=shown.n_raised,
        n_series=shown.n_series,
        reason=reason.strip()[:300],
        set_by=by,
        set_at=now,
    )
    detail = {
        "channel": shown.channel.pk if shown.channel else "",
        "detector": shown.detector,
        "before": shown.now,
        "after": shown.wanted,
        "per_week": shown.per_week,
        "reason": reason,
    }
    audit.record(
        verb="threshold.set", subject=f"threshold:{made.pk}", by=by, now=now, detail=detail
    )
    return made
