"""Evidence: a link to what the records hold, or a note. Never a copy."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from tongchou.ledger.models import Gap, Passage
from tongchou.lists.models.problems import Problem
from tongchou.lists.models.tasks import Task


class Evidence(models.Model):
    """What a problem rests on, or what shows that a task is done."""

    problem = models.ForeignKey(Problem, models.PROTECT, null=True, related_name="evidence")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="evidence")
    passage = models.ForeignKey(Passage, models.PROTECT, null=True, related_name="+")
    gap = models.ForeignKey(Gap, models.PROTECT, null=True, related_name="+")
    note = models.CharField(pgettext_lazy("lists", "note"), max_length=300, blank=True)
    at = models.DateTimeField(pgettext_lazy("lists", "at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(problem=None, task__isnull=False) | Q(problem__isnull=False, task=None),
                name="evidence_for_a_problem_or_a_task",
            ),
            models.CheckConstraint(
                condition=Q(passage__isnull=False) | Q(gap__isnull=False) | ~Q(note=""),
                name="evidence_says_something",
            ),
            models.UniqueConstraint(
                fields=["problem", "passage"],
                condition=Q(passage__isnull=False),
                name="problem_evidence_once",
            ),
            models.UniqueConstraint(
                fields=["problem", "gap"], condition=Q(gap__isnull=False), name="problem_gap_once"
            ),
            models.UniqueConstraint(
                fields=["task", "passage"],
                condition=Q(passage__isnull=False),
                name="task_evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return self.note or str(self.passage or self.gap)
