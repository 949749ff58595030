"""The room stays fresh: only what has changed is sent, and every number says when it was true."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tongchou.command import actions, room
from tongchou.command.models import Reading
from tongchou.ledger.models import Passage
from tongchou.ledger.sweeping import sweep

pytestmark = pytest.mark.django_db
Report = Callable[..., Passage]


@pytest.fixture
def as_mayor(client: Client, city: Any, sign_in: Any) -> Any:
    cache.clear()
    with time_machine.travel(city.at(hours=3), tick=False):
        sign_in(client, city.mayor)
        yield client


def panels(city: Any, **when: float) -> list[room.Panel]:
    return room.panels(city.city, options={}, rights={}, now=city.at(**when))


def fresh(client: Client, seen: str) -> Any:
    return client.get(reverse("command:fresh", args=["990100"]), {"seen": seen})


def state(page: str) -> str:
    found = re.search(r"seen=([^\"&]+)", page)
    assert found
    return unquote(found[1])


def test_a_page_that_shows_the_truth_is_sent_nothing(as_mayor: Client, city: Any) -> None:
    actions.tally(now=city.at())
    page = as_mayor.get(reverse("command:room")).content.decode()
    assert fresh(as_mayor, state(page)).status_code == 204


def test_only_the_changed_panels_are_sent(as_mayor: Client, city: Any, reported: Report) -> None:
    actions.tally(now=city.at())
    page = as_mayor.get(reverse("command:room")).content.decode()
    reported(city.east)
    sweep(now=city.at(hours=3))
    actions.tally(now=city.at(hours=3))
    sent = fresh(as_mayor, state(page)).content.decode()
    assert 'id="fig-gaps"' in sent and 'hx-swap-oob="true"' in sent
    assert 'id="fig-readiness"' not in sent


def test_a_number_that_stayed_the_same_gets_its_newer_time(as_mayor: Client, city: Any) -> None:
    actions.tally(now=city.at())
    page = as_mayor.get(reverse("command:room")).content.decode()
    actions.tally(now=city.at(minutes=2))
    sent = fresh(as_mayor, state(page)).content.decode()
    assert 'id="asof-gaps"' in sent and 'id="fig-gaps"' not in sent


def test_a_page_from_long_ago_is_sent_everything(as_mayor: Client, city: Any) -> None:
    sent = fresh(as_mayor, "").content.decode()
    assert sent.count('class="panel ') == len(panels(city))


def test_a_state_made_up_by_hand_does_no_harm(as_mayor: Client, city: Any) -> None:
    assert fresh(as_mayor, "x.y~..-~gaps").status_code == 200


def test_what_the_worker_has_read_is_shown_with_its_time(city: Any, reported: Report) -> None:
    actions.take_readings(now=city.at())
    shown = {panel.name: panel for panel in panels(city, minutes=5)}
    assert shown["curve"].at == city.at()


def test_a_reading_nobody_has_renewed_is_read_anew(city: Any) -> None:
    actions.take_readings(now=city.at())
    shown = {panel.name: panel for panel in panels(city, hours=1)}
    assert shown["curve"].at == city.at(hours=1)
    assert Reading.objects.filter(figure="curve", at=city.at()).exists()


def test_before_the_first_count_gaps_look_missing_and_not_zero(as_mayor: Client, city: Any) -> None:
    page = as_mayor.get(reverse("command:room")).content.decode()
    gaps = page.partition('id="fig-gaps"')[2].partition("</section>")[0]
    assert "no data yet" in gaps


def test_a_stale_number_looks_stale(as_mayor: Client, city: Any) -> None:
    actions.tally(now=city.at())
    page = as_mayor.get(reverse("command:room")).content.decode()
    gaps = page.partition('id="asof-gaps"')[2].partition("</span>")[0]
    assert "is-stale" in gaps


def test_only_a_commander_is_offered_the_switch(client: Client, city: Any, sign_in: Any) -> None:
    cache.clear()
    switch = reverse("command:activate", args=["990102"])
    for user, offered in ((city.mayor, True), (city.duty_city, False)):
        sign_in(client, user)
        assert (switch in client.get(reverse("command:room")).content.decode()) is offered


def test_the_room_takes_no_more_queries_when_everything_was_read_ahead(
    as_mayor: Client, city: Any, reported: Report, django_assert_max_num_queries: Any
) -> None:
    for area in city.cells:
        reported(area)
    actions.tally(now=city.at(hours=3))
    actions.take_readings(now=city.at(hours=3))
    as_mayor.get(reverse("command:room"))
    with django_assert_max_num_queries(30):
        as_mayor.get(reverse("command:room"))


def test_polling_is_cheap(as_mayor: Client, city: Any, django_assert_max_num_queries: Any) -> None:
    actions.tally(now=city.at(hours=3))
    actions.take_readings(now=city.at(hours=3))
    page = as_mayor.get(reverse("command:room")).content.decode()
    with django_assert_max_num_queries(14):
        fresh(as_mayor, state(page))
