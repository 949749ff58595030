"""The audit page: found by subject, person or time, and proven whole while one looks."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tongchou.command import proving, trail
from tongchou.command.models import Proof
from tongchou.command.trail import Sought
from tongchou.records import audit, guards
from tongchou.records.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(city: Any) -> None:
    """An event each hour of a day: Wu and Qian by turns, about passages 1 to 4."""
    for hour in range(24):
        audit.record(
            verb="ledger.hand_over",
            subject=f"passage:{hour % 4 + 1}",
            by=(city.wu, city.qian)[hour % 2],
            now=city.at(hours=hour),
            detail={"to": "verified"},
        )


def found(**sought: Any) -> int:
    return trail.events(Sought(**sought)).count()


def test_events_are_found_by_their_subject_or_its_beginning(city: Any, events: None) -> None:
    assert found(subject="passage:1") == 6
    assert found(subject="passage:") == 24
    assert found(subject="case:") == 0


def test_events_are_found_by_who_did_them(city: Any, events: None) -> None:
    assert found(actor="wu") == 12


@pytest.mark.parametrize(
    ("since", "until", "n"), [(0, 23, 24), (5, 5, 1), (20, 40, 4), (-9, -5, 0), (30, 40, 0)]
)
def test_events_are_found_by_time(city: Any, events: None, since: int, until: int, n: int) -> None:
    assert found(since=city.at(hours=since), until=city.at(hours=until)) == n


def test_time_is_found_by_halving_and_not_by_reading_everything(
    city: Any, events: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        found(since=city.at(hours=5), until=city.at(hours=6))


def test_holes_in_the_keys_do_not_mislead(city: Any, events: None) -> None:
    guards.lift(connection.schema_editor(), "records_auditevent")
    AuditEvent.objects.filter(subject="passage:2").delete()
    assert found(since=city.at(hours=12)) == 9


def test_a_proof_says_that_the_audit_is_whole(city: Any, events: None) -> None:
    audit.seal(now=city.at(hours=24))
    proof = proving.begin(by=city.steward, now=city.at(hours=25))
    proof = proving.step(proof, now=city.at(hours=25))
    assert (proof.whole, proof.n_done, proof.n_unsealed) == (True, 24, 1)  # the proof's own event


def test_a_changed_event_is_found(city: Any, events: None) -> None:
    audit.seal(now=city.at(hours=24))
    guards.lift(connection.schema_editor(), "records_auditevent")
    AuditEvent.objects.filter(pk=AuditEvent.objects.first().pk).update(actor="nobody")  # type: ignore[union-attr]
    proof = proving.begin(by=city.steward, now=city.at(hours=25))
    proof = proving.step(proof, now=city.at(hours=25))
    assert not proof.whole and "was changed" in proof.faults[0]


def test_a_long_proof_goes_on_where_it_stopped(city: Any) -> None:
    for hour in range(3):
        audit.record(verb="x", subject="x", by=None, now=city.at(hours=hour))
        audit.seal(now=city.at(hours=hour))
    proof = proving.begin(by=city.steward, now=city.at(hours=4))
    steps = 0
    while proof.finished_at is None:
        proof = proving.step(proof, now=city.at(hours=4), seconds=-1)
        steps += 1
    assert (steps, proof.whole, proof.n_done) == (4, True, 3)


def test_asking_twice_goes_on_with_the_same_proof(city: Any, events: None) -> None:
    first = proving.begin(by=city.steward, now=city.at(hours=25))
    assert proving.begin(by=city.qian, now=city.at(hours=25)) == first


def test_two_watchers_count_a_step_once(city: Any) -> None:
    for hour in range(3):
        audit.record(verb="x", subject="x", by=None, now=city.at(hours=hour))
        audit.seal(now=city.at(hours=hour))
    proof = proving.begin(by=city.steward, now=city.at(hours=4))
    stale = Proof.objects.get()
    proving.step(proof, now=city.at(hours=4), seconds=-1)
    assert proving.step(stale, now=city.at(hours=4), seconds=-1).n_done == 1


@pytest.fixture
def as_steward(client: Client, city: Any, sign_in: Any) -> Any:
    with time_machine.travel(city.at(hours=25), tick=False):
        sign_in(client, city.steward)
        yield client


def test_the_page_shows_events_and_the_newest_seal(as_steward: Client, events: None) -> None:
    seal = audit.seal(now=AuditEvent.objects.latest("id").at)
    shown = as_steward.get(reverse("command:audit")).content.decode()
    assert seal and seal.digest in shown and "passage:4" in shown


def test_without_a_subject_the_page_looks_back_a_week(
    as_steward: Client, city: Any, events: None
) -> None:
    audit.record(verb="old", subject="old", by=None, now=city.at() - timedelta(days=9))
    shown = as_steward.get(reverse("command:audit")).content.decode()
    assert "Events since" in shown


def test_proving_from_the_page(as_steward: Client, events: None, city: Any) -> None:
    audit.seal(now=city.at(hours=24))
    as_steward.post(reverse("command:verify_audit"))
    shown = as_steward.get(reverse("command:verify_progress")).content.decode()
    assert "24 sealed events recomputed" in shown


def test_only_a_steward_opens_the_audit(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.mayor)
    assert client.get(reverse("command:audit")).status_code == 403
    assert client.post(reverse("command:verify_audit")).status_code == 403


def test_the_audit_page_takes_few_queries(
    as_steward: Client, events: None, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(26):
        as_steward.get(reverse("command:audit"), {"subject": "passage:1"})


def test_a_detail_that_is_no_table_is_shown_as_it_is(city: Any) -> None:
    for detail in ("not json", "[1]"):
        AuditEvent.objects.create(at=city.at(), actor="x", verb="x", subject="x", detail=detail)
    shown = [line.detail for line in trail.lines(AuditEvent.objects.order_by("id"))]
    assert shown == [(("", "not json"),), (("", "[1]"),)]


def test_events_are_found_by_what_was_done(city: Any, events: None) -> None:
    assert (found(verb="ledger."), found(verb="people.")) == (24, 0)
