"""The counts themselves. A day that was not reported has no row; a zero is a row.

Nothing is overwritten: a correction is a new revision, and exactly one revision is current. The
database refuses to change or delete what stands (migration 0002).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.surveillance.models.channels import Duty
from tongchou.surveillance.models.imports import CountImport


class Count(models.Model):
    """What one site reported in one channel for one day, or for the week that begins with it."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="counts", db_index=False)
    day = models.DateField(_("day"))
    value = models.DecimalField(_("count"), max_digits=18, decimal_places=4)
    denominator = models.DecimalField(_("out of"), max_digits=18, decimal_places=4, null=True)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    current = models.BooleanField(default=True)
    reason = models.CharField(_("reason of the revision"), max_length=200, blank=True)
    reported_at = models.DateTimeField(pgettext_lazy("count", "reported"))
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    of = models.ForeignKey(
        CountImport, models.PROTECT, null=True, related_name="counts", db_index=False
    )

    class Meta:
        verbose_name = _("count")
        verbose_name_plural = _("counts")
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "day"], condition=Q(current=True), name="one_current_count"
            ),
            models.UniqueConstraint(fields=["duty", "day", "revision"], name="revision_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="count_from_zero"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gte=0), name="denominator_from_zero"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revision_from_one"),
        ]
        indexes = [
            models.Index(fields=["day", "duty"], condition=Q(current=True), name="count_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.day}: {self.value}"


class CountDay(models.Model):
    """How often the records of a day have changed: `history` compares its file with it."""

    day = models.DateField(primary_key=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day} v{self.version}"
