"""The pages of the quarantine desk as the people at it use them."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from tongchou.quarantine import actions
from tongchou.quarantine.models import Appeal, HealthCheck, OrderChange, Stay


@pytest.fixture(autouse=True)
def morning(city):
    """Every page is opened three hours after the first morning began, unless a test travels on."""
    with time_machine.travel(city.at(hours=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def as_user(client, sign_in):
    def enter(user):
        sign_in(client, user)
        return client

    return enter


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def page(name, *args):
    return reverse(f"quarantine:{name}", args=args)


def leg(stay):
    """The number of the open leg, as the page carries it."""
    return Stay.objects.get(pk=stay.pk).passage.n_legs


def stage(stay):
    return Stay.objects.get(pk=stay.pk).passage.stage


# --- the desk ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "show",
    ["arriving", "rooms", "home", "tests", "checks", "release", "going_home", "absent", "ill"],
)
def test_every_list_of_the_desk_opens_with_and_without_people(
    city, as_user, morning, stay, received, show
):
    stay()
    for days in (0, 5, 30):
        morning.move_to(city.at(days=days, hours=3))
        client = as_user(city.hua)
        assert client.get(page("desk"), {"show": show}).status_code == 200


def test_the_desk_shows_who_is_on_the_way(city, as_user, stay):
    coming = stay()
    html = as_user(city.hua).get(page("desk")).content.decode()
    assert page("stay", coming.pk) in html


def test_the_desk_shows_nothing_of_other_areas(city, as_user, stay):
    from tongchou.staff.models import Post

    Post.objects.filter(user=city.hua).update(area=city.west, level=3)
    far = stay()
    client = as_user(city.hua)
    assert page("stay", far.pk) not in client.get(page("desk")).content.decode()
    assert client.get(page("stay", far.pk)).status_code == 404


def test_the_desk_costs_the_same_with_many_people(
    city, as_user, stay, django_assert_max_num_queries
):
    for _n in range(12):
        stay()
    client = as_user(city.hua)
    with django_assert_max_num_queries(32):
        client.get(page("desk"))


def test_a_bus_is_received_at_once(city, as_user, site, stay):
    bus = [stay(), stay()]
    form = {"place": site.pk, "stay": [f"{s.pk}:1" for s in bus]}
    form |= {f"room-{s.pk}": f"030{n}" for n, s in enumerate(bus)}
    as_user(city.hua).post(page("receive_many"), form)
    assert [(stage(s), Stay.objects.get(pk=s.pk).room) for s in bus] == [
        ("in_facility", "0300"),
        ("in_facility", "0301"),
    ]


def test_who_finds_no_room_in_the_bulk_is_told_of_by_name(city, as_user, site, stay, received):
    bus = [stay(), stay()]
    form = {"place": site.pk, "stay": [f"{s.pk}:1" for s in bus]}
    response = as_user(city.hua).post(page("receive_many"), form)
    assert sorted(stage(s) for s in bus) == ["awaiting_transfer", "in_facility"]
    assert any("江滨隔离点" in text for text in said(response))


def test_a_stale_tick_receives_nobody(city, as_user, site, stay):
    late = stay()
    form = {"place": site.pk, "stay": f"{late.pk}:7"}
    as_user(city.hua).post(page("receive_many"), form)
    assert stage(late) == "awaiting_transfer"


def test_a_round_of_tests_is_negative_but_for_those_chosen(
    city, as_user, morning, site, stay, received
):
    other = actions.receive(stay=stay(), place=site, by=city.hua, now=city.at(hours=2))
    tests = [received.order.tests.first(), other.order.tests.first()]
    morning.move_to(city.at(days=(tests[0].due_on - city.at().date()).days, hours=3))
    form = {"test": [t.pk for t in tests], f"result-{tests[1].pk}": "skip", "rest": "negative"}
    as_user(city.hua).post(page("record_tests"), form)
    for test in tests:
        test.refresh_from_db()
    assert [t.result for t in tests] == ["negative", ""]


def test_a_positive_result_makes_the_stay_ill(city, as_user, morning, received):
    test = received.order.tests.first()
    morning.move_to(city.at(days=(test.due_on - city.at().date()).days, hours=3))
    as_user(city.hua).post(page("record_test", received.pk, test.pk), {"result": "positive"})
    assert stage(received) == "ill"


def test_a_round_with_the_thermometer_leaves_empty_rows_missed(city, as_user, site, stay, received):
    other = actions.receive(stay=stay(), place=site, by=city.hua, now=city.at(hours=2))
    form = {"stay": [received.pk, other.pk], f"t-{received.pk}": "36,6"}
    as_user(city.hua).post(page("record_checks"), form)
    assert [str(c.temperature) for c in HealthCheck.objects.all()] == ["36.6"]


def test_a_temperature_that_is_none_is_told_of(city, as_user, received):
    form = {"stay": received.pk, f"t-{received.pk}": "warm"}
    response = as_user(city.hua).post(page("record_checks"), form)
    assert any("warm" in text for text in said(response))


def test_those_who_may_go_are_released_together(city, as_user, morning, received):
    for test in received.order.tests.all():
        actions.record_test(
            test=test,
            result="negative",
            by=city.hua,
            now=city.at(days=(test.due_on - city.at().date()).days),
        )
    morning.move_to(received.order.facility_ends_at + timedelta(minutes=1))
    if received.order.home_from_at != received.order.to_at:
        actions.move_home(stay=received, by=city.chen, now=received.order.facility_ends_at)
    morning.move_to(received.order.to_at + timedelta(minutes=1))
    legs = Stay.objects.get(pk=received.pk).passage.n_legs
    boss = city.hua if stage(received) == "in_facility" else city.chen
    as_user(boss).post(page("release_many"), {"stay": f"{received.pk}:{legs}"})
    assert stage(received) == "released"


# --- one stay ----------------------------------------------------------------------------------


def test_the_page_of_a_stay_names_reason_clause_and_end(city, as_user, received):
    html = as_user(city.hua).get(page("stay", received.pk)).content.decode()
    assert received.order.clause in html and str(received.order.last_on) in html


def test_the_ledger_leads_to_the_page_of_the_stay(city, as_user, received):
    response = as_user(city.hua).get(page("stay_by_passage", received.passage_id))
    assert response.url == page("stay", received.pk)


def test_a_site_receives_on_the_page(city, as_user, site, stay):
    coming = stay()
    form = {"in_facility-leg": 1, "in_facility-place": site.pk, "in_facility-room": "0305"}
    as_user(city.hua).post(page("act", coming.pk, "in_facility"), form)
    assert stage(coming) == "in_facility"


def test_a_refused_form_comes_back_as_it_was_typed(city, as_user, stay):
    response = as_user(city.hua).post(
        page("act", stay().pk, "in_facility"), {"in_facility-leg": 1, "in_facility-room": "0305"}
    )
    assert response.status_code == 422 and "0305" in response.content.decode()


def test_going_home_early_asks_for_a_reason(city, as_user, received):
    client = as_user(city.hua)
    client.post(page("act", received.pk, "at_home"), {"at_home-leg": leg(received)})
    before = stage(received)
    client.post(
        page("act", received.pk, "at_home"),
        {"at_home-leg": leg(received), "at_home-reason": "care"},
    )
    assert (before, stage(received)) == ("in_facility", "at_home")


def test_a_stay_goes_through_absence_and_illness_on_its_page(city, as_user, site, received):
    client = as_user(city.hua)
    client.post(page("act", received.pk, "absent"), {"absent-leg": leg(received)})
    as_user(city.peng).get(page("stay", received.pk))
    client.post(
        page("act", received.pk, "in_facility"),
        {"in_facility-leg": leg(received), "in_facility-place": site.pk},
    )
    as_user(city.hua).post(page("act", received.pk, "ill"), {"ill-leg": leg(received)})
    assert stage(received) == "ill"
    as_user(city.lin).post(
        page("act", received.pk, "in_facility"), {"in_facility-leg": leg(received)}
    )
    client = as_user(city.hua)
    client.post(page("act", received.pk, "in_facility"), {"in_facility-leg": leg(received)})
    assert stage(received) == "in_facility"


def test_nobody_is_released_early_by_a_crafted_request(city, as_user, received):
    response = as_user(city.hua).post(
        page("act", received.pk, "released"), {"released-leg": leg(received)}
    )
    assert stage(received) == "in_facility" and said(response)


def test_who_does_not_sign_the_leg_is_refused(city, as_user, received):
    response = as_user(city.wu).post(
        page("act", received.pk, "absent"), {"absent-leg": leg(received)}
    )
    assert response.status_code == 403


def test_a_release_out_of_turn_takes_a_second_person(city, as_user, received):
    form = {
        "release-leg": leg(received),
        "release-reason": "health",
        "release-clause": "第九版 三（二）",
    }
    as_user(city.hua).post(page("propose", received.pk, "release"), form)
    change = OrderChange.objects.get()
    confirm = page("decide_change", received.pk, change.pk)
    assert as_user(city.hua).post(confirm, {"confirm": 1}).status_code == 403
    assert stage(received) == "in_facility"
    assert page("stay", received.pk) in as_user(city.qian).get(page("changes")).content.decode()
    as_user(city.qian).post(confirm, {"confirm": 1})
    assert stage(received) == "released"


def test_another_end_is_asked_for_and_turned_down(city, as_user, received):
    before = received.order.to_at
    day = received.order.last_on - timedelta(days=2)
    form = {"change-leg": leg(received), "change-last_on": str(day), "change-reason": "family"}
    as_user(city.qian).post(
        page("propose", received.pk, "change"), form | {"change-clause": "第九版 三（二）"}
    )
    change = OrderChange.objects.get()
    as_user(city.duty_city).post(page("decide_change", received.pk, change.pk))
    change.refresh_from_db()
    assert change.refused_at and Stay.objects.get(pk=received.pk).order.to_at == before


def test_a_health_check_is_written_down_on_the_page(city, as_user, received):
    form = {"check-on": "2022-07-01", "check-temperature": "38.1", "check-symptoms": ["cough"]}
    as_user(city.hua).post(page("record_check", received.pk), form)
    assert HealthCheck.objects.get().unwell


# --- the notice and appeals --------------------------------------------------------------------


def test_the_notice_is_read_without_signing_in_and_names_nobody(client, received):
    response = client.get(page("notice", received.order.token))
    html = response.content.decode()
    assert received.order.clause in html and str(received.order.last_on) in html
    assert received.order.person_id not in html and str(received.order.person) not in html


def test_the_notice_is_kept_and_found_nowhere(client, received):
    response = client.get(page("notice", received.order.token))
    assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]


def test_the_notice_speaks_chinese_and_english(client, received):
    address = page("notice", received.order.token)
    english = client.get(address, {"lang": "en"}).content.decode()
    chinese = client.get(address, {"lang": "zh-hans"}).content.decode()
    assert 'lang="en"' in english and "Notice of quarantine" in english
    assert "Notice of quarantine" not in chinese


def test_a_wrong_token_opens_nothing(client, received):
    assert client.get(page("notice", "guess")).status_code == 404


def test_the_person_appeals_on_the_notice_and_somebody_else_answers(
    city, client, as_user, received
):
    address = page("notice", received.order.token)
    client.post(address, {"text": "我没有见过他"})
    appeal = Appeal.objects.get()
    assert appeal.made_by is None
    form = {"decide-decision": "upheld", "decide-answer": "已核实，解除"}
    as_user(city.duty_city).post(page("decide_appeal", received.pk, appeal.pk), form)
    client.logout()
    assert "已核实，解除" in client.get(address).content.decode()


def test_a_second_appeal_waits_for_the_first_answer(client, received):
    address = page("notice", received.order.token)
    client.post(address, {"text": "我没有见过他"})
    assert client.post(address, {"text": "还在等"}).status_code == 422


def test_open_appeals_are_listed(city, as_user, received):
    actions.appeal(order=received.order, text="他没来过", by=city.hua, now=city.at(hours=2))
    assert "他没来过" in as_user(city.qian).get(page("appeals")).content.decode()


def test_who_wrote_an_appeal_down_does_not_decide_it(city, as_user, received):
    actions.appeal(order=received.order, text="他没来过", by=city.duty_city, now=city.at(hours=2))
    form = {"decide-decision": "rejected", "decide-answer": "不成立"}
    as_user(city.duty_city).post(page("decide_appeal", received.pk, Appeal.objects.get().pk), form)
    assert Appeal.objects.get().decided_at is None
