"""The register of who asks for which report (报表目录): against the same number asked ten times."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage


class Frequency(models.TextChoices):
    ONCE = "once", pgettext_lazy("how often", "once")
    DAILY = "daily", pgettext_lazy("how often", "every day")
    WEEKLY = "weekly", pgettext_lazy("how often", "every week")
    MONTHLY = "monthly", pgettext_lazy("how often", "every month")


class Request(models.Model):
    """Somebody asks for numbers: who, by what right, which, how often, until when."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="report_request")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    title = models.CharField(_("report"), max_length=120)
    asked_by = models.CharField(_("who asks"), max_length=120)
    basis = models.CharField(_("document or legal basis"), max_length=200, blank=True)
    purpose = models.CharField(_("what for"), max_length=200, blank=True)
    keys = models.JSONField(_("numbers of the daily report"), default=list)
    others = models.JSONField(_("other numbers"), default=list)  # in the asker's words
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices)
    until = models.DateField(_("until"), null=True, blank=True)
    asked_on = models.DateField(_("asked on"))
    # Only where somebody timed it: nobody's guess of hours spared is worth adding up.
    minutes = models.PositiveIntegerField(_("minutes each time, as timed"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-asked_on", "-id"]
        verbose_name = _("report request")
        verbose_name_plural = _("report requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="request_decided_at_with_decided_by",
            ),
        ]
        indexes = [models.Index(fields=["area_path", "-asked_on", "-id"], name="request_area")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def n_numbers(self) -> int:
        return len(self.keys) + len(self.others)
