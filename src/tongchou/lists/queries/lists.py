"""The two lists as the desk shows them: what a reader may see, narrowed, in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tongchou.areas.models import subtree
from tongchou.ledger.models import Handoff
from tongchou.lists.models import Problem, Task
from tongchou.staff import reach
from tongchou.staff.queries import Scope

#: What `?sort=` may be, each unique together with the key.
TASK_ORDERS = {"due": ("due_at", "id"), "-set": ("-set_at", "-id")}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; empty means everything the reader may see."""

    search: str = ""
    area_path: str = ""
    stage: str = "open"  # a stage, "open" or "all"
    unit: str = ""  # a part of its name
    source: str = ""
    found_by: str = ""
    cause: str = ""
    late: bool = False


def problems(scope: Scope) -> QuerySet[Problem]:
    """The problems of the reader's areas, and those assigned to their units."""
    if not scope.posts:
        return Problem.objects.none()
    return Problem.objects.filter(reach.of(scope) | Q(unit__in=scope.units))


def tasks(scope: Scope) -> QuerySet[Task]:
    """The tasks of the reader's areas, and those their units answer for or have set."""
    if not scope.posts:
        return Task.objects.none()
    return Task.objects.filter(
        reach.of(scope) | Q(unit__in=scope.units) | Q(issuer__in=scope.units)
    )


def listed_problems(scope: Scope, want: Wanted, *, now: datetime) -> QuerySet[Problem]:
    """The list of problems, narrowed; with `late`, what has come due where it is."""
    rows = problems(scope).filter(subtree(want.area_path, field="area_path"))
    rows = _staged(rows, want.stage)
    if want.unit:
        rows = rows.filter(unit__name__icontains=want.unit)
    for name in ("found_by", "cause"):
        if value := getattr(want, name):
            rows = rows.filter(**{name: value})
    if want.late:
        due = Handoff.objects.filter(loop="problem", done_at=None, due_at__lte=now)
        rows = rows.filter(passage__in=due.values("passage"))
    if want.search:
        text = Q(number__icontains=want.search) | Q(title__icontains=want.search)
        rows = rows.filter(text | Q(what__icontains=want.search))
    return rows


def listed_tasks(scope: Scope, want: Wanted, *, now: datetime) -> QuerySet[Task]:
    """The list of tasks, narrowed."""
    rows = tasks(scope).filter(subtree(want.area_path, field="area_path"))
    rows = _staged(rows, want.stage)
    if want.unit:
        rows = rows.filter(unit__name__icontains=want.unit)
    if want.source:
        rows = rows.filter(source=want.source)
    if want.late:
        rows = rows.filter(late(now))
    if want.search:
        rows = rows.filter(Q(number__icontains=want.search) | Q(goal__icontains=want.search))
    return rows


def _staged(rows: QuerySet[Any], stage: str) -> QuerySet[Any]:
    if stage == "open":
        return rows.filter(closed_at=None)
    return rows if stage in ("", "all") else rows.filter(stage=stage)


def late(now: datetime) -> Q:
    """Past its date and not yet submitted: `Task.late` as a condition."""
    return Q(closed_at=None, due_at__lte=now) & ~Q(stage="submitted")


def dress_problems(rows: QuerySet[Problem]) -> QuerySet[Problem]:
    return rows.select_related("area", "unit", "found_unit", "common", "passage")


def dress_tasks(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.select_related(
        "area", "unit__area", "issuer__area", "person", "problem", "parent", "passage"
    )


def task_figures(rows: QuerySet[Task], *, now: datetime) -> dict[str, int]:
    """The figures above the list, in one statement."""
    return rows.order_by().aggregate(
        n=Count("pk"),
        to_claim=Count("pk", filter=Q(stage="dispatched")),
        in_progress=Count("pk", filter=Q(stage="in_progress")),
        submitted=Count("pk", filter=Q(stage="submitted")),
        declined=Count("pk", filter=Q(stage="declined")),
        late=Count("pk", filter=late(now)),
    )


def problem_figures(rows: QuerySet[Problem]) -> dict[str, int]:
    return rows.order_by().aggregate(
        n=Count("pk"),
        raised=Count("pk", filter=Q(stage="raised")),
        assigned=Count("pk", filter=Q(stage="assigned")),
        own=Count("pk", filter=Q(found_by="self")),
        common=Count("pk", filter=Q(common__isnull=False)),
    )


def mine(scope: Scope) -> dict[str, QuerySet[Task]]:
    """What waits for the reader's units: to claim, to do, to accept, to set anew."""
    doing = Task.objects.filter(unit__in=scope.units, closed_at=None)
    setting = Task.objects.filter(issuer__in=scope.units, closed_at=None)
    found = {
        "to_claim": doing.filter(stage="dispatched"),
        "in_progress": doing.filter(stage="in_progress"),
        "to_accept": setting.filter(stage="submitted"),
        "declined": setting.filter(stage="declined"),
    }
    return {name: dress_tasks(rows.order_by("due_at", "id")) for name, rows in found.items()}


def due_of(passages: Iterable[int]) -> dict[int, datetime]:
    """When the open leg of each of these passages is due; one query for a page."""
    legs = Handoff.objects.filter(passage__in=list(passages), done_at=None)
    return dict(legs.values_list("passage_id", "due_at"))


def line_above(task: Task) -> list[Task]:
    """The tasks this one is a part of, from the top down."""
    found: list[Task] = []
    above = task.parent
    while above is not None:
        found.insert(0, above)
        above = above.parent
    return found


def parts_of(task: Task) -> QuerySet[Task]:
    return task.parts.select_related("unit", "area").order_by("area_path", "due_at", "id")


def roots(scope: Scope) -> QuerySet[Task]:
    """The tops of the trees the reader sees into: tasks with parts that are no part themselves."""
    return dress_tasks(tasks(scope).filter(parent=None, leaf=False))


def by_number(text: str, scope: Scope) -> tuple[QuerySet[Problem], QuerySet[Task]]:
    """Problems and tasks whose number holds this text, for the box that finds everything."""
    wanted = Q(number__icontains=text)
    found = problems(scope).filter(wanted).select_related("area").order_by("number")
    return found, tasks(scope).filter(wanted).select_related("area").order_by("number")
