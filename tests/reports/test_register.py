"""Who asks for which report: what is in one already is answered by a link, not by a form."""

from datetime import date
from typing import Any

import pytest

from tongchou.reports import actions, matching, queries
from tongchou.reports.errors import NotSaid
from tongchou.reports.models import Request
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def asked(city: Any, **more: Any) -> Request:
    facts = {
        "area": city.east,
        "title": "学校晨检日报表",
        "asked_by": "市教育局",
        "keys": ["cases.new", "gaps.open"],
        "by": city.duty_city,
        "now": city.at(),
    }
    return actions.ask(**(facts | more))


def test_numbers_that_are_in_the_daily_report_are_answered_by_a_link(city: Any) -> None:
    request = asked(city)
    actions.answer_by_link(request=request, same={}, by=city.duty_east, now=city.at(hours=1))
    assert request.passage.stage == "answered_by_link"
    assert request.decided_by == city.duty_east


def test_a_number_in_the_askers_words_is_named_as_the_one_we_have(city: Any) -> None:
    request = asked(city, keys=(), others=["新增病例数", "学校停课数"])
    with pytest.raises(NotSaid, match="学校停课数"):
        actions.answer_by_link(
            request=request, same={"新增病例数": "cases.new"}, by=city.duty_east,
            now=city.at(hours=1),
        )  # fmt: skip
    assert request.passage.stage == "asked"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("新增死亡", "deaths.new"),
        ("新增确诊病例数", "cases.confirmed"),
        ("集中隔离人数", "quarantine.facility"),
        ("number of new deaths", "deaths.new"),
        ("未闭合断点", "gaps.open"),
    ],
)
def test_words_find_the_number_they_mean(words: str, key: str) -> None:
    assert matching.nearest(words, at_most=1)[0][0] == key


def test_words_like_nothing_find_nothing() -> None:
    assert matching.nearest("党员学习强国积分") == []


def test_a_new_report_is_granted_for_a_reason_only(city: Any) -> None:
    request = asked(city, others=["学校停课数"])
    with pytest.raises(NotSaid):
        actions.grant(request=request, reason=" ", by=city.duty_east, now=city.at(hours=1))
    actions.grant(request=request, reason="市政府令要求", by=city.duty_east, now=city.at(hours=1))
    assert request.passage.stage == "granted"


def test_a_request_is_refused_for_a_reason_only(city: Any) -> None:
    request = asked(city)
    with pytest.raises(NotSaid):
        actions.refuse(request=request, reason="", by=city.duty_east, now=city.at(hours=1))


def test_a_request_asks_for_something(city: Any) -> None:
    with pytest.raises(NotSaid):
        asked(city, keys=())
    with pytest.raises(NotSaid):
        asked(city, keys=["no.such"])


def test_who_asks_for_the_same_is_shown(city: Any) -> None:
    first, second = asked(city), asked(city, asked_by="市卫健委", keys=["cases.new"])
    assert queries.alike(second, scope_of(city.duty_east, now=city.at())) == [first]


def test_hours_spared_are_counted_only_where_somebody_timed_the_form(city: Any) -> None:
    timed = asked(city, minutes=30, frequency="daily", until=date(2022, 7, 10))
    guessed = asked(city, frequency="daily", until=date(2022, 7, 10))
    assert queries.minutes_spared([timed, guessed]) == (300, 1)
