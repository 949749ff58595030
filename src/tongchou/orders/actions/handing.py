"""Handing a shift over (交接班): the old one leaves notes, the new one signs for what is open."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import actions as ledger
from tongchou.orders.actions.common import digest, plain
from tongchou.orders.errors import NotNow, OrdersError, TakesAnother
from tongchou.orders.models import HandOver, Shift
from tongchou.orders.queries import duty, standing
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of

#: So long before its end a shift may be taken over.
EARLY = timedelta(hours=1)


@transaction.atomic
def write_notes(*, shift: Shift, notes: str, by: User, now: datetime) -> HandOver:
    """What the next shift must know beside what the system lays out; may be written all along."""
    if not duty.is_serving(shift, by):
        raise OrdersError(_("You are not on this shift; its own people write what they leave."))
    plain(notes)
    handover, _made = HandOver.objects.get_or_create(shift=shift)
    waiting = HandOver.objects.filter(pk=handover.pk, signed_at=None)
    if waiting.update(notes=notes.strip(), written_by=by, written_at=now) != 1:
        raise NotNow(_("The next shift has signed already; tell them yourself."))
    handover.refresh_from_db()
    audit.record(verb="shift.notes", subject=f"shift:{shift.pk}", by=by, now=now)
    return handover


@transaction.atomic
def take_over(*, shift: Shift, by: User, now: datetime) -> HandOver:
    """Sign for a shift: what is open now is written down and frozen, and the old shift ends.

    Raises
    ------
    NotNow
        Where it has not begun, is far from its end, or somebody has taken it over already.
    OrdersError
        Where the signer is not of the next shift.
    TakesAnother
        Where whoever wrote the notes would sign for them.
    """
    now = ledger.whole_second(now)
    if shift.passage is None:
        raise NotNow(_("This shift has not begun yet."))
    if now < shift.ends_at - EARLY:
        raise NotNow(
            _("It ends at %(at)s; it can be taken over from an hour before.")
            % {"at": f"{timezone.localtime(shift.ends_at):%m-%d %H:%M}"}
        )
    incoming = duty.next_of(shift)
    check_incoming(shift, incoming, by, now=now)
    handover, _made = HandOver.objects.get_or_create(shift=shift)
    if handover.written_by_id == by.pk:
        raise TakesAnother(_("You wrote the notes; somebody of the next shift signs for them."))
    ledger.hand_over(passage=shift.passage, to="handed_over", by=by, now=now)
    parts = standing.open_now(shift.roster.area, now=now)
    handover.facts = [part.facts() for part in parts]
    handover.incoming, handover.signed_by, handover.signed_at = incoming, by, now
    handover.text = text_of(shift, handover, parts)
    handover.digest = digest({"text": handover.text, "facts": handover.facts})
    facts: dict[str, Any] = {
        name: getattr(handover, name)
        for name in ("facts", "text", "digest", "incoming", "signed_by", "signed_at")
    }
    if HandOver.objects.filter(pk=handover.pk, signed_at=None).update(**facts) != 1:
        raise NotNow(_("Somebody of the next shift has signed already."))
    audit.record(
        verb="shift.take_over",
        subject=f"shift:{shift.pk}",
        by=by,
        now=now,
        detail={"digest": handover.digest, "incoming": incoming.pk if incoming else None},
    )
    return handover


def check_incoming(shift: Shift, incoming: Shift | None, user: User, *, now: datetime) -> None:
    """Refuse whoever is not of the next shift. Where the roster names nobody for it, anybody on
    post in the unit may, or who stands in for it: a hole in a roster holds no shift for ever."""
    if incoming is not None and duty.people(incoming):
        if not duty.is_serving(incoming, user):
            names = _(", ").join(str(each) for each in duty.people(incoming))
            raise OrdersError(_("The next shift signs: %(who)s.") % {"who": names})
        return
    if duty.is_serving(shift, user):
        raise TakesAnother(_("You are of the old shift; somebody else has to take it over."))
    if shift.roster.unit_id not in scope_of(user, now=now).answers_for:
        raise OrdersError(_("Nobody is on the roster next; somebody of the unit has to sign."))


def text_of(shift: Shift, handover: HandOver, parts: tuple[standing.Part, ...]) -> str:
    """The hand-over in plain words, as it is frozen and printed."""
    assert handover.signed_at is not None
    local = timezone.localtime
    lines = [
        _("%(unit)s, shift from %(begin)s to %(end)s")
        % {
            "unit": shift.roster.unit,
            "begin": f"{local(shift.starts_at):%Y-%m-%d %H:%M}",
            "end": f"{local(shift.ends_at):%Y-%m-%d %H:%M}",
        },
        _("Handed over by: %(who)s")
        % {"who": _(", ").join(str(user) for user in duty.people(shift)) or "–"},
        _("Taken over by: %(who)s at %(at)s")
        % {"who": handover.signed_by, "at": f"{local(handover.signed_at):%Y-%m-%d %H:%M}"},
    ]
    for part in parts:
        lines.append(f"{part.label}: {part.n}")
        lines += [f"  · {line.title}" for line in part.lines]
    lines.append(_("Notes: %(notes)s") % {"notes": handover.notes or _("none were left")})
    return "\n".join(lines)


def intact(handover: HandOver) -> bool:
    """Whether what was signed is still what stands there."""
    return handover.digest == digest({"text": handover.text, "facts": handover.facts})
