"""Scenario, Study, Proposal, Forecast: what was asked of the model, and what it said.

A scenario is never changed, only written anew: what a study found always belongs to the text that
stands beside it.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.ledger.models import Adoption


class Scenario(models.Model):
    """A city, a disease, a playbook and what stands ready, as the text of a SCENARIO.toml.

    `known` is what the ledger and the case records said when it was written: which of its
    numbers were measured, and which assumed.
    """

    title = models.CharField(_("title"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    text = models.TextField(_("text"))
    answers = models.JSONField(default=dict)  # of the form it was written with, for the next one
    known = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(pgettext_lazy("scenario", "written"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")

    def __str__(self) -> str:
        return self.title


class Kind(models.TextChoices):
    SIMULATE = "simulate", pgettext_lazy("study", "what would happen")
    PLAN = "plan", pgettext_lazy("study", "least-cost plan")
    UNIT = "unit", pgettext_lazy("study", "the smallest unit to lock")
    OPEN = "open", pgettext_lazy("study", "when it may be opened")
    HOUR = "hour", pgettext_lazy("study", "what an hour from sample to result buys")
    CHANGE = "change", pgettext_lazy("study", "from which virus on to change to mitigation")
    READY = "ready", pgettext_lazy("study", "what must stand ready in peacetime")


class State(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("study", "waiting")
    RUNNING = "running", pgettext_lazy("study", "running")
    DONE = "done", pgettext_lazy("study", "done")
    CANCELLED = "cancelled", pgettext_lazy("study", "stopped")
    FAILED = "failed", pgettext_lazy("study", "failed")


WAITING = (State.QUEUED, State.RUNNING)


class Study(models.Model):
    """A question to the model, made by the worker a few seconds at a time."""

    scenario = models.ForeignKey(
        Scenario, models.PROTECT, related_name="studies", verbose_name=_("scenario")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SIMULATE)
    seeds = models.PositiveIntegerField(_("runs"))  # of each plan, the same dice for all
    budget = models.PositiveIntegerField(_("plans to try"), default=1)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    phase = models.CharField(max_length=8, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of every run: equal for equal answers
    fault = models.CharField(max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(pgettext_lazy("study", "asked"))
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Moved on with every run while a worker has it in hand, empty while none has.
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False) | Q(result__isnull=True),
                name="only_a_study_that_is_done_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=("queued", "running"))
                | Q(ended_at__isnull=False, state__in=("done", "cancelled", "failed")),
                name="study_ended_at_with_its_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=("queued", "running")),
                name="study_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} · {self.get_kind_display()}"

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def is_plan(self) -> bool:
        return self.kind == Kind.PLAN

    @property
    def is_simulated(self) -> bool:
        return self.kind == Kind.SIMULATE


class Proposal(models.Model):
    """A plan put forward as a playbook; the ledger keeps who adopts it, and it takes two."""

    study = models.ForeignKey(Study, models.PROTECT, related_name="proposals")
    plan = models.PositiveIntegerField(_("plan"))
    adoption = models.OneToOneField(Adoption, models.PROTECT, related_name="planned")
    changes = models.JSONField()  # rule by rule: path, zh, en
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("put forward"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return f"{self.study} #{self.plan}"


class Forecast(models.Model):
    """What one day said of the days after it: cases reported, day by day, with quantiles.

    `reason` says why it says nothing. It is never changed: a forecast that could be mended
    after the fact could not be scored.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    made_on = models.DateField(_("made on"))
    levels = models.JSONField(default=list)
    quantiles = models.JSONField(default=list)  # a row for each day after made_on
    naive = models.JSONField(default=list)  # the same from "as it was": what to be measured by
    reason = models.CharField(max_length=12, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_on"]
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints = [
            models.UniqueConstraint(fields=["area", "made_on"], name="one_forecast_a_day_and_area")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.made_on}"
