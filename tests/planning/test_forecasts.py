"""Forecasts are made once a day where there is an outbreak, and scored when the day is over."""

from datetime import timedelta

import pytest
import scoringrules
from django.db import connection
from django.urls import reverse

from tongchou.cases.models import Case, Classification
from tongchou.planning import scoring
from tongchou.planning.actions.forecasts import LEVELS, forecast, forecast_due
from tongchou.planning.models import Forecast


@pytest.fixture
def outbreak(city, person):
    """Six weeks of cases, more of them every week."""
    day = city.at().date()
    rows = []
    for back in range(42, 0, -1):
        for n in range(1 + (42 - back) // 7):
            rows.append(
                Case(
                    number=f"C{back}-{n}", person=person(), disease="covid19",
                    area=city.community, area_path=city.community.path,
                    classification=Classification.CONFIRMED,
                    reported_on=day - timedelta(days=back), written_at=city.at(),
                )
            )  # fmt: skip
    Case.objects.bulk_create(rows)
    return city


def test_a_quiet_city_has_no_forecast(city):
    assert forecast_due(now=city.at()) == ""
    assert not Forecast.objects.exists()


def test_an_outbreak_is_forecast_once_a_day(outbreak):
    first = forecast_due(now=outbreak.at())
    again = forecast_due(now=outbreak.at(hours=1))

    assert "同舟市" in first
    assert again == ""
    assert len(Forecast.objects.get(area=outbreak.city).quantiles) == 7


def test_nothing_is_forecast_before_the_morning(outbreak):
    assert forecast_due(now=outbreak.at(hours=-4)) == ""


def test_the_score_is_the_weighted_interval_score():
    quantiles = [2.0, 4.0, 6.0, 9.0, 12.0]
    for seen in (1.0, 6.0, 20.0):
        half = scoringrules.interval_score(seen, 4.0, 9.0, 0.5)
        wide = scoringrules.interval_score(seen, 2.0, 12.0, 0.1)
        # put together by hand: the package adds the median where its distance belongs
        theirs = (0.5 * abs(seen - 6.0) + 0.25 * half + 0.05 * wide) / 2.5
        assert scoring.wis(LEVELS, quantiles, seen) == pytest.approx(float(theirs))


def test_a_forecast_is_held_against_the_days_that_came(outbreak):
    day = outbreak.at().date()
    made = forecast(area=outbreak.city, on=day - timedelta(days=3), now=outbreak.at())
    held = scoring.held(made, {day - timedelta(days=n): 6 for n in range(1, 4)})

    assert [row.ahead for row in held] == [1, 2, 3]
    assert scoring.score_of(held).n == 3


def test_a_city_without_forecasts_says_so(client, city, sign_in):
    sign_in(client, city.mayor)

    assert "No forecast here yet" in client.get(reverse("planning:forecasts")).content.decode()


def test_yesterdays_forecast_is_told_beside_todays_count(client, outbreak, sign_in, time_machine):
    time_machine.move_to(outbreak.at(), tick=False)
    day = outbreak.at().date()
    for back in (3, 2, 1, 0):
        forecast(area=outbreak.city, on=day - timedelta(days=back), now=outbreak.at())
    sign_in(client, outbreak.mayor)
    page = client.get(reverse("planning:forecasts"))

    assert page.context["last"].day == day - timedelta(days=1)
    assert "were reported" in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_database_while_a_forecast_is_worked_out(outbreak, monkeypatch):
    from tongchou.epi import forecast as model

    worked_out, inside = model.ahead, []

    def ahead(*args, **options):
        inside.append(connection.in_atomic_block)
        return worked_out(*args, **options)

    monkeypatch.setattr(model, "ahead", ahead)
    forecast(area=outbreak.city, on=outbreak.at().date(), now=outbreak.at())

    assert inside == [False]
