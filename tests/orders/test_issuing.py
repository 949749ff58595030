"""An order on its way: drafted, checked by another, signed, received; and what stops it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.orders.conftest import unit_of
from tongchou.areas.models import Area
from tongchou.ledger import sweeping
from tongchou.ledger.errors import AlreadyHandedOver
from tongchou.ledger.models import Gap, Handoff
from tongchou.orders.actions import drafts, issuing
from tongchou.orders.errors import (
    BeyondARedLine,
    NotNow,
    OrdersError,
    Stranded,
    TakesAnother,
)
from tongchou.orders.models import Flag, Measure, Order
from tongchou.orders.queries import claims, flags, orders
from tongchou.records.models import AuditEvent
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def work(city, **more):
    return ("at_work", ["workers_supply"], city.city, more)


def shut(city, **more):
    return ("stay_home", ["residents"], city.community, more)


def test_an_issued_order_waits_at_every_unit_it_goes_to(city, trade, issued):
    order = issued(trade, work(city))
    leg = Handoff.objects.get(loop="order_receipt", done_at=None)
    assert leg.unit == unit_of(city.duty_east)
    assert order.number == "O-990100-0001"


def test_whoever_drafts_an_order_does_not_check_it(city, trade, ordered):
    order = ordered(trade, work(city))
    with pytest.raises(TakesAnother):
        issuing.check(order=order, version=order.version, by=trade, now=city.at())


def test_an_order_that_was_not_checked_does_not_go_out(city, trade, ordered):
    order = ordered(trade, work(city))
    with pytest.raises(NotNow):
        issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())


@pytest.mark.parametrize("lacking", ["clause", "cost", "bearer", "risk"])
def test_no_restriction_goes_out_without_what_people_may_know(city, trade, ordered, lacking):
    order = ordered(trade, shut(city, **{lacking: ""}))
    with pytest.raises(OrdersError, match="1"):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())


def test_no_restriction_goes_out_without_somebody_to_appeal_to(city, trade, ordered):
    order = ordered(trade, shut(city))
    drafts.change(order=order, appeal="", by=trade, now=city.at())
    with pytest.raises(OrdersError):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())


def test_a_change_after_the_check_asks_for_another_check(city, trade, ordered):
    order = ordered(trade, work(city))
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    drafts.change(order=order, title="改了", by=trade, now=city.at())
    with pytest.raises(NotNow):
        issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())


def test_a_checker_who_read_an_older_version_is_told(city, trade, ordered):
    order = ordered(trade, work(city))
    with pytest.raises(NotNow):
        issuing.check(order=order, version=order.version - 1, by=city.gao, now=city.at())


# --- two orders that strand somebody --------------------------------


def test_the_second_of_two_orders_that_strand_somebody_does_not_go_out(
    city, trade, traffic, issued, ordered
):
    first = issued(trade, work(city))
    second = ordered(traffic, shut(city))
    (found,) = issuing.check(order=second, version=second.version, by=city.gao, now=city.at())
    assert (found.code, found.other_order) == ("work_from_home", first.number)
    with pytest.raises(Stranded):
        issuing.issue(order=second, version=second.version, by=city.mayor, now=city.at())


def test_a_flagged_order_goes_out_with_a_reason_and_two_names(
    city, trade, traffic, issued, ordered
):
    issued(trade, work(city))
    order = ordered(traffic, shut(city))
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    consent = issuing.ask_consent(
        order=order, reason="今晚先封，明早接送", by=city.gao, now=city.at()
    )
    with pytest.raises(TakesAnother):
        issuing.sign_consent(consent=consent, by=city.gao, now=city.at())
    issuing.sign_consent(consent=consent, by=city.mayor, now=city.at())
    issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())
    assert Flag.objects.filter(order=order, at_issue=True).get().code == "work_from_home"
    assert AuditEvent.objects.filter(verb="order.sign_consent").exists()


def test_a_consent_covers_only_what_was_on_the_table(city, trade, traffic, issued, ordered):
    issued(trade, work(city))
    order = ordered(traffic, shut(city))
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    consent = issuing.ask_consent(order=order, reason="先封后接", by=city.gao, now=city.at())
    issuing.sign_consent(consent=consent, by=city.mayor, now=city.at())
    issued(trade, ("shop_off", ["everybody"], city.community, {}))
    with pytest.raises(Stranded):
        issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())


def test_a_way_that_is_opened_mends_the_conflict(city, trade, traffic, issued, ordered):
    issued(trade, work(city))
    order = ordered(traffic, shut(city), ("closed_loop", ["workers_supply"], city.community, {}))
    assert flags.of(order, now=city.at()) == []


def test_an_order_that_was_withdrawn_strands_nobody(city, trade, traffic, issued, ordered):
    first = issued(trade, work(city))
    second = ordered(traffic, shut(city))
    issuing.end(order=first, sort="withdrawn", reason="与交通局冲突", by=city.mayor, now=city.at())
    assert flags.of(second, now=city.at()) == []


# --- red lines and added layers -------------------------------------


def test_beyond_a_red_line_no_signature_helps(city, trade, ordered):
    order = ordered(trade, ("care_off", ["residents"], city.city, {}))
    with pytest.raises(BeyondARedLine, match="九不准 6"):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())


def test_a_county_stricter_than_the_city_is_flagged(city, trade, issued, ordered):
    issued(trade, ("test", ["freight"], city.city, {"amount": 48}))
    county = ordered(
        city.duty_east, ("test", ["freight"], city.east, {"amount": 24, "risk": "medium"})
    )
    (found,) = flags.of(county, now=city.at())
    assert (found.sort, found.code) == ("stricter", "more")


# --- received -------------------------------------------------------


def test_a_unit_that_cannot_do_it_says_so_and_the_issuer_answers(city, trade, issued):
    order = issued(trade, work(city))
    receipt = order.receipts.get()
    issuing.object_to(receipt=receipt, reason="公交停运", by=city.duty_east, now=city.at(hours=1))
    leg = Handoff.objects.get(loop="order_receipt", done_at=None)
    assert (leg.stage, leg.unit) == ("objected", unit_of(trade))
    issuing.uphold(receipt=receipt, reason="已安排接送", by=trade, now=city.at(hours=2))
    issuing.acknowledge(receipt=receipt, by=city.duty_east, now=city.at(hours=3))
    assert receipt.passage.stage == "acknowledged"


def test_an_order_nobody_acknowledges_is_a_gap(city, trade, issued):
    issued(trade, work(city))
    sweeping.sweep(now=city.at(hours=5))
    assert Gap.objects.get(loop="order_receipt", closed_at=None).stage == "issued"


def test_what_is_withdrawn_need_not_be_acknowledged(city, trade, issued):
    order = issued(trade, work(city))
    issuing.end(order=order, sort="ended", reason="条件已满足", by=city.mayor, now=city.at(hours=1))
    assert order.receipts.get().passage.stage == "void"
    assert list(claims.in_force([city.city.path], now=city.at(hours=2))) == []


# --- bad days -------------------------------------------------------


def test_an_order_is_issued_once(city, trade, issued):
    order = issued(trade, work(city))
    with pytest.raises(NotNow):
        issuing.issue(order=order, version=order.version, by=city.gao, now=city.at())
    assert Handoff.objects.filter(loop="order_receipt").count() == 1


def test_an_issued_order_cannot_be_changed_by_anybody(city, trade, issued):
    order = issued(trade, work(city))
    with pytest.raises(NotNow):
        drafts.change(order=order, title="改", by=trade, now=city.at())
    for rows in (Order.objects, Measure.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"title": "改"} if rows is Order.objects else {"amount": 3}))


def test_an_area_that_was_merged_carries_its_orders_along(city, trade, traffic, issued, ordered):
    street = city.area("990102001")
    issued(trade, work(city))
    old = ordered(traffic, ("stay_home", ["residents"], street, {}))
    _merge(street, into=city.area("990103001"), city=city)
    with pytest.raises(OrdersError, match="柳林街道"):
        issuing.check(order=old, version=old.version, by=city.gao, now=city.at())


def test_what_was_issued_for_an_area_holds_where_it_was_merged_into(city, trade, issued):
    street = city.area("990102001")
    issued(trade, ("stay_home", ["residents"], street, {}))
    _merge(street, into=city.area("990103001"), city=city)
    west = claims.in_force([city.west.path], now=city.at(hours=1))
    assert [claims.claim(m).area for m in west] == [city.area("990103001").path]


def _merge(area: Area, *, into: Area, city) -> None:
    area.ended_on, area.successor = city.at(hours=1).date(), into
    area.save()


def test_a_unit_with_nobody_left_hands_its_receipt_to_the_duty_officer(city, trade, ordered):
    order = ordered(trade, work(city))
    gone = city.duty_east
    gone.posts.update(to_at=city.at() - timedelta(hours=1))
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    issuing.issue(order=order, version=order.version, by=city.mayor, now=city.at())
    leg = Handoff.objects.get(loop="order_receipt", done_at=None)
    assert leg.unit == unit_of(city.duty_city)


def test_nobody_signs_for_an_area_that_is_not_theirs(city, trade, ordered):
    order = ordered(trade, work(city))
    issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
    with pytest.raises(OrdersError):
        issuing.issue(order=order, version=order.version, by=city.duty_east, now=city.at())


# --- who sees what --------------------------------------------------


def test_a_district_sees_the_orders_that_bind_it_and_not_their_drafts(city, trade, issued, ordered):
    out = issued(trade, work(city))
    ordered(trade, work(city))
    mine = scope_of(city.duty_street, now=city.at())
    assert list(orders.visible_to(mine)) == [out]


def test_a_sister_department_sees_drafts_so_that_it_can_speak_up(city, trade, traffic, ordered):
    draft = ordered(trade, work(city))
    assert list(orders.visible_to(scope_of(traffic, now=city.at()))) == [draft]


def test_an_order_expires_by_itself(city, trade, issued):
    issued(trade, work(city))
    (row,) = orders.dressed(Order.objects.all())
    states = [orders.state(row, city.at(days=n)) for n in (-1, 1, 6)]
    assert states == ["coming", "in_force", "expired"]


def test_the_state_of_the_list_is_the_state_of_the_page(city, trade, issued, ordered):
    issued(trade, work(city))
    ordered(trade, work(city))
    rows = orders.dressed(Order.objects.all())
    for name in orders.STATES:
        for row in rows.filter(orders.at_state(name, city.at(hours=1))):
            assert orders.state(row, city.at(hours=1)) == name


def test_the_same_digest_is_read_back(city, trade, issued):
    from tongchou.orders.actions.common import digest

    order = issued(trade, work(city))
    order = Order.objects.get(pk=order.pk)
    assert order.digest == digest(issuing.text_of(order))


def test_an_old_page_does_not_acknowledge_twice(city, trade, issued):
    order = issued(trade, work(city))
    seen, again = order.receipts.get(), order.receipts.get()
    assert seen.passage and again.passage
    issuing.acknowledge(receipt=seen, by=city.duty_east, now=city.at(hours=1))
    with pytest.raises(AlreadyHandedOver):
        issuing.acknowledge(receipt=again, by=city.duty_east, now=city.at(hours=1))


def test_a_county_does_not_order_for_its_neighbour(city, ordered):
    order = ordered(city.duty_east, ("no_gathering", ["residents"], city.west, {}))
    with pytest.raises(OrdersError, match="河东区"):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())
