"""Asking who was near a case by one rule of the playbook, and telling them."""

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
from tongchou.tracing import asking, companions
from tongchou.tracing.actions.listing import Entry, Listed, Met, list_many
from tongchou.tracing.actions.recording import record
from tongchou.tracing.errors import TracingError
from tongchou.tracing.models import Question, VisitQuery


@transaction.atomic
def ask_companions(*, case: Case, rule: str, by: User, now: datetime) -> VisitQuery:
    """Ask who was in the same cell as a case, by the playbook's rule of this name.

    Raises
    ------
    asking.Closed
        Where the case gives no ground, `by` holds no post for it, or there are no visits.
    TracingError
        For a rule that the playbook in force does not have.
    """
    steps = companions.steps(case, scope_of(by, now=now), now=now)
    chosen = next((step for step in steps if step.name == rule), None)
    if chosen is None:
        raise TracingError(_("Choose one of the rules."))
    span = asking.window(case, asking.FORWARD, now=now)
    return record(
        Question.CO_PRESENCE,
        [case],
        span.since,
        span.until,
        {
            "rule": rule,
            "min_overlap_minutes": chosen.rule.min_overlap_minutes,
            "min_meetings": chosen.rule.min_meetings,
            "min_minutes": chosen.rule.min_minutes,
        },
        n_people=chosen.n_people,
        by=by,
        now=now,
    )


@transaction.atomic
def list_companions(
    *, query: VisitQuery, by: User, now: datetime, keys: Sequence[str] = (), area: str = ""
) -> Listed:
    """Put companions on the list as general contacts: those named, or all who live in an area.

    Whom the register does not know is left out: nobody could be told.

    Raises
    ------
    asking.Closed
        Where `by` could not ask the question now.
    """
    answer = companions.look(query, scope_of(by, now=now), now=now)
    wanted = set(keys)
    people = {
        person.key: person
        for person in answer.people()
        if person.key in wanted or (area and person.area_id == area)
    }
    numbers = [i for i, key in enumerate(answer.keys) if key in people]
    entries = [
        Entry(
            details=Details(),
            person=people[row.key],
            area=people[row.key].area or query.case.area,
            tier=Tier.GENERAL,
            met=Met(
                case=query.case,
                place=_("same cell of 800 m, by visits"),
                first_on=timezone.localdate(row.first_at),
                last_on=timezone.localdate(row.last_at),
                minutes=row.minutes,
            ),
        )
        for row in answer.rows(numbers)
    ]
    done = list_many(entries=entries, by=by, now=now)
    detail = {"query": query.pk, "n": len(entries), "new": done.n_new, "area": area}
    audit.record(verb="visits.list", subject=f"case:{query.case_id}", by=by, now=now, detail=detail)
    return done
