"""How the dates of a source are to be read, as the quality check found it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from tongchou.records import audit
from tongchou.surveillance.models import DateConvention, Source


@transaction.atomic
def record_convention(
    *,
    source: Source,
    from_on: date,
    shift: int,
    grounds: dict[str, Any],
    by: Any,
    now: datetime,
    to_on: date | None = None,
) -> DateConvention:
    """From `from_on` the day counted is the date plus `shift`. The same again changes nothing."""
    standing = DateConvention.objects.filter(source=source, from_on=from_on, withdrawn_at=None)
    same = standing.filter(shift=shift, to_on=to_on).first()
    if same is not None:
        return same
    standing.update(withdrawn_at=now)
    made = DateConvention.objects.create(
        source=source,
        from_on=from_on,
        to_on=to_on,
        shift=shift,
        grounds=grounds,
        recorded_at=now,
        recorded_by=by,
    )
    audit.record(
        verb="surveillance.record_convention",
        subject=f"source:{source.pk}",
        by=by,
        now=now,
        detail={"from": from_on, "to": to_on, "shift": shift, "grounds": grounds},
    )
    return made


@transaction.atomic
def withdraw_convention(*, convention: DateConvention, reason: str, by: Any, now: datetime) -> None:
    """Read the dates as they stand again; the record of what was believed stays."""
    DateConvention.objects.filter(pk=convention.pk, withdrawn_at=None).update(withdrawn_at=now)
    audit.record(
        verb="surveillance.withdraw_convention",
        subject=f"source:{convention.source_id}",
        by=by,
        now=now,
        detail={"from": convention.from_on, "shift": convention.shift, "reason": reason},
    )
