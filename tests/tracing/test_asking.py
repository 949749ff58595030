"""Who was with a case, by the visits: asked from the case, listed from the answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.tracing.visiting import sent, source, store, visit
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact
from tongchou.people.models import Person
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, asking, second
from tongchou.tracing.models import VisitQuery

__all__ = ["source", "store"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def li(city: Any, person: Any) -> Case:
    """A case with onset on the first day, confirmed."""
    case = cases.report(
        person=person(),
        area=city.community,
        facts=Facts(
            disease="covid19_omicron",
            reported_on=city.at().date(),
            onset_on=city.at().date(),
            found_by="self",
        ),
        by=city.lin,
        now=city.at(),
    )
    cases.verify(case=case, by=city.qian, now=city.at(hours=1), classification="confirmed")
    case.refresh_from_db()
    return case


@pytest.fixture
def sun(person: Any) -> Person:
    return person()


def ask(case: Case, city: Any, **limits: Any) -> VisitQuery:
    wanted = {"direction": "forward", "kinds": [], "min_minutes": 15} | limits
    return actions.ask_contacts(case=case, by=city.wu, now=city.at(hours=24), **wanted)


def look(query: VisitQuery, city: Any) -> asking.Answer:
    now = city.at(hours=24)
    return asking.look(query, scope_of(city.wu, now=now), now=now)


def lunch(case: Case, sun: Person, city: Any, source: Any) -> None:
    sent(
        source,
        city,
        visit(city, case.person_id, "码头酒家", "restaurant", 4, 5),
        visit(city, sun.key, "码头酒家", "restaurant", 4.5, 6),
        visit(city, "SOMEBODY0001", "码头酒家", "restaurant", 5, 6),
    )


def test_who_ate_with_a_case_is_a_close_contact_with_the_reason(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    answer = look(ask(li, city), city)
    (row,) = answer.rows(answer.numbers())
    assert (row.key, row.tier, row.minutes) == (sun.key, "close", 30)
    assert "30 min together" in row.reason


def test_who_came_when_the_case_had_left_was_not_with_them(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    assert "SOMEBODY0001" not in look(ask(li, city), city).keys


def test_every_question_is_recorded_with_its_size(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    from tongchou.records.models import AuditEvent

    lunch(li, sun, city, source)
    query = ask(li, city)
    event = AuditEvent.objects.get(verb="visits.ask")
    assert (event.actor, event.subject) == (city.wu.username, f"case:{li.pk}")
    assert '"n_people": 1' in event.detail and query.n_people == 1


def test_those_found_are_listed_with_day_and_minutes(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    query = ask(li, city)
    done = actions.list_found(query=query, keys=[sun.key], by=city.wu, now=city.at(hours=24))
    contact = Contact.objects.get(person=sun)
    met = contact.exposures.get()
    assert done.n_new == 1
    assert (contact.tier, met.case, met.minutes) == ("close", li, 30)
    assert met.last_on == city.at(hours=5).date()


def test_listing_the_same_answer_twice_lists_nobody_twice(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    query = ask(li, city)
    for _again in range(2):
        actions.list_found(query=query, keys=[sun.key], by=city.wu, now=city.at(hours=24))
    assert Contact.objects.filter(person=sun).count() == 1


def test_whom_the_register_does_not_know_is_not_listed(city: Any, li: Case, source: Any) -> None:
    sent(
        source,
        city,
        visit(city, li.person_id, "码头酒家", "restaurant", 4, 5),
        visit(city, "SOMEBODY0001", "码头酒家", "restaurant", 4, 5),
    )
    query = ask(li, city)
    done = actions.list_found(query=query, keys=["SOMEBODY0001"], by=city.wu, now=city.at(hours=24))
    assert (query.n_people, len(done.listings)) == (1, 0)


def test_the_window_is_the_playbook_s_and_no_longer(city: Any, li: Case) -> None:
    forward = asking.window(li, "forward", now=city.at(hours=24))
    backward = asking.window(li, "backward", now=city.at(hours=24))
    assert forward.until == city.at(hours=24)
    assert forward.since < city.at() < forward.until
    assert backward.until - backward.since <= timedelta(days=22)


def test_a_review_is_told_what_a_day_earlier_would_have_found(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    query = ask(li, city)
    earlier = asking.a_day_earlier(query, look(query, city), now=city.at(hours=24))
    assert earlier is not None and (earlier.n_then, earlier.n_now) == (0, 1)


def test_without_visits_the_desk_is_told_what_to_do(city: Any, li: Case, store: Any) -> None:
    with pytest.raises(asking.Closed, match="Add a source"):
        ask(li, city)


def test_a_case_without_visits_is_told_apart_from_one_who_met_nobody(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    sent(source, city, visit(city, sun.key, "码头酒家", "restaurant", 4, 5))
    with pytest.raises(asking.Closed, match="know nothing of this person"):
        ask(li, city)


def dinner(sun: Person, guest: str, city: Any, source: Any) -> None:
    """The contact's own evening, after the lunch with the case."""
    sent(
        source,
        city,
        visit(city, sun.key, "家", "home", 8, 12),
        visit(city, guest, "家", "home", 9, 12),
        batch="evening",
    )


def test_contacts_of_contacts_are_counted_before_anybody_is_asked_about(
    city: Any, li: Case, sun: Person, source: Any
) -> None:
    lunch(li, sun, city, source)
    dinner(sun, "GUEST0000001", city, source)
    now = city.at(hours=24)
    sizes = second.steps(ask(li, city), scope_of(city.wu, now=now), now=now)
    # three hours at home; an hour in the restaurant counts from the fourth limit on
    assert [step.n_people for step in sizes] == [1, 0, 1, 2, 2]
    assert VisitQuery.objects.count() == 1


def test_a_secondary_contact_is_listed_through_the_close_one(
    city: Any, li: Case, sun: Person, source: Any, person: Any
) -> None:
    guest = person()
    lunch(li, sun, city, source)
    dinner(sun, guest.key, city, source)
    query, now = ask(li, city), city.at(hours=24)
    actions.list_found(query=query, keys=[sun.key], by=city.wu, now=now)
    asked = actions.ask_second(query=query, step=0, by=city.wu, now=now)
    done = actions.list_second(query=asked, keys=[guest.key], by=city.wu, now=now)
    contact = Contact.objects.get(person=guest)
    assert (asked.n_people, done.n_new, contact.tier) == (1, 1, "secondary")
    assert contact.exposures.get().through == Contact.objects.get(person=sun)


def test_one_click_on_the_case_asks_forward_and_one_backward(
    city: Any, li: Case, sun: Person, source: Any, client: Any, sign_in: Any
) -> None:
    lunch(li, sun, city, source)
    sign_in(client, city.wu)
    panel = client.get(reverse("tracing:found_panel", args=[li.pk])).content.decode()
    for direction in ("forward", "backward"):
        assert f'name="direction" value="{direction}"' in panel
        to = reverse("tracing:ask", args=[li.pk])
        form = {"direction": direction, "min_minutes": 15}
        assert sun.key in client.post(to, form, follow=True).content.decode()
