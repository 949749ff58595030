"""Searching the audit: by subject through its index, by time through the order of the keys.

Events are written as they happen, so their keys run with time, and a moment is found by halving
the range of keys: the audit needs no further index, and its writers stay quick.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Min, QuerySet

from tongchou.records.models import AuditEvent, AuditSeal

MARGIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Sought:
    """What is looked for; empty means everything."""

    subject: str = ""
    actor: str = ""
    verb: str = ""
    since: datetime | None = None
    until: datetime | None = None


def events(sought: Sought) -> QuerySet[AuditEvent]:
    """The events that fit."""
    found = AuditEvent.objects.all()
    if sought.subject:
        found = found.filter(subject__gte=sought.subject, subject__lt=sought.subject + "\uffff")
    if sought.actor:
        found = found.filter(actor=sought.actor)
    if sought.verb:
        found = found.filter(verb__startswith=sought.verb)
    # Events written side by side may stand out of turn by moments: the keys are cut with a margin,
    # and the times exactly.
    if sought.since:
        found = found.filter(id__gte=first_at(sought.since - MARGIN), at__gte=sought.since)
    if sought.until:
        found = found.filter(id__lt=first_at(sought.until + MARGIN), at__lte=sought.until)
    return found


def first_at(moment: datetime) -> int:
    """The key of the first event at or after `moment`; one beyond the last where there is none."""
    ends = AuditEvent.objects.aggregate(low=Min("id"), high=Max("id"))
    low, high = ends["low"] or 1, (ends["high"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        near = AuditEvent.objects.filter(id__gte=middle).order_by("id").values_list("id", "at")[:1]
        found = near.first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low


def seal_of(event: int) -> AuditSeal | None:
    """The seal that covers an event; None while it waits for the next one."""
    return AuditSeal.objects.filter(last_id__gte=event).order_by("last_id").first()


def head() -> AuditSeal | None:
    """The newest seal: its digest stands for everything before it."""
    return AuditSeal.objects.order_by("-last_id").first()


@dataclass(frozen=True)
class Line:
    """One event as the page shows it."""

    event: AuditEvent
    detail: tuple[tuple[str, str], ...]
    sealed: bool


def lines(found: Iterable[AuditEvent]) -> list[Line]:
    newest = head()
    upto = newest.last_id if newest else 0
    return [Line(event, tuple(_detail(event.detail)), event.pk <= upto) for event in found]


def _detail(text: str) -> Iterable[tuple[str, str]]:
    try:
        value: Any = json.loads(text)
    except ValueError:
        return [("", text)]
    if not isinstance(value, dict):
        return [("", text)]
    return [
        (str(k), v if isinstance(v, str) else json.dumps(v, ensure_ascii=False))
        for k, v in value.items()
    ]
