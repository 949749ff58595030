"""Investigations on the spot: of an area and a reason, carried to a report that the CDC accepts."""

from typing import Any

import pytest

from tests.little_city import LittleCity
from tongchou.cases import grouping
from tongchou.cases.models import Case
from tongchou.ledger import actions as ledger
from tongchou.records.models import AuditEvent
from tongchou.tracing.actions import field as actions
from tongchou.tracing.errors import NotComplete
from tongchou.tracing.loops import FIELD_INVESTIGATION
from tongchou.tracing.models import FieldInvestigation

pytestmark = pytest.mark.django_db


@pytest.fixture
def spot(city: LittleCity) -> FieldInvestigation:
    """Somebody must look at the harbour community."""
    return actions.open_field(area=city.community, reason="fever visits", by=city.wu, now=city.at())


def report(spot: FieldInvestigation, city: Any, to: str, **more: Any) -> FieldInvestigation:
    wish = {"report": "twelve households", "by": city.wu, "now": city.at(hours=3)} | more
    return actions.report_field(field=spot, to=to, **wish)


def test_an_investigation_on_the_spot_waits_for_the_tracers(city, spot):
    assert spot.passage.stage == "opened"
    assert spot.passage.handoffs.get().owner == "tracer"


def test_nobody_is_sent_out_without_a_reason(city):
    with pytest.raises(NotComplete):
        actions.open_field(area=city.community, reason=" ", by=city.wu, now=city.at())


def test_one_cause_opens_one_investigation(city):
    cause = ledger.start(
        loop=FIELD_INVESTIGATION, area=city.community, title="cause", by=city.qian, now=city.at()
    )
    made = [
        actions.open_field(
            area=city.community, reason="signal", by=city.qian, now=city.at(), caused_by=cause
        )
        for _again in range(2)
    ]

    assert made[0] == made[1]


def test_cases_found_are_named(city, spot, li: Case):
    with pytest.raises(NotComplete):
        report(spot, city, "cases_found")

    report(spot, city, "cases_found", cases=[li])
    assert list(spot.cases.all()) == [li]


def test_cases_found_join_the_cluster_that_is_looked_into(city, li: Case, case_of):
    cluster = grouping.found(
        name="market", area=city.community, found_on=li.reported_on, cases=[], by=city.qian,
        now=city.at(),
    )  # fmt: skip
    spot = actions.open_field(
        area=city.community, reason="market", cluster=cluster, by=city.wu, now=city.at()
    )

    report(spot, city, "cases_found", cases=[li])

    li.refresh_from_db()
    assert li.cluster == cluster


def test_no_event_is_accepted_by_the_cdc(city, spot):
    report(spot, city, "no_event")
    actions.accept_field(field=spot, by=city.qian, now=city.at(hours=4))

    assert spot.passage.stage == "accepted"


def test_a_report_that_is_not_enough_goes_back_with_what_is_missing(city, spot):
    report(spot, city, "no_event")
    with pytest.raises(NotComplete):
        actions.return_field(field=spot, reason="", by=city.qian, now=city.at(hours=4))

    actions.return_field(field=spot, reason="the school", by=city.qian, now=city.at(hours=4))
    assert spot.passage.stage == "opened"


def test_the_report_is_destroyed_with_its_day(city, spot):
    report(spot, city, "no_event")
    FieldInvestigation.objects.update(destroy_on="2022-07-01")

    assert actions.destroy_field_due(now=city.at(days=1)) == 1
    assert FieldInvestigation.objects.get().report == ""
    assert AuditEvent.objects.filter(verb="tracing.destroy").count() == 1


def test_the_page_takes_the_report_of_the_tracer(client, city, spot, sign_in):
    sign_in(client, city.wu)
    page = client.get(f"/tracing/on-the-spot/{spot.pk}/")
    assert b"fever visits" in page.content

    sent = client.post(
        f"/tracing/on-the-spot/{spot.pk}/act/no_event/",
        {"no_event-leg": 1, "no_event-report": "nothing found"},
    )

    assert sent.status_code == 302
    spot.passage.refresh_from_db()
    assert spot.passage.stage == "no_event"


def test_a_case_that_does_not_exist_is_refused_with_its_number(client, city, spot, sign_in):
    sign_in(client, city.wu)
    sent = client.post(
        f"/tracing/on-the-spot/{spot.pk}/act/cases_found/",
        {"cases_found-leg": 1, "cases_found-report": "one", "cases_found-numbers": "C-999999"},
    )

    assert sent.status_code == 422
    assert b"C-999999" in sent.content


def test_the_desk_lists_what_is_open_and_opens_more(client, city, spot, sign_in):
    sign_in(client, city.wu)
    sent = client.post(
        "/tracing/on-the-spot/open/", {"area": "990102002001", "reason": "a cluster in a school"}
    )

    assert sent.status_code == 302
    assert client.get("/tracing/on-the-spot/").content.count(b"data-open>F-") == 2


def test_another_district_does_not_see_it(client, city, spot, sign_in):
    from tongchou.staff.models import Post

    Post.objects.filter(user=city.wu).update(area=city.west, level=city.west.level)
    sign_in(client, city.wu)

    assert client.get(f"/tracing/on-the-spot/{spot.pk}/").status_code == 404
