"""The decision log: a question, the options on the table, and what was decided until when.

Immutable once decided. A correction is a new decision that names the one it corrects.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.orders.models.meetings import Meeting
from tongchou.planning.models import Study
from tongchou.staff.models import Unit
from tongchou.surveillance.models import Signal, Threshold

USER = settings.AUTH_USER_MODEL


class Decision(models.Model):
    """`decided_at` is empty while it is only a question; `until` is when it is decided again."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    question = models.CharField(pgettext_lazy("decision", "question"), max_length=200)
    background = models.TextField(_("background"), blank=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="+",
        verbose_name=_("decides, and answers for its end"),
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("meeting"),
    )
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(pgettext_lazy("decision", "put forward"))
    decided = models.TextField(pgettext_lazy("decision", "decided"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    recorded_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(pgettext_lazy("decision", "decided at"), null=True)
    until = models.DateTimeField(_("until"), null=True)
    trigger = models.TextField(_("what would change it"), blank=True)
    signal = models.ForeignKey(
        Signal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signal it hangs on"),
    )
    threshold = models.ForeignKey(
        Threshold,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("threshold it hangs on"),
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name=_("follows")
    )
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="corrected_by",
        verbose_name=_("corrects"),
    )
    dropped_at = models.DateTimeField(
        null=True
    )  # put forward, and taken back before it was decided
    passage = models.OneToOneField(Passage, models.PROTECT, null=True, related_name="decision")
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = pgettext_lazy("command", "decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, passage=None)
                | (
                    Q(
                        decided_at__isnull=False,
                        decided_by__isnull=False,
                        recorded_by__isnull=False,
                        passage__isnull=False,
                        until__isnull=False,
                        dropped_at=None,
                    )
                    & ~Q(decided="")
                    & ~Q(reason="")
                    & ~Q(trigger="")
                ),
                name="decided_by_somebody_until_when_and_why",
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-id"], name="decision_of_area"),
            models.Index(fields=["until"], name="decision_until"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.question}"

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.dropped_at is None


class Option(models.Model):
    """One thing that could be decided; with a study, what the planner says it would bring."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="options")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(_("option"), max_length=300)
    cost = models.CharField(_("what it costs, and whom"), max_length=200, blank=True)
    study = models.ForeignKey(
        Study, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("study")
    )
    plan = models.PositiveIntegerField(_("plan"), null=True, blank=True)
    chosen = models.BooleanField(default=False)
    frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="options_count_up"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(chosen=True), name="one_option_is_chosen"
            ),
        ]

    def __str__(self) -> str:
        return self.words
