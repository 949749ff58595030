"""What people type by mistake, or should not: a clear answer, and nothing of it is kept."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from tests.orders.conftest import unit_of
from tongchou.orders.actions import decisions, drafts, duty, issuing, meetings
from tongchou.orders.errors import OrdersError
from tongchou.orders.forms.decisions import QuestionForm
from tongchou.orders.forms.duty import FillForm, RosterForm
from tongchou.orders.forms.meetings import MeetingForm
from tongchou.orders.forms.orders import MeasureForm, VersionForm
from tongchou.orders.models import Decision, Ending, Meeting, Order
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db
SOMEBODY = "联系13912345678"
ODD = ("²", "9" * 5000, "-1", "", "\x00", "1e9")


def work(city):
    return ("no_gathering", ["everybody"], city.city, {})


# --- identities -----------------------------------------------------


@pytest.mark.parametrize("field", ["title", "text", "appeal", "reference"])
def test_no_order_names_somebody(city, trade, field):
    facts = {"kind": "order", "title": "t", "unit": unit_of(trade), "by": trade, "now": city.at()}
    with pytest.raises(OrdersError):
        drafts.draft(**(facts | {field: SOMEBODY}))


def test_no_change_measure_end_or_answer_of_an_order_names_somebody(city, trade, ordered, issued):
    draft, out = ordered(trade, work(city)), issued(trade, work(city))
    when = {"by": trade, "now": city.at(hours=1)}
    receipt = out.receipts.get()
    for act in (
        lambda: drafts.change(order=draft, text=SOMEBODY, **when),
        lambda: drafts.change_measure(measure=draft.measures.get(), words=SOMEBODY, **when),
        lambda: drafts.add_measure(order=draft, kind="test", words=SOMEBODY, **when),
        lambda: issuing.end(order=out, sort="ended", reason=SOMEBODY, **when),
        lambda: issuing.object_to(receipt=receipt, reason=SOMEBODY, **when),
        lambda: issuing.acknowledge(receipt=receipt, note=SOMEBODY, **when),
    ):
        with pytest.raises(OrdersError):
            act()


def test_no_decision_names_somebody(city, question, verdict):
    when = {"by": city.gao, "now": city.at()}
    for field in ("decided", "reason", "trigger"):
        with pytest.raises(OrdersError):
            decisions.decide(decision=question, verdict=verdict(**{field: SOMEBODY}), **when)
    offered = [decisions.Offered("封", SOMEBODY)]
    with pytest.raises(OrdersError):
        decisions.change(decision=question, options=offered, **when)
    done = decisions.decide(decision=question, verdict=verdict(), **when)
    with pytest.raises(OrdersError):
        decisions.revoke(decision=done, reason=SOMEBODY, **when)


def test_no_meeting_names_somebody(city):
    facts = {
        "title": "会商", "unit": unit_of(city.gao), "held_at": city.at(), "place": "x",
        "chair": city.mayor, "by": city.gao, "now": city.at(),
    }  # fmt: skip
    with pytest.raises(OrdersError):
        meetings.call(**(facts | {"agenda": [SOMEBODY]}))
    held = meetings.call(**facts)
    with pytest.raises(OrdersError):
        meetings.minute(meeting=held, minutes=SOMEBODY, there={}, by=city.gao, now=city.at())


def test_a_reason_that_names_somebody_is_refused_for_that(client, city, sign_in, trade, issued):
    out = issued(trade, work(city))
    sign_in(client, city.mayor)
    answer = client.post(f"/orders/orders/{out.pk}/act/end/", {"sort": "ended", "reason": SOMEBODY})
    (said,) = get_messages(answer.wsgi_request)
    assert "phone" in str(said) and not Ending.objects.exists()


# --- numbers, days and lengths --------------------------------------


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_number_is_no_fault_of_the_server(client, city, sign_in, trade, ordered, odd):
    order = ordered(trade, work(city))
    sign_in(client, city.mayor)
    here = f"/orders/orders/{order.pk}/act"
    assert client.post(f"{here}/sign/", {"consent": odd}).status_code == 404
    assert client.post(f"{here}/issue/", {"version": odd}).status_code == 302
    assert client.get("/orders/orders/in-force/", {"area": odd}).status_code == 200
    for page, name in (("orders", "decision"), ("decisions", "meeting")):
        assert client.get(f"/orders/{page}/add/", {name: odd}).status_code == 200
    assert Order.objects.get().issued_at is None


@pytest.mark.parametrize("odd", [odd for odd in ODD if odd])
def test_a_form_answers_an_odd_number(city, odd):
    mine = scope_of(city.gao, now=city.at())
    asked = QuestionForm({"plan_1": odd}, scope=mine, now=city.at())
    filled = FillForm({"each": odd}, able=User.objects.all())
    for form, field in (
        (asked, "plan_1"),
        (filled, "each"),
        (MeasureForm({"amount": odd}), "amount"),
        (VersionForm({"version": odd}), "version"),
    ):
        assert field in form.errors


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1022-07-01"])
def test_a_year_that_cannot_be_is_told(city, day):
    mine = scope_of(city.gao, now=city.at())
    at = f"{day}T00:00"
    for form, field in (
        (MeasureForm({"from_at": at}), "from_at"),
        (MeasureForm({"until": at}), "until"),
        (MeetingForm({"held_at": at}, scope=mine, now=city.at()), "held_at"),
        (RosterForm({"from_on": day}, scope=mine), "from_on"),
        (FillForm({"last": day}, able=User.objects.all()), "last"),
    ):
        assert field in form.errors


@pytest.mark.parametrize("month", ["0001-01", "9999-12", "²", "9" * 5000])
def test_a_month_that_cannot_be_is_told(client, city, sign_in, month):
    now = timezone.now()
    roster = duty.open_roster(
        unit=unit_of(city.gao), hours=["08:00"], from_on=timezone.localdate(now), by=city.gao,
        now=now,
    )  # fmt: skip
    sign_in(client, city.gao)
    assert client.get(f"/orders/rosters/{roster.pk}/", {"month": month}).status_code == 400


def test_a_text_too_long_is_told_and_not_cut(client, city, sign_in):
    sign_in(client, city.gao)
    long, unit = "长" * 9000, unit_of(city.gao).pk
    answer = client.post("/orders/decisions/add/", {"question": long, "unit": unit})
    assert answer.status_code == 422 and not Decision.objects.exists()
    at = timezone.localtime(timezone.now() + timedelta(days=1))
    typed = {"title": "会商", "unit": unit, "place": "x", "chair": city.mayor.pk}
    typed |= {"held_at": f"{at:%Y-%m-%dT%H:%M}", "agenda": "长" * 300}
    answer = client.post("/orders/meetings/add/", typed)
    assert "agenda" in answer.context["form"].errors and not Meeting.objects.exists()
