"""A file of counts that came in: every row of it is stored, or refused with its reason."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.surveillance.models.channels import Source


class CountImport(models.Model):
    """One file taken in. It and its rows are written in one transaction: whole or not at all."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="imports")
    profile = models.CharField(_("profile"), max_length=60)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    n_read = models.PositiveIntegerField(_("read"))
    n_new = models.PositiveIntegerField(_("new"))
    n_revised = models.PositiveIntegerField(_("revised"))
    n_unchanged = models.PositiveIntegerField(_("unchanged"))
    n_refused = models.PositiveIntegerField(_("refused"))
    n_remarks = models.PositiveIntegerField(_("remarks"))
    header = models.JSONField(default=list)  # as it stood, for the sheet of refusals
    first_day = models.DateField(_("first day"), null=True)
    last_day = models.DateField(_("last day"), null=True)
    at = models.DateTimeField(pgettext_lazy("file of counts", "received"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import of counts")
        verbose_name_plural = _("imports of counts")
        constraints = [
            models.CheckConstraint(
                condition=Q(n_read=F("n_new") + F("n_revised") + F("n_unchanged") + F("n_refused")),
                name="count_import_reconciles",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def n_stored(self) -> int:
        """Rows whose counts are in the store, whether this import put them there or found them."""
        return self.n_new + self.n_revised + self.n_unchanged

    @property
    def reconciled(self) -> str:
        """The line every import ends with."""
        return f"{self.n_read} read = {self.n_stored} stored + {self.n_refused} refused"


class CountRefusal(models.Model):
    """A row that was not stored. Counts name nobody, so the row is kept as it stands."""

    of = models.ForeignKey(CountImport, models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=120, blank=True)
    code = models.CharField(max_length=24)
    params = models.JSONField(default=dict)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["line", "id"]

    def __str__(self) -> str:
        return f"{self.of_id}:{self.line} {self.code}"


class CountRemark(models.Model):
    """What was odd about rows that were stored all the same, once for each thing and its lines."""

    of = models.ForeignKey(CountImport, models.CASCADE, related_name="remarks")
    code = models.CharField(max_length=24)
    params = models.JSONField(default=dict)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.of_id} {self.code}"
