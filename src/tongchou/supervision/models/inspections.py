"""Plans, the inspections they are made of, and what was answered and photographed on the spot.

An answer is never overwritten: answering again adds a row, and the newest of an item stands.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField, Place
from tongchou.ledger.models import Passage
from tongchou.staff.models import Unit
from tongchou.supervision.models.checklists import Checklist


class Kind(models.TextChoices):
    """How an inspection is made (督查方式)."""

    SELF_CHECK = "self_check", pgettext_lazy("inspection", "self-check")
    SPOT_CHECK = "spot_check", pgettext_lazy("inspection", "spot check")
    LOOK_BACK = "look_back", pgettext_lazy("inspection", "look back")


class Value(models.TextChoices):
    YES = "yes", pgettext_lazy("checklist", "yes")
    NO = "no", pgettext_lazy("checklist", "no")
    NA = "na", pgettext_lazy("checklist", "not applicable")


class Plan(models.Model):
    """What is inspected, by which checklist, in which days (督查计划): one inspection a target."""

    title = models.CharField(_("title"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="plans", verbose_name=_("checklist")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    until_on = models.DateField(_("to be done by"))
    why = models.CharField(_("occasion"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("planned"))

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_path", "-id"], name="plan_of_area")]

    def __str__(self) -> str:
        return self.title


class Inspection(models.Model):
    """One unit, or a place it runs, looked at once by one checklist (督查)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="inspections")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="inspection")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("unit that is inspected")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    team = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("unit that inspects")
    )
    until_on = models.DateField(_("to be done by"))
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name=_("follows")
    )
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reported_at = models.DateTimeField(_("reported"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    n_yes = models.PositiveSmallIntegerField(default=0)
    n_no = models.PositiveSmallIntegerField(default=0)
    n_red = models.PositiveSmallIntegerField(_("red lines crossed"), default=0)
    score = models.FloatField(_("score"), null=True)  # 0 to 1; None where nothing applied

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="self_check") | Q(team=F("unit")), name="self_check_by_oneself"
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-id"], name="inspection_of_area"),
            models.Index(fields=["area_path", "-reported_at"], name="inspection_reported"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"I-{self.pk:06d}"

    @property
    def open(self) -> bool:
        return self.passage.closed_at is None


class Answer(models.Model):
    """What one inspector answered to one item. `number` counts the answers to this item."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="answers", db_index=False
    )
    item = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=3, choices=Value.choices)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Two inspectors cannot both write the third answer to an item.
            models.UniqueConstraint(
                fields=["inspection", "item", "number"], name="answer_numbers_count_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.item}: {self.value}"


class Photo(models.Model):
    """A photo, sealed in the data folder under its digest; it goes on the day written here."""

    class When(models.TextChoices):
        FOUND = "found", _("when found")
        AFTER = "after", _("after it was mended")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    item = models.SlugField(max_length=40)
    when = models.CharField(max_length=5, choices=When.choices, default=When.FOUND)
    media_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    destroy_on = models.DateField()
    destroyed_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "item", "when", "digest"], name="photo_kept_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["destroy_on"], condition=Q(destroyed_on=None), name="photo_to_destroy"
            ),
            models.Index(fields=["digest"], name="photo_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id}-{self.item}-{self.pk}"
