"""The two lists as the desk shows them: what a reader may see, narrowed, in order."""

from django.db.models import Q, QuerySet

from tongchou.lists.models import Problem, Task
from tongchou.staff.queries import Scope


def problems(scope: Scope) -> QuerySet[Problem]:
    """The problems of the reader's areas, and those assigned to their units."""
    if not scope.posts:
        return Problem.objects.none()
    return Problem.objects.filter(scope.q("area_path") | Q(unit__in=scope.units))


def tasks(scope: Scope) -> QuerySet[Task]:
    """The tasks of the reader's areas, and those their units answer for or have set."""
    if not scope.posts:
        return Task.objects.none()
    return Task.objects.filter(
        scope.q("area_path") | Q(unit__in=scope.units) | Q(issuer__in=scope.units)
    )


def dress_problems(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.select_related("area", "unit", "found_unit", "common", "passage")


def dress_tasks(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related("area", "unit", "issuer", "person", "problem", "parent", "passage")
