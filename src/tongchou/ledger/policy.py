"""The playbook (预案) in force, and what it gives a leg: a deadline and the clause it stands in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection

from tongchou import playbook as playbooks
from tongchou.areas.models import Area
from tongchou.ledger.models import Adoption
from tongchou.playbook import Playbook


@lru_cache(maxsize=16)
def _parsed(digest: str, text: str) -> Playbook:
    # What was adopted before an upgrade lacks the deadlines of the loops the upgrade brought.
    return playbooks.filled(playbooks.parse(text), playbooks.load(settings.TONGCHOU_PLAYBOOK))


def in_force(now: datetime) -> Playbook:
    """The playbook adopted last before `now`; the configured one before the first adoption."""
    return of(newest(now))


def newest(now: datetime) -> Adoption | None:
    """The adoption in force; none before the first."""
    adopted = Adoption.objects.filter(adopted_at__lte=now).order_by("-adopted_at", "-id")
    return adopted.only("digest", "text").first()


def of(adoption: Adoption | None) -> Playbook:
    """The parsed text of an adoption; the configured playbook where there is none."""
    if adoption is None:
        return playbooks.load(settings.TONGCHOU_PLAYBOOK)
    return _parsed(adoption.digest, adoption.text)


def titles(*books: Playbook, language: str) -> dict[str, str]:
    """The names of the areas with rules of their own, as they are called today.

    What a playbook calls them is how they were called when it was written; it is told only where
    there is no such area any more.
    """
    found = {code: title for book in books for code, title in book.titles(language).items()}
    if found:
        for area in Area.objects.filter(code__in=list(found)):
            found[area.code] = area.name if language.startswith("zh") else area.name_en or area.name
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """What a hand-over stands on: the tempo of its area and the playbook in force."""

    tempo: str
    playbook: Playbook

    def allowance(self, loop: str, stage: str, path: str) -> timedelta:
        """The time a leg at `path` has; an area may have hours of its own (制度)."""
        return self.playbook.deadline(loop, stage, path).allowed(self.tempo)

    def clause(self, loop: str, stage: str, path: str) -> str:
        return self.playbook.deadline(loop, stage, path).clause[:120]


#: The number of the lock below; any will do that nothing else in the database takes.
_TURN = 20_220_701

#: Tempo of an area and digest of the playbook in force, as columns of a statement; they take the
#: area and the moment.
GROUND = """(SELECT a.tempo FROM areas_area a WHERE a.code = %s),
    (SELECT p.digest FROM ledger_adoption p WHERE p.adopted_at <= %s
        ORDER BY p.adopted_at DESC, p.id DESC LIMIT 1)"""


@lru_cache(maxsize=16)
def _adopted(digest: str) -> Playbook:
    # by what it says, not by its number: an adoption that was rolled back may come again otherwise
    return of(Adoption.objects.filter(digest=digest, adopted_at__isnull=False).first())


def ground(area_code: str, now: datetime) -> Ground:
    """Tempo and playbook for an area, in one query; `steady` keeps them until the commit."""
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(f"SELECT {GROUND}", [area_code, moment])
        return standing(*cursor.fetchone())


def standing(tempo: str, digest: str | None) -> Ground:
    """The ground that the columns of `GROUND` name."""
    return Ground(tempo, _adopted(digest) if digest else of(None))


def steady(*person_keys: str) -> None:
    """Keep every tempo and the playbook as they are until this transaction ends.

    Call it before any row is locked. Hand-overs share this; an act that changes tempo or playbook
    (`turning`) waits for those of the moment and then sees their legs, so that no leg keeps an old
    deadline and nobody is thrown out of a deadlock. SQLite has one writer and needs none of it.

    With keys it also holds these people still: acts on one person come one after the other. Chains
    run from a stay to a contact and from a contact to a stay, and would meet head-on otherwise.
    """
    keys = [key for key in person_keys if key]
    if len(keys) > 1:
        _lock(_STILL_MANY, _TURN, keys)
    elif keys:
        _lock(_STILL, _TURN, *keys)
    else:
        _lock("SELECT pg_advisory_xact_lock_shared(%s)", _TURN)


def turning() -> None:
    """Hold hand-overs off until this transaction ends; for acts that change tempo or playbook."""
    _lock("SELECT pg_advisory_xact_lock(%s)", _TURN)


# People share 2,048 locks: PostgreSQL has room for some 6,400 at a time, and a list may be longer.
_STILL = "SELECT pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(1, hashtext(%s) & 2047)"
# In one order for everybody, so that two lists of the same people do not lock each other out.
_STILL_MANY = """SELECT pg_advisory_xact_lock_shared(%s), (SELECT count(pg_advisory_xact_lock(1, k))
    FROM (SELECT DISTINCT hashtext(key) & 2047 AS k
        FROM unnest(%s::text[]) AS key ORDER BY k) AS keys)"""


def _lock(statement: str, *values: Any) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
