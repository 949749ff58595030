"""What may be done from “my turn” with a word or none; the rest has a page that asks."""

from datetime import datetime
from typing import Any

from tongchou.ledger.models import Passage
from tongchou.lists.actions import problems, tasks
from tongchou.lists.models import Problem, Task


def claim_or_return(*, passage: Passage, to: str, by: Any, now: datetime, note: str) -> None:
    """Claimed by its unit; or, where it was submitted, sent back by whoever set it."""
    task = Task.objects.get(passage=passage)
    task.passage = passage  # what the inbox showed
    if passage.stage == "submitted":
        tasks.send_back(task=task, why=note, by=by, now=now)
    else:
        tasks.claim(task=task, by=by, now=now, note=note)


def put_back(*, passage: Passage, to: str, by: Any, now: datetime, note: str) -> None:
    problem = Problem.objects.get(passage=passage)
    problem.passage = passage
    problems.put_back(problem=problem, by=by, now=now, note=note)
