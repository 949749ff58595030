"""Weekly channels and wastewater: judged when their week is over."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, sentinel
from tongchou.surveillance import alarms, weekly
from tongchou.surveillance.actions import report_counts
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.models import Channel

pytestmark = pytest.mark.django_db

#: A Sunday: weeks of Monday to Sunday end.
SUNDAY = DAY - timedelta(days=4)
N_WEEKS = 130


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


def reported(city, duty, last, values, *, step=7):
    """One value each `step` days, the newest on `last`; NaN where none came."""
    first = last - timedelta(days=step * (len(values) - 1))
    rows = [
        Reported(duty.pk, first + timedelta(days=step * n), float(value))
        for n, value in enumerate(values)
        if not np.isnan(value)
    ]
    report_counts(rows=rows, by=city.bai, now=city.at())


def calm(mean=40, n=N_WEEKS):
    return np.random.default_rng(3).poisson(mean, n).astype(float)


@pytest.fixture
def ili(city):
    """Weeks from Monday: the day of a count is the first of its week."""
    (duty,) = sentinel(city, "ili-weekly")

    def weeks(values):
        reported(city, duty, SUNDAY - timedelta(days=6), values)

    return weeks


@pytest.fixture
def sewage(city):
    """Two samples a week, Tuesday and Friday, in copies: they vary by the factor."""
    (duty,) = sentinel(city, "wastewater")

    def weeks(values, unit=1.0):
        throw = np.random.default_rng(5).lognormal(0, 0.3, (2, len(values)))
        for day, factor in zip((5, 2), throw, strict=True):
            reported(city, duty, SUNDAY - timedelta(days=day), np.round(values * factor * unit, 3))

    return weeks


def found(day=SUNDAY, limits=None):
    return weekly.detect(day, limits or alarms.in_force())


def test_a_quiet_week_raises_nothing(city, ili):
    ili(calm())
    assert found() == []


def test_a_week_far_above_the_others_is_found_when_it_is_over(city, ili):
    ili([*calm()[:-1], 110])
    (one,) = found()

    assert (one.area, one.subject, one.observed) == (city.community.pk, "ili-weekly", 110)
    assert one.detectors[0] == "weekly"
    assert one.expected == pytest.approx(40, abs=6)
    assert found(SUNDAY + timedelta(days=1)) == []


def test_farrington_says_whether_it_agrees_and_raises_nothing_by_itself(city, ili):
    ili([*calm()[:-1], 110])
    assert found()[0].detectors == ("weekly", "farrington")

    silent = alarms.Limits({("ili-weekly", "weekly"): 1e-300})
    assert found(limits=silent) == []


def test_farrington_raises_once_somebody_has_set_its_limit(city, ili):
    ili([*calm()[:-1], 110])
    limits = alarms.Limits({("ili-weekly", "weekly"): 1e-300, ("ili-weekly", "farrington"): 1e-4})

    assert found(limits=limits)[0].detectors == ("farrington",)


def test_a_week_that_was_not_reported_is_no_alarm(city, ili):
    ili([*calm()[:-1], float("nan")])
    assert found() == []


def test_fewer_than_sixty_weeks_say_nothing(city, ili):
    ili([*calm(n=50)[:-1], 110])
    assert found() == []


@pytest.mark.parametrize("unit", [1.0, 1e-4, 1e5])
def test_wastewater_that_rises_is_found_whatever_its_unit(city, sewage, unit):
    sewage(np.append(np.full(N_WEEKS - 1, 3000.0), 15000.0), unit)
    (one,) = found()

    assert one.subject == "wastewater"
    assert one.observed / unit == pytest.approx(15000, rel=0.5)
    assert one.expected / unit == pytest.approx(3000, rel=0.2)


def test_wastewater_as_usual_is_no_alarm(city, sewage):
    sewage(np.full(N_WEEKS, 3000.0))
    assert found() == []


def test_the_week_of_a_sewage_works_is_the_geometric_mean_of_its_samples(city, sewage):
    sewage(np.full(10, 3000.0))
    weeks = weekly.of_channel(Channel.objects.get(pk="wastewater"), DAY)

    assert weeks.dates[-1] == SUNDAY - timedelta(days=6)
    assert weeks.counts.shape == (1, 1, 10)
    assert np.log(weeks.counts / 3000).std() < 0.3


def test_sites_of_one_area_are_averaged_and_a_missing_one_left_out(city, sewage):
    sewage(np.full(10, 3000.0))
    (second,) = sentinel(city, "wastewater", code="C2")
    reported(city, second, SUNDAY - timedelta(days=5), np.full(5, 3000.0))
    weeks = weekly.of_channel(Channel.objects.get(pk="wastewater"), DAY)

    assert not np.isnan(weeks.counts).any()
    assert np.abs(np.log(weeks.counts / 3000)).max() < 1


def test_the_weeks_of_a_channel_begin_where_its_counts_do(city, ili):
    ili(calm(n=20))
    weeks = weekly.of_channel(Channel.objects.get(pk="ili-weekly"), DAY)

    assert weeks.dates[-1] == SUNDAY - timedelta(days=6)
    assert len(weeks.dates) == 20
    assert not np.isnan(weeks.counts).any()
