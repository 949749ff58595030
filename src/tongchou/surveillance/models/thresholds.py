"""From which p a channel raises an alarm: chosen by replaying its history, and never overwritten.

The newest row of a channel and a method is in force. Who chose it, from what and why, stays.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.surveillance.models.channels import Channel


class Threshold(models.Model):
    """An alarm needs a p no greater than `limit`.

    `channel` is empty for all channels weighed together. `n_raised` is how many alarms the days
    from `replayed_from` to `replayed_to` would have raised with it.
    """

    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="thresholds",
        verbose_name=_("channel"),
    )
    detector = models.CharField(_("method"), max_length=40)
    limit = models.FloatField(_("limit of p"))
    per_week = models.FloatField(_("false alarms a week, wanted"))
    replayed_from = models.DateField(_("replayed from"))
    replayed_to = models.DateField(_("replayed to"))
    n_raised = models.PositiveIntegerField(_("alarms in the replay"))
    n_series = models.PositiveIntegerField(_("series"))
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set"))

    class Meta:
        ordering = ["-set_at", "-id"]
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        constraints = [
            models.CheckConstraint(
                condition=Q(limit__gt=0) & Q(limit__lt=1), name="limit_is_a_probability"
            ),
        ]
        indexes = [models.Index(fields=["channel", "detector", "-set_at"], name="threshold_newest")]

    def __str__(self) -> str:
        return f"{self.channel_id or '*'} {self.detector}: {self.limit:g}"


class ReplayState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("replay", "waiting")
    RUNNING = "running", pgettext_lazy("replay", "running")
    DONE = "done", pgettext_lazy("replay", "done")
    THIN = "thin", pgettext_lazy("replay", "history too short")
    FAILED = "failed", pgettext_lazy("replay", "failed")


class ReplayRun(models.Model):
    """A replay that somebody asked for and the worker computes: what a limit would have raised.

    `facts` is a `limits.Replay` as plain values, once it is done. The same question about the same
    last day is answered by the same row.
    """

    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="replays"
    )
    detector = models.CharField(_("method"), max_length=40)
    per_week = models.FloatField(_("false alarms a week, wanted"))
    last = models.DateField(_("replayed to"))
    state = models.CharField(
        _("state"), max_length=8, choices=ReplayState.choices, default=ReplayState.QUEUED
    )
    done = models.PositiveIntegerField(default=0)  # parts replayed, of `parts`
    parts = models.PositiveIntegerField(default=0)
    facts = models.JSONField(null=True, blank=True)
    fault = models.CharField(max_length=400, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    # Moved on with every part: a worker that has not moved it for long was killed.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("replay")
        verbose_name_plural = _("replays")
        indexes = [models.Index(fields=["state", "id"], name="replay_waiting")]

    def __str__(self) -> str:
        return f"{self.channel_id or '*'} {self.detector}: {self.get_state_display()}"

    @property
    def waits(self) -> bool:
        return self.state in (ReplayState.QUEUED, ReplayState.RUNNING)
