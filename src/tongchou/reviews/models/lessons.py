"""Lesson (经验教训): learned here, or entered from elsewhere with its source.

What changed is a task or an adopted playbook where there is one, so that nobody types its date.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Adoption
from tongchou.lists.models import Task
from tongchou.reviews.models.findings import Finding


class Origin(models.TextChoices):
    OWN = "own", pgettext_lazy("lesson", "from our own review")
    PROVINCE = "province", pgettext_lazy("lesson", "from inside the province")
    OUTSIDE = "outside", pgettext_lazy("lesson", "from outside the province")


class Lesson(models.Model):
    """What was learned, what was changed for it, and by which interval one would see it work."""

    title = models.CharField(_("lesson"), max_length=120)
    learned = models.TextField(_("what was learned"), max_length=2000)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices)
    place = models.CharField(_("where it was learned"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="lessons")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    disease = models.CharField(_("disease"), max_length=30, blank=True)
    interval = models.CharField(_("measured by"), max_length=40, blank=True)
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="lessons", verbose_name=_("task")
    )
    adoption = models.ForeignKey(
        Adoption, models.PROTECT, null=True, related_name="lessons", verbose_name=_("playbook")
    )
    changed_on = models.DateField(_("changed on"), null=True, blank=True)
    changed_note = models.CharField(_("what changed"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"))
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        constraints = [
            models.CheckConstraint(
                condition=Q(origin="own") | (~Q(source="") & ~Q(place="")),
                name="lesson_from_elsewhere_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(changed_on=None) | ~Q(changed_note=""),
                name="lesson_says_what_changed",
            ),
        ]
        indexes = [models.Index(fields=["area_path", "-at", "-id"], name="lesson_of_area")]

    def __str__(self) -> str:
        return self.title
