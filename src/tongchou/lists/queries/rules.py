"""Whose rules (制度) somebody reads or puts forward: their own areas and the districts below."""

from django.db.models import Q

from tongchou.areas.models import Area, Level, subtree
from tongchou.lists.loops import PROBLEM, TASK
from tongchou.playbook import Playbook
from tongchou.staff.queries import Scope


def areas(scope: Scope) -> list[Area]:
    """The areas of one's posts down to the street, and every district below; the highest first."""
    paths = scope.paths
    wanted = Q(path__in=paths, level__lte=Level.STREET)
    for path in paths:
        wanted |= Q(subtree(path), level=Level.DISTRICT)
    return list(Area.objects.filter(wanted, ended_on=None).order_by("level", "path"))


def ended_with_own(book: Playbook, scope: Scope) -> list[Area]:
    """Areas that have ended and still have rules of their own in the playbook."""
    if not book.areas:
        return []
    ended = Area.objects.filter(code__in=list(book.areas), ended_on__isnull=False)
    return [area for area in ended.order_by("path") if scope.sees(area.path)]


def citywide(area: Area) -> bool:
    """Whether its rules are those of the whole playbook."""
    return area.level <= Level.CITY or area.parent_id is None


def with_own(book: Playbook, among: list[Area]) -> list[tuple[Area, int]]:
    """The areas that settle times of the two lists for themselves, and how many."""
    found = []
    for area in among:
        local = book.areas.get(area.code)
        times = local.deadline_tables if local else {}
        n = sum(len(times.get(loop.name, ())) for loop in (PROBLEM, TASK))
        if n:
            found.append((area, n))
    return found
