"""Who owes a daily report, the reports, what was signed, and what was corrected afterwards.

`Report.facts` is a draft and may be laid out anew; what counts is the text in `Signed`, which the
database itself refuses to change.
"""

from datetime import date, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.staff.models import Unit


class Duty(models.Model):
    """An area, or a department of it, owes a report of every day, true at a set hour."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )  # null: the area itself, which its headquarters report
    hour = models.PositiveSmallIntegerField(
        _("true at (hour)"), validators=[MinValueValidator(1), MaxValueValidator(24)]
    )  # 24 is the end of the day
    to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goes to")
    )  # null: the headquarters of the level above
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("until"), null=True, blank=True)  # the last day owed

    class Meta:
        ordering = ["area__path", "unit_id"]
        verbose_name = _("duty to report")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__gte=1, hour__lte=24), name="report_hour_of_the_day"
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(unit=None, to_on=None),
                name="one_report_duty_per_area",
            ),
            models.UniqueConstraint(
                fields=["area", "unit"],
                condition=Q(unit__isnull=False, to_on=None),
                name="one_report_duty_per_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.area} {self.hour}:00"


class Report(models.Model):
    """The report of one area or department of one day, from laid out to received."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reports")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("department")
    )
    to = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    on = models.DateField(_("of"))
    at = models.DateTimeField(_("true at"))
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="daily_report")
    facts = models.JSONField()
    laid_out_at = models.DateTimeField(_("laid out"))
    judgement = models.TextField(_("judgement"), max_length=4000, blank=True)
    requests = models.TextField(_("what is asked for"), max_length=4000, blank=True)
    # Counts every save, so that two people who edit at once cannot undo one another.
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-on", "area_path", "id"]
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")
        constraints = [
            models.UniqueConstraint(fields=["duty", "on"], name="one_report_a_day_and_duty"),
        ]
        indexes = [
            models.Index(fields=["-on", "area_path"], name="report_day_area"),
            models.Index(fields=["area_path", "-on", "-id"], name="report_area_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def of(self) -> str:
        """Whose report it is."""
        return str(self.unit or self.area)


class Signed(models.Model):
    """The text somebody put their name to, with its digest. A returned report is signed anew."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="signatures")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()  # canonical JSON: the digest is of these very characters
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="signature_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report} #{self.number}"


class Correction(models.Model):
    """What was signed and is not so: what stood there, what is right, and why (更正)."""

    signed = models.ForeignKey(Signed, models.PROTECT, related_name="corrections")
    key = models.CharField(_("what"), max_length=80)  # of a fact, or "judgement" or "requests"
    said = models.CharField(_("was"), max_length=4000)
    right = models.CharField(_("is"), max_length=4000)
    why = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(why=""), name="report_corrected_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.signed}: {self.key}"


def number_of(area: Area, unit: Unit | None, on: date) -> str:
    """R-990102-20220701; a department's has its unit behind the area."""
    owner = f"{area.pk}-U{unit.pk}" if unit else area.pk
    return f"R-{owner}-{on:%Y%m%d}"


def set_moment(on: date, hour: int) -> datetime:
    """The moment a report of a day is true at, by the city's clock."""
    from datetime import time, timedelta

    from django.utils import timezone

    midnight = timezone.make_aware(datetime.combine(on, time()))
    if hour < 24:
        return midnight + timedelta(hours=hour)
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), time()))
