"""What the quality check found in the counts, kept with what follows from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.surveillance.models.channels import Channel, Duty, Source


class FindingKind(models.TextChoices):
    """As `epi.quality.KINDS` has them."""

    DATE_SHIFT = "date_shift", _("dates shift")
    FALSE_ZERO = "false_zero", _("false zero")
    DEFINITION = "definition", _("definition changes")
    REVISION = "revision", _("revision")
    FALL = "fall", _("cumulative count falls")
    MISSING = "missing", _("days missing")
    STOPPED = "stopped", _("reporting stopped")
    STUCK = "stuck", _("same number again")
    WEEKDAY = "weekday", _("silent weekday")
    HEAPING = "heaping", _("round numbers")
    DENOMINATOR = "denominator", _("impossible total")
    TOTAL = "total", _("total among its parts")


class Finding(models.Model):
    """One thing found, for a source, channel and area, or for many series at once.

    `silent` says that no alarm is raised and no R computed on these days.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="findings")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="findings")
    kind = models.CharField(
        pgettext_lazy("channel", "kind"), max_length=12, choices=FindingKind.choices
    )
    words = models.CharField(max_length=30)  # which sentence to say: `telling.FINDINGS`
    certainty = models.FloatField(default=1.0)
    from_on = models.DateField(pgettext_lazy("duty", "from"))
    to_on = models.DateField(pgettext_lazy("duty", "until"))
    n_series = models.PositiveIntegerField(_("series"), default=1)
    silent = models.BooleanField(default=False)
    params = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)  # the same thing is found once
    found_at = models.DateTimeField(_("found"))
    gone_at = models.DateTimeField(null=True)  # no longer found once the counts were corrected

    class Meta:
        ordering = ["from_on", "id"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")), name="finding_from_before_to"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "from_on"], name="finding_area"),
            models.Index(fields=["from_on", "to_on"], name="finding_days"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.from_on}"


class QualityCheck(models.Model):
    """From which records the findings of a source were made; the same again is not looked at."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="checked")
    records = models.CharField(max_length=64)
    first_day = models.DateField(_("first day"), null=True)
    last_day = models.DateField(_("last day"), null=True)
    n_findings = models.PositiveIntegerField(_("findings"), default=0)
    checked_at = models.DateTimeField(_("checked"))

    def __str__(self) -> str:
        return f"{self.source_id} {self.checked_at:%F %R}"
