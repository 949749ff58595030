"""The duty roster (值班表): who leads, who serves at which hours, how a shift is handed over."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.staff.models import Unit, User

USER = settings.AUTH_USER_MODEL


class Roster(models.Model):
    """A unit that is on duty round the clock, and at which hours its shifts change."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="roster", verbose_name=_("unit"))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    hours = models.JSONField(_("shifts begin at"), default=list)  # "08:00", "20:00"
    from_on = models.DateField(_("from"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["area_path", "id"]
        verbose_name = _("duty roster")
        verbose_name_plural = _("duty rosters")

    def __str__(self) -> str:
        return str(self.unit)


class Shift(models.Model):
    """From one hour to the next: a leader (带班领导) and staff. Its passage begins when it does."""

    roster = models.ForeignKey(Roster, models.PROTECT, related_name="shifts")
    area_path = PathField(max_length=160)
    starts_at = models.DateTimeField(pgettext_lazy("shift", "begins"))
    ends_at = models.DateTimeField(pgettext_lazy("shift", "ends"))
    leader = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leader")
    )
    staff: "models.ManyToManyField[User, OnDuty]" = models.ManyToManyField(
        USER, through="OnDuty", related_name="+", verbose_name=_("duty staff")
    )
    passage = models.OneToOneField(Passage, models.PROTECT, null=True, related_name="duty_shift")

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.UniqueConstraint(fields=["roster", "starts_at"], name="one_shift_at_a_time"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_begins_before_it_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(passage=None), name="shift_to_begin"),
            models.Index(fields=["area_path", "starts_at"], name="shift_of_area"),
        ]

    def __str__(self) -> str:
        return f"{self.roster} {self.starts_at:%F %R}"


class OnDuty(models.Model):
    """Somebody who serves in a shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="serving")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "user"], name="on_a_shift_once")]

    def __str__(self) -> str:
        return str(self.user)


class Swap(models.Model):
    """That one stood in for another (替班), and why. Never changed."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="swaps")
    leads = models.BooleanField()
    out = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    into = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.out} → {self.into}"


class HandOver(models.Model):
    """What one shift leaves to the next: notes, and what was open when the next one signed.

    `facts` and `text` are written at the signature and frozen with it.
    """

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="handover")
    notes = models.TextField(_("what the next shift must know"), blank=True)
    written_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)
    incoming = models.OneToOneField(
        Shift, models.PROTECT, null=True, related_name="taken_over_from"
    )
    facts = models.JSONField(default=list)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None)
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(digest="")),
                name="handover_signed_with_its_text",
            ),
        ]

    def __str__(self) -> str:
        return str(self.shift)
