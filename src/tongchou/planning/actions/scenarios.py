"""Scenarios are written, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tongchou.areas.models import Area
from tongchou.planning import texts
from tongchou.planning.models import Scenario
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def write(
    *,
    title: str,
    area: Area,
    text: str,
    by: User | None,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    known: Mapping[str, Any] | None = None,
) -> Scenario:
    """Keep a scenario, once its text has been read.

    Raises
    ------
    errors.StaleScenario
        Where the text cannot be read, with every line and key.
    """
    texts.read(text)
    made = Scenario.objects.create(
        title=title.strip()[:120],
        area=area,
        text=text,
        answers=dict(answers or {}),
        known=dict(known or {}),
        made_by=by,
        made_at=now,
    )
    detail = {"area": area.pk, "title": made.title}
    audit.record(
        verb="scenario.write", subject=f"scenario:{made.pk}", by=by, now=now, detail=detail
    )
    return made
