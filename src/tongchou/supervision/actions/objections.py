"""A unit contests its figures; somebody else rules. What a ruling excludes counts for nobody."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Handoff
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import on_post
from tongchou.supervision.errors import SupervisionError, TooEarly
from tongchou.supervision.loops import OBJECTION
from tongchou.supervision.models import Disputed, Evaluation, Objection, Ruling, State
from tongchou.supervision.queries import evaluations

#: More hand-offs than this are contested as a whole, in words.
MOST_LEGS = 500


@transaction.atomic
def make(
    *,
    evaluation: Evaluation,
    unit: Unit,
    reason: str,
    by: User,
    now: datetime,
    legs: Collection[int] = (),
) -> Objection:
    """Contest the figures of one's own unit, as a whole or hand-off by hand-off.

    Raises
    ------
    TooEarly
        Outside of the days that units have for it.
    SupervisionError
        Without a reason, or with hand-offs that are not judged here.
    """
    policy.steady()
    held = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    if held.state != State.SHOWN or held.objections_until is None or now > held.objections_until:
        raise TooEarly(_("These figures cannot be contested now."))
    if len(reason.strip()) < 6:
        raise SupervisionError(_("Say why the figures are wrong, in a sentence."))
    disputed = _judged(held, unit, legs)
    (pk,) = reserve_ids(Objection, 1)
    passage = ledger.start(
        loop=OBJECTION, area=held.area, title=f"O-{pk:05d} · {unit.name}", by=by, now=now
    )
    made = Objection.objects.create(
        pk=pk, evaluation=held, unit=unit, passage=passage, reason=reason.strip()[:300],
        by=by, at=now,
    )  # fmt: skip
    Disputed.objects.bulk_create(Disputed(objection=made, handoff_id=leg) for leg in disputed)
    detail = {"evaluation": held.pk, "unit": unit.pk, "legs": len(disputed)}
    audit.record(verb="objection.make", subject=f"objection:{pk}", by=by, now=now, detail=detail)
    return made


def _judged(evaluation: Evaluation, unit: Unit, legs: Collection[int]) -> list[int]:
    """The disputed legs, each of which must be among those that made the figures."""
    wanted = sorted(set(legs))
    if len(wanted) > MOST_LEGS:
        raise SupervisionError(
            _("%(n)d hand-offs at once are too many; contest the rest in words.")
            % {"n": len(wanted)}
        )
    period = evaluations.period_of(evaluation)
    known = Handoff.objects.filter(
        pk__in=wanted, unit=unit, due_at__gte=period.since, due_at__lt=period.until
    ).count()
    if known != len(wanted):
        raise SupervisionError(_("Some of these hand-offs are not yours, or not judged here."))
    return wanted


@transaction.atomic
def rule(*, objection: Objection, upheld: bool, reason: str, by: User, now: datetime) -> Objection:
    """Uphold or refuse. Upheld, the disputed hand-offs count for nobody, here and later.

    Raises
    ------
    SupervisionError
        Without a reason, or where the ruler made the objection or is of the unit that did.
    """
    if len(reason.strip()) < 2:
        raise SupervisionError(_("Give the reason of the ruling."))
    if objection.by_id == by.pk or on_post(now).filter(user=by, unit=objection.unit_id).exists():
        raise SupervisionError(_("Nobody rules on an objection of their own unit."))
    to = "upheld" if upheld else "refused"
    ledger.hand_over(passage=objection.passage, to=to, by=by, now=now, note=reason.strip())
    facts = {"ruling": reason.strip()[:300], "ruled_by": by, "ruled_at": now}
    Objection.objects.filter(pk=objection.pk).update(**facts)
    for name, value in facts.items():
        setattr(objection, name, value)
    disputed = list(objection.disputed.values_list("handoff_id", flat=True)) if upheld else []
    if disputed:
        Ruling.objects.bulk_create(
            (Ruling(handoff_id=leg, objection=objection, at=now) for leg in disputed),
            ignore_conflicts=True,
        )
        # Figures of this evaluation, and of others that are not published, are counted anew.
        stands = Evaluation.objects.exclude(state=State.PUBLISHED).filter(revision__gt=0)
        top = objection.evaluation.area_path.split("/")[0]
        stands.filter(area_path__startswith=top).update(wanted=F("wanted") + 1)
    detail = {"to": to, "legs": len(disputed)}
    audit.record(
        verb="objection.rule", subject=f"objection:{objection.pk}", by=by, now=now, detail=detail
    )
    return objection
