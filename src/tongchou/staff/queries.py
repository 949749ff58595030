"""Who answers for what, and what a user may see and do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role


def on_post(now: datetime) -> QuerySet[Post]:
    """The posts that are filled at `now`, by users who may still sign in."""
    return Post.objects.filter(
        Q(to_at=None) | Q(to_at__gt=now), from_at__lte=now, user__is_active=True
    )


def unit_for(role: str, area: Area, *, now: datetime) -> Unit | None:
    """The unit on duty for `role` nearest to `area`, here or above; None is a readiness gap."""
    post = (
        on_post(now)
        .filter(role=role, area_id__in=area.codes)
        .order_by("-level", "id")
        .select_related("unit")
        .first()
    )
    return post.unit if post else None


#: Who stands in for a unit that has nobody.
STAND_IN = frozenset({Role.DUTY_OFFICER, Role.COMMANDER})


@dataclass(frozen=True)
class Scope:
    """What a user's posts let them see: roles, and the paths of the areas they answer for."""

    posts: tuple[tuple[str, str, int], ...]  # role, area path, unit id
    at: datetime | None = field(default=None, compare=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """The topmost areas of the scope; none lies below another."""
        every = sorted({path for _, path, _ in self.posts})
        return tuple(p for p in every if not any(p != q and p.startswith(q) for q in every))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _, _ in self.posts)

    @property
    def units(self) -> frozenset[int]:
        return frozenset(unit for _, _, unit in self.posts)

    @cached_property
    def left(self) -> frozenset[int]:
        """Units with nobody on duty for which this scope stands in: the owner left, nobody came.

        Those of its own areas and of areas that were merged into them; asked for when needed.
        """
        tops = {path for role, path, _ in self.posts if role in STAND_IN}
        if not tops or self.at is None:
            return frozenset()
        here = Q()
        for path in tops:
            here |= subtree(path, field="area__path") | subtree(path, field="area__successor__path")
        staffed = on_post(self.at).values("unit")
        return frozenset(
            Unit.objects.filter(here).exclude(pk__in=staffed).values_list("pk", flat=True)
        )

    @property
    def answers_for(self) -> frozenset[int]:
        """The units whose legs are this scope's to hand on: its own, and those it stands in for."""
        return self.units | self.left

    def may(self, roles: str | Iterable[str], path: str) -> bool:
        """Whether a post with one of `roles` covers the area at `path`."""
        wanted = {roles} if isinstance(roles, str) else set(roles)
        return any(role in wanted and path.startswith(top) for role, top, _ in self.posts)

    def sees(self, path: str) -> bool:
        return any(path.startswith(top) for _, top, _ in self.posts)

    def q(self, field: str = "path") -> Q:
        """The condition on a path column that keeps a query inside the scope."""
        if not self.posts:
            return Q(pk__in=[])
        condition = Q()
        for path in self.paths:
            condition |= subtree(path, field=field)
        return condition


def scope_of(user: User | AnonymousUser, *, now: datetime) -> Scope:
    """The scope of `user` at `now`. Without a post, or signed out, it is empty."""
    if not user.is_authenticated:
        return Scope(())
    rows = on_post(now).filter(user=user).values_list("role", "area__path", "unit_id")
    return Scope(tuple(rows), now)


def users_on_post(role: str, area: Area, *, now: datetime) -> QuerySet[User]:
    """Everybody who fills `role` for exactly this area."""
    return User.objects.filter(pk__in=on_post(now).filter(role=role, area=area).values("user"))


@dataclass(frozen=True)
class Answering:
    """The table “who answers for what”: the roles asked for, a row per area, and its holes."""

    roles: tuple[Role, ...]
    rows: tuple[tuple[Area, tuple["Cell", ...]], ...]

    @property
    def n_gaps(self) -> int:
        return sum(cell.empty for _, cells in self.rows for cell in cells)

    def only_gaps(self) -> "Answering":
        """The same without the areas where every role is filled."""
        holed = tuple((area, cells) for area, cells in self.rows if any(c.empty for c in cells))
        return Answering(self.roles, holed)


def answering(areas: Sequence[Area], *, role: str = "", now: datetime) -> Answering:
    """The table for these areas; of one role, or of all."""
    wanted = tuple(r for r in Role if role in ("", r.value))
    places = [i for i, r in enumerate(Role) if r in wanted]
    table = who_answers(areas, now=now)
    return Answering(
        wanted, tuple((area, tuple(cells[i] for i in places)) for area, cells in table)
    )


@dataclass(frozen=True)
class Cell:
    """Who answers for a role in an area. `inherited` where the post stands further up."""

    units: tuple[str, ...]
    inherited: bool

    @property
    def empty(self) -> bool:
        return not self.units


def who_answers(areas: Sequence[Area], *, now: datetime) -> list[tuple[Area, list[Cell]]]:
    """For each area a cell per role, in the order of `Role`; two queries however many areas."""
    codes = {code for area in areas for code in area.codes}
    units: dict[tuple[str, str], dict[str, None]] = {}
    rows = on_post(now).filter(area_id__in=codes).values_list("role", "area_id", "unit__name")
    for role, code, name in rows.order_by("id"):
        units.setdefault((role, code), {})[name] = None
    return [(area, [_cell(units, role, area) for role in Role.values]) for area in areas]


def _cell(units: dict[tuple[str, str], dict[str, None]], role: str, area: Area) -> Cell:
    for code in reversed(area.codes):
        if found := units.get((role, code)):
            return Cell(tuple(found), inherited=code != area.pk)
    return Cell((), inherited=False)


def posts(scope: Scope, *, state: str, now: datetime) -> QuerySet[Post]:
    """The posts in a scope: `now` on, `coming`, or `ended`; the last with the newest first."""
    here = Post.objects.filter(scope.q("area__path")).select_related("user", "unit", "area")
    if state == "coming":
        return here.filter(from_at__gt=now).order_by("from_at", "id")
    if state == "ended":
        return here.filter(to_at__lte=now).order_by("-to_at", "-id")
    on = here.filter(Q(to_at=None) | Q(to_at__gt=now), from_at__lte=now)
    return on.order_by("area__path", "role", "id")


def answers_to(user: User, scope: Scope) -> bool:
    """Whether everything `user` was ever posted to lies in `scope`; so somebody without a post."""
    paths = user.posts.values_list("area__path", flat=True).distinct()
    return all(scope.sees(path) for path in paths)


def readiness_gaps(areas: Sequence[Area], *, now: datetime) -> list[tuple[Area, str]]:
    """Roles that nobody fills for an area, here or above."""
    return [
        (area, role)
        for area, cells in who_answers(areas, now=now)
        for role, cell in zip(Role.values, cells, strict=True)
        if cell.empty
    ]
