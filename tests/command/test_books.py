"""Playbooks on the desk: read, compared, put forward by one, put in force by another."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou import playbook
from tongchou.command import actions, books, tonight
from tongchou.command.errors import NotInCommand
from tongchou.ledger import signatures
from tongchou.ledger.errors import TakesTwo
from tongchou.ledger.models import Adoption, Passage
from tongchou.ledger.policy import in_force
from tongchou.planning.playbook_paths import replaced
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db
NOVEMBER = playbook.load("cn-2022-11").text
Report = Callable[..., Passage]


@pytest.fixture
def proposal(city: Any) -> Adoption:
    return actions.propose(text=NOVEMBER, reason="二十条", by=city.qian, now=city.at())


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(f"command:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_configured_playbook_is_in_force_before_the_first_adoption(city: Any) -> None:
    book = books.in_force(city.at())
    assert (book.ref, book.adoption, book.in_force) == ("cn-2022-06", None, True)


def test_a_second_person_puts_it_in_force(city: Any, proposal: Adoption) -> None:
    actions.adopt(adoption=proposal, by=city.mayor, now=city.at(hours=1))
    assert in_force(city.at(hours=1)).id == "cn-2022-11"
    assert books.in_force(city.at(hours=1)).ref == f"p{proposal.pk}"


def test_a_playbook_that_waits_for_a_signature_is_the_turn_of_another_commander(
    city: Any, client: Client, sign_in: Callable[..., None], proposal: Adoption
) -> None:
    there = reverse("command:proposal", args=[proposal.pk])

    def turn(user: Any) -> bool:
        sign_in(client, user)
        return there in client.get(reverse("ledger:my_turn")).content.decode()

    assert [turn(user) for user in (city.mayor, city.gao, city.duty_city)] == [True, True, False]
    mine = actions.propose(text=NOVEMBER, reason="…", by=city.mayor, now=city.at())
    assert mine.pk not in [int(each.page.split("/")[-2]) for each in _papers(city.mayor, city)]
    actions.adopt(adoption=proposal, by=city.gao, now=city.at(hours=1))
    assert not turn(city.mayor)


def _papers(user: Any, city: Any) -> list[Any]:
    return signatures.awaited(user, scope_of(user, now=city.at()), now=city.at())


def test_what_was_put_in_force_is_still_shown_beside_what_it_replaced(
    city: Any, client: Client, sign_in: Callable[..., None], proposal: Adoption
) -> None:
    actions.adopt(adoption=proposal, by=city.mayor, now=city.at(hours=1))
    sign_in(client, city.qian)
    found = page(client, "proposal", proposal.pk)

    assert books.replaced(proposal).playbook.id == "cn-2022-06"
    assert "What it changed of cn-2022-06" in found
    assert "contact.close.quarantine" in found


def test_nobody_adopts_their_own_proposal(city: Any) -> None:
    mine = actions.propose(text=NOVEMBER, reason="…", by=city.mayor, now=city.at())
    with pytest.raises(TakesTwo):
        actions.adopt(adoption=mine, by=city.mayor, now=city.at(hours=1))


def test_a_tracer_cannot_propose(city: Any) -> None:
    with pytest.raises(NotInCommand):
        actions.propose(text=NOVEMBER, reason="…", by=city.wu, now=city.at())


def test_a_duty_officer_cannot_put_it_in_force(city: Any, proposal: Adoption) -> None:
    with pytest.raises(NotInCommand):
        actions.adopt(adoption=proposal, by=city.duty_city, now=city.at(hours=1))
    assert in_force(city.at(hours=2)).id == "cn-2022-06"


def test_a_commander_of_a_district_does_not_rule_the_city(city: Any, proposal: Adoption) -> None:
    city.gao.posts.update(area=city.east, level=3)
    with pytest.raises(NotInCommand):
        actions.adopt(adoption=proposal, by=city.gao, now=city.at(hours=1))


def test_its_proposer_takes_a_proposal_back(city: Any, proposal: Adoption) -> None:
    actions.withdraw(adoption=proposal, by=city.qian, now=city.at(hours=1))
    assert Adoption.objects.get().withdrawn_at == city.at(hours=1)


def test_somebody_else_does_not_take_it_back(city: Any, proposal: Adoption) -> None:
    with pytest.raises(NotInCommand):
        actions.withdraw(adoption=proposal, by=city.wu, now=city.at(hours=1))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rules_are_found_by_their_words_in_both_languages(city: Any, language: str) -> None:
    book = playbook.load("cn-2022-06")
    word = "quarantine" if language == "en" else "隔离"
    found = books.sections(book, language=language, search=word)
    assert {"contact", "deadlines"} <= {section.name for section in found}
    assert not books.sections(book, language=language, search="no such words at all")


def test_differences_are_told_in_words_with_their_source() -> None:
    june, november = playbook.load("cn-2022-06"), playbook.load("cn-2022-11")
    found = {d.path: d for d in books.differences(june, november, language="en")}
    close = found["contact.close.quarantine"]
    assert "7 days" in close.before and "5 days" in close.after and close.source


def test_tonight_counts_what_would_move_in_the_area(city: Any, reported: Report) -> None:
    reported(city.east, "verified", "investigated")
    before = playbook.load("cn-2022-06")
    text = before.text.replace('peace = "6h", war = "2h"', 'peace = "1h", war = "1h"', 1)
    seen = tonight.preview(city.east, before, playbook.parse(text), now=city.at(hours=2))
    assert (seen.moves.n_moved, seen.moves.n_newly_late, seen.n_people) == (1, 1, 0)


def test_tonight_names_who_would_go_home_sooner(city: Any, contact_of: Any) -> None:
    from tongchou.quarantine import actions as quarantine

    contact = contact_of(city.community, ("notified", 1.0), ("located", 2.0))
    quarantine.order_for_contact(contact=contact, by=city.hua, now=city.at(hours=3))
    seen = tonight.preview(
        city.city,
        playbook.load("cn-2022-06"),
        playbook.load("cn-2022-11"),
        now=city.at(hours=4),
    )
    assert {group.kind for group in seen.groups} >= {"shortened"}
    assert seen.days_given_back == 2


def test_the_page_of_a_proposal_shows_what_it_would_change(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.mayor)
    shown = page(client, "proposal", proposal.pk)
    assert "What it would change tonight" in shown and 'data-opens="adopt"' in shown


def test_its_proposer_is_told_that_somebody_else_decides(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.qian)
    shown = page(client, "proposal", proposal.pk)
    assert "somebody else has to put it in force" in shown and 'data-opens="adopt"' not in shown


def test_adopting_from_the_page_says_what_moved(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.mayor)
    response = client.post(reverse("command:adopt", args=[proposal.pk]), follow=True)
    assert "In force now" in response.content.decode()


def test_nobody_signs_for_what_came_in_between(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.mayor)
    shown = client.get(reverse("command:proposal", args=[proposal.pk]))
    other = replaced(in_force(city.at()), {"deadlines.task.submitted.war": "1h"})
    text = other.text.replace(f'id = "{other.id}"', 'id = "other"', 1)
    between = actions.propose(text=text, reason="x", by=city.qian, now=city.at())
    actions.adopt(adoption=between, by=city.gao, now=city.at(hours=1))
    to = reverse("command:adopt", args=[proposal.pk])
    response = client.post(to, shown.context["seen"], follow=True)
    assert "Look at what changes now" in response.content.decode()
    assert "In force now" in client.post(to, response.context["seen"], follow=True).content.decode()


def test_a_refused_adoption_is_told_on_the_page(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.duty_city)
    response = client.post(reverse("command:adopt", args=[proposal.pk]), follow=True)
    assert "Only a commander of a whole city" in response.content.decode()


def test_a_shipped_playbook_is_put_forward_with_its_reason(
    client: Client, city: Any, sign_in: Any
) -> None:
    sign_in(client, city.qian)
    client.post(reverse("command:propose"), {"shipped": "cn-2022-11", "reason": "二十条"})
    adoption = Adoption.objects.get()
    assert (adoption.playbook, adoption.reason, adoption.proposed_by) == (
        "cn-2022-11", "二十条", city.qian,
    )  # fmt: skip


def test_a_broken_text_comes_back_with_its_lines(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.qian)
    response = client.post(
        reverse("command:propose"), {"text": 'id = "x"\ntitle = 3\n', "reason": "…"}
    )
    shown = response.content.decode()
    assert response.status_code == 422 and "things to mend" in shown and "title" in shown
    assert not Adoption.objects.exists()


def test_an_uploaded_file_is_read(client: Client, city: Any, sign_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, city.qian)
    file = SimpleUploadedFile("city.toml", NOVEMBER.encode())
    client.post(reverse("command:propose"), {"upload": file, "reason": "…"})
    assert Adoption.objects.get().playbook == "cn-2022-11"


@pytest.mark.parametrize(
    "given",
    [{}, {"shipped": "cn-2022-11", "text": NOVEMBER}],
    ids=["nothing", "two at once"],
)
def test_one_playbook_is_asked_for(
    client: Client, city: Any, sign_in: Any, given: dict[str, str]
) -> None:
    sign_in(client, city.qian)
    response = client.post(reverse("command:propose"), given | {"reason": "…"})
    assert response.status_code == 422


def test_a_file_that_is_no_text_is_refused(client: Client, city: Any, sign_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    sign_in(client, city.qian)
    file = SimpleUploadedFile("city.toml", b"\xff\xfe\x00")
    response = client.post(reverse("command:propose"), {"upload": file, "reason": "…"})
    assert response.status_code == 422 and "UTF-8" in response.content.decode()


@pytest.mark.parametrize("ref", ["cn-2021-05", "now"])
def test_a_playbook_can_be_read_and_taken_along(
    client: Client, city: Any, sign_in: Any, ref: str
) -> None:
    sign_in(client, city.wu)
    assert "Deadlines" in page(client, "playbook", ref)
    response = client.get(reverse("command:playbook_text", args=[ref]))
    assert playbook.parse(response.content.decode())


def test_a_playbook_nobody_knows_is_not_found(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    for ref in ("p99", "no-such-book", "px"):
        assert client.get(reverse("command:playbook", args=[ref])).status_code == 404


def test_two_playbooks_are_compared_in_words(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    shown = page(client, "compare", a="cn-2021-05", b="cn-2022-06")
    assert "close contacts: quarantine" in shown


def test_the_list_tells_the_state_of_every_proposal(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.wu)
    assert "waits for a second person" in page(client, "playbooks")


@pytest.mark.parametrize("name", ["playbooks", "proposal", "compare", "playbook"])
def test_playbook_pages_take_few_queries(
    client: Client,
    city: Any,
    proposal: Adoption,
    sign_in: Any,
    name: str,
    django_assert_max_num_queries: Any,
) -> None:
    sign_in(client, city.mayor)
    args = {"proposal": [proposal.pk], "playbook": ["cn-2022-06"]}.get(name, [])
    with django_assert_max_num_queries(26):
        page(client, name, *args)


def test_a_proposal_is_taken_back_from_its_page(
    client: Client, city: Any, proposal: Adoption, sign_in: Any
) -> None:
    sign_in(client, city.wu)
    refused = client.post(reverse("command:withdraw", args=[proposal.pk]), follow=True)
    assert "Only its proposer" in refused.content.decode()
    sign_in(client, city.qian)
    taken = client.post(reverse("command:withdraw", args=[proposal.pk]), follow=True)
    assert "taken back" in taken.content.decode()


def test_a_tracer_is_told_who_proposes(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    told = client.get(reverse("command:propose"), follow=True)
    assert "Only the CDC or a commander" in told.content.decode()


@pytest.mark.parametrize("digits", [18, 19, 5000])
def test_a_number_that_no_proposal_has_is_not_there(
    client: Client, city: Any, sign_in: Any, digits: int
) -> None:
    sign_in(client, city.mayor)
    response = client.get(reverse("command:playbook", args=["p" + "9" * digits]))
    assert response.status_code == 404
