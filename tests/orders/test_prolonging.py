"""Orders that keep people in, held against those before them and against the records."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.orders.conftest import BOUND, post, unit_of
from tongchou.areas.models import Area
from tongchou.cases.models import Case
from tongchou.orders.actions import drafts, issuing
from tongchou.orders.errors import BeyondARedLine, OrdersError
from tongchou.orders.models import Order
from tongchou.orders.queries import risk
from tongchou.staff.models import Unit

pytestmark = pytest.mark.django_db


def home(city, first, last):
    until = {"from_at": city.at(days=first), "until": city.at(days=last)}
    return ("stay_home", ["residents"], city.community, until)


def found(city, person, day, area=None, **facts):
    area = area or city.community
    return Case.objects.create(
        number=f"C{Case.objects.count()}", person=person(), disease="covid", area=area,
        written_at=city.at(), area_path=area.path, reported_on=city.at(days=day).date(),
        **({"classification": "confirmed"} | facts),
    )  # fmt: skip


def test_two_weeks_at_home_in_two_measures_are_beyond_the_red_line(city, ordered):
    order = ordered(city.duty_city, home(city, 0, 7), home(city, 7, 14))
    with pytest.raises(BeyondARedLine, match="14"):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())


def test_a_week_at_home_right_after_another_order_is_beyond_the_red_line(city, ordered, issued):
    issued(city.duty_city, home(city, 0, 7))
    order = ordered(city.duty_city, home(city, 7, 14))
    with pytest.raises(BeyondARedLine):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at(days=6))


def test_to_lift_an_order_and_order_it_again_makes_no_new_beginning(city, ordered, issued):
    first = issued(city.duty_city, home(city, 0, 7))
    issuing.end(order=first, sort="ended", reason="换文", by=city.mayor, now=city.at(days=6))
    order = ordered(city.duty_city, home(city, 6, 13))
    with pytest.raises(BeyondARedLine):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at(days=6))


def test_what_was_withdrawn_before_it_began_kept_nobody_in(city, ordered, issued):
    first = issued(city.duty_city, home(city, 2, 9))
    issuing.end(order=first, sort="withdrawn", reason="误发", by=city.mayor, now=city.at(days=1))
    order = ordered(city.duty_city, home(city, 9, 16))
    assert issuing.check(order=order, version=order.version, by=city.gao, now=city.at(days=1)) == []


def test_after_a_new_case_the_area_may_be_kept_a_week_longer(city, person, ordered, issued):
    issued(city.duty_city, home(city, 0, 7))
    found(city, person, 6)
    order = ordered(city.duty_city, home(city, 7, 13))
    assert issuing.check(order=order, version=order.version, by=city.gao, now=city.at(days=6)) == []


def test_who_was_no_case_after_all_prolongs_nothing(city, person, ordered, issued):
    issued(city.duty_city, home(city, 0, 7))
    found(city, person, 6, classification="discarded")
    order = ordered(city.duty_city, home(city, 7, 14))
    with pytest.raises(BeyondARedLine):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at(days=6))


@pytest.mark.parametrize(
    ("kind", "whom"), [("site_quarantine", "close_contacts"), ("test", "freight")]
)
def test_no_quarantine_or_test_goes_out_without_its_number(city, ordered, kind, whom):
    order = ordered(city.duty_city, (kind, [whom], city.city, {"amount": 0}))
    with pytest.raises(OrdersError, match="1"):
        issuing.check(order=order, version=order.version, by=city.gao, now=city.at())


# --- the stated risk ------------------------------------------------


def doubts(city, order):
    rows = order.measures.select_related("area__successor")
    return [one.says for one in risk.doubts(rows, now=city.at())]


def test_high_risk_without_a_case_and_at_peace_is_doubted(city, ordered):
    assert len(doubts(city, ordered(city.duty_city, home(city, 0, 7)))) == 2


def test_high_risk_where_cases_are_and_at_war_is_believed(city, person, ordered):
    found(city, person, -1)
    Area.objects.update(tempo="war")
    assert doubts(city, ordered(city.duty_city, home(city, 0, 7))) == []


def test_low_risk_where_cases_are_is_doubted(city, person, ordered):
    found(city, person, -1)
    order = ordered(city.duty_city, ("no_gathering", ["everybody"], city.city, {"risk": "low"}))
    assert len(doubts(city, order)) == 1


def test_the_page_and_the_paper_say_that_the_risk_is_the_drafters_word(
    client, city, sign_in, ordered
):
    now = timezone.now()
    until = {"from_at": now, "until": now + timedelta(days=5)}
    order = ordered(city.duty_city, ("stay_home", ["residents"], city.community, until))
    sign_in(client, city.duty_city)
    for page in ("", "print/"):
        text = client.get(f"/orders/orders/{order.pk}/{page}", headers={"accept-language": "zh"})
        assert "风险等级由起草单位自报" in text.content.decode()
    assert len(client.get(f"/orders/orders/{order.pk}/").context["doubts"]) == 2


# --- one page, however many units -----------------------------------


def test_the_page_of_an_order_asks_as_much_for_three_units_as_for_twenty(client, city, sign_in):
    sign_in(client, city.duty_city)
    assert _queries(client, city, 3) == _queries(client, city, 20)


def _queries(client, city, n):
    now = timezone.now()
    units = []
    for k in range(n):
        units.append(Unit.objects.create(name=f"单位{n}-{k}", area=city.city))
        post(f"u{n}-{k}", "department", units[-1])
    made = drafts.draft(
        kind="order", title="t", unit=unit_of(city.duty_city), by=city.duty_city, now=now,
        appeal="x", units=units,
    )  # fmt: skip
    drafts.add_measure(
        order=made, by=city.duty_city, now=now, kind="no_gathering", groups=["everybody"],
        area=city.east if n > 3 else city.west, from_at=now, until=now + timedelta(days=3), **BOUND,
    )  # fmt: skip
    order = Order.objects.get(pk=made.pk)
    issuing.check(order=order, version=order.version, by=city.gao, now=now)
    issuing.issue(order=order, version=order.version, by=city.mayor, now=now)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/orders/orders/{order.pk}/").status_code == 200
    return len(asked)
