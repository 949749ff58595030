"""Identities end on their day (个人信息保存期限).

The day is counted from the end of the matter by the playbook's retention. The job asks the ledger
once more before it destroys: somebody still in a desk's hands is never made nameless.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.people import queries
from tongchou.people.models import Identity, Person
from tongchou.records import audit
from tongchou.staff.models import User

_BATCH = 200


@dataclass(frozen=True)
class Destroyed:
    """What one run did. `n_postponed` are people with an open or lately closed matter."""

    n_due: int
    n_destroyed: int
    n_postponed: int


@transaction.atomic
def set_destroy_on(*, person: Person, ended_on: date, by: User | None, now: datetime) -> date:
    """Date the destruction by the retention of the playbook, from the day the matter ended.

    The day only ever moves later: another matter of the same person may still need the name.
    """
    day = ended_on + timedelta(days=policy.in_force(now).retention.personal_data_days)
    stored = Person.objects.select_for_update().get(pk=person.pk)
    if day <= stored.destroy_on:
        return stored.destroy_on
    Person.objects.filter(pk=person.pk).update(destroy_on=day)
    person.destroy_on = day
    audit.record(
        verb="people.set_destroy_on",
        subject=f"person:{person.key}",
        by=by,
        now=now,
        detail={"destroy_on": day},
    )
    return day


def destroy_due(*, now: datetime, by: User | None = None) -> Destroyed:
    """Destroy every identity whose day has come; postpone those whose matter is not over.

    Runs in batches, each of which is kept or not as a whole: killed half-way, run it again.
    """
    days = policy.in_force(now).retention.personal_data_days
    n_due = n_destroyed = 0
    while batch := _batch(now, by=by, days=days):
        n_due += batch[0]
        n_destroyed += batch[1]
    done = Destroyed(n_due, n_destroyed, n_due - n_destroyed)
    if n_due:
        audit.record(
            verb="people.destroy_run",
            subject=f"people:{n_due}",
            by=by,
            now=now,
            detail={"destroyed": done.n_destroyed, "postponed": done.n_postponed},
        )
    return done


def _batch(now: datetime, *, by: User | None, days: int) -> tuple[int, int] | None:
    today = timezone.localdate(now)
    # Before the transaction: what SQLite deletes is then overwritten in the file as well.
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
    with transaction.atomic():
        due = list(
            Person.objects.select_for_update(of=("self",))
            .filter(destroy_on__lte=today, identity__isnull=False)
            .annotate(stacked=Exists(Person.objects.filter(merged_into=OuterRef("pk"))))
            .order_by("destroy_on", "key")[:_BATCH]
        )
        if not due:
            return None
        later = _later(due, today=today, days=days)
        for person in due:
            if day := later.get(person.key):
                _postpone(person, day, by=by, now=now)
            else:
                _destroy(person, by=by, now=now)
    return len(due), len(due) - len(later)


def _later(due: Collection[Person], *, today: date, days: int) -> dict[str, date]:
    """The day to look again, for whoever has a matter that is open or ended too lately."""
    keys = {
        p.key: queries.group(p.key) if p.stacked or p.merged_into_id else (p.key,)  # type: ignore[attr-defined]
        for p in due
    }
    ends: dict[str, list[datetime | None]] = defaultdict(list)
    every = [key for group in keys.values() for key in group]
    passages = Passage.objects.filter(person_key__in=every)
    for key, closed_at in passages.values_list("person_key", "closed_at"):
        ends[key].append(closed_at)
    found: dict[str, date] = {}
    for key, group in keys.items():
        closings = [closed for one in group for closed in ends[one]]
        if not closings:
            continue
        last = max(today if c is None else timezone.localdate(c) for c in closings)
        if None in closings or last + timedelta(days=days) > today:
            found[key] = max(last + timedelta(days=days), today + timedelta(days=1))
    return found


def _postpone(person: Person, day: date, *, by: User | None, now: datetime) -> None:
    Person.objects.filter(pk=person.pk).update(destroy_on=day)
    audit.record(
        verb="people.postpone_destruction",
        subject=f"person:{person.key}",
        by=by,
        now=now,
        detail={"was_due": person.destroy_on, "destroy_on": day},
    )


def _destroy(person: Person, *, by: User | None, now: datetime) -> None:
    Identity.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(destroyed_at=now)
    audit.record(
        verb="people.destroy",
        subject=f"person:{person.key}",
        by=by,
        now=now,
        detail={"was_due": person.destroy_on},
    )
