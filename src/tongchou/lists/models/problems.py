"""The list of problems (问题清单). `stage` mirrors the passage, so that a list is one index."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.staff.models import Unit


class FoundBy(models.TextChoices):
    """How a problem came to light (发现方式). Finding one's own is a merit, not a fault."""

    SELF = "self", pgettext_lazy("found by", "own check")
    INSPECTION = "inspection", pgettext_lazy("found by", "inspection")
    REVIEW = "review", pgettext_lazy("found by", "review")
    GAP = "gap", pgettext_lazy("found by", "gap")
    SIGNAL = "signal", pgettext_lazy("found by", "early warning")
    CONCERN = "concern", pgettext_lazy("found by", "residents")
    REPORT = "report", pgettext_lazy("found by", "report from below")
    UPPER = "upper", pgettext_lazy("found by", "level above")


class Cause(models.TextChoices):
    """Why, in one word that can be counted (成因). The chain of whys belongs to the review."""

    STAFF = "staff", pgettext_lazy("cause", "too few people")
    TRAINING = "training", pgettext_lazy("cause", "not trained")
    SUPPLIES = "supplies", pgettext_lazy("cause", "supplies are missing")
    TRANSPORT = "transport", pgettext_lazy("cause", "transport")
    FACILITY = "facility", pgettext_lazy("cause", "rooms or equipment")
    DATA = "data", pgettext_lazy("cause", "wrong or late information")
    SYSTEM = "system", pgettext_lazy("cause", "information systems")
    RULES = "rules", pgettext_lazy("cause", "rules unclear or against each other")
    COORDINATION = "coordination", pgettext_lazy("cause", "departments out of step")
    EXECUTION = "execution", pgettext_lazy("cause", "not carried out")
    EXCESS = "excess", pgettext_lazy("cause", "more was demanded than the rule asks")
    BEHAVIOUR = "behaviour", pgettext_lazy("cause", "people came or told late")
    OTHER = "other", pgettext_lazy("cause", "another cause")


class DecidedAs(models.TextChoices):
    """Why a problem is closed without a task. Time is not among the reasons."""

    NOT_ONE = "not_one", pgettext_lazy("decided", "looked into: it is not a problem")
    DUPLICATE = "duplicate", pgettext_lazy("decided", "the same as another problem")
    CARRIED = "carried", pgettext_lazy("decided", "dealt with in another way already")
    GONE = "gone", pgettext_lazy("decided", "what caused it is gone")
    BEYOND = "beyond", pgettext_lazy("decided", "beyond our powers; passed to the level above")
    BORNE = "borne", pgettext_lazy("decided", "borne knowingly: mending costs more than it saves")


class Problem(models.Model):
    """Something that stands in the way: what, where, who found it, and what became of it."""

    number = models.CharField(pgettext_lazy("lists", "number"), max_length=40, unique=True)
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="problem")
    stage = models.CharField(_("stage"), max_length=12)
    title = models.CharField(pgettext_lazy("lists", "problem"), max_length=120)
    what = models.TextField(_("what happens"), max_length=2000)
    where = models.CharField(_("where"), max_length=120, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    found_by = models.CharField(_("found by"), max_length=10, choices=FoundBy.choices)
    found_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("who found it")
    )
    found_on = models.DateField(_("found on"))
    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to")
    )
    common = models.ForeignKey(
        "lists.Common",
        models.PROTECT,
        null=True,
        related_name="problems",
        verbose_name=_("common problem"),
    )
    raised_at = models.DateTimeField(pgettext_lazy("lists", "raised"))
    closed_at = models.DateTimeField(pgettext_lazy("lists", "closed"), null=True)
    solved_by = models.ForeignKey(
        "lists.Task",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("lists", "solved by"),
    )
    decided_as = models.CharField(
        pgettext_lazy("lists", "decided"), max_length=10, choices=DecidedAs.choices, blank=True
    )
    decision = models.CharField(_("in words"), max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("same as")
    )

    class Meta:
        verbose_name = pgettext_lazy("lists", "problem")
        verbose_name_plural = _("problems")
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="solved") | Q(solved_by__isnull=False),
                name="problem_solved_by_a_task",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stage="decided", decided_by__isnull=False)
                    & ~Q(decided_as="")
                    & ~Q(decision="")
                )
                | (~Q(stage="decided") & Q(decided_by=None, decided_as="", decision="")),
                name="problem_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, stage__in=("solved", "decided"))
                | Q(closed_at=None, stage__in=("raised", "assigned")),
                name="problem_closed_at_with_its_stage",
            ),
        ]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="problem_newest"),
            models.Index(fields=["area_path", "-raised_at", "-id"], name="problem_of_area"),
            models.Index(fields=["unit", "stage"], name="problem_of_unit"),
            models.Index(fields=["closed_at"], name="problem_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def open(self) -> bool:
        return self.closed_at is None
