"""The pages of the command desk: who may open them, what they say, how few queries they take."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou.command import actions
from tongchou.command.models import Activation
from tongchou.ledger.models import Passage
from tongchou.ledger.sweeping import sweep

pytestmark = pytest.mark.django_db
Report = Callable[..., Passage]


@pytest.fixture
def as_mayor(client: Client, city: Any, sign_in: Any) -> Client:
    sign_in(client, city.mayor)
    return client


@pytest.fixture
def busy(city: Any, reported: Report) -> None:
    """Three cases, one of them late enough to be a gap; counted."""
    for area in (city.cells[0], city.cells[2], city.west):
        reported(area)
    sweep(now=city.at(hours=3))
    actions.tally(now=city.at(hours=3))


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    "name", ["room", "situation", "gaps", "held", "playbooks", "compare", "propose"]
)
def test_a_commander_opens_every_page(as_mayor: Client, busy: None, name: str) -> None:
    text(as_mayor.get(reverse(f"command:{name}")))


@pytest.mark.parametrize("code", ["990100", "990102", "990102001", "990102001001"])
@pytest.mark.parametrize("name", ["area", "board", "activate", "activations"])
def test_every_area_has_its_pages(as_mayor: Client, busy: None, name: str, code: str) -> None:
    text(as_mayor.get(reverse(f"command:{name}", args=[code])))


def test_a_passer_by_has_to_sign_in(client: Client, city: Any) -> None:
    response = client.get(reverse("command:room"))
    assert response.status_code == 302 and "login" in response["Location"]


def test_the_room_opens_with_the_area_somebody_answers_for(
    client: Client, city: Any, sign_in: Any
) -> None:
    sign_in(client, city.duty_east)
    assert "河东区" in text(client.get(reverse("command:room")))


def test_another_district_is_not_shown(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.duty_east)
    assert client.get(reverse("command:area", args=["990103"])).status_code == 403
    assert client.get(reverse("command:board", args=["990103"])).status_code == 403


def test_an_area_nobody_knows_is_not_found(as_mayor: Client) -> None:
    assert as_mayor.get(reverse("command:area", args=["123456"])).status_code == 404
