"""Where cases crossed: ranked by surprise, asked from cases, its visitors told."""

from typing import Any

import pytest
from django.urls import reverse

from tests.tracing.visiting import sent, source, store, visit
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, asking, crossings

__all__ = ["source", "store"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def three(city: Any, person: Any) -> list[Case]:
    """Three confirmed cases of one day."""
    return [confirmed(city, person()) for _ in range(3)]


def confirmed(city: Any, person: Any) -> Case:
    day = city.at(hours=20).date()
    facts = Facts(disease="covid19_omicron", reported_on=day, onset_on=day, found_by="self")
    case = cases.report(
        person=person, area=city.community, facts=facts, by=city.lin, now=city.at(hours=20)
    )
    return cases.verify(case=case, by=city.qian, now=city.at(hours=21), classification="confirmed")


def crossed(city: Any, three: list[Case], source: Any) -> None:
    """All three in the card room with two others; all three and forty others at the station."""
    rows = [visit(city, case.person_id, "棋牌室", "leisure", 2, 3) for case in three]
    rows += [visit(city, f"GUEST{i:07}", "棋牌室", "leisure", 2, 3) for i in range(2)]
    rows += [visit(city, case.person_id, "东站", "vehicle", 5, 6) for case in three]
    rows += [visit(city, f"TRAVEL{i:06}", "东站", "vehicle", 5, 6) for i in range(40)]
    sent(source, city, *rows)


def ask(city: Any, three: list[Case], direction: str = "backward") -> Any:
    return actions.ask_exposures(
        cases=three, direction=direction, by=city.wu, now=city.at(hours=24)
    )


def look(query: Any, city: Any) -> Any:
    now = city.at(hours=24)
    return crossings.look(query, scope_of(city.wu, now=now), now=now)


def test_the_card_room_comes_before_the_station(city: Any, three: list[Case], source: Any) -> None:
    crossed(city, three, source)
    first, *rest = look(ask(city, three), city)
    assert (first.place, first.n_cases, first.n_visitors) == ("棋牌室", 3, 5)
    assert "东站" in {site.place for site in rest}


def test_one_case_alone_crosses_nobody(city: Any, three: list[Case], source: Any) -> None:
    crossed(city, three, source)
    with pytest.raises(asking.Closed, match="at least two"):
        ask(city, three[:1])


def test_a_post_elsewhere_may_not_ask(city: Any, three: list[Case], source: Any) -> None:
    crossed(city, three, source)
    with pytest.raises(asking.Closed, match="Only the tracers"):
        actions.ask_exposures(
            cases=three, direction="backward", by=city.chen, now=city.at(hours=24)
        )


def test_only_places_that_were_found_give_up_their_visitors(
    city: Any, three: list[Case], source: Any
) -> None:
    crossed(city, three, source)
    query = ask(city, three)
    with pytest.raises(asking.Closed):
        actions.ask_visitors(query=query, place="别处", on=None, by=city.wu, now=city.at(hours=24))


def test_the_visitors_who_are_known_are_listed_as_general_contacts(
    city: Any, three: list[Case], source: Any, person: Any
) -> None:
    guest = person()
    crossed(city, three, source)
    sent(source, city, visit(city, guest.key, "棋牌室", "leisure", 2, 3), batch="2")
    query = actions.ask_visitors(
        query=ask(city, three), place="棋牌室", on=None, by=city.wu, now=city.at(hours=24)
    )
    keys = [one.key for one in look(query, city)]
    done = actions.list_visitors(query=query, keys=keys, by=city.wu, now=city.at(hours=24))
    contact = Contact.objects.get()
    assert (query.n_people, done.n_new) == (6, 1)
    assert (contact.person, contact.tier) == (guest, "general")


def test_the_pages_lead_from_the_cases_to_the_visitors(
    city: Any, three: list[Case], source: Any, client: Any, sign_in: Any
) -> None:
    crossed(city, three, source)
    sign_in(client, city.wu)
    query = ask(city, three)
    places = client.get(reverse("tracing:crossed", args=[query.pk]))
    assert "棋牌室" in places.content.decode()
    to = reverse("tracing:ask_visitors", args=[query.pk])
    people = client.post(to, {"place": "棋牌室", "on": ""}, follow=True)
    assert "GUES" in people.content.decode()
