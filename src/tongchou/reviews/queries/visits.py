"""A day earlier by the visits: the tracers' own question, asked of one day less."""

from dataclasses import dataclass
from datetime import datetime

from tongchou.reviews.models import Review
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.tracing import asking
from tongchou.tracing.models import Question, VisitQuery


@dataclass(frozen=True, slots=True)
class Answer:
    """`closed` says why it cannot be asked by this reader; `page` is the tracers' answer."""

    asked: bool
    earlier: asking.Earlier | None = None
    page: str = ""
    closed: str = ""


def earlier_by_visits(review: Review, user: User, *, now: datetime) -> Answer:
    """What the newest question about the contacts of a case would have found a day before."""
    query = (
        VisitQuery.objects.select_related("case__passage")
        .filter(case_id=review.case_id or 0, question=Question.CONTACTS)
        .order_by("-asked_at", "-id")
        .first()
    )
    if query is None:
        return Answer(asked=False)
    try:
        found = asking.look(query, scope_of(user, now=now), now=now)
    except asking.Closed as why:
        return Answer(asked=True, page=query.page, closed=str(why))
    return Answer(asked=True, earlier=asking.a_day_earlier(query, found, now=now), page=query.page)
