"""Visits come in, are sealed day by day, and are destroyed on their date."""

import hashlib
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.people.errors import PeopleError
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.tracing import visits
from tongchou.tracing.errors import TracingError
from tongchou.tracing.models import VisitSource

if TYPE_CHECKING:
    from tongchou.epi.trace.reading import Read
    from tongchou.epi.trace.writing import Receipt, Writer

#: How long a sender waits for another that is being written.
PATIENCE = 30.0
#: The most visits of one post: a sealed tube of them, so to speak, not a database.
MOST = 10_000


class UnknownSource(TracingError):
    """No source, or one that has ended."""


class TooMany(TracingError):
    """More visits in one post than are taken at once."""


class StoreBusy(TracingError):
    """Another process is writing; sent again, nothing is stored twice."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def add_source(*, name: str, by: User, now: datetime) -> tuple[VisitSource, str]:
    """A new source, and the token it signs in with: shown once, kept nowhere."""
    name = name.strip()
    if not name or VisitSource.objects.filter(name=name).exists():
        raise TracingError(_("Give the source a name that no other source has."))
    token = secrets.token_urlsafe(32)
    source = VisitSource.objects.create(
        name=name, token_digest=digest(token), made_by=by, made_at=now
    )
    audit.record(verb="visits.source", subject=f"source:{source.pk}", by=by, now=now)
    return source, token


@transaction.atomic
def end_source(*, source: VisitSource, by: User, now: datetime) -> VisitSource:
    """Take no more visits from this source; what it sent stays until its date."""
    if VisitSource.objects.filter(pk=source.pk, ended_at=None).update(ended_at=now) != 1:
        raise TracingError(_("This source has ended already."))
    audit.record(verb="visits.end_source", subject=f"source:{source.pk}", by=by, now=now)
    source.refresh_from_db()
    return source


def source_of(token: str) -> VisitSource:
    """The source that signs in with this token.

    Raises
    ------
    UnknownSource
        Where there is none.
    """
    found = VisitSource.objects.filter(token_digest=digest(token), ended_at=None).first()
    if found is None:
        raise UnknownSource(_("No source signs in with this token. Ask the data steward for one."))
    return found


def post(
    *, source: VisitSource, batch: str, records: Iterable[Mapping[str, object]], now: datetime
) -> "Receipt":
    """Take a post of visits. A `phone` is turned into the key of its person on the way in.

    Raises
    ------
    TooMany
        Where the post holds more than `MOST` visits.
    """
    from tongchou.epi.trace.reading import read_records

    rows = [dict(record) for record in records]
    if len(rows) > MOST:
        raise TooMany(_("At most %(n)d visits in one post; send several.") % {"n": MOST})
    return take(source=source, batch=batch, read=read_records(_keyed(rows, now=now)), now=now)


def take(*, source: VisitSource, batch: str, read: "Read", now: datetime) -> "Receipt":
    """Store a batch durably; the same batch of a source again changes nothing."""
    with _writing(f"visits of {source.name}") as store:
        done = store.ingest(f"{source.pk}:{batch}", read, now=visits.minute(now), new_places=True)
    if not done.again:
        _note(source, done, now=now)
    return done


@transaction.atomic
def _note(source: VisitSource, done: "Receipt", *, now: datetime) -> None:
    VisitSource.objects.filter(pk=source.pk).update(
        last_at=now,
        n_visits=F("n_visits") + done.n_taken,
        n_refused=F("n_refused") + done.n_refused,
    )
    audit.record(
        verb="visits.take",
        subject=f"source:{source.pk}",
        by=None,
        now=now,
        detail={"read": done.n_read, "taken": done.n_taken, "refused": done.n_refused},
    )


def _keyed(rows: list[dict[str, object]], *, now: datetime) -> list[dict[str, object]]:
    """The rows with keys for persons: a phone number never reaches the store."""
    phones = sorted({str(row["phone"]) for row in rows if row.get("phone")})
    numbers = [phone for phone in phones if _is_number(phone, now)]
    keys: dict[str, str] = {}
    for first in range(0, len(numbers), 1000):
        part = numbers[first : first + 1000]
        entries = [Details(phone=phone) for phone in part]
        done = people.register_many(entries=entries, by=None, now=now)
        keys |= {phone: one.person.key for phone, one in zip(part, done, strict=True)}
    for row in rows:
        phone = str(row.pop("phone", "") or "")
        if phone and not row.get("person"):
            row["person"] = keys.get(phone, "")
    return rows


def _is_number(phone: str, now: datetime) -> bool:
    """What is no number is left out here, and its rows are refused for want of a person."""
    try:
        Details(phone=phone).read(today=timezone.localdate(now))
    except PeopleError:
        return False
    return True


def seal_days(*, now: datetime) -> str:
    """Seal every day that is over; a day with late visits is sealed anew."""
    if not visits.folder().exists():
        return "no visits"
    with _writing("the worker, sealing days") as store:
        sealed = store.seal_before(timezone.localdate(now))
    return f"{len(sealed)} days sealed"


def destroy_due(*, now: datetime) -> str:
    """Destroy days older than the playbook keeps them, and the keys that no later day names."""
    if not visits.folder().exists():
        return "no visits"
    keep = policy.in_force(now).retention.visit_days
    before = timezone.localdate(now) - timedelta(days=keep)
    with _writing("the worker, destroying what is due") as store:
        if store.first_day >= before:
            return "nothing due"
        done = store.destroy_before(before)
    if done.days or done.n_people:
        detail = {
            "before": before.isoformat(),
            "days": len(done.days),
            "records": sum(n for _day, n in done.days),
            "people": done.n_people,
        }
        audit.record(verb="visits.destroy", subject="visits", by=None, now=now, detail=detail)
    return f"{len(done.days)} days destroyed"


@contextmanager
def _writing(who: str) -> "Iterator[Writer]":
    """The store, to write; waits a while for another writer."""
    from tongchou.epi.trace.durable import Busy
    from tongchou.epi.trace.writing import writing

    until = time.monotonic() + PATIENCE
    while True:
        try:
            with writing(visits.folder(), who=who) as store:
                yield store
                return
        except Busy as busy:
            if time.monotonic() > until:
                words = _("The visits are being written by %(who)s. Send the same again.")
                raise StoreBusy(words % {"who": busy}) from busy
            time.sleep(0.05)
