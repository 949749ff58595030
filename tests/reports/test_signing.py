"""Judged, signed, received or returned, corrected; and what was signed never changes."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.reports.signing import bureau, laid_out, owes, signed, unit_of
from tongchou.cases.models import Case
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.ledger.models import Handoff
from tongchou.reports import actions, frozen, queries
from tongchou.reports.errors import Frozen, NotSaid, Outdated
from tongchou.reports.models import Report, Signed

pytestmark = pytest.mark.django_db


def test_what_is_signed_holds_the_facts_the_judgement_and_the_name(city: Any) -> None:
    report = laid_out(city)
    text = frozen.read(signed(city, report).text)
    assert text["judgement"].startswith("形势平稳")
    assert text["signed_by"] == {
        "user": "duty_east",
        "name": "河东值班",
        "unit": "河东区指挥部",
    }
    assert text["facts"] == report.facts["facts"]


def test_a_report_without_a_judgement_cannot_be_signed(city: Any) -> None:
    report = laid_out(city)
    with pytest.raises(NotSaid, match="judgement"):
        actions.sign(report=report, version=1, by=city.duty_east, now=city.at(hours=10))


def test_the_level_above_receives_it(city: Any) -> None:
    report = laid_out(city)
    signed(city, report)
    leg = Handoff.objects.get(passage=report.passage, done_at=None)
    assert leg.unit == unit_of(city.duty_city)
    actions.receive(report=report, by=city.duty_city, now=city.at(hours=11))
    assert report.passage.stage == "received"


def test_a_departments_report_goes_to_the_headquarters_of_its_area(city: Any) -> None:
    report = laid_out(city, city.city, unit=bureau(city))
    signed(city, report, by=city.edu)
    leg = Handoff.objects.get(passage=report.passage, done_at=None)
    assert leg.unit == unit_of(city.duty_city)


def test_nobody_receives_what_they_signed(city: Any) -> None:
    report = laid_out(city, city.city)
    signed(city, report, by=city.duty_city)
    with pytest.raises(NotSaid, match="somebody else"):
        actions.receive(report=report, by=city.duty_city, now=city.at(hours=11))
    actions.receive(report=report, by=city.mayor, now=city.at(hours=11))


def test_a_returned_report_is_due_again_and_signed_anew(city: Any) -> None:
    report = laid_out(city)
    first = signed(city, report)
    actions.send_back(
        report=report, reason="未说明 3 例来源", by=city.duty_city, now=city.at(hours=11)
    )
    second = signed(city, report, hours=12)
    assert (first.number, second.number) == (1, 2)
    assert Signed.objects.get(pk=first.pk).text == first.text
    assert report.passage.stage == "signed"


def test_it_is_returned_for_a_reason_only(city: Any) -> None:
    report = laid_out(city)
    signed(city, report)
    with pytest.raises(NotSaid):
        actions.send_back(report=report, reason=" ", by=city.duty_city, now=city.at(hours=11))


def test_a_signed_report_is_not_edited(city: Any) -> None:
    report = laid_out(city)
    signed(city, report)
    with pytest.raises(Frozen):
        actions.edit(
            report=report, version=report.version, judgement="x", requests="",
            by=city.duty_east, now=city.at(hours=11),
        )  # fmt: skip
    with pytest.raises(Frozen):
        actions.lay_anew(report=report, by=city.duty_east, now=city.at(hours=11))


def test_of_two_who_edit_at_once_the_slower_is_told(city: Any) -> None:
    report = laid_out(city)
    other = Report.objects.select_related("passage").get(pk=report.pk)
    words = {"requests": "", "by": city.duty_east, "now": city.at(hours=10)}
    actions.edit(report=report, version=1, judgement="一", **words)
    with pytest.raises(Outdated, match="河东值班"):
        actions.edit(report=other, version=1, judgement="二", **words)


def test_of_two_who_sign_the_second_is_refused(city: Any) -> None:
    report = laid_out(city)
    stale = Report.objects.select_related("passage", "area").get(pk=report.pk)
    signed(city, report)
    stale.judgement = "x"
    with pytest.raises(AlreadyHandedOver), transaction.atomic():
        actions.sign(report=stale, version=1, by=city.duty_east, now=city.at(hours=10))
    assert report.signatures.count() == 1


def test_data_that_change_afterwards_change_nothing_that_was_signed(city: Any, person: Any) -> None:
    report = laid_out(city)
    sign = signed(city, report)
    _late_case(city, person)
    kept = {f["key"]: f["value"] for f in frozen.read(Signed.objects.get(pk=sign.pk).text)["facts"]}
    assert kept["cases.new"] == 0
    changed = queries.since_signed(report, sign, now=city.at(hours=20), language="zh-hans")
    assert ("cases.new" in kept) and {(d.said, d.now) for d in changed} >= {(0, 1)}


def test_before_it_is_signed_it_can_be_counted_again_for_the_same_moment(
    city: Any, person: Any
) -> None:
    report = laid_out(city)
    _late_case(city, person)
    actions.lay_anew(report=report, by=city.duty_east, now=city.at(hours=10))
    values = {fact["key"]: fact["value"] for fact in report.facts["facts"]}
    assert values["cases.new"] == 1
    assert report.at == city.at(hours=9)


def test_a_correction_says_what_stood_there_what_is_right_and_why(city: Any) -> None:
    sign = signed(city, laid_out(city))
    found = actions.correct(
        signed=sign, key="cases.new", right="1", why="漏报一例", by=city.duty_east,
        now=city.at(hours=15),
    )  # fmt: skip
    assert (found.said, found.right) == ("0", "1")
    assert Signed.objects.get(pk=sign.pk).text == sign.text


def test_a_correction_needs_a_reason_and_something_that_stands_there(city: Any) -> None:
    sign = signed(city, laid_out(city))
    wrong = [("cases.new", "1", ""), ("cases.new", "0", "x"), ("cases.new", "many", "x")]
    for key, right, why in [*wrong, ("nothing.there", "1", "x")]:
        with pytest.raises(NotSaid):
            actions.correct(
                signed=sign, key=key, right=right, why=why, by=city.duty_east, now=city.at(hours=15)
            )


def test_the_database_refuses_to_change_what_was_signed(city: Any) -> None:
    sign = signed(city, laid_out(city))
    with pytest.raises(DatabaseError), transaction.atomic():
        Signed.objects.filter(pk=sign.pk).update(text="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        sign.delete()


def test_a_row_changed_behind_the_guard_is_found_by_its_digest(city: Any) -> None:
    sign = signed(city, laid_out(city))
    assert queries.is_whole(sign)
    content = json.loads(sign.text)
    content["facts"][0]["value"] = 99
    sign.text = frozen.text_of(content)
    assert not queries.is_whole(sign)


def _late_case(city: Any, person: Any) -> Case:
    """Reported on the day, written down after the report was true."""
    return Case.objects.create(
        number="C-1", person=person(), disease="covid", area=city.community,
        area_path=city.community.path, classification="confirmed",
        reported_on=city.at().date(), written_at=city.at(hours=14),
    )  # fmt: skip


def test_an_excuse_needs_a_reason(city: Any) -> None:
    report = laid_out(city)
    with pytest.raises(NotSaid):
        actions.excuse(report=report, reason="", by=city.duty_city, now=city.at(hours=10))
    actions.excuse(report=report, reason="全区停电", by=city.duty_city, now=city.at(hours=10))
    assert report.passage.stage == "excused"


def test_the_first_hour_of_a_duty_may_be_mended_before_any_report(city: Any) -> None:
    duty = owes(city)
    again = owes(city, hour=20)
    assert (again.pk, again.hour) == (duty.pk, 20)
