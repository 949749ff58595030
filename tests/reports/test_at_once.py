"""Two people who sign the same report in the same second."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.little_city import build
from tests.reports.signing import laid_out, owes
from tongchou.ledger.errors import LedgerError
from tongchou.reports import actions
from tongchou.reports.errors import ReportsError
from tongchou.reports.models import Report, Signed

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_sign_at_once_one_has_signed() -> None:
    city = build()
    report = laid_out(city)
    actions.edit(
        report=report, version=1, judgement="平稳", requests="", by=city.duty_east,
        now=city.at(hours=10),
    )  # fmt: skip
    start = Barrier(4)

    def desk(_n: int) -> Any:
        try:
            mine = Report.objects.select_related("passage", "area__parent").get(pk=report.pk)
            start.wait(5)
            return actions.sign(report=mine, version=2, by=city.duty_east, now=city.at(hours=10))
        except (LedgerError, ReportsError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as desks:
        done = list(desks.map(desk, range(4)))
    assert sum(isinstance(each, Signed) for each in done) == 1
    assert Signed.objects.count() == 1


def test_two_workers_lay_a_report_out_once() -> None:
    city = build()
    owes(city)
    start = Barrier(2)

    def worker(_n: int) -> str:
        try:
            start.wait(5)
            return actions.lay_out_due(now=city.at(hours=9, minutes=5))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        done = sorted(workers.map(worker, range(2)))
    assert Report.objects.count() == 1
    assert done in (["", "1 reports laid out"], ["0 reports laid out", "1 reports laid out"])
