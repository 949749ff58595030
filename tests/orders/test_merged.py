"""An area ends and another takes over: its orders, decisions, meetings and rosters go along."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.orders.conftest import BOUND, post, unit_of
from tongchou.orders.actions import decisions, drafts, duty, issuing, meetings
from tongchou.orders.actions.decisions import Verdict
from tongchou.orders.models import Ending, Order
from tongchou.staff.models import Post, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def written(city, now):
    """What the eastern district wrote, and that it has become part of the western one since."""
    unit, by = unit_of(city.duty_east), city.duty_east
    order = drafts.draft(
        kind="order", title="东区通知", unit=unit, by=by, now=now, appeal="x", units=[unit]
    )
    drafts.add_measure(
        order=order, by=by, now=now, kind="no_gathering", groups=["everybody"], area=city.east,
        from_at=now, until=now + timedelta(days=3), **BOUND,
    )  # fmt: skip
    order = Order.objects.get(pk=order.pk)
    issuing.check(order=order, version=order.version, by=city.gao, now=now)
    issuing.issue(order=order, version=order.version, by=city.mayor, now=now)
    asked = decisions.put_forward(question="东区停课", unit=unit, options=[], by=by, now=now)
    said = Verdict("停", "有病例", now + timedelta(days=1), "无新增", by)
    decided = decisions.decide(decision=asked, verdict=said, by=by, now=now)
    meeting = meetings.call(
        title="东区会商", unit=unit, held_at=now, place="x", chair=by, by=by, now=now
    )
    roster = duty.open_roster(
        unit=unit, hours=["08:00"], from_on=timezone.localdate(now), by=by, now=now
    )
    Post.objects.filter(unit=unit).update(to_at=now)
    city.east.ended_on, city.east.successor = timezone.localdate(now), city.west
    city.east.save()
    return {"orders": order, "decisions": decided, "meetings": meeting, "rosters": roster}


@pytest.fixture
def west(city, now):
    unit = Unit.objects.create(name="河西区指挥部", area=city.west)
    return post("duty_west", "duty_officer", unit)


@pytest.mark.parametrize("kind", ["orders", "decisions", "meetings", "rosters"])
def test_who_takes_over_finds_it_in_the_list_and_opens_it(
    client, city, sign_in, west, written, kind
):
    sign_in(client, west)
    there = written[kind]
    name = getattr(there, "number", str(there))
    assert name in client.get(f"/orders/{kind}/").content.decode()
    assert client.get(f"/orders/{kind}/{there.pk}/").status_code == 200


@pytest.mark.parametrize("kind", ["orders", "decisions"])
def test_a_list_narrowed_to_the_area_that_took_over_holds_it(client, city, sign_in, written, kind):
    sign_in(client, city.duty_city)
    for area, there in ((city.west, True), (city.streets[2], False)):
        text = client.get(f"/orders/{kind}/?area={area.pk}").content.decode()
        assert (written[kind].number in text) == there


def test_who_takes_over_ends_the_order_and_the_decision(client, city, sign_in, west, written):
    sign_in(client, west)
    order, decided = written["orders"], written["decisions"]
    client.post(f"/orders/orders/{order.pk}/act/end/", {"sort": "ended", "reason": "撤区"})
    client.post(f"/orders/decisions/{decided.pk}/end/revoke/", {"reason": "撤区"})
    decided.passage.refresh_from_db()
    assert Ending.objects.get().order == order and decided.passage.stage == "revoked"


def test_another_street_of_the_successor_sees_no_more_than_before(
    client, city, sign_in, now, written
):
    unit = Unit.objects.create(name="柳林街道办", area=city.area("990103001"))
    sign_in(client, post("liulin", "duty_officer", unit))
    assert client.get(f"/orders/decisions/{written['decisions'].pk}/").status_code == 404
    assert client.get(f"/orders/orders/{written['orders'].pk}/").status_code == 200  # it binds
