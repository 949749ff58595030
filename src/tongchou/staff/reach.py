"""How far a reader, or an area, reaches: its own areas, and those it took over when they ended."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from tongchou.areas.models import Area, subtree
from tongchou.staff.queries import Scope


def merged_into(areas: Iterable[Area]) -> dict[str, tuple[str, ...]]:
    """By the code of an area the paths of the areas that were merged into it; one query."""
    found: dict[str, list[str]] = defaultdict(list)
    for area in Area.objects.filter(successor__in=list(areas)).only("path", "successor"):
        found[str(area.successor_id)].append(area.path)
    return {code: tuple(sorted(paths)) for code, paths in found.items()}


def within(area: Area, field: str = "area_path") -> Q:
    """Rows of an area and all below it, and of the areas that were merged into it."""
    found = subtree(area.path, field=field)
    for path in merged_into([area]).get(area.pk, ()):
        found |= subtree(path, field=field)
    return found


def of(scope: Scope, field: str = "area_path") -> Q:
    """Rows of a reader's areas; what an area had before it was merged is seen by who took over."""
    found = scope.q(field)
    merged = Area.objects.filter(scope.q("successor__path"), successor__isnull=False)
    for path in merged.values_list("path", flat=True):
        if not scope.sees(path):
            found |= subtree(path, field=field)
    return found


def paths(area: Area) -> tuple[str, ...]:
    """Where a post has to be for this area: here, or where it was merged into."""
    return (area.path, area.successor.path) if area.successor else (area.path,)


def sees(scope: Scope, area: Area) -> bool:
    """Whether the area lies in the scope, or was merged into what does."""
    return any(scope.sees(path) for path in paths(area))


def covers(scope: Scope, roles: str | Iterable[str], area: Area) -> bool:
    """Whether a post with one of `roles` covers the area, or the one it was merged into."""
    wanted = {roles} if isinstance(roles, str) else set(roles)
    return any(scope.may(wanted, path) for path in paths(area))
