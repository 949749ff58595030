"""Official counts, forecasts and silence as the report tells them: fresh, stale or not there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.reports.test_facts import case
from tests.surveillance.official import cumulative, day, sheet, take
from tongchou.areas.models import Area
from tongchou.planning.models import Forecast
from tongchou.reports.facts import Facts, lay_out
from tongchou.reports.facts.base import State
from tongchou.reports.models.daily import set_moment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Any, settings: Any) -> None:
    settings.TONGCHOU_DATA = tmp_path


def told(column: int) -> Facts:
    area, on = Area.objects.get(pk="420100"), day(column)
    at = set_moment(on, 24)
    return lay_out([area], on=on, at=at, now=at)[area]


def test_official_counts_are_those_of_the_evening() -> None:
    counts = cumulative()
    take(sheet(counts))
    facts = told(30)
    total, new = facts.get("official.confirmed"), facts.get("official.new")
    assert (total.value, total.state) == (counts[0, 30], State.KNOWN)
    assert new.value == counts[0, 30] - counts[0, 29]


def test_counts_that_are_behind_are_said_to_be_old() -> None:
    take(sheet(cumulative(30)))
    fact = told(32).get("official.dead")
    assert fact.state == State.STALE
    assert "3 days old" in fact.said.en and "滞后3天" in fact.said.zh


def test_a_forecast_is_held_against_what_came(city: Any, person: Any) -> None:
    at = city.at(hours=16)
    today = timezone.localdate(at) - timedelta(days=1)  # the last whole day
    for n in range(4):
        case(city, person, n, reported_on=today)
    _forecast(city, today, at)
    facts = lay_out([city.city], on=today, at=at, now=at)[city.city]
    assert facts.get("forecast.last").value == 4
    assert "inside the range" in facts.get("forecast.last").said.en
    assert facts.get("forecast.next").value == 5
    assert 0 < facts.get("forecast.score").value < 2


def test_a_forecast_that_missed_says_so(city: Any, person: Any) -> None:
    at = city.at(hours=16)
    today = timezone.localdate(at) - timedelta(days=1)
    case(city, person, 1, reported_on=today)
    _forecast(city, today, at)
    facts = lay_out([city.city], on=today, at=at, now=at)[city.city]
    assert "outside the range" in facts.get("forecast.last").said.en


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("stale", "the last days are not reported"),
        ("thin", "there are too few cases"),
        (None, "None was made by then; one is made every morning where 10 cases"),
    ],
)
def test_why_there_is_no_forecast_is_said_and_not_guessed(
    city: Any, reason: str | None, says: str
) -> None:
    at = city.at(hours=16)
    on = timezone.localdate(at) - timedelta(days=1)
    if reason:
        Forecast.objects.create(
            area=city.city, made_on=on, made_at=at - timedelta(hours=9), reason=reason
        )
    fact = lay_out([city.city], on=on, at=at, now=at)[city.city].get("forecast.next")
    assert fact.state == State.UNKNOWN
    assert says in fact.said.en


def _forecast(city: Any, made_on: Any, at: datetime) -> None:
    Forecast.objects.create(
        area=city.city, made_on=made_on, made_at=at - timedelta(hours=20),
        levels=[0.05, 0.5, 0.95], quantiles=[[3, 5, 8], [3, 5, 9]], naive=[[0, 1, 3], [0, 1, 3]],
    )  # fmt: skip


def test_who_nobody_is_there_for_is_named(city: Any) -> None:
    city.bai.posts.update(to_at=city.at(days=-2), from_at=city.at(days=-3))
    at = city.at(hours=16)
    facts = lay_out([city.east, city.west], on=at.date(), at=at, now=at)
    east, west = (facts[area].get("readiness.holes") for area in (city.east, city.west))
    assert "sentinel" in east.said.en and "河东区" not in east.said.en
    assert west.value >= 1


def test_the_tempo_is_that_of_the_moment(city: Any) -> None:
    from tongchou.command.actions import activate
    from tongchou.loops import Tempo

    before, after = city.at(hours=1), city.at(hours=5)
    activate(area=city.east, tempo=Tempo.WAR, reason="首例", by=city.mayor, now=city.at(hours=3))
    for at, said in ((before, "peace tempo"), (after, "at war tempo since")):
        facts = lay_out([city.east], on=at.date(), at=at, now=at)[city.east]
        assert said in facts.get("tempo").said.en
