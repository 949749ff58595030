"""Activations, and the counts that pages show instead of counting a million rows each time.

Tallies and readings can be thrown away at any time: the next minute writes them anew from the
ledger. Activations are the record and are never changed.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField, TempoChoice
from tongchou.ledger.models import Rung


class Grade(models.TextChoices):
    """The response level (响应级别) that an activation follows, where one was declared."""

    NONE = "", _("none declared")
    I = "1", _("level I")  # noqa: E741  the grades are written so
    II = "2", _("level II")
    III = "3", _("level III")
    IV = "4", _("level IV")


class Activation(models.Model):
    """An area and all below it changed tempo (平战转换)."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    tempo_from = models.CharField(
        pgettext_lazy("tempo", "from"), max_length=5, choices=TempoChoice.choices
    )
    tempo_to = models.CharField(
        pgettext_lazy("tempo", "to"), max_length=5, choices=TempoChoice.choices
    )
    grade = models.CharField(_("response level"), max_length=1, choices=Grade.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    playbook = models.CharField(_("playbook"), max_length=60)
    n_areas = models.PositiveIntegerField()
    n_legs = models.PositiveIntegerField()
    n_gaps_closed = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )  # null: on the command line of the machine
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["area_path", "-at"], name="activation_area")]

    def __str__(self) -> str:
        return f"{self.area_id}: {self.tempo_from} → {self.tempo_to}"


class TallyRun(models.Model):
    """One count of the ledger: when it was true, and how long it took."""

    at = models.DateTimeField(unique=True)
    n_open = models.PositiveIntegerField()
    n_late = models.PositiveIntegerField()
    n_gaps = models.PositiveIntegerField()
    took_ms = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%F %R}: {self.n_open} open, {self.n_gaps} gaps"


class LegTally(models.Model):
    """Open legs of one stage in an area and all below it, down to the street."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    loop = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    n_open = models.PositiveIntegerField()
    n_late = models.PositiveIntegerField()
    n_unowned = models.PositiveIntegerField()  # no unit answers: a readiness gap became real
    oldest_due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "loop", "stage", "owner"], name="leg_tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.loop}.{self.stage}: {self.n_open}"


class Age(models.IntegerChoices):
    """How long a gap has been open."""

    FRESH = 0, _("under 2 h")
    HOURS = 1, _("2–8 h")
    DAY = 2, _("8–24 h")
    DAYS = 3, _("1–3 d")
    STALE = 4, _("over 3 d")


#: The lower bound of each age, in hours.
AGE_FROM_HOURS = {Age.FRESH: 0, Age.HOURS: 2, Age.DAY: 8, Age.DAYS: 24, Age.STALE: 72}


class GapTally(models.Model):
    """Open gaps of one stage, rung and age in an area and all below it, down to the street."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    loop = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    owner = models.CharField(max_length=20)
    rung = models.PositiveSmallIntegerField(choices=Rung.choices)
    age = models.PositiveSmallIntegerField(choices=Age.choices)
    n = models.PositiveIntegerField()
    oldest_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "loop", "stage", "owner", "rung", "age"], name="gap_tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.loop}.{self.stage} rung {self.rung}: {self.n}"


class Reading(models.Model):
    """A figure of the command room for one area, as it was true at `at`."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_index=False)
    figure = models.CharField(max_length=30)
    at = models.DateTimeField()
    value = models.JSONField()
    digest = models.CharField(max_length=16)  # of the value: pages fetch only what changed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "figure"], name="reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.figure}"


class Proof(models.Model):
    """One recomputation of the audit's chain, done in short steps while somebody watches."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    n_total = models.PositiveBigIntegerField()
    n_done = models.PositiveBigIntegerField(default=0)
    n_unsealed = models.PositiveBigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64)
    faults = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.started_at:%F %R}: {self.n_done} of {self.n_total}"

    @property
    def whole(self) -> bool:
        return self.finished_at is not None and not self.faults
