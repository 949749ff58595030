"""The units a task may go to: those of an area and of the level below it, never all below that."""

from django.db.models import QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.staff.models import Unit


def within_reach(area: Area) -> QuerySet[Unit]:
    """The units of an area and of the areas right below it, the area's own first."""
    below = Unit.objects.filter(subtree(area.path, field="area__path"), area__ended_on=None)
    near = below.filter(area__level__lte=area.level + 1)
    return near.select_related("area").order_by("area__level", "area__path", "name")
