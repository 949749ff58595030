"""Roles that nobody fills: the gaps one can close before they are gaps.

A post covers its area and all below it, so a missing role is told once, at the highest area
where it is missing, and not for each of its streets.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tongchou.areas.models import Area, Level, subtree
from tongchou.ledger import registry
from tongchou.staff.queries import on_post
from tongchou.staff.roles import Role


@dataclass(frozen=True)
class Hole:
    """Nobody fills `role` in `area` or anywhere above it."""

    role: str
    area: Area

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


def needed_roles() -> tuple[str, ...]:
    """Every role that a loop names, the duty officer, to whom gaps climb, and the commander."""
    named = {
        role for item in registry.every() for row in item.loop for role in (row.owner, row.signer)
    }
    return tuple(str(role) for role in Role if role in named | {Role.DUTY_OFFICER, Role.COMMANDER})


def holes(area: Area, *, now: datetime) -> tuple[Hole, ...]:
    """The roles without a unit in `area`, down to its streets."""
    areas = list(
        Area.objects.filter(
            subtree(area.path), level__lte=max(Level.STREET, area.level), ended_on=None
        )
        .only("code", "name", "path", "parent_id", "level")
        .order_by("path")
    )
    parts: dict[str | None, list[Area]] = defaultdict(list)
    for each in areas:
        parts[each.parent_id].append(each)
    posts = on_post(now).values_list("role", "area__path")
    top = next((each for each in areas if each.pk == area.pk), area)
    found: list[Hole] = []
    for role in needed_roles():
        covered = [path for held, path in posts if held == role]
        found += [Hole(role, hole) for hole in _open(top, parts, covered)]
    return tuple(found)


def _open(area: Area, parts: dict[str | None, list[Area]], covered: list[str]) -> Iterable[Area]:
    if any(area.path.startswith(path) for path in covered):
        return
    below = [path for path in covered if path.startswith(area.path)]
    if not below or not parts[area.pk]:
        yield area
        return
    for part in parts[area.pk]:
        yield from _open(part, parts, below)
