"""The pages: who may open them, and what they do."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.reports.signing import laid_out, owes, signed
from tests.reports.test_facts import case
from tongchou.reports import actions
from tongchou.reports.facts.telling import rows_link
from tongchou.reports.models import Correction, Duty, Report, Request, Signed

pytestmark = pytest.mark.django_db


def page(client: Any, name: str, *args: Any) -> Any:
    return client.get(reverse(f"reports:{name}", args=args))


@pytest.fixture(autouse=True)
def on_the_day(city: Any, time_machine: Any = None) -> Any:
    import time_machine as machine

    with machine.travel(city.at(hours=9, minutes=30), tick=False):
        yield


def test_a_district_writes_signs_and_the_city_receives(
    client: Any, city: Any, sign_in: Any
) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_east)
    assert "保存并签发" in client.get(f"/reports/{report.pk}/", HTTP_ACCEPT_LANGUAGE="zh-CN").text
    client.post(
        f"/reports/{report.pk}/edit/",
        {"judgement": "平稳", "requests": "", "version": 1, "sign": "1"},
    )
    assert Report.objects.get().passage.stage == "signed"
    sign_in(client, city.duty_city)
    client.post(f"/reports/{report.pk}/receive/")
    assert Report.objects.get().passage.stage == "received"


def test_the_slower_of_two_keeps_what_they_typed(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    actions.edit(
        report=report, version=1, judgement="先写的", requests="", by=city.duty_east,
        now=city.at(hours=9, minutes=20),
    )  # fmt: skip
    sign_in(client, city.duty_east)
    answer = client.post(
        f"/reports/{report.pk}/edit/", {"judgement": "后写的", "requests": "", "version": 1}
    )
    assert answer.status_code == 422
    assert "先写的" in answer.text and "后写的" in answer.text


def test_another_unit_may_read_and_not_sign(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_city)
    assert page(client, "report", report.pk).status_code == 200
    answer = client.post(
        f"/reports/{report.pk}/edit/", {"judgement": "x", "version": 1, "sign": "1"}
    )
    assert answer.status_code == 403


def test_a_street_does_not_see_the_district(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_street)
    assert page(client, "report", report.pk).status_code == 404


def test_every_number_on_the_page_leads_to_its_rows(
    client: Any, city: Any, person: Any, sign_in: Any
) -> None:
    case(city, person, 7)
    report = laid_out(city)
    sign_in(client, city.duty_east)
    link = rows_link("cases.new", city.east, report.at)
    assert link.replace("&", "&amp;") in page(client, "report", report.pk).text
    assert "C-7" in client.get(link).text


def test_rows_of_another_area_are_refused(client: Any, city: Any, sign_in: Any) -> None:
    sign_in(client, city.duty_east)
    assert client.get(rows_link("cases.new", city.west, city.at())).status_code == 403


def test_a_signed_report_shows_what_the_records_say_today(
    client: Any, city: Any, person: Any, sign_in: Any
) -> None:
    report = laid_out(city)
    signed(city, report, hours=9.2)
    case(city, person, 8)
    sign_in(client, city.duty_east)
    assert "2 numbers" not in page(client, "since", report.pk).text
    assert "numbers would be others" in page(client, "since", report.pk).text


@pytest.mark.parametrize("kind", ["docx", "pdf", "md", "json"])
def test_a_report_is_carried_off_in_every_format(
    client: Any, city: Any, sign_in: Any, kind: str
) -> None:
    report = laid_out(city)
    sign_in(client, city.duty_east)
    answer = page(client, "file", report.pk, kind)
    assert answer.status_code == 200 and len(answer.content) > 500
    assert f"{report.number}.{kind}" in answer["Content-Disposition"]


def test_a_text_that_was_changed_in_the_database_is_shown_as_such(
    client: Any, city: Any, sign_in: Any
) -> None:
    report = laid_out(city)
    sign = signed(city, report, hours=9.2)
    on = " ON reports_signed" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:  # whoever owns the database can lift its guard
        cursor.execute(f"DROP TRIGGER reports_signed_no_update{on}")
    Signed.objects.filter(pk=sign.pk).update(text=sign.text.replace("平稳", "危急"))
    sign_in(client, city.duty_east)
    assert "This is not the text that was signed" in page(client, "report", report.pk).text


def test_a_correction_is_made_on_the_page(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    signed(city, report, hours=9.2)
    sign_in(client, city.duty_east)
    data = {"key": "cases.new", "right": "2", "why": "漏报"}
    client.post(f"/reports/{report.pk}/correct/", data)
    assert Correction.objects.get().right == "2"


def test_it_is_returned_with_its_reason_on_the_page(client: Any, city: Any, sign_in: Any) -> None:
    report = laid_out(city)
    signed(city, report, hours=9.2)
    sign_in(client, city.duty_city)
    client.post(f"/reports/{report.pk}/return/", {"reason": "缺来源"})
    sign_in(client, city.duty_east)
    assert "缺来源" in page(client, "report", report.pk).text


def test_the_hours_are_set_on_the_page(client: Any, city: Any, sign_in: Any) -> None:
    sign_in(client, city.duty_city)
    client.post("/reports/hours/", {"area": "990103", "hour": 18, "unit": ""})
    duty = Duty.objects.get()
    assert (duty.area, duty.hour) == (city.west, 18)
    client.post(f"/reports/hours/{duty.pk}/end/")
    assert Duty.objects.get().to_on is not None


def test_a_request_is_entered_matched_and_answered(client: Any, city: Any, sign_in: Any) -> None:
    sign_in(client, city.duty_east)
    client.post(
        "/reports/register/new/",
        {"title": "日报表", "asked_by": "市教育局", "area": "990102", "frequency": "daily",
         "numbers": "New deaths\nnew cases of today"},
    )  # fmt: skip
    request = Request.objects.get()
    assert (request.keys, request.others) == (["deaths.new"], ["new cases of today"])
    answer = client.post(
        f"/reports/register/{request.pk}/answer/",
        {"answer": "answered_by_link", "same0": "cases.new"},
    )
    assert answer.status_code == 302
    assert Request.objects.get().passage.stage == "answered_by_link"


def test_the_register_and_the_list_are_carried_off_with_a_reason(
    client: Any, city: Any, sign_in: Any
) -> None:
    laid_out(city)
    sign_in(client, city.duty_city)
    for address in ("/reports/export/", "/reports/register/export/"):
        assert client.post(address, {"format": "csv", "reason": ""}).status_code == 400
        assert client.post(address, {"format": "csv", "reason": "月度归档"}).status_code == 200


def test_every_page_opens_empty_and_in_both_languages(client: Any, city: Any, sign_in: Any) -> None:
    sign_in(client, city.duty_city)
    for language in ("zh-CN", "en"):
        for name in ("desk", "hours", "catalogue", "register", "ask"):
            answer = client.get(reverse(f"reports:{name}"), HTTP_ACCEPT_LANGUAGE=language)
            assert answer.status_code == 200, name


def test_the_command_room_shows_what_came_and_what_is_missing(
    client: Any, city: Any, sign_in: Any
) -> None:
    owes(city, city.west)
    report = laid_out(city)
    signed(city, report, hours=9.2)
    sign_in(client, city.duty_city)
    text = client.get("/command/").text
    assert "Daily reports and the two lists" in text
    assert "1 of 2 daily reports signed" in text


def test_a_department_sees_the_rows_it_answers_for(client: Any, city: Any, sign_in: Any) -> None:
    from tests.reports.signing import bureau

    unit = bureau(city)
    sign_in(client, city.edu)
    assert client.get(rows_link("tasks.open", unit, city.at())).status_code == 200
    sign_in(client, city.duty_street)
    assert client.get(rows_link("tasks.open", unit, city.at())).status_code == 403


def test_reports_and_requests_are_found_by_their_number(
    client: Any, city: Any, sign_in: Any
) -> None:
    laid_out(city)
    sign_in(client, city.duty_city)
    answer = client.get("/search/?q=R-990102", follow=True)
    assert "R-990102-20220701" in answer.text
