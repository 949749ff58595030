"""Meetings (会商): called, held, minuted. Signed minutes are not changed, only added to."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.staff.models import Unit

USER = settings.AUTH_USER_MODEL


class Meeting(models.Model):
    """People of several units, at one place and hour, under one chair."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("meeting", "called by")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    held_at = models.DateTimeField(pgettext_lazy("meeting", "when"))
    place = models.CharField(pgettext_lazy("meeting", "where"), max_length=120)
    chair = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("chair"))
    called_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    minutes = models.TextField(pgettext_lazy("meeting", "minutes"), blank=True)
    minuted_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("minutes by")
    )
    signed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed"), null=True)
    digest = models.CharField(max_length=64, blank=True)  # of what was signed

    class Meta:
        ordering = ["-held_at", "-id"]
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(minutes="")),
                name="minutes_signed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["area_path", "-held_at", "-id"], name="meeting_of_area")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class AgendaItem(models.Model):
    """What is on the table, in order, and which unit presents it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(_("item"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="agenda_counts_up")
        ]

    def __str__(self) -> str:
        return self.words


class Attendance(models.Model):
    """A unit that was called: who came for it, or that nobody did."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    user = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who came")
    )
    was_there = models.BooleanField(_("was there"), null=True)  # None: not held yet
    note = models.CharField(_("note"), max_length=120, blank=True)
    frozen = models.BooleanField(default=False)

    class Meta:
        ordering = ["unit__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "unit", "user"], name="called_once_to_a_meeting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.user or ''}".strip()


class Addition(models.Model):
    """What was found to be missing or wrong after the minutes were signed: a new entry."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="additions")
    words = models.TextField(_("addition"))
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = [F("at").asc(), "id"]

    def __str__(self) -> str:
        return self.words[:60]
