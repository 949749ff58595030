"""Where a reader, or an area, reaches: its own areas, and those it took over when they ended."""

from django.db.models import Q

from tongchou.areas.models import Area, subtree
from tongchou.staff.queries import Scope


def within(area: Area) -> Q:
    """Rows of an area and all below it, and of the areas that were merged into it."""
    found = subtree(area.path, field="area_path")
    for path in Area.objects.filter(successor=area).values_list("path", flat=True):
        found |= subtree(path, field="area_path")
    return found


def of(scope: Scope) -> Q:
    """Rows of a reader's areas; what an area had before it was merged is seen by who took over."""
    found = scope.q("area_path")
    merged = Area.objects.filter(scope.q("successor__path"), successor__isnull=False)
    for path in merged.values_list("path", flat=True):
        if not scope.sees(path):
            found |= subtree(path, field="area_path")
    return found
