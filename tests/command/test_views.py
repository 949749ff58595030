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


def test_the_preview_says_what_would_move_before_anything_does(
    as_mayor: Client, busy: None
) -> None:
    shown = text(as_mayor.get(reverse("command:activate", args=["990100"]), {"tempo": "war"}))
    assert "Late at once" in shown and "Switch 同舟市 to war" in shown
    assert not Activation.objects.exists()


def test_the_order_is_given_from_the_preview(as_mayor: Client, city: Any, busy: None) -> None:
    response = as_mayor.post(
        reverse("command:activate", args=["990102"]),
        {"tempo": "war", "reason": "码头街道续发", "grade": "3"},
        follow=True,
    )
    act = Activation.objects.get()
    assert (act.area, act.by, act.reason, act.grade) == (city.east, city.mayor, "码头街道续发", "3")
    assert "is at war tempo" in text(response)
    assert "码头街道续发" in text(as_mayor.get(reverse("command:activations", args=["990100"])))


def test_a_duty_officer_sees_the_preview_and_cannot_give_the_order(
    client: Client, city: Any, sign_in: Any
) -> None:
    sign_in(client, city.duty_city)
    page = reverse("command:activate", args=["990100"])
    assert "Only a commander" in text(client.get(page))
    assert "Only a commander" in text(client.post(page, {"tempo": "war"}, follow=True))
    assert not Activation.objects.exists()


def test_the_same_tempo_again_is_told_on_the_page(as_mayor: Client, city: Any) -> None:
    page = reverse("command:activate", args=["990100"])
    assert "already" in text(as_mayor.post(page, {"tempo": "peace"}, follow=True))


def test_a_tempo_nobody_knows_is_refused(as_mayor: Client, city: Any) -> None:
    page = reverse("command:activate", args=["990100"])
    assert as_mayor.post(page, {"tempo": "panic"}).status_code == 422


def test_one_click_leads_from_a_gap_to_its_subject(as_mayor: Client, busy: None) -> None:
    shown = text(as_mayor.get(reverse("command:gaps")))
    passage = Passage.objects.get(title="C-1")
    assert reverse("cases:by_passage", args=[passage.pk]) in shown


def test_a_filter_that_cannot_be_read_is_no_filter(as_mayor: Client, busy: None) -> None:
    shown = text(as_mayor.get(reverse("command:gaps"), {"owner": "cdc", "rung": "nonsense"}))
    assert "C-1" in shown


def test_a_filter_that_leaves_nothing_says_so(as_mayor: Client, busy: None) -> None:
    assert "No open gaps here" in text(as_mayor.get(reverse("command:gaps"), {"owner": "assist"}))


def test_htmx_is_sent_the_board_alone(as_mayor: Client, busy: None) -> None:
    shown = text(as_mayor.get(reverse("command:gaps"), headers={"HX-Request": "true"}))
    assert "<html" not in shown and "C-1" in shown


def test_what_climbed_to_my_unit_waits_on_its_own_page(
    client: Client, city: Any, busy: None, sign_in: Any
) -> None:
    sign_in(client, city.duty_street)
    shown = text(client.get(reverse("command:held")))
    assert "C-1" in shown and "C-3" not in shown


def test_an_export_needs_a_reason_and_is_recorded(as_mayor: Client, busy: None) -> None:
    from tongchou.records.models import AuditEvent

    page = reverse("command:export_gaps", args=["990102"])
    assert as_mayor.post(page, {"format": "csv", "reason": ""}).status_code == 400
    response = as_mayor.post(page, {"format": "csv", "reason": "evening meeting"})
    body = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "C-1" in body and "C-3" not in body
    event = AuditEvent.objects.get(verb="command.export_gaps")
    assert (event.actor, event.subject) == ("mayor", "area:990102")


@pytest.mark.parametrize(
    ("name", "most"), [("gaps", 22), ("held", 18), ("activate", 26), ("activations", 18)]
)
def test_pages_take_few_queries_however_much_there_is(
    as_mayor: Client, busy: None, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    args = ["990100"] if name.startswith("activat") else []
    with django_assert_max_num_queries(most):
        text(as_mayor.get(reverse(f"command:{name}", args=args)))


@pytest.mark.parametrize("name", ["room", "gaps", "held", "playbooks", "compare"])
def test_pages_speak_chinese(as_mayor: Client, busy: None, name: str) -> None:
    shown = text(as_mayor.get(reverse(f"command:{name}"), headers={"Accept-Language": "zh-CN"}))
    assert 'lang="zh-hans"' in shown
