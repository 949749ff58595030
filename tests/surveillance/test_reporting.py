"""Counts as they come in: nothing is overwritten, and a missing day is no zero."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.records.models import AuditEvent
from tongchou.surveillance.actions import end_duty, report_counts, revise, set_duty
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.errors import BadCounts
from tongchou.surveillance.models import Count, CountDay, DayRun, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(city):
    return sentinel(city, "fever-clinic")[0]


def report(city, *rows, **more):
    return report_counts(rows=rows, by=city.qian, now=city.at(), **more)


def codes(raised) -> list[tuple[int, str]]:
    return [(place, problem.code) for place, problem in raised.value.faults]


def test_a_zero_is_a_row_and_a_missing_day_has_none(city, duty):
    counted(city, duty, DAY, 0, None, 4)

    rows = Count.objects.filter(duty=duty).order_by("day").values_list("day", "value")
    assert list(rows) == [(DAY - timedelta(days=2), 0), (DAY, 4)]


def test_a_correction_is_a_new_revision_with_its_reason(city, duty):
    report(city, Reported(duty.pk, DAY, 38))
    revise(duty=duty, day=DAY, value=36, reason="two counted twice", by=city.qian, now=city.at())

    rows = Count.objects.filter(duty=duty).order_by("revision")
    assert list(rows.values_list("value", "revision", "current", "reason")) == [
        (38, 1, False, ""),
        (36, 2, True, "two counted twice"),
    ]


def test_the_same_count_again_changes_nothing(city, duty):
    report(city, Reported(duty.pk, DAY, 38))
    n_audited = AuditEvent.objects.count()
    again = report(city, Reported(duty.pk, DAY, 38))

    assert (again.new, again.revised, again.unchanged) == ([], [], [0])
    assert AuditEvent.objects.count() == n_audited
    assert CountDay.objects.get().version == 1


def test_a_denominator_that_differs_is_a_revision_too(city):
    (duty,) = sentinel(city, "gastro")
    report(city, Reported(duty.pk, DAY, 4, 200))

    assert report(city, Reported(duty.pk, DAY, 4, 210)).revised == [0]


def test_the_database_refuses_to_change_a_count(city, duty):
    report(city, Reported(duty.pk, DAY, 38))

    for change in ({"value": 3}, {"day": date(2022, 1, 1)}, {"revision": 7}, {"denominator": 9}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Count.objects.update(**change)


def test_the_database_refuses_to_bring_back_a_superseded_count(city, duty):
    report(city, Reported(duty.pk, DAY, 38))
    report(city, Reported(duty.pk, DAY, 36))

    with pytest.raises(DatabaseError), transaction.atomic():
        Count.objects.filter(revision=1).update(current=True)


def test_the_database_refuses_to_delete_a_count(city, duty):
    report(city, Reported(duty.pk, DAY, 38))

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Count.objects.all().delete()


def test_the_database_has_one_current_count_of_a_day(city, duty):
    report(city, Reported(duty.pk, DAY, 38))

    with pytest.raises(IntegrityError), transaction.atomic():
        Count.objects.create(duty=duty, day=DAY, value=1, revision=2, reported_at=timezone.now())


def test_every_fault_of_a_list_is_told_at_once_and_nothing_is_stored(city, duty):
    with pytest.raises(BadCounts) as raised:
        report(
            city,
            Reported(duty.pk, DAY, -1),
            Reported(duty.pk, DAY + timedelta(days=9), 3),
            Reported(duty.pk, DAY - timedelta(days=1), 2.5),
            Reported(9999, DAY, 3),
            Reported(duty.pk, DAY - timedelta(days=2), 3),
            Reported(duty.pk, DAY - timedelta(days=2), 4),
        )

    assert codes(raised) == [
        (0, "negative"), (1, "ahead"), (2, "fraction"), (3, "unknown_site"), (5, "twice"),
    ]  # fmt: skip
    assert not Count.objects.exists()


def test_a_share_is_no_more_than_its_whole(city):
    (duty,) = sentinel(city, "antigen-positive")
    with pytest.raises(BadCounts) as raised:
        report(city, Reported(duty.pk, DAY, 12, 10))

    assert codes(raised) == [(0, "more_than_all")]


def test_a_site_that_has_ended_reports_no_more(city, duty):
    end_duty(duty=duty, on=DAY - timedelta(days=1), by=city.qian, now=city.at())

    report(city, Reported(duty.pk, DAY - timedelta(days=1), 3))
    with pytest.raises(BadCounts) as raised:
        report(city, Reported(duty.pk, DAY, 3))
    assert codes(raised) == [(0, "not_on_duty")]


def test_a_duty_that_is_set_again_is_the_same_series(city, duty):
    number = duty.number
    again = set_duty(site=duty.site, channel=duty.channel, due_days=2, by=city.qian, now=city.at())

    assert (again.pk, again.number, again.due_days) == (duty.pk, number, 2)


def test_a_late_count_opens_the_mornings_that_stood_on_it(city, duty):
    for ago in (0, 1, 2):
        on = DAY + timedelta(days=1 - ago)
        DayRun.objects.create(
            on=on, state=RunState.DONE, started_at=city.at(), finished_at=city.at()
        )
    receipt = report(city, Reported(duty.pk, DAY - timedelta(days=1), 3))

    assert receipt.reopened == [DAY, DAY + timedelta(days=1)]
    assert DayRun.objects.get(on=DAY - timedelta(days=1)).state == RunState.DONE


def test_a_count_of_last_year_opens_nothing(city, duty):
    on = DAY - timedelta(days=300)
    DayRun.objects.create(on=on, state=RunState.DONE, started_at=city.at(), finished_at=city.at())

    assert report(city, Reported(duty.pk, on - timedelta(days=1), 3)).reopened == []


def test_many_series_are_stored_in_few_statements(city, django_assert_max_num_queries):
    duties = sentinel(city, "fever-clinic", "gastro", "hotline-fever")
    rows = [
        Reported(duty.pk, DAY - timedelta(days=ago), ago) for duty in duties for ago in range(50)
    ]
    with django_assert_max_num_queries(15):
        report(city, *rows)

    assert Count.objects.count() == 150
