"""The audit is append-only and chained: what was sealed cannot be changed unseen."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tongchou.records import audit, guards
from tongchou.records.models import AuditEvent, AuditSeal

pytestmark = pytest.mark.django_db
NOON = datetime(2022, 7, 1, 4, tzinfo=UTC)


def write(n: int) -> None:
    for i in range(n):
        audit.record(verb="case.report", subject=f"case:{i}", by=None, now=NOON, detail={"n": i})


def tamper(statement: str) -> None:
    """What somebody with the keys to the database could do."""
    editor = connection.schema_editor()
    with connection.cursor() as cursor:
        guards.lift(editor, "records_auditevent") if editor else None
        cursor.execute(statement)


def test_an_empty_audit_is_whole() -> None:
    verdict = audit.verify()
    assert verdict.whole
    assert verdict.head == audit.GENESIS


def test_sealing_covers_every_event_once() -> None:
    write(3)
    first = audit.seal(now=NOON)
    write(2)
    second = audit.seal(now=NOON)
    assert first and second
    assert (first.n_events, second.n_events) == (3, 2)
    assert second.previous == first.digest
    assert audit.verify().n_unsealed == 0


def test_sealing_twice_changes_nothing() -> None:
    write(1)
    audit.seal(now=NOON)
    assert audit.seal(now=NOON) is None


def test_events_that_came_after_the_last_seal_are_counted() -> None:
    write(2)
    audit.seal(now=NOON)
    write(3)
    assert (audit.verify().n_events, audit.verify().n_unsealed) == (5, 3)


def test_the_database_refuses_to_edit_an_event() -> None:
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(actor="somebody else")


def test_the_database_refuses_to_delete_an_event() -> None:
    write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.all().delete()


def test_an_event_changed_behind_the_guard_is_found() -> None:
    write(3)
    audit.seal(now=NOON)
    tamper("UPDATE records_auditevent SET actor = 'nobody' WHERE subject = 'case:1'")
    assert "was changed" in audit.verify().faults[0]


def test_an_event_deleted_behind_the_guard_is_found() -> None:
    write(3)
    audit.seal(now=NOON)
    tamper("DELETE FROM records_auditevent WHERE subject = 'case:1'")
    assert "3 events were sealed, 2 are here" in audit.verify().faults[0]


def test_a_seal_taken_out_of_the_chain_is_found() -> None:
    for _ in range(3):
        write(1)
        audit.seal(now=NOON)
    middle = AuditSeal.objects.order_by("id")[1].pk
    with connection.cursor() as cursor:
        guards.lift(connection.schema_editor(), "records_auditseal")
        cursor.execute("DELETE FROM records_auditseal WHERE id = %s", [middle])
    assert "does not follow" in audit.verify().faults[0]
