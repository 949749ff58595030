"""Evaluations (考评) of units: figures from the ledger, objections to them, rulings, publication.

Figures are never changed: computing again writes the next revision. There are no figures of
persons anywhere in here.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Handoff, Passage
from tongchou.staff.models import Unit


class State(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("evaluation", "being computed")
    COMPUTED = "computed", pgettext_lazy("evaluation", "computed")
    SHOWN = "shown", pgettext_lazy("evaluation", "shown to the units")
    PUBLISHED = "published", pgettext_lazy("evaluation", "published")


class Evaluation(models.Model):
    """The units of an area over a period; frozen with its digest when it is published."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))  # included
    criteria = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    revision = models.PositiveSmallIntegerField(default=0)  # what stands
    wanted = models.PositiveSmallIntegerField(default=1)  # what has been asked for
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # a worker is computing since then
    computed_at = models.DateTimeField(_("computed"), null=True)
    took_ms = models.PositiveIntegerField(null=True)
    fault = models.CharField(max_length=300, blank=True)
    totals = models.JSONField(default=dict)
    shown_at = models.DateTimeField(null=True)
    objections_until = models.DateTimeField(_("objections until"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    snapshot = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="evaluation_from_before_until"
            ),
            models.CheckConstraint(
                condition=Q(published_at=None, digest="", snapshot="")
                | (Q(published_at__isnull=False, shown_at__isnull=False) & ~Q(digest="")),
                name="evaluation_published_after_it_was_shown",
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-id"], name="evaluation_of_area"),
            models.Index(
                fields=["id"], condition=Q(revision__lt=F("wanted")), name="evaluation_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"E-{self.pk:04d}"

    @property
    def stale(self) -> bool:
        """Whether a newer revision is being computed."""
        return self.revision < self.wanted


class Figures(models.Model):
    """One unit in one revision of an evaluation. `detail` has everything the page shows."""

    evaluation = models.ForeignKey(
        Evaluation, models.PROTECT, related_name="figures", db_index=False
    )
    revision = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # as it was called then
    n_legs = models.PositiveIntegerField()
    n_in_time = models.PositiveIntegerField()
    expected = models.FloatField()
    enough = models.BooleanField()
    ratio = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    verdict = models.CharField(max_length=8)
    detail = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "revision", "unit"], name="figures_once_a_revision"
            ),
        ]
        indexes = [models.Index(fields=["unit", "evaluation"], name="figures_of_unit")]

    def __str__(self) -> str:
        return f"{self.evaluation} {self.name}"


class Objection(models.Model):
    """A unit contests figures about it (申诉), as a whole or hand-off by hand-off."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="objections")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="objection")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ruling = models.CharField(_("ruling"), max_length=300, blank=True)
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruled_by=None) | ~Q(ruled_by=F("by")),
                name="nobody_rules_on_their_own_objection",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"O-{self.pk:05d}"


class Disputed(models.Model):
    """A hand-off that an objection is about."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="disputed")
    handoff = models.ForeignKey(Handoff, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["objection", "handoff"], name="disputed_once")
        ]

    def __str__(self) -> str:
        return f"{self.objection_id}: {self.handoff_id}"


class Ruling(models.Model):
    """A hand-off that counts for nobody, by the ruling on an objection. It is never taken back."""

    handoff = models.OneToOneField(Handoff, models.PROTECT, related_name="+")
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="rulings")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.objection_id}: {self.handoff_id}"
