"""Asking for contacts of contacts under one limit, and putting them on the list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases.models import Tier
from tongchou.people.details import Details
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.tracing import second
from tongchou.tracing.actions.listing import Entry, Listed, Met, list_many
from tongchou.tracing.actions.recording import record
from tongchou.tracing.errors import TracingError
from tongchou.tracing.models import Question, VisitQuery


@transaction.atomic
def ask_second(*, query: VisitQuery, step: int, by: User, now: datetime) -> VisitQuery:
    """Ask who was with the close contacts of an answer, under the limit of this number.

    Raises
    ------
    asking.Closed
        Where `by` could not ask the question of the case now.
    TracingError
        For a limit that there is not.
    """
    from tongchou.epi.trace.sweep import LADDER

    sizes = second.steps(query, scope_of(by, now=now), now=now)
    if not 0 <= step < len(sizes):
        raise TracingError(_("Choose one of the limits."))
    return record(
        Question.SECOND,
        [query.case],
        query.since_at,
        query.until_at,
        {"kinds": list(LADDER[step].kinds), "min_minutes": LADDER[step].min_minutes},
        n_people=sizes[step].n_people,
        by=by,
        now=now,
        asked_from=query,
    )


@transaction.atomic
def list_second(*, query: VisitQuery, keys: Sequence[str], by: User, now: datetime) -> Listed:
    """Put people of such an answer on the list as secondary contacts, through whom they met.

    Left out are those the register does not know, and those whose close contact is not listed:
    a chain has no missing link.

    Raises
    ------
    asking.Closed
        Where `by` could not ask the question now.
    """
    wanted = set(keys)
    found = second.rows(query, scope_of(by, now=now), now=now)
    entries = [
        Entry(
            details=Details(),
            person=row.person,
            area=row.person.area or row.through.area,
            tier=Tier.SECONDARY,
            met=Met(
                through=row.through,
                place=_("by visits"),
                first_on=timezone.localdate(row.first_at),
                last_on=timezone.localdate(row.first_at),
                minutes=row.minutes,
            ),
        )
        for row in found
        if row.key in wanted and row.person is not None and row.through is not None
    ]
    done = list_many(entries=entries, by=by, now=now)
    detail = {"query": query.pk, "n": len(entries), "new": done.n_new}
    audit.record(verb="visits.list", subject=f"case:{query.case_id}", by=by, now=now, detail=detail)
    return done
