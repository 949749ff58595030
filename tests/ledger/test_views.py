"""My turn: what waits for my unit, oldest deadline first, handed on in place."""

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tongchou.ledger import actions
from tongchou.ledger.models import Passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city: Any, case_report: Any, person: Any) -> Passage:
    """A case that waits for the CDC since the first morning."""
    return actions.start(
        loop=case_report,
        area=city.community,
        title="C-1",
        by=city.qian,
        now=city.at(),
        person_key=person().key,
    )


def act(client: Client, passage: Passage, to: str, leg: int = 1) -> Any:
    url = reverse("ledger:hand_over", args=[passage.pk])
    return client.post(url, {"leg": leg, "to": to}, follow=True)


@pytest.fixture
def at_nine(city: Any) -> Any:
    with time_machine.travel(city.at(hours=1), tick=False):
        yield


def test_what_waits_for_my_unit_is_my_turn(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    sign_in(client, city.qian)
    assert "C-1" in client.get(reverse("ledger:my_turn")).content.decode()


def test_what_waits_for_others_is_not(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    sign_in(client, city.wu)
    assert "C-1" not in client.get(reverse("ledger:my_turn")).content.decode()


def test_handing_on_in_place_moves_the_subject(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    sign_in(client, city.qian)
    act(client, report, "discarded")
    report.refresh_from_db()
    assert report.stage == "discarded"


def test_a_post_that_does_not_sign_this_leg_is_refused(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    sign_in(client, city.wu)
    assert act(client, report, "discarded").status_code == 403


def test_the_slower_of_two_desks_is_told(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    sign_in(client, city.qian)
    act(client, report, "discarded")
    page = act(client, report, "verified").content.decode()
    assert "has ended" in page


def test_a_page_that_shows_an_old_leg_cannot_act(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at())
    sign_in(client, city.wu)
    page = act(client, report, "discarded", leg=1).content.decode()
    assert "already been handed over" in page


def test_whoever_receives_sees_what_is_on_its_way(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    for to in ("verified", "investigated"):
        actions.hand_over(passage=report, to=to, by=city.wu, now=city.at())
    sign_in(client, city.lin)  # the ambulance has the case, the hospital signs
    assert "C-1" in client.get(reverse("ledger:to_receive")).content.decode()
    assert "C-1" not in client.get(reverse("ledger:my_turn")).content.decode()


def test_a_gap_that_climbed_waits_with_the_duty_officer(
    client: Client, city: Any, report: Passage, sign_in: Any
) -> None:
    from tongchou.ledger.sweeping import sweep

    sweep(now=city.at(hours=3))
    with time_machine.travel(city.at(hours=3), tick=False):
        sign_in(client, city.duty_street)
        assert "C-1" in client.get(reverse("ledger:my_gaps")).content.decode()


def test_nothing_of_other_areas_is_shown(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any
) -> None:
    city.qian.posts.update(area=city.west)
    sign_in(client, city.qian)
    assert client.get(reverse("ledger:passage", args=[report.pk])).status_code == 403


def test_a_passer_by_has_to_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("ledger:my_turn")).status_code == 302


@pytest.mark.parametrize("number", ["110101199003070011", "13800138000"])
def test_a_note_that_names_somebody_hands_nothing_on(
    client: Client, city: Any, report: Passage, at_nine: None, sign_in: Any, number: str
) -> None:
    sign_in(client, city.qian)
    url = reverse("ledger:hand_over", args=[report.pk])
    told = client.post(url, {"leg": 1, "to": "discarded", "note": f"call {number}"}, follow=True)

    report.refresh_from_db()
    assert report.stage == "reported"
    assert "holds a document or phone number" in told.content.decode()
    assert not report.handoffs.exclude(note="").exists()
