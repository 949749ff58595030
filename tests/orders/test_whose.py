"""Whose it is: a bureau's post covers the whole city, and it acts for itself alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.orders.conftest import BOUND, post, unit_of
from tongchou.ledger.models import Handoff
from tongchou.orders.actions import decisions, drafts, duty, handing, issuing, meetings
from tongchou.orders.actions.decisions import Verdict
from tongchou.orders.errors import OrdersError
from tongchou.orders.models import Decision, Ending, Meeting, Order, Roster, Shift
from tongchou.staff.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def drafted(city, by, now):
    made = drafts.draft(
        kind="order", title="通知", unit=unit_of(by), by=by, now=now, appeal="0990-1",
        units=[unit_of(city.duty_east)],
    )  # fmt: skip
    drafts.add_measure(
        order=made, by=by, now=now, kind="no_gathering", groups=["everybody"], area=city.city,
        from_at=now, until=now + timedelta(days=3), **BOUND,
    )  # fmt: skip
    return Order.objects.get(pk=made.pk)


def checked(city, by, now):
    order = drafted(city, by, now)
    issuing.check(order=order, version=order.version, by=city.gao, now=now)
    return order


@pytest.fixture
def theirs(city, now):
    """An order of the headquarters that only waits for a signature."""
    return checked(city, city.duty_city, now)


# --- orders ---------------------------------------------------------


@pytest.mark.parametrize("what", ["check", "issue", "ask", "sign", "end"])
def test_a_bureau_does_nothing_with_an_order_of_the_headquarters(
    client, city, sign_in, traffic, now, theirs, what
):
    before = Order.objects.values_list("version", "checked_at", "issued_at").get()
    sign_in(client, traffic)
    typed = {"version": theirs.version, "reason": "不同意", "sort": "withdrawn"}
    answer = client.post(f"/orders/orders/{theirs.pk}/act/{what}/", typed)
    assert answer.status_code == 403
    assert Order.objects.values_list("version", "checked_at", "issued_at").get() == before


def test_a_bureau_does_not_withdraw_what_the_headquarters_issued(
    client, city, sign_in, traffic, now, theirs
):
    issuing.issue(order=theirs, version=theirs.version, by=city.mayor, now=now)
    sign_in(client, traffic)
    here = f"/orders/orders/{theirs.pk}/"
    assert "act/end" not in client.get(here).content.decode()
    client.post(f"{here}act/end/", {"sort": "withdrawn", "reason": "不同意"})
    with pytest.raises(OrdersError):
        issuing.end(order=theirs, sort="ended", reason="不同意", by=traffic, now=now)
    assert not Ending.objects.exists()


@pytest.mark.parametrize("page", ["edit/", "drop/", "measures/add/", "measures/1/drop/"])
def test_a_bureau_does_not_write_in_a_draft_of_another(
    client, city, sign_in, trade, traffic, now, page
):
    order = drafted(city, trade, now)
    sign_in(client, traffic)
    assert client.post(f"/orders/orders/{order.pk}/{page}").status_code == 403
    assert Order.objects.get().version == order.version


def test_a_bureau_issues_and_ends_its_own_order(client, city, sign_in, trade, now):
    order = checked(city, trade, now)
    sign_in(client, trade)
    here = f"/orders/orders/{order.pk}/act"
    client.post(f"{here}/issue/", {"version": order.version})
    client.post(f"{here}/end/", {"sort": "ended", "reason": "已完成"})
    assert Ending.objects.get().order.issued_by == trade


def test_whoever_commands_the_area_mends_a_bureaus_draft_and_it_stays_the_bureaus(
    client, city, sign_in, trade, now
):
    order = drafted(city, trade, now)
    sign_in(client, city.duty_city)
    client.post(
        f"/orders/orders/{order.pk}/edit/",
        {"kind": "order", "title": "改过", "unit": order.unit_id},
    )
    order.refresh_from_db()
    assert (order.title, order.unit) == ("改过", unit_of(trade))


# --- decisions ------------------------------------------------------


def verdict(by, now, **facts):
    return Verdict("停课", "两校有病例", now + timedelta(days=2), "无新增", by, **facts)


@pytest.fixture
def asked(city, now):
    return decisions.put_forward(
        question="是否停课", unit=unit_of(city.duty_city), options=[], by=city.gao, now=now
    )


def test_a_bureau_does_not_decide_what_the_headquarters_has_to(
    client, city, sign_in, traffic, now, asked
):
    sign_in(client, traffic)
    here = f"/orders/decisions/{asked.pk}/"
    for page in ("decide/", "edit/", "drop/"):
        assert client.post(here + page).status_code == 403
    with pytest.raises(OrdersError):
        decisions.decide(decision=asked, verdict=verdict(traffic, now), by=city.gao, now=now)
    assert Decision.objects.get().is_open


def test_the_head_of_a_bureau_is_not_offered_as_who_decided_for_another(
    client, city, sign_in, traffic, asked
):
    sign_in(client, city.duty_city)
    form = client.get(f"/orders/decisions/{asked.pk}/").context["form"]
    names = set(form.fields["decided_by"].queryset)
    assert city.mayor in names and traffic not in names


ON = ("again/renew", "again/correct", "end/revoke", "end/lapse", "task")


@pytest.mark.parametrize("page", ON)
def test_a_bureau_does_not_go_on_with_a_decision_of_the_headquarters(
    client, city, sign_in, traffic, now, asked, page
):
    decisions.decide(decision=asked, verdict=verdict(city.mayor, now), by=city.gao, now=now)
    sign_in(client, traffic)
    answer = client.post(f"/orders/decisions/{asked.pk}/{page}/", {"reason": "不同意"})
    assert answer.status_code == 403
    assert Handoff.objects.get(loop="decision").done_at is None


def test_a_decision_of_a_unit_whose_people_left_is_renewed_by_the_duty_officer(
    client, city, sign_in, trade, now
):
    made = decisions.put_forward(
        question="保供", unit=unit_of(trade), options=[], by=trade, now=now
    )
    decisions.decide(decision=made, verdict=verdict(trade, now), by=trade, now=now)
    Post.objects.filter(user=trade).update(to_at=now)
    sign_in(client, city.duty_city)
    client.post(
        f"/orders/decisions/{made.pk}/again/renew/",
        {
            "chosen": "0", "decided": "继续保供", "reason": "仍需", "trigger": "解封",
            "decided_by": city.mayor.pk,
            "until": f"{timezone.localtime(now + timedelta(days=3)):%Y-%m-%dT%H:%M}",
        },
    )  # fmt: skip
    again = Decision.objects.get(follows=made)
    assert (again.unit, again.recorded_by) == (made.unit, city.duty_city)


def test_a_receipt_of_a_unit_whose_people_left_is_acknowledged_by_the_duty_officer(
    client, city, sign_in, theirs, now
):
    issuing.issue(order=theirs, version=theirs.version, by=city.mayor, now=now)
    Post.objects.filter(user=city.duty_east).update(to_at=now)
    receipt = theirs.receipts.get()
    sign_in(client, city.duty_city)
    assert receipt in [row for row, _ in client.get("/orders/").context["receipts"]]
    client.post(f"/orders/orders/{theirs.pk}/receipts/{receipt.pk}/acknowledge/")
    receipt.refresh_from_db()
    assert receipt.passage.stage == "acknowledged"


# --- meetings and rosters -------------------------------------------


def test_a_bureau_does_not_write_sign_or_add_to_minutes_of_the_headquarters(
    client, city, sign_in, traffic, now
):
    meeting = meetings.call(
        title="会商", unit=unit_of(city.duty_city), held_at=now - timedelta(hours=1),
        place="指挥部", chair=city.mayor, by=city.gao, now=now - timedelta(hours=2),
    )  # fmt: skip
    sign_in(client, traffic)
    here = f"/orders/meetings/{meeting.pk}/"
    for page in ("edit/", "minutes/", "sign/"):
        assert client.post(here + page, {"minutes": "x"}).status_code == 403
    meetings.minute(meeting=meeting, minutes="同意。", there={}, by=city.gao, now=now)
    with pytest.raises(OrdersError):
        meetings.sign(meeting=meeting, by=traffic, now=now)
    meetings.sign(meeting=meeting, by=city.mayor, now=now)
    assert client.post(f"{here}add/", {"words": "补"}).status_code == 403
    assert Meeting.objects.get().signed_by == city.mayor


def test_a_bureau_does_not_write_the_roster_of_the_headquarters(
    client, city, sign_in, traffic, now
):
    roster = duty.open_roster(
        unit=unit_of(city.duty_city), hours=["08:00"], from_on=timezone.localdate(now),
        by=city.gao, now=now,
    )  # fmt: skip
    sign_in(client, traffic)
    for page in ("fill/", "close/"):
        assert client.post(f"/orders/rosters/{roster.pk}/{page}").status_code == 403
    assert Roster.objects.get().ended_on is None


def test_who_is_of_two_units_acts_for_each_by_the_post_there(city, trade, now):
    """A hospital's nurse who also sits in a bureau does not sign the hospital's orders."""
    nurse = post("nurse", "hospital", unit_of(city.lin))
    Post.objects.create(
        user=nurse, role="department", unit=unit_of(trade), area=city.city,
        level=city.city.level, from_at=now - timedelta(days=9),
    )  # fmt: skip
    order = drafted(city, trade, now)
    Order.objects.filter(pk=order.pk).update(unit=unit_of(city.lin))
    order.refresh_from_db()
    issuing.check(order=order, version=order.version, by=city.gao, now=now)
    with pytest.raises(OrdersError):
        issuing.issue(order=order, version=order.version, by=nurse, now=now)


def test_a_shift_of_a_unit_whose_people_left_is_taken_over_by_who_stands_in(city, now):
    """Nobody is on the roster next, and nobody of the unit is left to sign."""
    unit = unit_of(city.duty_east)
    roster = duty.open_roster(
        unit=unit, hours=["08:00"], from_on=timezone.localdate(now), by=city.duty_east, now=now
    )
    shift = Shift.objects.create(
        roster=roster, area_path=roster.area_path, leader=city.duty_east,
        starts_at=now - timedelta(days=1), ends_at=now,
    )  # fmt: skip
    duty.begin_due(now=now)
    Post.objects.filter(unit=unit).update(to_at=now)
    shift.refresh_from_db()
    handing.take_over(shift=shift, by=city.duty_city, now=now)
    shift.refresh_from_db()
    assert shift.passage.stage == "handed_over"
