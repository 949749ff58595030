"""Real desks at once: threads with connections of their own, through the wired loops.

On PostgreSQL they meet each other's row locks, on SQLite the one writer's; the outcome is the same.
"""

import random
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import close_old_connections, connections

from tongchou.areas.models import Area, Place
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact
from tongchou.command import actions as command
from tongchou.command.errors import NothingToChange
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.errors import AlreadyHandedOver, HeldElsewhere, LedgerError
from tongchou.ledger.models import Handoff, Passage
from tongchou.ledger.sweeping import sweep
from tongchou.people.details import Details
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine import queries as stays
from tongchou.quarantine.errors import SiteFull
from tongchou.quarantine.models import Stay
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions import Entry, Met

pytestmark = pytest.mark.django_db(transaction=True)

MET_ON = date(2022, 6, 30)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start every act at the same moment, each with a connection of its own; what each came to."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        close_old_connections()
        try:
            connections["default"].ensure_connection()
            ready.wait(timeout=30)
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return results


def refusals(results: list[Any]) -> list[type]:
    return [type(one) for one in results if isinstance(one, Exception)]


def report(city: Any, person: Any) -> Case:
    facts = Facts(disease="covid19_omicron", reported_on=date(2022, 7, 1))
    return cases.report(
        person=person, area=city.community, facts=facts, by=city.qian, now=city.at()
    )


def located(city: Any, case: Case) -> Contact:
    """A contact whom the bus is to fetch."""
    entry = Entry(
        details=Details(area=city.community),
        area=city.community,
        tier="close",
        met=Met(case=case, way="meal", last_on=MET_ON),
    )
    contact = tracing.list_contact(entry=entry, by=city.wu, now=city.at(hours=2)).contact
    tracing.notify(contact=contact, by=city.wu, now=city.at(hours=2))
    return tracing.locate(contact=contact, by=city.chen, now=city.at(hours=3))


@pytest.fixture
def li(city: Any, person: Any) -> Case:
    return cases.verify(case=report(city, person()), by=city.qian, now=city.at(hours=1))


@pytest.fixture
def hotel(city: Any) -> Place:
    return Place.objects.create(
        kind="quarantine_site", name="江滨隔离点", area=city.east, capacity=1
    )


def whole() -> None:
    """What holds whoever won: one open leg per open passage, one pair of hands per person."""
    for passage in Passage.objects.all():
        n_open = passage.handoffs.filter(done_at=None).count()
        assert n_open == (1 if passage.closed_at is None else 0)
        if passage.closed_at is None:
            assert passage.handoffs.get(done_at=None).stage == passage.stage
    held = list(Passage.objects.filter(holds=True).values_list("person_key", flat=True))
    assert len(held) == len(set(held))


def test_of_two_desks_one_hands_over_and_the_other_is_told(city: Any, li: Case) -> None:
    stale = [Passage.objects.get(pk=li.passage_id) for _ in range(4)]
    results = at_once(
        *(
            lambda seen=seen: ledger.hand_over(
                passage=seen, to="investigated", by=city.wu, now=city.at(hours=2)
            )
            for seen in stale
        )
    )
    assert refusals(results) == [AlreadyHandedOver] * 3
    whole()


def test_of_two_hospitals_one_takes_the_patient_over(city: Any, person: Any) -> None:
    """Two cases of one person, of different diseases: two doors, one pair of hands."""
    patient = person()
    one = cases.verify(case=report(city, patient), by=city.qian, now=city.at(hours=1))
    other = cases.report(
        person=patient,
        area=city.community,
        facts=Facts(disease="influenza", reported_on=date(2022, 7, 1)),
        by=city.qian,
        now=city.at(),
    )
    cases.verify(case=other, by=city.qian, now=city.at(hours=1))
    results = at_once(
        lambda: cases.admit(case=one, by=city.lin, now=city.at(hours=2)),
        lambda: cases.admit(case=other, by=city.lin, now=city.at(hours=2)),
    )
    assert refusals(results) == [HeldElsewhere]
    assert Passage.objects.filter(holds=True).count() == 1
    whole()


def test_of_two_receptions_one_gives_away_the_last_room(city: Any, li: Case, hotel: Place) -> None:
    waiting = [
        Stay.objects.select_related("order", "passage").get(order__contacts=located(city, li))
        for _ in range(3)
    ]
    results = at_once(
        *(
            lambda stay=stay: quarantine.receive(
                stay=stay, place=hotel, by=city.hua, now=city.at(hours=5)
            )
            for stay in waiting
        )
    )
    assert refusals(results) == [SiteFull] * 2
    assert stays.n_in(hotel) == 1
    whole()


def test_received_at_one_door_and_not_found_at_another(city: Any, li: Case, hotel: Place) -> None:
    """The two chains run towards each other: from the stay to the contact, and back."""
    contact = located(city, li)
    contact.passage.refresh_from_db()
    stay = Stay.objects.select_related("order", "passage").get()
    results = at_once(
        lambda: quarantine.receive(stay=stay, place=hotel, by=city.hua, now=city.at(hours=5)),
        lambda: tracing.not_found(contact=contact, by=city.zhao, now=city.at(hours=5)),
    )
    (refusal,) = refusals(results)
    assert issubclass(refusal, LedgerError)
    ended = Stay.objects.get().passage.stage, Contact.objects.get().passage.stage
    assert ended in {("in_facility", "received"), ("cancelled", "not_found")}
    whole()


def test_ill_in_the_room_and_reported_at_the_clinic_is_one_case(
    city: Any, li: Case, hotel: Place
) -> None:
    contact = located(city, li)
    stay = Stay.objects.select_related("order", "passage").get()
    quarantine.receive(stay=stay, place=hotel, by=city.hua, now=city.at(hours=5))
    results = at_once(
        lambda: quarantine.mark_ill(stay=stay, by=city.hua, now=city.at(hours=6)),
        lambda: report(city, contact.person),
    )
    assert all(issubclass(refusal, LedgerError) for refusal in refusals(results))
    assert Case.objects.filter(person=contact.person).count() == 1
    whole()


def test_no_leg_keeps_the_deadline_of_a_tempo_that_is_over(city: Any, person: Any) -> None:
    """Hand-overs, sweeps and switches of tempo all at once; then every leg obeys its area."""
    reported = [report(city, person()) for _ in range(6)]
    dice = random.Random(7)

    def hand_on(case: Case) -> Callable[[], None]:
        def act() -> None:
            for to in ("verified", "investigated"):
                verb = cases.verify if to == "verified" else cases.investigated
                verb(case=case, by=city.qian, now=city.at(hours=1))

        return act

    def switch(tempo: str) -> Callable[[], object]:
        top = dice.choice([city.city, city.east])
        return lambda: command.activate(area=top, tempo=tempo, by=city.mayor, now=city.at(hours=1))

    results = at_once(
        *(hand_on(case) for case in reported),
        switch("war"),
        switch("peace"),
        switch("war"),
        lambda: sweep(now=city.at(hours=9)),
        lambda: sweep(now=city.at(hours=9)),
    )
    assert set(refusals(results)) <= {NothingToChange}  # a switch that came second
    book = policy.in_force(city.at(hours=2))
    tempo = dict(Area.objects.values_list("path", "tempo"))
    for leg in Handoff.objects.filter(done_at=None):
        allowed = book.deadline(leg.loop, leg.stage).allowed(tempo[leg.area_path])
        assert leg.due_at - leg.timed_from == allowed
    whole()


def test_two_who_sign_one_change_do_it_once(city: Any, li: Case, hotel: Place) -> None:
    located(city, li)
    stay = Stay.objects.select_related("order", "passage").get()
    quarantine.receive(stay=stay, place=hotel, by=city.hua, now=city.at(hours=5))
    change = quarantine.propose_release(
        order=stay.order, reason="health", clause="附件 5", by=city.hua, now=city.at(hours=6)
    )
    fresh = [type(change).objects.select_related("order__stay__passage").get() for _ in range(2)]
    results = at_once(
        lambda: quarantine.confirm_change(change=fresh[0], by=city.qian, now=city.at(hours=7)),
        lambda: quarantine.refuse_change(change=fresh[1], by=city.duty_city, now=city.at(hours=7)),
    )
    assert len(refusals(results)) == 1
    change.refresh_from_db()
    assert (change.applied_at is None) != (change.refused_at is None)
    assert (Stay.objects.get().passage.closed_at is None) == (change.applied_at is None)
    whole()
