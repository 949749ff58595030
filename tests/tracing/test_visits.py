"""Visits come in by the API, are sealed, and are destroyed on their date."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.tracing.visiting import sent, source, store, visit
from tongchou.people.models import Person
from tongchou.records.models import AuditEvent
from tongchou.tracing import visits
from tongchou.tracing.actions import visits as actions

__all__ = ["source", "store"]
pytestmark = pytest.mark.django_db


def post(client: Any, token: str, *rows: dict[str, Any], batch: str = "b-1") -> Any:
    return client.post(
        "/api/v1/visits",
        {"batch": batch, "visits": rows},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


def row(**more: Any) -> dict[str, Any]:
    yesterday = timezone.localtime() - timedelta(days=1)
    begin = yesterday.replace(hour=10, minute=0)  # far from midnight, which would cut it in two
    return {
        "person": "AAAA00000001",
        "place": "东门市场",
        "kind": "shop",
        "start": f"{begin:%Y-%m-%d %H:%M}",
        "end": f"{begin + timedelta(minutes=40):%Y-%m-%d %H:%M}",
    } | more


@pytest.fixture
def token(city: Any, store: Any) -> str:
    return actions.add_source(name="地铁", by=city.steward, now=city.at())[1]


def test_a_post_reconciles_and_says_how_to_mend_what_it_refuses(client: Any, token: str) -> None:
    said = post(client, token, row(), row(start="2022-13-45"), row(person="")).json()
    assert (said["read"], said["taken"], said["refused"]) == (3, 1, 2)
    assert [one["line"] for one in said["refusals"]] == [2, 3]
    assert all(one["mend"] for one in said["refusals"])


def test_the_same_batch_again_changes_nothing(client: Any, token: str) -> None:
    same = row()
    first, again = (post(client, token, same).json() for _ in range(2))
    assert (first["again"], again["again"], again["taken"]) == (False, True, 1)
    assert visits.summary().n_records == 1


def test_without_a_token_nothing_is_taken(client: Any, token: str, store: Any) -> None:
    assert post(client, "wrong", row()).status_code == 401
    assert not store.exists()


def test_a_source_that_has_ended_may_not_send(client: Any, token: str, city: Any) -> None:
    ended = actions.VisitSource.objects.get(name="地铁")
    actions.end_source(source=ended, by=city.steward, now=city.at())
    assert post(client, token, row()).status_code == 401


def test_a_phone_number_becomes_a_key_and_never_reaches_the_store(
    client: Any, token: str, store: Any
) -> None:
    assert post(client, token, row(person="", phone="13800138000")).json()["taken"] == 1
    assert Person.objects.count() == 1
    held = b"".join(file.read_bytes() for file in store.rglob("*") if file.is_file())
    assert b"13800138000" not in held
    assert Person.objects.get().key.encode() in held


def test_days_that_are_over_are_sealed(city: Any, source: Any) -> None:
    sent(source, city, visit(city, "AAAA00000001", "东门市场", "shop", 1, 2))
    assert actions.seal_days(now=city.at(days=1)) == "1 days sealed"
    assert actions.seal_days(now=city.at(days=1)) == "0 days sealed"


def test_visits_are_destroyed_when_the_playbook_s_days_are_over(city: Any, source: Any) -> None:
    sent(source, city, visit(city, "AAAA00000001", "东门市场", "shop", 1, 2))
    assert actions.destroy_due(now=city.at(days=20)) != "1 days destroyed"
    assert actions.destroy_due(now=city.at(days=23)) == "1 days destroyed"
    assert visits.summary().n_records == 0
    assert '"people": 1' in AuditEvent.objects.get(verb="visits.destroy").detail
