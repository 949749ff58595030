"""The pages of the desk: what they show, who may, and what a form answers that lacks something."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.orders.conftest import BOUND, post, unit_of
from tongchou.lists.models import Task
from tongchou.orders.actions import decisions, drafts, duty, issuing
from tongchou.orders.actions.decisions import Offered, Verdict
from tongchou.orders.actions.duty import Team
from tongchou.orders.models import Decision, Meeting, Order, Roster, Shift
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "orders/",
    "orders/in-force/",
    "orders/add/",
    "decisions/",
    "decisions/add/",
    "meetings/",
    "meetings/add/",
    "on-duty/",
    "rosters/",
    "rosters/add/",
)


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def order(city, trade, now):
    made = drafts.draft(
        kind="order",
        title="到岗通知",
        unit=unit_of(trade),
        by=trade,
        now=now,
        appeal="商务局 0990-1",
        units=[unit_of(city.duty_east)],
    )
    drafts.add_measure(
        order=made,
        by=trade,
        now=now,
        kind="at_work",
        groups=["workers_supply"],
        area=city.city,
        from_at=now,
        until=now + timedelta(days=3),
        **BOUND,
    )
    return Order.objects.get(pk=made.pk)


@pytest.fixture
def out(city, order, now):
    issuing.check(order=order, version=order.version, by=city.gao, now=now)
    return issuing.issue(order=order, version=order.version, by=city.mayor, now=now)


@pytest.fixture
def decided(city, now):
    asked = decisions.put_forward(
        question="是否停课",
        unit=unit_of(city.duty_city),
        options=[Offered("停课"), Offered("不停")],
        by=city.duty_city,
        now=now,
    )
    said = Verdict("停课三天", "两校有病例", now + timedelta(days=1), "无新增", city.mayor, 1)
    return decisions.decide(decision=asked, verdict=said, by=city.duty_city, now=now)


@pytest.fixture
def shift(city, now):
    """A shift whose end has come, handed over by nobody, and the one that runs after it."""
    unit = unit_of(city.duty_east)
    pair = [post(name, "duty_officer", unit) for name in ("班甲", "班乙")]
    local = timezone.localtime(now)
    roster = duty.open_roster(
        unit=unit, hours=["00:00", "12:00"], from_on=local.date(), by=city.duty_east, now=now
    )
    duty.fill(
        roster=roster,
        first=local.date(),
        last=local.date() + timedelta(days=9),
        teams=[Team(pair[0]), Team(pair[1])],
        by=city.duty_east,
        now=now,
    )
    first, running = roster.shifts.order_by("starts_at")[:2]
    # As if it had been filled the day before: a roster is not written for hours that have passed.
    # Both are moved, so that somebody is on duty at whatever hour the tests run.
    change = now - timedelta(minutes=5)
    Shift.objects.filter(pk=first.pk).update(starts_at=now - timedelta(hours=13), ends_at=change)
    Shift.objects.filter(pk=running.pk).update(starts_at=change, ends_at=now + timedelta(hours=7))
    duty.begin_due(now=now)
    return Shift.objects.get(pk=first.pk)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_while_nothing_is_there(client, city, sign_in, page):
    sign_in(client, city.duty_city)
    assert client.get(f"/orders/{page}").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_with_something_there(client, city, sign_in, page, out, decided, shift):
    sign_in(client, city.duty_city)
    assert client.get(f"/orders/{page}").status_code == 200


def test_a_nurse_sees_what_holds_and_who_is_on_duty_but_no_decisions(client, city, sign_in, out):
    sign_in(client, city.lin)
    assert "到岗" in client.get("/orders/orders/").content.decode()
    assert client.get("/orders/on-duty/").status_code == 200
    assert client.get("/orders/decisions/").status_code == 403


def test_an_order_goes_from_draft_to_every_unit_by_the_pages_alone(
    client, city, sign_in, trade, now
):
    sign_in(client, trade)
    till = timezone.localtime(now + timedelta(days=3))
    client.post(
        "/orders/orders/add/",
        {
            "kind": "order",
            "title": "到岗通知",
            "unit": unit_of(trade).pk,
            "appeal": "0990-1",
            "units": [unit_of(city.duty_east).pk],
        },
    )
    order = Order.objects.get()
    here = f"/orders/orders/{order.pk}/"
    client.post(
        f"{here}measures/add/",
        {
            "kind": "at_work",
            "groups": ["workers_supply"],
            "area": city.city.pk,
            "risk": "high",
            "from_at": f"{timezone.localtime(now):%Y-%m-%dT%H:%M}",
            "until": f"{till:%Y-%m-%dT%H:%M}",
            "clause": "第三条",
            "cost": "加班费",
            "bearer": "city",
        },
    )
    order.refresh_from_db()
    sign_in(client, city.gao)
    client.post(f"{here}act/check/", {"version": order.version})
    sign_in(client, city.mayor)
    client.post(f"{here}act/issue/", {"version": order.version})
    sign_in(client, city.duty_east)
    receipt = order.receipts.get()
    client.post(f"{here}receipts/{receipt.pk}/acknowledge/")
    assert order.receipts.get().passage.stage == "acknowledged"


def test_a_measure_that_binds_asks_for_clause_end_cost_and_bearer(
    client, city, sign_in, trade, order
):
    sign_in(client, trade)
    answer = client.post(
        f"/orders/orders/{order.pk}/measures/add/",
        {
            "kind": "stay_home",
            "groups": ["residents"],
            "area": city.community.pk,
            "from_at": "2030-01-01T00:00",
            "until": "2030-01-02T00:00",
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"risk", "clause", "cost", "bearer"}


def test_the_page_of_a_draft_says_whom_it_would_strand(client, city, sign_in, out, traffic, now):
    draft = drafts.draft(kind="order", title="封控", unit=unit_of(traffic), by=traffic, now=now)
    drafts.add_measure(
        order=draft,
        by=traffic,
        now=now,
        kind="stay_home",
        groups=["residents"],
        area=city.community,
        from_at=now,
        until=now + timedelta(days=2),
        **BOUND,
    )
    sign_in(client, traffic)
    page = client.get(f"/orders/orders/{draft.pk}/", headers={"Accept-Language": "zh-hans"})
    text = page.content.decode()
    assert out.number in text and "渡口社区" in text


def test_the_print_of_an_order_has_its_head_number_and_measures(client, city, sign_in, out):
    sign_in(client, city.duty_east)
    text = client.get(f"/orders/orders/{out.pk}/print/").content.decode()
    for words in ("市商务局", out.number, "到岗通知", "第三条", out.digest):
        assert words in text


def test_a_flagged_order_says_so_when_it_is_issued_all_the_same(client, city, sign_in, order):
    sign_in(client, city.mayor)
    client.post(f"/orders/orders/{order.pk}/act/issue/", {"version": order.version})
    order.refresh_from_db()
    assert order.issued_at is None


def test_another_county_does_not_issue(client, city, sign_in, order):
    sign_in(client, city.duty_east)
    answer = client.post(f"/orders/orders/{order.pk}/act/issue/", {"version": order.version})
    assert answer.status_code in (403, 404)


def test_a_decision_is_put_forward_and_decided_by_the_pages(client, city, sign_in, now):
    sign_in(client, city.duty_city)
    client.post(
        "/orders/decisions/add/",
        {
            "question": "是否停课",
            "unit": unit_of(city.duty_city).pk,
            "words_1": "停课",
            "words_2": "不停",
        },
    )
    asked = Decision.objects.get()
    client.post(
        f"/orders/decisions/{asked.pk}/decide/",
        {
            "chosen": "1",
            "decided": "停课三天",
            "reason": "两校有病例",
            "trigger": "无新增",
            "decided_by": city.mayor.pk,
            "until": f"{timezone.localtime(now + timedelta(days=2)):%Y-%m-%dT%H:%M}",
        },
    )
    asked.refresh_from_db()
    assert asked.passage and asked.passage.stage == "in_force"
    assert asked.options.get(chosen=True).words == "停课"


def test_a_verdict_without_a_reason_is_asked_for_it(client, city, sign_in, now):
    asked = decisions.put_forward(
        question="?", unit=unit_of(city.duty_city), options=[], by=city.gao, now=now
    )
    sign_in(client, city.duty_city)
    answer = client.post(f"/orders/decisions/{asked.pk}/decide/", {"decided": "停"})
    assert answer.status_code == 422 and "reason" in answer.context["form"].errors


def test_only_who_answers_for_a_decision_decides_it_again(client, city, sign_in, decided):
    sign_in(client, city.qian)
    assert client.get(f"/orders/decisions/{decided.pk}/again/renew/").status_code == 403
    sign_in(client, city.duty_city)
    assert client.get(f"/orders/decisions/{decided.pk}/again/renew/").status_code == 200


def test_a_task_is_set_from_the_page_of_a_decision(client, city, sign_in, decided, now):
    sign_in(client, city.duty_city)
    client.post(
        f"/orders/decisions/{decided.pk}/task/",
        {
            "goal": "通知到校",
            "measure": "回执齐",
            "unit": unit_of(city.duty_east).pk,
            "due_at": f"{timezone.localtime(now + timedelta(hours=5)):%Y-%m-%dT%H:%M}",
        },
    )
    assert Task.objects.get().document == decided.number
    assert "通知到校" in client.get(f"/orders/decisions/{decided.pk}/").content.decode()


def test_a_meeting_is_called_minuted_and_signed_by_the_pages(client, city, sign_in, now):
    sign_in(client, city.duty_city)
    before = timezone.localtime(now - timedelta(hours=1))
    client.post(
        "/orders/meetings/add/",
        {
            "title": "会商",
            "unit": unit_of(city.duty_city).pk,
            "place": "指挥部",
            "held_at": f"{before:%Y-%m-%dT%H:%M}",
            "chair": city.mayor.pk,
            "agenda": "一\n二",
            "units": [unit_of(city.qian).pk],
        },
    )
    meeting = Meeting.objects.get()
    row = meeting.attendance.get()
    here = f"/orders/meetings/{meeting.pk}/"
    client.post(
        f"{here}minutes/",
        {
            "minutes": "同意。",
            f"there_{row.pk}": "on",
            f"user_{row.pk}": city.qian.pk,
        },
    )
    client.post(f"{here}sign/")
    client.post(f"{here}add/", {"words": "补一句"})
    text = client.get(f"{here}print/").content.decode()
    for words in ("同意。", "疾控钱</p>", "补一句", "市值班"):
        assert words in text
    assert "Absent" not in text  # nobody was


def test_who_is_on_duty_can_be_telephoned(client, city, sign_in, shift):
    sign_in(client, city.lin)
    assert 'href="tel:0990-1"' in client.get("/orders/on-duty/").content.decode()


def test_the_next_shift_signs_on_its_page(client, city, sign_in, shift):
    running = Shift.objects.order_by("starts_at")[1]
    sign_in(client, running.leader)
    text = client.get(f"/orders/shifts/{shift.pk}/").content.decode()
    assert "take-over" in text
    client.post(f"/orders/shifts/{shift.pk}/take-over/")
    shift.refresh_from_db()
    assert shift.passage.stage == "handed_over"
    assert client.get(f"/orders/shifts/{shift.pk}/").context["signed"]


def test_a_month_is_filled_from_the_page(client, city, sign_in, now):
    roster = duty.open_roster(
        unit=unit_of(city.duty_east),
        hours=["08:00"],
        from_on=timezone.localdate(now),
        by=city.duty_east,
        now=now,
    )
    sign_in(client, city.duty_east)
    day = timezone.localdate(now) + timedelta(days=1)
    client.post(
        f"/orders/rosters/{roster.pk}/fill/",
        {
            "first": day,
            "last": day + timedelta(days=6),
            "leaders": [city.duty_east.pk],
            "each": 0,
        },
    )
    assert roster.shifts.count() == 7
    assert client.get(f"/orders/rosters/{roster.pk}/").status_code == 200


def test_a_shift_that_waits_for_the_next_is_not_shown_on_duty(client, city, sign_in, shift):
    sign_in(client, city.duty_east)
    month = timezone.localtime(shift.starts_at).strftime("%Y-%m")
    here = f"/orders/rosters/{shift.roster_id}/?month={month}"
    text = client.get(here, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert text.count("到点未交班") == 1


def test_a_roster_leads_to_the_shift_on_duty_now(client, city, sign_in, shift, now):
    running = Shift.objects.get(starts_at__lte=now, ends_at__gt=now)
    sign_in(client, city.duty_east)
    month = timezone.localtime(running.starts_at).strftime("%Y-%m")
    text = client.get(f"/orders/rosters/{shift.roster_id}/?month={month}").content.decode()
    assert f'href="#shift-{running.pk}"' in text and f'<tr id="shift-{running.pk}"' in text
    later = (running.starts_at + timedelta(days=70)).strftime("%Y-%m")
    text = client.get(f"/orders/rosters/{shift.roster_id}/?month={later}").content.decode()
    assert "#shift-" not in text


def test_a_swap_is_made_on_its_page(client, city, sign_in, shift):
    later = Shift.objects.order_by("starts_at").last()
    out = later.leader
    sign_in(client, city.duty_east)
    client.post(
        f"/orders/shifts/{later.pk}/swap/",
        {
            "out": out.pk,
            "into": city.duty_east.pk,
            "reason": "出差",
        },
    )
    later.refresh_from_db()
    assert later.leader == city.duty_east


@pytest.mark.parametrize("page", ["orders", "decisions", "meetings"])
def test_lists_are_carried_off_with_a_reason(client, city, sign_in, out, decided, page):
    sign_in(client, city.duty_city)
    answer = client.post(f"/orders/{page}/export/", {"format": "csv", "reason": "上级调阅"})
    assert answer.status_code == 200
    assert "上级调阅" in AuditEvent.objects.filter(verb=f"{page[:-1]}.export").get().detail


def test_a_roster_is_carried_off_with_a_reason(client, city, sign_in, shift):
    sign_in(client, city.duty_east)
    here = f"/orders/rosters/{Roster.objects.get().pk}/export/"
    answer = client.post(here, {"format": "xlsx", "reason": "上墙"})
    assert answer.status_code == 400  # two signs are no reason
    answer = client.post(here, {"format": "xlsx", "reason": "张贴上墙"})
    assert answer.status_code == 200
    answer.close()


def test_each_thing_is_found_from_its_hand_off(client, city, sign_in, out, decided, shift):
    sign_in(client, city.duty_city)
    receipt = out.receipts.get()
    for kind, pk in (
        ("order", receipt.passage_id),
        ("decision", decided.passage_id),
        ("shift", shift.passage_id),
    ):
        assert client.get(f"/orders/{kind}-passage/{pk}/").status_code == 302


@pytest.mark.parametrize(
    "query",
    [
        "state=in_force",
        "state=draft",
        "search=到岗",
        "measure=at_work",
        "flagged=on",
        "area=990102",
        "after=broken",
    ],
)
def test_the_list_of_orders_is_narrowed(client, city, sign_in, out, query):
    sign_in(client, city.duty_city)
    wanted = 400 if "broken" in query else 200
    assert client.get(f"/orders/orders/?{query}").status_code == wanted


@pytest.mark.parametrize("state", ["open", "over", "in_force", "lapsed"])
def test_the_log_is_narrowed(client, city, sign_in, decided, state):
    sign_in(client, city.duty_city)
    page = client.get(f"/orders/decisions/?state={state}&search=停课")
    assert (decided.number in page.content.decode()) == (state == "in_force")


def test_my_turn_leads_to_the_order_and_lets_it_be_acknowledged(client, city, sign_in, out):
    sign_in(client, city.duty_east)
    passage = out.receipts.get().passage
    text = client.get("/ledger/my-turn/").content.decode()
    assert f"/orders/order-passage/{passage.pk}/" in text
    client.post(f"/ledger/passages/{passage.pk}/hand-over/", {"to": "acknowledged", "leg": 1})
    passage.refresh_from_db()
    assert passage.stage == "acknowledged"


def test_meetings_are_called_only_for_ones_own_units(client, city, sign_in, trade):
    sign_in(client, city.duty_east)
    answer = client.post(
        "/orders/meetings/add/",
        {
            "title": "x",
            "unit": unit_of(trade).pk,
            "place": "x",
            "held_at": "2030-01-01T00:00",
            "chair": city.mayor.pk,
        },
    )
    assert answer.status_code == 422 and not Meeting.objects.exists()


def test_a_measure_that_is_for_nobody_is_refused(client, city, sign_in, trade, order):
    sign_in(client, trade)
    answer = client.post(
        f"/orders/orders/{order.pk}/measures/add/",
        {"kind": "delivery", "groups": ["patients"], "spares": ["residents"]},
    )
    assert "spares" in answer.context["form"].errors


def test_the_one_box_finds_orders_and_decisions_by_number(client, city, sign_in, out, decided):
    sign_in(client, city.duty_city)
    for text in (out.number, decided.number):
        assert text in client.get("/search/", {"q": text}, follow=True).content.decode()


def test_a_street_may_call_the_shift_above_and_not_open_it(client, city, sign_in, shift):
    sign_in(client, city.duty_street)
    text = client.get("/orders/on-duty/").content.decode()
    assert "tel:0990-1" in text and "/orders/shifts/" not in text
    assert client.get(f"/orders/shifts/{shift.pk}/").status_code == 404
    assert client.get("/orders/").status_code == 200
