"""Reads of the ledger: inboxes, gaps, the way a subject has gone, who is in whose hands."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from tongchou.areas.models import subtree
from tongchou.ledger.models import Adoption, Gap, Handoff, Passage


def inbox(units: Collection[int]) -> QuerySet[Handoff]:
    """What these units must hand on, oldest deadline first."""
    return (
        Handoff.objects.filter(done_at=None, unit_id__in=units)
        .select_related("passage")
        .order_by("due_at", "id")
    )


def unowned(path: str = "") -> QuerySet[Handoff]:
    """Open legs that no unit answers for: a readiness gap became real."""
    return Handoff.objects.filter(
        subtree(path, field="area_path"), done_at=None, unit=None
    ).order_by("due_at", "id")


def late(*, now: datetime, path: str = "") -> QuerySet[Handoff]:
    """Open legs past their deadline, oldest first; computed from the clock, never stored."""
    return Handoff.objects.filter(
        subtree(path, field="area_path"), done_at=None, due_at__lte=now
    ).order_by("due_at", "id")


def open_gaps(path: str = "") -> QuerySet[Gap]:
    """The gaps nobody has closed, oldest first."""
    return (
        Gap.objects.filter(subtree(path, field="area_path"), closed_at=None)
        .select_related("handoff__passage")
        .order_by("opened_at", "id")
    )


def timeline(passage: Passage) -> QuerySet[Handoff]:
    """The legs of a passage in order."""
    return passage.handoffs.select_related("done_by", "unit").order_by("number")


def passages_of(person_keys: Collection[str]) -> QuerySet[Passage]:
    """Every passage of these people.

    It says that the key is not empty, because SQLite takes the index of those that have one only
    then; without it a person's page reads every passage of the city.
    """
    return Passage.objects.filter(person_key__in=person_keys).exclude(person_key="")


def person_timeline(person_key: str) -> QuerySet[Handoff]:
    """Every leg of every passage of one person, as it happened."""
    return (
        Handoff.objects.filter(passage__in=passages_of([person_key]))
        .select_related("passage", "done_by", "unit")
        .order_by("opened_at", "id")
    )


def holder(person_key: str) -> Passage | None:
    """The passage whose hands the person is in, if any."""
    return Passage.objects.filter(person_key=person_key, holds=True).first()


def open_passage(person_key: str, loop: str) -> Passage | None:
    """The newest open passage of a person in a loop."""
    return passages_of([person_key]).filter(loop=loop, closed_at=None).order_by("-id").first()


def open_custody() -> QuerySet[Passage]:
    """Everybody who is in somebody's hands now."""
    return Passage.objects.filter(holds=True)


def adoptions() -> QuerySet[Adoption]:
    """The history of the playbook, newest first."""
    return Adoption.objects.select_related("proposed_by", "adopted_by").order_by("-proposed_at")
