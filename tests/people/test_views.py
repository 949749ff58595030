"""The pages: an exact number, a pseudonym, a name shown once."""

import pytest
from django.urls import reverse

from tests.little_city import T0
from tests.people.conftest import SUN, kept, number
from tongchou.people import actions
from tongchou.people.models import Merge
from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post

LOOK_UP = "/people/"


@pytest.fixture
def page(client, sign_in):
    """Open a page as somebody: `page(city.wu, "/people/")`, or post a form to it."""

    def open_(user, url, form=None):
        sign_in(client, user)
        return client.get(url) if form is None else client.post(url, form)

    return open_


def at(person, name="person"):
    return reverse(f"people:{name}", args=[person.key])


def test_a_number_leads_to_a_pseudonym_and_no_name(city, sun, page):
    form = {"purpose": "contact_tracing", "number": "138 0000 1234"}
    answer = page(city.wu, LOOK_UP, form).content.decode()
    assert str(sun) in answer
    assert not any(SUN[part] in answer for part in ("name", "document", "address"))


def test_a_number_never_stands_in_an_address(city, sun, page):
    answer = page(city.wu, LOOK_UP + "?number=13800001234&purpose=contact_tracing")
    assert str(sun) not in answer.content.decode()


def test_a_purpose_is_asked_first(city, sun, page):
    answer = page(city.wu, LOOK_UP, {"number": "13800001234"})
    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(verb="people.look_up").exists()


def test_only_the_purposes_of_the_post_are_offered(city, page):
    answer = page(city.zhao, LOOK_UP).content.decode()
    assert 'value="transfer"' in answer and "contact_tracing" not in answer


def test_a_commander_has_nobody_to_look_up(city, page):
    assert page(city.mayor, LOOK_UP).status_code == 403


def test_a_person_page_shows_no_identity(city, sun, page):
    answer = page(city.wu, at(sun)).content.decode()
    assert str(sun) in answer and "1980" in answer
    assert not any(secret in answer for secret in SUN.values())


def test_the_key_may_be_typed_as_it_is_spoken(city, sun, page):
    assert page(city.wu, f"/people/{str(sun).lower()}/").status_code == 200


def test_a_person_of_another_area_is_not_there(city, register, page):
    west = register(name="周二二", area=city.west)
    assert page(city.chen, at(west)).status_code == 404
    assert page(city.chen, at(west, "reveal"), {"purpose": "notification"}).status_code == 404


def test_a_reveal_shows_the_name_once(city, sun, page):
    shown = page(city.chen, at(sun, "reveal"), {"purpose": "notification"})
    assert SUN["name"] in shown.content.decode()
    assert "tel:13800001234" in shown.content.decode()
    assert SUN["document"] not in shown.content.decode()
    assert SUN["name"] not in page(city.chen, at(sun)).content.decode()


@pytest.mark.parametrize("name", ["person", "reveal", "correct"])
def test_no_page_about_a_person_is_kept_by_a_browser(city, sun, page, name):
    form = {"purpose": "notification"} if name == "reveal" else None
    answer = page(city.qian, at(sun, name), form)
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_identity_is_not_shown_by_following_a_link(city, sun, page):
    assert page(city.wu, at(sun, "reveal")).status_code == 405


def test_over_the_limit_the_page_says_what_to_do(city, sun, page, settings):
    settings.PEOPLE_HOURLY_LIMIT = 0
    answer = page(city.wu, at(sun, "reveal"), {"purpose": "contact_tracing"})
    assert answer.status_code == 403
    assert "Ask a data steward" in answer.content.decode()


def test_a_destroyed_identity_says_so(city, sun, page):
    actions.destroy_due(now=T0.replace(year=2040))
    assert "The identity was destroyed on 2040-07-01" in page(city.wu, at(sun)).content.decode()


def test_a_commander_sees_the_pseudonym_and_no_button(city, sun, page):
    answer = page(city.mayor, at(sun)).content.decode()
    assert str(sun) in answer and "Show who it is" not in answer


def test_the_household_is_one_click_away(city, sun, register, page):
    child = register(name="孙小一", birth_year=2015)
    actions.share_household(people=[sun, child], area=city.community, by=city.wu, now=T0)
    assert at(child) in page(city.wu, at(sun)).content.decode()


def test_a_correction_is_typed_without_seeing_what_was_there(city, sun, page):
    blank = page(city.wu, at(sun, "correct")).content.decode()
    assert not any(secret in blank for secret in SUN.values())
    page(city.wu, at(sun, "correct"), {"phone": "139 0000 1111", "document_kind": "id_card"})
    assert kept(sun).phone == "13900001111"
    assert kept(sun).name == SUN["name"]


def test_a_wrong_number_comes_back_with_what_to_look_at(city, sun, page):
    form = {"document": number()[:17], "document_kind": "id_card"}
    answer = page(city.wu, at(sun, "correct"), form)
    assert answer.status_code == 422
    assert "this one has 17" in answer.content.decode()


def test_an_empty_correction_says_what_to_do(city, sun, page):
    answer = page(city.wu, at(sun, "correct"), {"document_kind": "id_card"})
    assert "leave the rest empty" in answer.content.decode()


@pytest.fixture
def pair(city, sun):
    twin = actions.register(by=city.qian, now=T0, area=city.community, name="孙 一一").person
    actions.update_identity(person=twin, phone=SUN["phone"], birth_year=1980, by=city.qian, now=T0)
    return sun, twin


def test_a_pair_is_merged_and_undone_on_one_page(city, pair, page):
    sun, twin = pair
    assert str(twin) in page(city.steward, "/people/duplicates/").content.decode()
    form = {"keep": sun.key, "other": twin.key, "verdict": "merge", "reasons": "phone_and_name"}
    page(city.steward, reverse("people:judge"), form)
    assert page(city.steward, at(twin)).headers["Location"] == at(sun)
    page(city.steward, reverse("people:undo", args=[Merge.objects.get().pk]), {})
    assert page(city.steward, at(twin)).status_code == 200


def test_a_pair_kept_apart_leaves_the_page(city, pair, page):
    sun, twin = pair
    form = {"keep": sun.key, "other": twin.key, "verdict": "apart"}
    page(city.qian, reverse("people:judge"), form)
    assert str(twin) not in page(city.qian, "/people/duplicates/").content.decode()


def test_a_refused_merge_says_why(client, city, pair, page, held):
    sun, twin = pair
    held(sun), held(twin)
    form = {"keep": sun.key, "other": twin.key, "verdict": "merge"}
    page(city.steward, reverse("people:judge"), form)
    assert "two pairs of hands" in client.get("/people/duplicates/").content.decode()


def test_only_the_cdc_and_the_steward_judge_duplicates(city, page):
    assert page(city.chen, "/people/duplicates/").status_code == 403


def test_the_steward_sees_who_saw_how_many(city, sun, page, client, sign_in):
    page(city.chen, at(sun, "reveal"), {"purpose": "notification"})
    answer = page(city.steward, "/people/disclosures/").content.decode()
    assert "社区陈" in answer
    assert page(city.chen, "/people/disclosures/").status_code == 403


def test_a_person_page_asks_the_database_a_handful_of_times(
    client, city, sun, sign_in, held, django_assert_max_num_queries
):
    held(sun)
    sign_in(client, city.wu)
    # six of them are the session, the user, the scope and the frame around the page
    with django_assert_max_num_queries(15):
        client.get(at(sun))


def test_a_post_that_ended_closes_the_page(city, sun, page):
    Post.objects.filter(user=city.chen).update(to_at=T0.replace(year=2022, month=7, day=2))
    assert page(city.chen, at(sun)).status_code == 404
