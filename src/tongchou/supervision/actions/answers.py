"""Answers, item by item, as they come in from a phone: once, twice, late, or from two people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.supervision.errors import SomebodyElse, SupervisionError
from tongchou.supervision.models import Answer, Inspection, Value
from tongchou.supervision.queries import inspections as queries


@transaction.atomic
def answer(
    *,
    inspection: Inspection,
    item: str,
    value: str,
    seen: int,
    by: User,
    now: datetime,
    note: str = "",
) -> Answer:
    """Write what was found at one item.

    The same again changes nothing, however often a phone without signal sends it. `seen` is the
    number of the answer that the page showed (0: none): who answers over somebody else's newer
    answer is shown it first.

    Raises
    ------
    SomebodyElse
        Where another inspector has answered since.
    SupervisionError
        Where the item is not asked here, or the inspection is over.
    """
    _here(inspection, item, value)
    # Two inspectors on one checklist come one after the other, and neither runs ahead of a report.
    held = Inspection.objects.select_for_update(of=("self",)).select_related("passage")
    if held.get(pk=inspection.pk).passage.closed_at is not None:
        raise SupervisionError(
            _("%(number)s is over; nothing more is answered.") % {"number": inspection.number}
        )
    stands = queries.answers(inspection).get(item)
    note = note.strip()[:200]
    if stands is not None and (stands.value, stands.note) == (value, note):
        return stands
    if stands is not None and stands.number != seen and stands.by_id != by.pk:
        raise SomebodyElse(
            _("%(who)s has just answered “%(value)s” here. Look, and send yours again if it holds.")
            % {"who": stands.by, "value": stands.get_value_display()}
        )
    made = Answer.objects.create(
        inspection=inspection, item=item, number=stands.number + 1 if stands else 1,
        value=value, note=note, by=by, at=now,
    )  # fmt: skip
    if stands is not None:
        detail = {"item": item, "from": stands.value, "to": value, "number": made.number}
        audit.record(
            verb="inspection.answer_again", subject=f"inspection:{inspection.pk}",
            by=by, now=now, detail=detail,
        )  # fmt: skip
    return made


def _here(inspection: Inspection, item: str, value: str) -> None:
    if value not in Value.values:
        raise SupervisionError(_("Answer yes, no or not applicable."))
    if item not in {one.key for one in queries.items_of(inspection)}:
        raise SupervisionError(
            _("This item is not on version %(version)d of the checklist, by which %(number)s is "
              "made.") % {"version": inspection.checklist.version, "number": inspection.number}
        )  # fmt: skip
