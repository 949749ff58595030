"""Findings (问题): what an inspection found wrong, who answers for mending it, how often before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField, Place
from tongchou.ledger.models import Passage
from tongchou.staff.models import Unit
from tongchou.supervision.items import in_language
from tongchou.supervision.models.inspections import Inspection


class Severity(models.TextChoices):
    """How bad: it chooses the deadline. Red lines are mended at once (立行立改)."""

    URGENT = "urgent", _("red line, mend at once")
    ORDINARY = "ordinary", pgettext_lazy("finding", "ordinary")
    MINOR = "minor", pgettext_lazy("finding", "minor")


class Finding(models.Model):
    """One item answered with no. `item` is the checklist's key, the same in all its versions."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="finding")
    checklist = models.SlugField(max_length=40)
    item = models.SlugField(max_length=40)
    asked = models.CharField(max_length=200)  # as the item read that day
    asked_en = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    self_found = models.BooleanField(_("found by the unit itself"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="+", verbose_name=_("place")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    found_at = models.DateTimeField()
    repeats = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeated_by", verbose_name=_("repeats")
    )
    n_before = models.PositiveSmallIntegerField(_("found before"), default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "item"], name="finding_once_an_item"),
            models.CheckConstraint(
                condition=Q(repeats=None, n_before=0) | Q(repeats__isnull=False, n_before__gt=0),
                name="finding_repeats_what_it_counts",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "checklist", "item", "id"], name="finding_before"),
            models.Index(fields=["area_path", "found_at"], name="finding_of_area"),
            models.Index(fields=["found_at", "unit"], name="finding_of_unit"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def question(self) -> str:
        return in_language(self.asked, self.asked_en)

    @property
    def number(self) -> str:
        return f"F-{self.pk:06d}"
