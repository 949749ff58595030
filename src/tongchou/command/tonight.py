"""What a new playbook would change tonight, before anyone adopts it: deadlines, people, tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.command import moving
from tongchou.ledger import registry, turns
from tongchou.playbook import Playbook
from tongchou.quarantine import queries as quarantine

#: So many people of each kind are named; all are counted.
MOST_NAMED = 20
KINDS = ("released", "held_longer", "shortened", "sent_home", "tests_moved")


@dataclass(frozen=True)
class Named:
    """One person whom the change touches."""

    title: str
    page: str
    stage_label: Any
    area_name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Group:
    """Everybody whom the change touches in one way."""

    kind: str
    n: int
    named: tuple[Named, ...]

    @property
    def more(self) -> int:
        return self.n - len(self.named)


@dataclass(frozen=True)
class Tonight:
    """What putting `after` in the place of `before` would do, as it stands at `at`."""

    at: datetime
    area: Area
    moves: moving.Moves
    groups: tuple[Group, ...]
    n_by_hand: int
    days_given_back: int

    @property
    def n_people(self) -> int:
        return sum(group.n for group in self.groups)


def preview(area: Area, before: Playbook, after: Playbook, *, now: datetime) -> Tonight:
    """What would change for the people and hand-offs of an area."""
    found = quarantine.tonight(before, after, now, path=area.path)
    return Tonight(
        at=now,
        area=area,
        moves=moving.to_playbook(before, after, path=area.path, now=now),
        groups=tuple(_groups(found)),
        n_by_hand=found.by_hand,
        days_given_back=found.days_given_back,
    )


def _groups(found: quarantine.Tonight) -> Iterable[Group]:
    shown = {kind: getattr(found, kind)[:MOST_NAMED] for kind in KINDS}
    names = turns.area_names(row.area_path for rows in shown.values() for row in rows)
    for kind in KINDS:
        rows = getattr(found, kind)
        if rows:
            yield Group(kind, len(rows), tuple(_named(row, names) for row in shown[kind]))


def _named(row: quarantine.Moved, names: dict[str, str]) -> Named:
    return Named(
        row.title,
        turns.page_of("quarantine_stay", row.passage_id),
        registry.stage_label("quarantine_stay", row.stage),
        names.get(row.area_path, ""),
        _in_words(row.before),
        _in_words(row.after),
    )


def _in_words(value: Any) -> str:
    """An end as day and time, test days as a list of days."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%m-%d %H:%M}"
    if isinstance(value, tuple):
        return ", ".join(f"{day:%m-%d}" for day in value if isinstance(day, date)) or "–"
    return str(value)
