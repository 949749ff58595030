"""Two people at once, on a database that commits: both are heard, and nothing stands twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.little_city import LittleCity, build
from tests.supervision import supervised as s
from tongchou.ledger.errors import LedgerError
from tongchou.supervision.actions import answers, notices, reporting
from tongchou.supervision.errors import SupervisionError
from tongchou.supervision.models import Answer, Finding, Inspection, Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city() -> LittleCity:
    little = build()
    s.team(little)
    return little


def both(*acts: Callable[[], Any]) -> list[str]:
    """Do all at the same moment; what each met, "" where it went well."""
    gate, met = threading.Barrier(len(acts)), [""] * len(acts)

    def one(number: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            act()
        except (LedgerError, SupervisionError) as refusal:
            met[number] = type(refusal).__name__
        except Exception as fault:
            met[number] = repr(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return met


def again(inspection: Inspection) -> Inspection:
    rows = Inspection.objects.select_related("passage", "checklist", "unit", "area", "place")
    return rows.get(pk=inspection.pk)


def test_of_two_inspectors_who_differ_the_second_is_shown_the_first(city: LittleCity) -> None:
    inspection = s.planned(city)

    def say(by: Any, value: str) -> Callable[[], Any]:
        return lambda: answers.answer(
            inspection=again(inspection), item="sign", value=value, note="x", seen=0, by=by,
            now=city.at(hours=1),
        )  # fmt: skip

    assert sorted(both(say(city.du, "yes"), say(city.cha, "no"))) == ["", "SomebodyElse"]
    assert Answer.objects.count() == 1


def test_the_same_answer_from_a_phone_that_tries_again_is_one(city: LittleCity) -> None:
    inspection = s.planned(city)

    def say() -> Any:
        return answers.answer(
            inspection=again(inspection), item="sign", value="no", note="x", seen=0, by=city.du,
            now=city.at(hours=1),
        )  # fmt: skip

    assert both(say, say, say) == ["", "", ""]
    assert Answer.objects.count() == 1


def test_of_two_reports_one_raises_the_findings(city: LittleCity) -> None:
    inspection = s.planned(city)
    s.fill(inspection, city.du, city.at(hours=1), sign="no")

    def report(by: Any) -> Callable[[], Any]:
        seen = again(inspection)  # both desks have it open before either reports
        return lambda: reporting.report(inspection=seen, by=by, now=city.at(hours=2))

    assert sorted(both(report(city.du), report(city.cha))) == ["", "AlreadyHandedOver"]
    assert Finding.objects.count() == 1


def test_a_notice_is_signed_once(city: LittleCity) -> None:
    notice = notices.draft(
        area=city.city, from_on=city.at().date(), until_on=city.at().date(), by=city.du,
        now=city.at(),
    )  # fmt: skip

    def sign(by: Any) -> Callable[[], Any]:
        return lambda: notices.sign(
            notice=Notice.objects.get(pk=notice.pk), by=by, now=city.at(hours=1), seen=0
        )

    assert sorted(both(sign(city.mayor), sign(city.gao))) == ["", "BadNotice"]
