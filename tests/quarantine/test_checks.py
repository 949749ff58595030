"""Tests and health checks: what was not done shows as missed, never as well."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from tongchou.quarantine import actions, queries
from tongchou.quarantine.errors import QuarantineError
from tongchou.quarantine.models import HealthCheck, Stay
from tongchou.records.models import AuditEvent
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def ask(stay: Stay, city: Any, *, temperature: str | None = "36.5", **facts: Any) -> HealthCheck:
    wanted: dict[str, Any] = {
        "on": date(2022, 7, 1), "symptoms": [], "by": city.hua, "now": city.at(hours=6),
    }  # fmt: skip
    given = Decimal(temperature) if temperature else None
    return actions.record_health_check(stay=stay, temperature=given, **(wanted | facts))


def test_a_positive_test_makes_the_stay_ill_at_once(city: Any, received: Any) -> None:
    test = received.order.tests.first()
    actions.record_test(test=test, result="positive", by=city.hua, now=city.at(hours=5))
    received.passage.refresh_from_db()
    assert received.passage.stage == "ill"


def test_an_inconclusive_test_stands_in_the_way_of_release(city: Any, received: Any) -> None:
    test = received.order.tests.first()
    actions.record_test(test=test, result="inconclusive", by=city.hua, now=city.at(hours=5))
    assert "test of day 1: inconclusive, sample again" in queries.hindrances(
        received, now=city.at(days=11)
    )


def test_a_result_is_written_once(city: Any, received: Any) -> None:
    test = received.order.tests.first()
    actions.record_test(test=test, result="negative", by=city.hua, now=city.at(hours=5))
    with pytest.raises(QuarantineError, match="already"):
        actions.record_test(test=test, result="positive", by=city.lin, now=city.at(hours=5))


def test_no_result_before_the_day(city: Any, received: Any) -> None:
    with pytest.raises(QuarantineError, match="2022-07-10"):
        actions.record_test(
            test=received.order.tests.last(), result="negative", by=city.hua, now=city.at(hours=5)
        )


def test_fever_and_symptoms_are_unwell(city: Any, received: Any) -> None:
    assert not ask(received, city).unwell
    assert ask(received, city, temperature="37.3").unwell
    assert ask(received, city, temperature=None, symptoms=["cough"]).unwell


def test_a_second_check_of_a_day_corrects_the_first_and_says_so(city: Any, received: Any) -> None:
    ask(received, city)
    ask(received, city, temperature="38.9")
    assert [c.temperature for c in received.checks.all()] == [Decimal("38.9")]
    assert AuditEvent.objects.filter(verb="quarantine.correct_check").count() == 1


def test_nonsense_is_refused_in_words(city: Any, received: Any) -> None:
    for facts in (
        {"temperature": "3.7"},
        {"temperature": None},
        {"symptoms": ["hunger"]},
        {"on": date(2022, 7, 2)},
        {"on": date(2022, 6, 1)},
    ):
        with pytest.raises(QuarantineError):
            ask(received, city, **facts)
    assert not HealthCheck.objects.exists()


def test_a_day_without_a_check_is_missed_and_today_is_not_yet(city: Any, received: Any) -> None:
    ask(received, city)
    now = city.at(days=2)
    missed = {day.on: day.missed for day in queries.days(received, now=now)}
    assert missed[date(2022, 7, 1)] is False
    assert missed[date(2022, 7, 2)] is True
    assert missed[date(2022, 7, 3)] is False


def test_the_desk_lists_whom_nobody_asked_today(city: Any, received: Any) -> None:
    stays = queries.open_stays(scope_of(city.hua, now=city.at()))
    assert list(queries.unchecked(stays, now=city.at(hours=5))) == [received]
    ask(received, city)
    assert not queries.unchecked(stays, now=city.at(hours=7))


def test_a_round_is_written_down_at_once(city: Any, received: Any) -> None:
    done = actions.record_health_checks(
        checks=[(received, Decimal("36.8"), []), (received, Decimal("99"), [])],
        on=date(2022, 7, 1), by=city.hua, now=city.at(hours=6),
    )  # fmt: skip
    assert (done.n_done, len(done.refused)) == (1, 1)


def test_the_results_of_a_round_are_written_down_at_once(city: Any, received: Any) -> None:
    first, second = received.order.tests.all()[:2]
    done = actions.record_tests(
        results=[(first, "negative"), (second, "negative")], by=city.hua, now=city.at(hours=6)
    )
    assert (done.n_done, len(done.refused)) == (1, 1)


def test_an_inconclusive_test_is_taken_again_the_next_day(city: Any, received: Any) -> None:
    actions.record_test(
        test=received.order.tests.first(), result="inconclusive", by=city.hua, now=city.at(hours=5)
    )
    again = received.order.tests.get(again=True)
    assert again.due_on == date(2022, 7, 2)
    actions.record_test(test=again, result="negative", by=city.hua, now=city.at(days=1))
    assert not [w for w in queries.hindrances(received, now=city.at(days=11)) if "day 1:" in w]


def test_no_new_plan_drops_a_test_that_must_be_taken_again(city: Any, received: Any) -> None:
    for test, day in zip(received.order.tests.all()[2:4], (2, 4), strict=True):  # days 3 and 5
        actions.record_test(test=test, result="inconclusive", by=city.hua, now=city.at(days=day))
    actions.follow_exposures(order=received.order, by=None, now=city.at(days=4))
    assert received.order.tests.filter(again=True, dropped_at=None).count() == 2
