"""Asking the visits, and putting whom they name on the list of contacts."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Tier
from tongchou.people.details import Details
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.tracing import asking
from tongchou.tracing.actions.listing import Entry, Listed, Met, list_many
from tongchou.tracing.actions.recording import record
from tongchou.tracing.models import Question, VisitQuery


@transaction.atomic
def ask_contacts(
    *,
    case: Case,
    direction: str,
    kinds: Sequence[str],
    min_minutes: int,
    by: User,
    now: datetime,
) -> VisitQuery:
    """Ask who was where the case was; recorded with its size.

    Raises
    ------
    asking.Closed
        Where the case gives no ground, `by` holds no post for it, or there are no visits.
    """
    if why := asking.refusal(case, scope_of(by, now=now)):
        raise asking.Closed(why)
    span = asking.window(case, direction, now=now)
    found = asking.met(
        case,
        since=span.since,
        until=span.until,
        kinds_of_place=kinds,
        min_minutes=min_minutes,
        now=now,
    )
    return record(
        Question.CONTACTS,
        [case],
        span.since,
        span.until,
        {"kinds": list(kinds), "min_minutes": min_minutes, "direction": direction},
        n_people=len(found),
        by=by,
        now=now,
    )


@transaction.atomic
def list_found(*, query: VisitQuery, keys: Sequence[str], by: User, now: datetime) -> Listed:
    """Put people of an answer on the list of the case, each with the tier and times found.

    Whom the register of people does not know is left out: nobody could be told.

    Raises
    ------
    asking.Closed
        Where `by` could not ask the question now.
    """
    answer = asking.look(query, scope_of(by, now=now), now=now)
    wanted = set(keys)
    rows = answer.rows([i for i, key in enumerate(answer.keys) if key in wanted])
    entries = [
        Entry(
            details=Details(),
            person=row.person,
            area=row.person.area or query.case.area,
            tier=row.tier or Tier.GENERAL,
            met=Met(
                case=query.case,
                place=_("by visits: %(kinds)s") % {"kinds": "、".join(row.kinds)},
                first_on=timezone.localdate(row.first_at),
                last_on=timezone.localdate(row.last_at),
                minutes=row.minutes,
                note=row.reason[:200],
            ),
        )
        for row in rows
        if row.person is not None
    ]
    done = list_many(entries=entries, by=by, now=now)
    audit.record(
        verb="visits.list",
        subject=f"case:{query.case_id}",
        by=by,
        now=now,
        detail={"query": query.pk, "n": len(entries), "new": done.n_new},
    )
    return done
