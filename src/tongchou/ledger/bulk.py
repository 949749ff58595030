"""Starting many passages at once, for imports: the same rows as `actions.start`, one audit event.

Nothing is done per subject but a tuple; the database is asked once for the deadlines, once for the
units, and given the rows with `bulk_load`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import policy, registry
from tongchou.ledger.actions import _take_over, whole_second
from tongchou.ledger.errors import HeldElsewhere, LedgerError
from tongchou.ledger.models import Handoff, Passage
from tongchou.ledger.policy import Ground
from tongchou.loops import Loop
from tongchou.records import audit
from tongchou.records.bulk import bulk_load, reserve_ids
from tongchou.staff.models import Post, User

_PASSAGE = [
    "id",
    "loop",
    "stage",
    "title",
    "area_id",
    "area_path",
    "person_key",
    "holds",
    "n_legs",
    "caused_by_id",
    "opened_at",
    "closed_at",
]
_LEG = [
    "passage_id",
    "number",
    "loop",
    "stage",
    "owner",
    "unit_id",
    "area_path",
    "opened_at",
    "timed_from",
    "due_at",
    "playbook",
    "clause",
    "done_at",
    "done_by_id",
    "outcome",
    "note",
]


@dataclass(frozen=True, slots=True)
class Subject:
    """What `start_many` needs to know of one passage."""

    area: str  # its code
    area_path: str
    title: str
    person_key: str = ""
    caused_by: int | None = None  # the passage it follows from


@transaction.atomic
def start_many(
    *,
    loop: Loop,
    subjects: Sequence[Subject],
    by: User | None,
    now: datetime,
    timed_from: datetime | None = None,
) -> list[int]:
    """Put all `subjects` on their way; the ids of their passages, in the same order.

    Call it with some thousands at a time: the rows are built in memory.

    Raises
    ------
    HeldElsewhere
        Where the first stage holds a person who is in other hands. Nobody is started then.
    """
    if not subjects:
        return []
    now = whole_second(now)
    policy.steady(*(s.person_key for s in subjects))
    first = loop.at(loop.start)
    assert first is not None
    if first.custody:
        _take_all_over(loop, [s.person_key for s in subjects], by=by, now=now)
    clock = whole_second(timed_from) if timed_from else now
    terms = _terms(loop, {s.area for s in subjects}, clock=clock, now=now)
    units = _units(first.owner, {s.area_path for s in subjects}, now=now)
    ids = reserve_ids(Passage, len(subjects))
    pairs = list(zip(ids, subjects, strict=True))
    bulk_load(
        Passage,
        _PASSAGE,
        (
            (
                pk,
                loop.name,
                loop.start,
                s.title[:120],
                s.area,
                s.area_path,
                s.person_key,
                first.custody,
                1,
                s.caused_by,
                now,
                None,
            )
            for pk, s in pairs
        ),
    )
    bulk_load(
        Handoff,
        _LEG,
        (
            (
                pk,
                1,
                loop.name,
                loop.start,
                first.owner,
                units[s.area_path],
                s.area_path,
                now,
                clock,
                *terms[s.area],
                None,
                None,
                "",
                "",
            )
            for pk, s in pairs
        ),
    )
    audit.record(
        verb="ledger.start_many",
        subject=f"passage:{ids[0]}",
        by=by,
        now=now,
        detail={"loop": loop.name, "to": loop.start, "leg": 1, "passages": runs(ids)},
    )
    _follow(loop, ids, by=by, now=now)
    return ids


def runs(ids: Sequence[int]) -> list[list[int]]:
    """`[4, 5, 6, 9]` as `[[4, 6], [9, 9]]`: what an audit event says of many neighbours."""
    spans = []
    for _gap, group in groupby(enumerate(ids), key=lambda pair: pair[1] - pair[0]):
        members = [pk for _position, pk in group]
        spans.append([members[0], members[-1]])
    return spans


def _terms(
    loop: Loop, areas: Collection[str], *, clock: datetime, now: datetime
) -> dict[str, tuple[datetime, str, str]]:
    """Per area the deadline of the first leg, the playbook and the clause."""
    playbook = policy.in_force(now)
    found = {}
    standing = Area.objects.filter(code__in=areas).values_list("code", "tempo", "path")
    for code, tempo, path in standing:
        ground = Ground(tempo, playbook)
        due_at = clock + ground.allowance(loop.name, loop.start, path)
        found[code] = (due_at, playbook.id, ground.clause(loop.name, loop.start, path))
    return found


def _units(role: str, paths: Collection[str], *, now: datetime) -> dict[str, int | None]:
    """Per path the unit on duty nearest to it; the rule of `legs.open_leg`."""
    above = {path: path.strip("/").split("/") for path in paths}
    codes = {code for each in above.values() for code in each}
    on_duty = Q(to_at=None) | Q(to_at__gt=now)
    nearest_first = (
        Post.objects.filter(
            on_duty, user__is_active=True, role=role, area_id__in=codes, from_at__lte=now
        )
        .order_by("-level", "id")
        .values_list("area_id", "unit_id")
    )
    ranked: dict[str, tuple[int, int]] = {}
    for rank, (code, unit) in enumerate(nearest_first):
        ranked.setdefault(code, (rank, unit))
    found: dict[str, int | None] = {}
    for path, each in above.items():
        best = min((ranked[code] for code in each if code in ranked), default=None)
        found[path] = best[1] if best else None
    return found


def _take_all_over(
    loop: Loop, person_keys: Sequence[str], *, by: User | None, now: datetime
) -> None:
    if not all(person_keys):
        raise LedgerError(f"{loop.name} holds a person, so it needs a person's key")
    if len(set(person_keys)) < len(person_keys):
        raise HeldElsewhere(_("The same person stands in the list twice."))
    held = Passage.objects.filter(holds=True, person_key__in=person_keys)
    for key in list(held.values_list("person_key", flat=True)):
        _take_over(loop, key, by=by, now=now)


def _follow(loop: Loop, ids: Sequence[int], *, by: User | None, now: datetime) -> None:
    listeners = registry.listeners(loop.name, loop.start)
    if not listeners:
        return
    for passage in Passage.objects.filter(pk__in=ids).order_by("pk"):
        for then in listeners:
            then(passage, by=by, now=now)
