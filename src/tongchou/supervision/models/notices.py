"""Notices (通报): facts that the system counted, a text that a person edited, a signature."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PathField


class Tone(models.TextChoices):
    BOTH = "both", _("praise and criticism")
    PRAISE = "praise", _("praise")
    CRITICISM = "criticism", _("criticism")


class Notice(models.Model):
    """A draft until it is signed, then frozen. `facts` has each number with the rows behind it."""

    title = models.CharField(_("title"), max_length=120)
    tone = models.CharField(_("tone"), max_length=9, choices=Tone.choices, default=Tone.BOTH)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    facts = models.JSONField()
    facts_at = models.DateTimeField(_("true at"))
    text = models.TextField(_("text"))
    n_edits = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed"), null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="notice_from_before_until"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, digest="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(digest="")),
                name="notice_signed_with_digest",
            ),
        ]
        indexes = [models.Index(fields=["area_path", "-id"], name="notice_of_area")]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        return f"N-{self.pk:06d}"
