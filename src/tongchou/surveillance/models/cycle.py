"""The daily cycle: one run a day, and the brief it ended with.

A run says from which state of the records it was computed. Counts that come late for its days
re-open it, visibly; computed again from the same records it changes nothing.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area


class RunState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", pgettext_lazy("cycle", "done")
    REOPENED = "reopened", _("re-opened by late counts")
    FAILED = "failed", _("failed")


class DayRun(models.Model):
    """The cycle of one morning: everything up to 24:00 of the day before."""

    on = models.DateField(_("day"), unique=True)
    state = models.CharField(_("state"), max_length=8, choices=RunState.choices)
    records = models.CharField(max_length=64, blank=True)  # digest of the records computed from
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    reopened_at = models.DateTimeField(_("re-opened"), null=True)
    n_times = models.PositiveSmallIntegerField(_("times computed"), default=1)
    steps = models.JSONField(default=list)  # [{"step": "detect", "seconds": 1.2, "n": 3}, …]
    fault = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["-on"]
        verbose_name = _("daily cycle")
        verbose_name_plural = _("daily cycles")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="done_is_finished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_state_display()}"


class KeptBrief(models.Model):
    """The brief of an area on one morning, as it was read; a re-opened day adds an edition."""

    run = models.ForeignKey(DayRun, models.PROTECT, null=True, related_name="briefs")
    area = models.ForeignKey(Area, models.PROTECT, related_name="briefs")
    on = models.DateField(_("day"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    facts = models.JSONField()
    made_at = models.DateTimeField(_("written"))

    class Meta:
        ordering = ["-on", "area", "-edition"]
        verbose_name = _("morning brief")
        verbose_name_plural = _("morning briefs")
        constraints = [
            models.UniqueConstraint(fields=["area", "on", "edition"], name="brief_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.on}"
