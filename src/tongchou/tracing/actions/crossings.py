"""Asking where cases crossed and who else was there, and putting the visitors on the list."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tongchou.cases.models import Case, Tier
from tongchou.people.details import Details
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.tracing import asking, crossings
from tongchou.tracing.actions.listing import Entry, Listed, Met, list_many
from tongchou.tracing.actions.recording import record
from tongchou.tracing.models import Question, VisitQuery


@transaction.atomic
def ask_exposures(*, cases: Sequence[Case], direction: str, by: User, now: datetime) -> VisitQuery:
    """Ask where these cases crossed; recorded with its size.

    Raises
    ------
    asking.Closed
        Where a case gives no ground, `by` holds no post for it, or there are no visits.
    """
    if why := crossings.refusal(cases, scope_of(by, now=now)):
        raise asking.Closed(why)
    found = crossings.sites(cases, direction=direction, now=now)
    windows = [asking.window(case, direction, now=now) for case in cases]
    since, until = crossings.span(windows)
    return record(
        Question.EXPOSURES, cases, since, until, {"direction": direction},
        n_people=0, n_places=len(found), by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def ask_visitors(
    *, query: VisitQuery, place: str, on: date | None, by: User, now: datetime
) -> VisitQuery:
    """Ask who was at a place where cases crossed: on that day, or in the whole window.

    Raises
    ------
    asking.Closed
        Where the place is not among those that the question found, or `by` could not ask it now.
    """
    answer = crossings.look(query, scope_of(by, now=now), now=now)
    if not any(isinstance(s, crossings.Site) and (s.place, s.on) == (place, on) for s in answer):
        raise asking.Closed(str(place))
    first = on or timezone.localdate(query.since_at)
    last = on or timezone.localdate(query.until_at)
    found = crossings.visitors(place, first, last)
    limits = {"place": place, "first": first.isoformat(), "last": last.isoformat()}
    return record(
        Question.VISITORS, list(query.cases.all()), query.since_at, query.until_at, limits,
        n_people=len(found), n_places=1, asked_from=query, by=by, now=now,
    )  # fmt: skip


@transaction.atomic
def list_visitors(*, query: VisitQuery, keys: Sequence[str], by: User, now: datetime) -> Listed:
    """Put visitors of a place on the list, as general contacts of the first case there.

    Raises
    ------
    asking.Closed
        Where `by` could not ask the question now.
    """
    wanted = set(keys)
    answer = crossings.look(query, scope_of(by, now=now), now=now)
    cases = {case.person_id for case in query.cases.all()}
    entries = [
        Entry(
            details=Details(),
            person=one.person,
            area=one.person.area or query.case.area,
            tier=Tier.GENERAL,
            met=Met(
                case=query.case,
                place=query.limits["place"][:120],
                first_on=timezone.localdate(one.first_at),
                last_on=timezone.localdate(one.first_at),
                minutes=one.minutes,
            ),
        )
        for one in answer
        if isinstance(one, crossings.Visitor)
        and one.person is not None
        and one.key in wanted - cases
    ]
    done = list_many(entries=entries, by=by, now=now)
    detail = {"query": query.pk, "n": len(entries), "new": done.n_new}
    audit.record(verb="visits.list", subject=f"query:{query.pk}", by=by, now=now, detail=detail)
    return done
