"""The list of key tasks (重点任务清单), its tree, and the book of what was said about each.

`stage` mirrors the passage. `leaf` and `share` hold what may be typed: progress of a task with
parts is the progress of its parts, and the table refuses any other.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.lists.models.problems import Problem
from tongchou.staff.models import Unit

#: City, county, street, community, grid; room for a ministry and a province above, and one below.
DEEPEST = 7


class SourceKind(models.TextChoices):
    """What a task springs from (任务来源)."""

    UPPER = "upper", pgettext_lazy("source", "demand from above")
    PROBLEM = "problem", pgettext_lazy("source", "problem")
    DECISION = "decision", pgettext_lazy("source", "decision")
    REVIEW = "review", pgettext_lazy("source", "review")
    INSPECTION = "inspection", pgettext_lazy("source", "inspection")
    OWN = "own", pgettext_lazy("source", "own")


class Task(models.Model):
    """What must be true by when, who answers for it, and who says that it is so."""

    number = models.CharField(pgettext_lazy("lists", "number"), max_length=40, unique=True)
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="task")
    stage = models.CharField(_("stage"), max_length=12)
    goal = models.CharField(_("what must be true"), max_length=300)
    measure = models.CharField(_("measure of success"), max_length=300)
    due_at = models.DateTimeField(_("by when"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="tasks", verbose_name=_("answers for it")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("lists", "person"),
    )
    issuer = models.ForeignKey(
        Unit, models.PROTECT, related_name="tasks_set", verbose_name=_("set and accepted by")
    )
    source = models.CharField(
        pgettext_lazy("lists", "source"), max_length=10, choices=SourceKind.choices
    )
    document = models.CharField(pgettext_lazy("lists", "document"), max_length=200, blank=True)
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    problem = models.ForeignKey(
        Problem,
        models.PROTECT,
        null=True,
        related_name="tasks",
        verbose_name=pgettext_lazy("lists", "problem"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", verbose_name=_("part of")
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="whole_tree")
    depth = models.PositiveSmallIntegerField(default=0)
    leaf = models.BooleanField(default=True)
    share = models.PositiveSmallIntegerField(
        pgettext_lazy("lists", "progress"), null=True
    )  # percent, as last reported
    #: Row key of a bulk dispatch: the same sheet twice sets nothing twice.
    key = models.CharField(pgettext_lazy("lists", "key"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    set_at = models.DateTimeField(pgettext_lazy("lists", "set"))
    submitted_at = models.DateTimeField(pgettext_lazy("lists", "submitted"), null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(pgettext_lazy("lists", "closed"), null=True)
    n_returned = models.PositiveSmallIntegerField(pgettext_lazy("lists", "returned"), default=0)
    n_retimed = models.PositiveSmallIntegerField(_("postponed"), default=0)

    class Meta:
        verbose_name = pgettext_lazy("lists", "task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(condition=~Q(unit=F("issuer")), name="task_set_by_another_unit"),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("submitted_by")),
                name="task_never_accepted_by_its_doer",
            ),
            models.CheckConstraint(
                condition=Q(stage="accepted", accepted_by__isnull=False, submitted_by__isnull=False)
                | (~Q(stage="accepted") & Q(accepted_by=None)),
                name="task_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, stage__in=("accepted", "cancelled"))
                | (Q(closed_at=None) & ~Q(stage__in=("accepted", "cancelled"))),
                name="task_closed_at_with_its_stage",
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(leaf=True, share__lte=100),
                name="task_progress_typed_for_leaves_only",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, root=None, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0, depth__lte=DEEPEST),
                name="task_depth_with_its_parent",
            ),
            models.UniqueConstraint(
                fields=["issuer", "key"], condition=~Q(key=""), name="task_key_once_per_issuer"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="task_due"),
            models.Index(
                fields=["area_path", "due_at", "id"], condition=Q(closed_at=None), name="task_area"
            ),
            models.Index(fields=["area_path", "set_at"], name="task_area_set"),
            models.Index(fields=["unit", "due_at", "id"], name="task_unit_due"),
            models.Index(fields=["set_at", "id"], name="task_newest"),
            models.Index(fields=["closed_at", "stage"], name="task_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.goal}"

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def late(self, now: object) -> bool:
        """Past its date and not yet submitted: whoever checks it is not the one who is late."""
        return self.open and self.stage != "submitted" and self.due_at <= now  # type: ignore[operator]


class EntryKind(models.TextChoices):
    """What an entry in a task's book tells."""

    REPORT = "report", pgettext_lazy("entry", "progress")
    SUBMIT = "submit", pgettext_lazy("entry", "submitted")
    ACCEPT = "accept", pgettext_lazy("entry", "accepted")
    RETURN = "return", pgettext_lazy("entry", "returned")
    DECLINE = "decline", pgettext_lazy("entry", "declined")
    DISPATCH = "dispatch", pgettext_lazy("entry", "dispatched again")
    RETIME = "retime", pgettext_lazy("entry", "due date changed")
    REASSIGN = "reassign", pgettext_lazy("entry", "given to another unit")
    AMEND = "amend", pgettext_lazy("entry", "wording changed")
    DELEGATE = "delegate", pgettext_lazy("entry", "passed down")
    CANCEL = "cancel", pgettext_lazy("entry", "cancelled")


class Entry(models.Model):
    """One line in a task's book: progress, a return with its reason, a new date. Never changed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    share = models.PositiveSmallIntegerField(pgettext_lazy("lists", "progress"), null=True)
    before = models.CharField(max_length=300, blank=True)  # what stood there, in words
    after = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(pgettext_lazy("lists", "at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind} {self.at:%F %R}"
