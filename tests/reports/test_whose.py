"""Whose it is: to excuse, to correct, to see the rows behind a number, to sign what was seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.reports.signing import bureau, laid_out, on_post, signed, unit_of
from tongchou.areas.models import Area
from tongchou.ledger.models import Handoff
from tongchou.lists.actions import tasks
from tongchou.lists.queries import summary
from tongchou.records.models import AuditEvent
from tongchou.reports import actions, formats, queries
from tongchou.reports.errors import NotSaid, NotYours
from tongchou.reports.facts import lay_out
from tongchou.reports.facts.telling import rows_link
from tongchou.reports.models import Correction, Report, Request
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db
IDENTITY = "张三 110101199003070011"


@pytest.fixture(autouse=True)
def on_the_day(city: Any) -> Any:
    import time_machine as machine

    with machine.travel(city.at(hours=9, minutes=30), tick=False):
        yield


# --- excusing ------------------------------------------------------------------------------------


def test_whoever_owes_a_report_does_not_excuse_it(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    with pytest.raises(NotYours):
        actions.excuse(report=report, reason="忙", by=city.duty_east, now=city.at(hours=10))
    sign_in(client, city.duty_east)
    assert client.post(f"/reports/{report.pk}/excuse/", {"reason": "忙"}).status_code == 403
    assert f"/reports/{report.pk}/excuse/" not in client.get(f"/reports/{report.pk}/").text
    report.passage.refresh_from_db()
    assert report.passage.stage == "due"


def test_the_level_above_excuses_it_on_its_page(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_city)
    assert f"/reports/{report.pk}/excuse/" in client.get(f"/reports/{report.pk}/").text
    client.post(f"/reports/{report.pk}/excuse/", {"reason": "全区停电"})
    report.passage.refresh_from_db()
    assert report.passage.stage == "excused"


def test_a_departments_report_is_excused_by_its_headquarters(city: Any) -> None:
    report = laid_out(city, city.city, unit=bureau(city))
    now = city.at(hours=10)
    assert not queries.may_excuse(report, scope_of(city.edu, now=now), now=now)
    assert queries.may_excuse(report, scope_of(city.duty_city, now=now), now=now)


def test_nobody_above_the_commander_excuses_and_not_who_owes_it(city: Any) -> None:
    report = laid_out(city, city.city)
    now = city.at(hours=10)
    assert not queries.may_excuse(report, scope_of(city.duty_city, now=now), now=now)
    assert queries.may_excuse(report, scope_of(city.mayor, now=now), now=now)


# --- correcting ----------------------------------------------------------------------------------


def test_a_bureau_does_not_correct_the_report_of_the_headquarters(
    client: Any, city: Any, sign_in: Any
) -> None:
    report = laid_out(city, city.city)
    sign = signed(city, report, by=city.duty_city, hours=9.2)
    bureau(city)
    sign_in(client, city.edu)
    data = {"key": "cases.new", "right": "99", "why": "x"}
    assert client.post(f"/reports/{report.pk}/correct/", data).status_code == 403
    with pytest.raises(NotYours):
        actions.correct(signed=sign, **data, by=city.edu, now=city.at(hours=10))
    assert not Correction.objects.exists()


def test_a_bureau_corrects_its_own_and_the_headquarters_does_not(city: Any) -> None:
    report = laid_out(city, city.city, unit=bureau(city))
    signed(city, report, by=city.edu)
    now = city.at(hours=11)
    assert queries.may_correct(report, scope_of(city.edu, now=now))
    assert not queries.may_correct(report, scope_of(city.duty_city, now=now))


@pytest.mark.parametrize("right", ["nan", "inf", "-3", "1.5", "9" * 30, "x"])
def test_a_count_is_corrected_to_a_count(city: Any, right: str) -> None:
    sign = signed(city, laid_out(city))
    with pytest.raises(NotSaid):
        actions.correct(
            signed=sign, key="cases.new", right=right, why="x", by=city.duty_east,
            now=city.at(hours=11),
        )  # fmt: skip


def test_corrections_of_a_returned_text_are_not_printed_under_the_new_one(city: Any) -> None:
    report = laid_out(city)
    first = signed(city, report)
    actions.correct(
        signed=first, key="cases.new", right="7", why="多报七例", by=city.duty_east,
        now=city.at(hours=10, minutes=30),
    )  # fmt: skip
    assert "多报七例" in formats.made("md", report, first, "zh").decode()
    actions.send_back(report=report, reason="r", by=city.duty_city, now=city.at(hours=11))
    again = signed(city, report, hours=12)
    for kind in ("md", "json"):
        assert "多报七例" not in formats.made(kind, report, again, "zh").decode()


# --- identities ----------------------------------------------------------------------------------


def test_no_text_of_a_report_holds_an_identity(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    sign = signed(city, report, hours=9.2)
    sign_in(client, city.duty_east)
    data = {"key": "judgement", "right": IDENTITY, "why": "x"}
    client.post(f"/reports/{report.pk}/correct/", data)
    with pytest.raises(NotSaid):
        actions.correct(signed=sign, **data, by=city.duty_east, now=city.at(hours=10))
    sign_in(client, city.duty_city)
    client.post(f"/reports/{report.pk}/return/", {"reason": IDENTITY})
    assert not Correction.objects.exists()
    assert not Handoff.objects.filter(note__contains="1101").exists()


def test_the_actions_refuse_identities_too(city: Any) -> None:
    report = laid_out(city)
    now = city.at(hours=10)
    with pytest.raises(NotSaid):
        actions.edit(
            report=report, version=1, judgement=IDENTITY, requests="", by=city.duty_east, now=now
        )
    with pytest.raises(NotSaid):
        actions.excuse(report=report, reason=IDENTITY, by=city.duty_city, now=now)
    with pytest.raises(NotSaid):
        actions.ask(
            area=city.east, title=IDENTITY, asked_by="x", by=city.duty_east, now=now,
            keys=["cases.new"],
        )  # fmt: skip
    assert not Request.objects.exists()


# --- signing and seeing --------------------------------------------------------------------------


def test_what_was_not_seen_is_not_signed(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    actions.edit(
        report=report, version=1, judgement="别人刚写", requests="", by=city.duty_east,
        now=city.at(hours=9.2),
    )  # fmt: skip
    sign_in(client, city.duty_east)
    for typed in ({}, {"version": "x"}, {"version": "²"}):
        assert client.post(f"/reports/{report.pk}/sign/", typed).status_code == 400
    client.post(f"/reports/{report.pk}/sign/", {"version": "1"})
    assert Report.objects.get().passage.stage == "due"
    client.post(f"/reports/{report.pk}/sign/", {"version": "2"})
    assert Report.objects.get().passage.stage == "signed"


def test_requests_of_other_areas_are_not_shown_beside_ones_own(
    client: Any, city: Any, sign_in: Any
) -> None:
    asks = {"asked_by": "某局", "now": city.at(), "keys": ["cases.new"]}
    mine = actions.ask(area=city.east, title="东区要表", by=city.duty_east, **asks)
    actions.ask(area=city.west, title="西区要表", by=city.duty_city, **asks)
    sign_in(client, city.duty_east)
    assert "西区要表" not in client.get(reverse("reports:request", args=[mine.pk])).text


def test_rows_of_another_room_need_its_right_and_the_count_does_not(
    client: Any, city: Any, sign_in: Any
) -> None:
    on_post(city, "xu", "河东区医院", city.east, "hospital")
    report = laid_out(city)
    sign_in(client, city.xu)
    link = rows_link("decisions.taken", city.east, report.at)
    text = client.get(f"/reports/{report.pk}/").text
    assert "No decision was taken" in text and link.replace("&", "&amp;") not in text
    assert client.get(link).status_code == 403
    assert client.get(rows_link("cases.new", city.east, report.at)).status_code == 200
    sign_in(client, city.duty_east)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("area=990102&at=0001-01-01", 400),
        ("area=990102&at=9999-12-31T23:59:59", 400),
        ("area=990102&at=yesterday", 400),
        ("area=990102&at=2022-07-01T09:00:00Z&since=2021-07-01T09:00:00Z", 400),
        ("unit=x", 404),
        ("unit=²", 404),
        ("unit=99999999999999999999", 404),
        ("unit=1", 404),
    ],
)
def test_a_wrong_address_of_rows_is_said_to_be_wrong(
    client: Any, city: Any, sign_in: Any, query: str, status: int
) -> None:
    sign_in(client, city.duty_east)
    assert client.get(f"/reports/rows/cases.new/?{query}").status_code == status


def test_each_file_that_is_handed_out_is_in_the_audit(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_east)
    client.get(reverse("reports:file", args=[report.pk, "md"]))
    line = AuditEvent.objects.get(verb="daily_report.file")
    assert line.detail == '{"format": "md"}'


# --- areas that were merged ----------------------------------------------------------------------


def test_the_report_of_who_took_over_agrees_with_the_lists(city: Any) -> None:
    kid = on_post(city, "kid", "河西区教育局", city.west, "department")
    on_post(city, "hq", "河西区指挥部", city.west, "duty_officer")
    tasks.set_task(
        goal="备足房间", measure="清单", due_at=city.at(days=9), unit=kid, issuer=unit_of(city.hq),
        by=city.hq, now=city.at(),
    )  # fmt: skip
    Area.objects.filter(pk=city.west.pk).update(ended_on=city.at().date(), successor=city.east.pk)
    at = city.at(days=2)
    east = Area.objects.get(pk=city.east.pk)
    facts = lay_out([east, city.city], on=at.date(), at=at, now=at)
    lists = summary(east, since=at - timedelta(days=1), until=at)
    assert facts[east].get("tasks.open").value == lists.tasks.n_open == 1
    assert facts[city.city].get("tasks.open").value == 1


def test_reports_of_a_merged_area_are_read_by_who_took_over(
    client: Any, city: Any, sign_in: Any
) -> None:
    report = laid_out(city, city.west)
    Area.objects.filter(pk=city.west.pk).update(ended_on=city.at().date(), successor=city.east.pk)
    sign_in(client, city.duty_east)
    assert client.get(f"/reports/{report.pk}/").status_code == 200
    assert client.get(rows_link("cases.new", city.west, report.at)).status_code == 200
