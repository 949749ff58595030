"""The figures of both lists for an area: plain numbers for the report, and the rows behind each."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from tongchou.areas.models import Area
from tongchou.lists.models import Common, Problem, Task
from tongchou.staff.reach import within


@dataclass(frozen=True)
class Problems:
    """The list of problems over a window."""

    n_open: int  # as of the end of the window
    n_raised: int
    n_closed: int
    n_own: int  # raised in the window, by their own check: a merit
    n_common: int


@dataclass(frozen=True)
class Tasks:
    """The list of tasks over a window."""

    n_open: int  # as of the end of the window
    n_set: int
    n_accepted: int
    n_returned: int
    n_overdue: int  # as of the end of the window
    #: Accepted of all that were set by then and not cancelled; None where there are none.
    progress: float | None
    by_stage: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """Both lists of an area from `since` to `until`; `until` itself is not included.

    A stage is known as it is now: for a moment that has passed, `by_stage` counts what was open
    then by the stage it has today.
    """

    since: datetime
    until: datetime
    problems: Problems
    tasks: Tasks


def problems_at(area: Area, at: datetime) -> QuerySet[Problem]:
    """The problems of an area that were open at `at`."""
    here = Problem.objects.filter(within(area), raised_at__lt=at)
    return here.filter(Q(closed_at=None) | Q(closed_at__gte=at))


def tasks_at(area: Area, at: datetime) -> QuerySet[Task]:
    """The tasks of an area that were open at `at`."""
    here = Task.objects.filter(within(area), set_at__lt=at)
    return here.filter(Q(closed_at=None) | Q(closed_at__gte=at))


def overdue_at(area: Area, at: datetime) -> QuerySet[Task]:
    """Open tasks whose date had passed at `at` and that nobody had submitted by then."""
    handed_in = Q(stage__in=("submitted", "accepted"), submitted_at__lt=at)
    return tasks_at(area, at).filter(due_at__lte=at).exclude(handed_in)


def raised_between(area: Area, since: datetime, until: datetime) -> QuerySet[Problem]:
    """The problems that came onto the list in the window."""
    here = Problem.objects.filter(within(area))
    return here.filter(raised_at__gte=since, raised_at__lt=until)


def closed_between(area: Area, since: datetime, until: datetime) -> QuerySet[Problem]:
    """The problems that were solved or decided in the window."""
    here = Problem.objects.filter(within(area))
    return here.filter(closed_at__gte=since, closed_at__lt=until)


def accepted_between(area: Area, since: datetime, until: datetime) -> QuerySet[Task]:
    """The tasks that were accepted in the window."""
    here = Task.objects.filter(within(area), stage="accepted")
    return here.filter(closed_at__gte=since, closed_at__lt=until)


def returned_between(area: Area, since: datetime, until: datetime) -> QuerySet[Task]:
    """The tasks that were returned to their doers in the window."""
    here = Task.objects.filter(within(area))
    return here.filter(
        entries__kind="return", entries__at__gte=since, entries__at__lt=until
    ).distinct()


def summary(area: Area, *, since: datetime, until: datetime) -> Summary:
    """Both lists of an area and everything below it, over a window of time."""
    raised = raised_between(area, since, until)
    problems = Problems(
        n_open=problems_at(area, until).count(),
        n_raised=raised.count(),
        n_closed=closed_between(area, since, until).count(),
        n_own=raised.filter(found_by="self").count(),
        n_common=common_at(area, until).count(),
    )
    return Summary(since, until, problems, _tasks(area, since, until))


def _tasks(area: Area, since: datetime, until: datetime) -> Tasks:
    here = Task.objects.filter(within(area), set_at__lt=until)
    standing = here.exclude(stage="cancelled", closed_at__lt=until).aggregate(
        n=Count("pk"), accepted=Count("pk", filter=Q(stage="accepted", closed_at__lt=until))
    )
    stages = tasks_at(area, until).order_by().values_list("stage").annotate(n=Count("pk"))
    return Tasks(
        n_open=tasks_at(area, until).count(),
        n_set=here.filter(set_at__gte=since).count(),
        n_accepted=accepted_between(area, since, until).count(),
        n_returned=returned_between(area, since, until).count(),
        n_overdue=overdue_at(area, until).count(),
        progress=standing["accepted"] / standing["n"] if standing["n"] else None,
        by_stage=dict(sorted(stages)),
    )


def common_at(area: Area, at: datetime) -> QuerySet[Common]:
    """The common problems confirmed by `at` that are this area's own or have a member in it."""
    mine = Problem.objects.filter(within(area), common__isnull=False)
    return Common.objects.filter(
        Q(pk__in=mine.values("common")) | within(area),
        confirmed_at__lt=at,
    )
