"""Common problems (共性问题) of several counties. Alike is computed, the same is decided."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.lists.models.problems import Problem


class Common(models.Model):
    """A problem of the whole city, with the problems of the counties that are the same.

    `problem` is the city's own: tasks for all are set on it and passed down to the counties.
    """

    number = models.CharField(pgettext_lazy("lists", "number"), max_length=40, unique=True)
    title = models.CharField(_("common problem"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    problem = models.OneToOneField(Problem, models.PROTECT, related_name="stands_for")
    confirmed_at = models.DateTimeField(pgettext_lazy("lists", "confirmed"))
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-confirmed_at", "-id"]
        verbose_name = _("common problem")
        verbose_name_plural = _("common problems")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Verdict(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("likeness", "proposed")
    SAME = "same", pgettext_lazy("likeness", "the same")
    DIFFERENT = "different", pgettext_lazy("likeness", "not the same")


class Likeness(models.Model):
    """Two problems of different counties that read alike. What was rejected is not asked again."""

    one = models.ForeignKey(Problem, models.PROTECT, related_name="+")
    other = models.ForeignKey(Problem, models.PROTECT, related_name="+")
    score = models.FloatField(_("likeness"))
    text_score = models.FloatField()
    same_cause = models.BooleanField(default=False)
    same_evidence = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.PROPOSED)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="likeness_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="likeness_in_order"),
            models.CheckConstraint(
                condition=Q(verdict="proposed", decided_by=None)
                | (~Q(verdict="proposed") & Q(decided_by__isnull=False)),
                name="likeness_decided_by_a_person",
            ),
        ]
        indexes = [models.Index(fields=["verdict", "-score"], name="likeness_open")]

    def __str__(self) -> str:
        return f"{self.one_id}~{self.other_id} {self.score:.2f}"
