"""That the visits were asked: whose case, by whom, under which limits, and how much came back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tongchou.cases.models import Case
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.tracing.models import Question, VisitQuery


def record(
    question: Question,
    cases: Sequence[Case],
    since: datetime,
    until: datetime,
    limits: dict[str, Any],
    *,
    n_people: int,
    n_places: int = 0,
    by: User,
    now: datetime,
    asked_from: VisitQuery | None = None,
) -> VisitQuery:
    """Write the question down, and its size into the audit, before anybody sees an answer.

    Filed under the case that was reported first; where there are several, all are kept.
    """
    query = VisitQuery.objects.create(
        question=question,
        case=min(cases, key=lambda case: (case.reported_on, case.pk)),
        asked_from=asked_from,
        since_at=since,
        until_at=until,
        limits=limits,
        asked_by=by,
        asked_at=now,
        n_people=n_people,
        n_places=n_places,
    )
    detail: dict[str, Any] = {
        "query": query.pk,
        "question": question,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "n_people": n_people,
        "n_places": n_places,
        **limits,
    }
    if asked_from is not None:
        detail["asked_from"] = asked_from.pk
    if len(cases) > 1:
        query.cases.set(cases)
        detail["cases"] = [case.pk for case in cases]
    audit.record(verb="visits.ask", subject=f"case:{query.case_id}", by=by, now=now, detail=detail)
    return query
