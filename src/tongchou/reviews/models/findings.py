"""A finding, the whys that lead down from it, and what it led to.

Whys are only ever added, each an answer to the one before; the cause stands on the last. A finding
about delay remembers how much: the statistics add that up by cause.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.ledger.models import Adoption
from tongchou.lists.models import Cause, Problem, Task
from tongchou.planning.models import Study
from tongchou.reviews.models.reviews import Review

#: So many whys are asked at most; who needs more has two findings.
DEEPEST = 5


class FindingKind(models.TextChoices):
    BOTTLENECK = "bottleneck", pgettext_lazy("finding", "bottleneck")
    ENABLER = "enabler", pgettext_lazy("finding", "enabler")


class Finding(models.Model):
    """One thing that held the response up, or carried it."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=FindingKind.choices)
    step = models.CharField(_("step"), max_length=80, blank=True)  # loop.stage, or an interval
    what = models.CharField(pgettext_lazy("review", "what was found"), max_length=300)
    delay_s = models.BigIntegerField(_("delay"), null=True)  # beyond what was allowed; None unknown
    n_whys = models.PositiveSmallIntegerField(default=0)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="finding_numbers_count_up"),
            models.CheckConstraint(condition=Q(n_whys__lte=DEEPEST), name="finding_five_whys"),
            models.CheckConstraint(
                condition=Q(cause="") | Q(n_whys__gte=1), name="finding_cause_after_a_why"
            ),
        ]
        indexes = [models.Index(fields=["cause"], name="finding_cause")]

    def __str__(self) -> str:
        return self.what


class Why(models.Model):
    """One answer: why the answer before it was so. The first says why the finding was so."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="whys")
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(pgettext_lazy("why", "answer"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "number"], name="why_answers_the_former"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=DEEPEST), name="why_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return self.answer


class Led(models.TextChoices):
    """What a finding led to. "Noted" needs a reason: a finding that leads to nothing is rare."""

    PROBLEM = "problem", pgettext_lazy("consequence", "problem")
    TASK = "task", pgettext_lazy("consequence", "task")
    PROPOSAL = "proposal", pgettext_lazy("consequence", "playbook proposal")
    NOTED = "noted", pgettext_lazy("consequence", "noted, nothing to change")


class Consequence(models.Model):
    """A problem, a task or a proposal that came of a finding; or why nothing has to."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="consequences")
    kind = models.CharField(_("led to"), max_length=8, choices=Led.choices)
    problem = models.OneToOneField(Problem, models.PROTECT, null=True, related_name="consequence")
    task = models.OneToOneField(Task, models.PROTECT, null=True, related_name="consequence")
    adoption = models.OneToOneField(Adoption, models.PROTECT, null=True, related_name="consequence")
    path = models.CharField(_("rule"), max_length=120, blank=True)
    simulated = models.BooleanField(null=True)  # whether the simulator reads what is changed
    before = models.ForeignKey(Study, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Study, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="problem", problem__isnull=False, task=None, adoption=None)
                | Q(kind="task", task__isnull=False, problem=None, adoption=None)
                | (Q(kind="proposal", adoption__isnull=False) & Q(problem=None, task=None))
                | (Q(kind="noted", problem=None, task=None, adoption=None) & ~Q(note="")),
                name="consequence_is_what_it_says",
            ),
        ]

    def __str__(self) -> str:
        return str(self.problem or self.task or self.adoption or self.note)
