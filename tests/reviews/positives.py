"""Positives of the little city, reported and confirmed as the tests of the reviews need them."""

from datetime import date, timedelta
from typing import Any

from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.reviews.models import Review


def reported(city: Any, person: Any, *, hours: float = 0, **facts: Any) -> Case:
    """A suspicion, reported `hours` after the first morning."""
    now = city.at(hours=hours)
    known = {"disease": "covid19_omicron", "reported_on": now.date(), "found_by": "self"} | facts
    return cases.report(
        person=person, area=city.community, facts=Facts(**known), by=city.lin, now=now
    )


def positive(city: Any, person: Any, *, hours: float = 0, **facts: Any) -> Case:
    """The same, confirmed by the CDC an hour later."""
    case = reported(city, person, hours=hours, **facts)
    now = city.at(hours=hours + 1)
    return cases.verify(
        case=case, by=city.qian, now=now, classification="confirmed", diagnosed_on=now.date()
    )


def review_of(case: Case) -> Review:
    return Review.objects.select_related("passage", "area", "case__passage").get(case=case)


def day(city: Any, n: int) -> date:
    """So many days after 1 July 2022."""
    return city.at().date() + timedelta(days=n)
