"""Showing identities: to a post that covers the person, for a purpose, counted and written down.

What is shown is never written down, only which parts. A refusal is written down too: who tried to
see whom is as much worth knowing as who saw.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongchou.people import purposes, queries
from tongchou.people.documents import DocumentKind
from tongchou.people.errors import MayNotSee, NoIdentity, PeopleError, TooMany
from tongchou.people.keys import spoken
from tongchou.people.models import Disclosure, Identity, Person
from tongchou.people.purposes import Part
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of

MIN_REASON = 6


@dataclass(frozen=True)
class Shown:
    """One identity, as much of it as the purpose opens. A person made of two records has two."""

    key: str
    document_kind: str
    values: dict[str, str]

    @property
    def spoken(self) -> str:
        return spoken(self.key)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The values with their labels, in the order of a form."""
        kind = DocumentKind(self.document_kind).label
        return [
            {
                "label": kind if part == Part.DOCUMENT else part.label,
                "value": self.values[part],
                "tel": part == Part.PHONE,
            }
            for part in Part
            if part in self.values
        ]

    def __repr__(self) -> str:
        return f"<Shown {self.spoken}>"


@dataclass(frozen=True)
class Revealed:
    """What a reveal gives back, once. Never store or log it."""

    person: Person
    purpose: str
    parts: tuple[Part, ...]
    identities: tuple[Shown, ...]

    def __repr__(self) -> str:  # a traceback or a log line must not spill it
        return f"<Revealed {spoken(self.person.key)}>"


def flag_at() -> int:
    """How many people within an hour make the audit say so (PEOPLE_HOURLY_FLAG)."""
    return int(getattr(settings, "PEOPLE_HOURLY_FLAG", 40))


def limit_at() -> int:
    """How many people within an hour are the most (PEOPLE_HOURLY_LIMIT)."""
    return int(getattr(settings, "PEOPLE_HOURLY_LIMIT", 150))


def may_see(by: User, person: Person, purpose: str, *, now: datetime) -> None:
    """Raise `MayNotSee` unless a post of `by` covers the person with a role for this purpose."""
    allowed = purposes.roles_for(purpose)
    if not allowed:
        raise MayNotSee(_("Choose a purpose from the list."))
    scope = scope_of(by, now=now)
    if not scope.roles & allowed:
        raise MayNotSee(_("Your post does not allow seeing identities for this purpose."))
    keys = queries.group(person.key)
    if not any(scope.may(allowed, path) for path in queries.paths(keys)):
        raise MayNotSee(
            _("This person is outside the area of your post. Ask the desk that has them.")
        )


def reveal(*, person: Person, by: User, purpose: str, now: datetime) -> Revealed:
    """Show who a person is, as far as `purpose` needs it.

    Raises
    ------
    MayNotSee, TooMany, NoIdentity
        The attempt is in the audit all the same.
    """
    return _show(Disclosure.Kind.REVEAL, [person], by=by, purpose=purpose, now=now)[0]


def export(
    *, people: Iterable[Person], by: User, purpose: str, reason: str, now: datetime
) -> list[Revealed]:
    """The identities of several people, to leave the house on a list. Needs a reason, and counts.

    Raises
    ------
    MayNotSee, TooMany, NoIdentity
        Where one of the people may not be shown, none is.
    """
    people = list(people)
    return _show(
        Disclosure.Kind.EXPORT, people, by=by, purpose=purpose, now=now, reason=reason.strip()
    )


def look_up(*, number: str, by: User, purpose: str, now: datetime) -> list[Person]:
    """The people with exactly this document or phone number whom `by` may know of.

    Asking is written down, and counts like a reveal: otherwise a list of numbers could be tried.
    """
    refusal: PeopleError | None = None
    found: list[Person] = []
    with transaction.atomic():
        scope = _counted_scope(by, now)
        if not scope.roles & purposes.roles_for(purpose):
            refusal = MayNotSee(_("Your post does not allow seeing identities for this purpose."))
        else:
            refusal = _too_many(by, 1, now=now)
        if refusal is None:
            keys = [p.key for p in queries.with_number(number)]
            known = queries.visible(scope).filter(key__in=keys).select_related("area")
            found = list(known.order_by("key"))
            _write(Disclosure.Kind.LOOK_UP, [], by=by, purpose=purpose, now=now, found=len(found))
        else:
            _write_refusal("number", refusal, by=by, purpose=purpose, now=now)
    if refusal:
        raise refusal
    return found


def _counted_scope(by: User, now: datetime):  # type: ignore[no-untyped-def]
    # The lock makes one user's disclosures follow one another, so the hourly count is exact.
    User.objects.select_for_update().filter(pk=by.pk).first()
    return scope_of(by, now=now)


def _show(
    kind: str,
    people: Sequence[Person],
    *,
    by: User,
    purpose: str,
    now: datetime,
    reason: str = "",
) -> list[Revealed]:
    refusal: PeopleError | None = None
    shown: list[Revealed] = []
    # A refusal is raised outside the block: inside, its audit event would be rolled back.
    with transaction.atomic():
        try:
            _counted_scope(by, now)
            _check(kind, people, by=by, purpose=purpose, now=now, reason=reason)
            shown = [_open(person, purpose) for person in people]
            _write(kind, people, by=by, purpose=purpose, now=now, reason=reason)
        except PeopleError as error:
            refusal = error
            subject = f"person:{people[0].key}" if len(people) == 1 else f"people:{len(people)}"
            _write_refusal(subject, error, by=by, purpose=purpose, now=now)
    if refusal:
        raise refusal
    return shown


def _check(
    kind: str, people: Sequence[Person], *, by: User, purpose: str, now: datetime, reason: str
) -> None:
    if kind == Disclosure.Kind.EXPORT and len(reason) < MIN_REASON:
        raise MayNotSee(_("Say in a few words what the list is for."))
    for person in people:
        may_see(by, person, purpose, now=now)
    if too_many := _too_many(by, len(people), now=now):
        raise too_many


def _too_many(by: User, n: int, *, now: datetime) -> TooMany | None:
    """The refusal where `n` more within the hour is over the limit; a flag where it is unusual."""
    before, limit = queries.n_disclosed(by, now=now), limit_at()
    if before < flag_at() <= before + n:
        audit.record(
            verb="people.many_disclosures",
            subject=f"user:{by.pk}",
            by=by,
            now=now,
            detail={"within_the_hour": before + n, "flag_at": flag_at()},
        )
    if before + n <= limit:
        return None
    return TooMany(
        ngettext(
            "You have seen %(n)d person within the hour. Ask a data steward, or wait.",
            "You have seen %(n)d people within the hour; the limit is %(limit)d. "
            "Ask a data steward, or wait.",
            before,
        )
        % {"n": before, "limit": limit}
    )


def _open(person: Person, purpose: str) -> Revealed:
    keys = queries.group(person.key)
    found = queries.identities(keys)
    parts = purposes.PARTS[purpose]
    if not found:
        raise NoIdentity(
            _("The identity was destroyed on %(date)s, as the rules ask.")
            % {"date": f"{person.destroyed_at:%F}"}
            if person.destroyed_at
            else _("No identity was recorded for this person.")
        )
    shown = tuple(_shown(found[key], parts) for key in keys if key in found)
    return Revealed(person, purpose, parts, shown)


def _shown(identity: Identity, parts: Iterable[Part]) -> Shown:
    values = {part.value: getattr(identity, part.value) for part in parts}
    return Shown(identity.person_id, identity.document_kind, values)


def _write(
    kind: str,
    people: Sequence[Person],
    *,
    by: User,
    purpose: str,
    now: datetime,
    reason: str = "",
    found: int = 1,
) -> None:
    parts = "" if kind == Disclosure.Kind.LOOK_UP else ",".join(purposes.PARTS[purpose])
    common = {"kind": kind, "by": by, "purpose": purpose, "at": now}
    rows = [
        Disclosure(person=person, parts=parts, reason=reason[:200], **common) for person in people
    ]
    # A look-up counts even where it found nobody, or trying numbers would be free.
    Disclosure.objects.bulk_create(rows or [Disclosure(n_people=max(1, found), **common)])
    detail = {"purpose": purpose, "parts": parts, "people": len(people) or found}
    if reason:
        detail |= {"reason": reason, "keys": [p.key for p in people]}
    subject = f"person:{people[0].key}" if len(people) == 1 else f"people:{detail['people']}"
    audit.record(verb=f"people.{kind}", subject=subject, by=by, now=now, detail=detail)


def _write_refusal(
    subject: str, error: PeopleError, *, by: User, purpose: str, now: datetime
) -> None:
    audit.record(
        verb="people.refused",
        subject=subject,
        by=by,
        now=now,
        detail={"purpose": purpose, "because": type(error).__name__},
    )
