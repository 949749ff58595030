"""The pages of the desk: who may open them, what an empty city shows, writing a scenario."""

import pytest
from django.urls import reverse

from tests.planning.texts import SMALL, asked, made, written
from tongchou.planning.models import Scenario, State, Study


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.TONGCHOU_DATA = tmp_path


PAGES = ("desk", "scenarios", "build", "as_text")


@pytest.mark.parametrize("name", PAGES)
def test_a_city_where_nothing_was_planned_has_its_pages(client, city, sign_in, name):
    sign_in(client, city.qian)

    assert client.get(reverse(f"planning:{name}")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_posts_that_do_not_plan_are_refused(client, city, sign_in, name):
    sign_in(client, city.lin)

    assert client.get(reverse(f"planning:{name}")).status_code == 403


def test_a_duty_officer_looks_and_writes_nothing(client, city, sign_in):
    sign_in(client, city.duty_city)

    assert client.get(reverse("planning:desk")).status_code == 200
    assert client.get(reverse("planning:build")).status_code == 403


def test_a_district_does_not_see_the_studies_of_the_city(client, city, sign_in):
    study = asked(city)
    sign_in(client, city.duty_east)

    assert client.get(reverse("planning:study", args=[study.pk])).status_code == 404


def test_the_builder_is_filled_in_and_keeps_a_scenario(client, city, sign_in):
    sign_in(client, city.mayor)
    form = client.get(reverse("planning:build")).context["form"]
    given = {k: v for k, v in form.initial.items() if v is not None}
    given |= {"search": ["zones"], "severe_at_most": 50, "measured": "on"}
    response = client.post(reverse("planning:build"), given)
    scenario = Scenario.objects.get()

    assert response.url == reverse("planning:scenario", args=[scenario.pk])
    assert 'area = "990100"' in scenario.text
    assert "beds.severe <= 50 @ 95%" in scenario.text


def test_a_wrong_text_is_refused_at_its_line(client, city, sign_in):
    sign_in(client, city.mayor)
    given = {"title": "x", "text": SMALL.replace("days = 12", "days = 0")}
    response = client.post(reverse("planning:as_text"), given)

    assert response.status_code == 422
    assert "Line 4: days" in response.content.decode()


def test_asking_puts_a_study_in_the_queue(client, city, sign_in):
    scenario = written(city)
    sign_in(client, city.mayor)
    client.post(reverse("planning:ask", args=[scenario.pk]), {"kind": "simulate", "seeds": 5})
    study = Study.objects.get()
    page = client.get(reverse("planning:study", args=[study.pk])).content.decode()

    assert study.state == State.QUEUED
    assert "Waiting for the worker" in page


def test_a_search_finds_a_study_by_the_words_of_its_scenario(client, city, sign_in):
    asked(city)
    sign_in(client, city.mayor)

    assert client.get(reverse("planning:desk"), {"q": "输入"}).context["page"].rows
    assert not client.get(reverse("planning:desk"), {"q": "absent"}).context["page"].rows


def test_the_price_stands_on_the_page_by_who_pays(client, city, sign_in):
    study = made(asked(city), city)
    sign_in(client, city.mayor)
    page = client.get(reverse("planning:study", args=[study.pk])).content.decode()

    assert "city government" in page
