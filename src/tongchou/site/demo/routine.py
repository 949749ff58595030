"""Two weeks of daily work in the demo city: tasks set each morning and accepted each evening.

Without it hardly any unit would have enough hand-offs to be judged by; with it the evaluation shows
units that do as expected and one that is late, and why. Small on purpose: 49 tasks, 147 hand-offs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tongchou.lists.actions import tasks
from tongchou.lists.models import Task
from tongchou.staff.models import Unit, User

SOURCE = "日常防控工作清单（演示）"
HOME = ("居家隔离人员需求当日办结", "当日需求清单逐户签收")
MOVE = ("待转运人员日清日结", "当日 22 时前待转运人数为零")


@dataclass(frozen=True)
class Job:
    """A daily task of a unit; `late` of them are done too late, and `slow` claimed too late."""

    unit: str
    issuer: str
    set_by: str
    done_by: str
    words: tuple[str, str]
    days: int
    late: int = 0
    slow: int = 0


JOBS = (
    Job("河西区社区专班", "河西区指挥部", "duty-west", "community", HOME, 18, late=18, slow=5),
    Job("临江县社区专班", "临江县指挥部", "duty-county", "community", HOME, 13, late=1),
    Job("河西区指挥部", "市疫情防控指挥部", "duty-city", "duty-west", MOVE, 8),
    Job("河东区指挥部", "市疫情防控指挥部", "duty-city", "duty-district", MOVE, 10, late=1),
)


def missing() -> bool:
    """Whether it is still to be played."""
    return not Task.objects.filter(document=SOURCE).exists()


@transaction.atomic
def play(*, now: datetime) -> None:
    """Each day of each job, up to three days ago."""
    users = {user.username: user for user in User.objects.all()}
    units = {unit.name: unit for unit in Unit.objects.select_related("area")}
    today = timezone.localtime(now).replace(hour=8, minute=0, second=0, microsecond=0)
    for job in JOBS:
        for number in range(job.days):
            _day(job, number, today - timedelta(days=3 + number), users, units)


def _day(
    job: Job, number: int, morning: datetime, users: dict[str, User], units: dict[str, Unit]
) -> None:
    set_by, done_by = users[job.set_by], users[job.done_by]
    goal, measure = job.words
    evening = morning + timedelta(hours=12)
    task = tasks.set_task(
        goal=f"{goal}（{morning.month}月{morning.day}日）", measure=measure, document=SOURCE,
        due_at=evening, unit=units[job.unit], issuer=units[job.issuer], by=set_by, now=morning,
    )  # fmt: skip
    late, slow = number < job.late, number < job.slow
    claimed = morning + timedelta(hours=26 if slow else 1)
    done = max(evening + timedelta(hours=4 if late else -1), claimed + timedelta(hours=1))
    tasks.claim(task=task, by=done_by, now=claimed)
    tasks.submit(task=task, text="当日清单已办结，明细附后", by=done_by, now=done)
    tasks.accept(task=task, by=set_by, now=done + timedelta(hours=2))
