"""Co-presence: who was in the same cell as a case, by the playbook's rules, the size first."""

import json
from typing import Any

import pytest
from django.urls import reverse

from tests.tracing.test_crossings import confirmed
from tests.tracing.visiting import sent, source, store, visit
from tongchou.cases.models import Case, Contact
from tongchou.records.models import AuditEvent
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, asking, companions

__all__ = ["source", "store"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def case(city: Any, person: Any) -> Case:
    return confirmed(city, person())


def somewhere(city: Any, who: str, place: str, begin: float, end: float, north: float = 0) -> Any:
    """A visit to a place so many degrees north of the market."""
    return visit(city, who, place, "shop", begin, end) | {
        "longitude": 112.0,
        "latitude": 30.001 + north,
    }


def met(city: Any, case: Case, source: Any, neighbour: str) -> None:
    """The case at the market; a neighbour next door twice, a passer-by once, one far away."""
    sent(
        source,
        city,
        somewhere(city, case.person_id, "市场", 1, 3),
        somewhere(city, case.person_id, "市场", 5, 6),
        somewhere(city, neighbour, "面馆", 1.5, 2.5, 0.0001),
        somewhere(city, neighbour, "面馆", 5, 6, 0.0001),
        somewhere(city, "PASSER00001", "药店", 2.5, 2.75, 0.0002),
        somewhere(city, "BRIEF000001", "药店", 1, 1.1, 0.0002),
        somewhere(city, "FARAWAY0001", "车站", 1, 3, 0.1),
    )


def ask(city: Any, case: Case, rule: str = "once") -> Any:
    return actions.ask_companions(case=case, rule=rule, by=city.wu, now=city.at(hours=24))


def test_every_rule_of_the_playbook_is_shown_with_its_size(
    city: Any, case: Case, source: Any, person: Any
) -> None:
    met(city, case, source, person().key)
    now = city.at(hours=24)
    steps = companions.steps(case, scope_of(city.wu, now=now), now=now)
    assert {step.name: step.n_people for step in steps} == {
        "once": 2, "repeated": 1, "long": 1, "constant": 0,
    }  # fmt: skip


def test_whoever_passed_for_less_than_ten_minutes_is_no_companion(
    city: Any, case: Case, source: Any, person: Any
) -> None:
    met(city, case, source, person().key)
    now = city.at(hours=24)
    answer = companions.look(ask(city, case), scope_of(city.wu, now=now), now=now)
    assert "BRIEF000001" not in answer.keys
    assert "FARAWAY0001" not in answer.keys


def test_the_question_is_in_the_audit_with_its_size(
    city: Any, case: Case, source: Any, person: Any
) -> None:
    met(city, case, source, person().key)
    query = ask(city, case)
    told = json.loads(AuditEvent.objects.get(verb="visits.ask").detail)
    assert (query.n_people, told["n_people"], told["rule"]) == (2, 2, "once")


def test_a_post_elsewhere_may_not_ask(city: Any, case: Case, source: Any, person: Any) -> None:
    met(city, case, source, person().key)
    with pytest.raises(asking.Closed, match="Only the tracers"):
        actions.ask_companions(case=case, rule="once", by=city.chen, now=city.at(hours=24))


def test_without_positions_it_says_so_and_not_nobody(city: Any, case: Case, source: Any) -> None:
    sent(source, city, visit(city, case.person_id, "市场", "shop", 1, 3))
    now = city.at(hours=24)
    with pytest.raises(asking.Closed, match="position on the map"):
        companions.steps(case, scope_of(city.wu, now=now), now=now)


def test_the_companions_of_an_area_are_listed_as_general_contacts(
    city: Any, case: Case, source: Any, person: Any
) -> None:
    neighbour = person()
    met(city, case, source, neighbour.key)
    done = actions.list_companions(
        query=ask(city, case), area=neighbour.area_id, by=city.wu, now=city.at(hours=24)
    )
    contact = Contact.objects.get()
    assert (done.n_new, contact.person, contact.tier) == (1, neighbour, "general")


def test_the_pages_lead_from_the_case_to_the_list(
    city: Any, case: Case, source: Any, person: Any, client: Any, sign_in: Any
) -> None:
    neighbour = person()
    met(city, case, source, neighbour.key)
    sign_in(client, city.wu)
    here = reverse("tracing:companions", args=[case.pk])
    assert "Ask with this rule" in client.get(here).content.decode()
    near = client.post(here, {"rule": "once"}, follow=True)
    assert str(neighbour.area) in near.content.decode()
    query = case.visit_queries.get()
    listed = client.post(
        reverse("tracing:list_companions", args=[query.pk]), {"key": neighbour.key}, follow=True
    )
    assert "1 on the list" in listed.content.decode()
    panel = client.get(reverse("tracing:found_panel", args=[case.pk]))
    assert query.page in panel.content.decode()
