"""The demo city's reports: yesterday's on their way, one missing, today's to be signed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.little_city import T0
from tongchou.reports import queries
from tongchou.reports.models import Report, Request
from tongchou.site.demo import city, reports

pytestmark = pytest.mark.django_db


def test_yesterday_came_but_for_one_and_today_is_due() -> None:
    city.build(1000, password="x", now=T0 - timedelta(days=3))
    reports.play(now=T0)
    today = timezone.localdate(T0)
    yesterday = queries.came("990100/", today - timedelta(days=1), now=T0)
    assert (yesterday.received, yesterday.late, yesterday.excused) == (3, 1, 1)
    assert queries.came("990100/", today, now=T0).due == 5
    west = Report.objects.get(area="990103", on=today - timedelta(days=1))
    assert west.signatures.count() == 2  # it was returned once
    assert sorted(Request.objects.values_list("passage__stage", flat=True)) == [
        "answered_by_link",
        "asked",
    ]
