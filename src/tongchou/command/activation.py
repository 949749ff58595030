"""The preview of an activation: what would move, what would be late at once, who is on post."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongchou.areas.models import Area, TempoChoice, subtree
from tongchou.command import moving, readiness
from tongchou.ledger import policy
from tongchou.loops import Tempo
from tongchou.staff.models import Post
from tongchou.staff.queries import on_post
from tongchou.staff.roles import Role


@dataclass(frozen=True)
class Duty:
    """A unit that answers for a role in the area."""

    role: str
    unit: str
    phone: str
    area: str
    users: tuple[str, ...]

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


@dataclass(frozen=True)
class Preview:
    """What activating `area` at `tempo` would change, as it stands at `at`."""

    area: Area
    tempo: str
    at: datetime
    playbook: str
    n_areas: int
    moves: moving.Moves
    step_before: timedelta
    step_after: timedelta
    on_post: tuple[Duty, ...]
    missing: tuple[readiness.Hole, ...]

    @property
    def changes(self) -> bool:
        """Whether any area below is at another tempo."""
        return self.n_areas > 0

    @property
    def tempo_label(self) -> str:
        return str(TempoChoice(self.tempo).label)


def preview(*, area: Area, tempo: Tempo | str, now: datetime) -> Preview:
    """Everything a commander should know before switching `area` and all below it."""
    book = policy.in_force(now)
    other = Tempo.PEACE if tempo == Tempo.WAR else Tempo.WAR
    return Preview(
        area=area,
        tempo=str(tempo),
        at=now,
        playbook=book.id,
        n_areas=Area.objects.filter(subtree(area.path)).exclude(tempo=str(tempo)).count(),
        moves=moving.to_tempo(area.path, tempo, book, now=now),
        step_before=book.escalation.step(other),
        step_after=book.escalation.step(tempo),
        on_post=tuple(_duties(area, now=now)),
        missing=readiness.holes(area, now=now),
    )


def _duties(area: Area, *, now: datetime) -> Iterable[Duty]:
    posts = (
        on_post(now)
        .filter(area_id__in=area.codes)
        .select_related("unit", "area", "user")
        .order_by("-level", "id")
    )
    nearest: dict[str, list[Post]] = {}
    for post in posts:
        nearest.setdefault(post.role, []).append(post)
    for role in Role:
        found = nearest.get(role, [])
        if not found:
            continue
        first = found[0]
        same = [post for post in found if post.unit_id == first.unit_id]
        yield Duty(
            str(role),
            str(first.unit),
            first.unit.phone,
            str(first.area),
            tuple(str(post.user) for post in same),
        )
