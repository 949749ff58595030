"""Signals with the evidence of each day, and sentinels that were due and did not report.

What a signal rests on is kept day by day. A day that is computed again and no longer bears it out
is marked, never deleted: somebody has acted on it.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField
from tongchou.ledger.models import Passage
from tongchou.surveillance.models.channels import Duty


class VerifiedBy(models.TextChoices):
    """How a signal was verified (核实方式)."""

    CALL_BACK = "call_back", _("called the site back")
    LINE_LIST = "line_list", _("went through the line list")
    VISIT = "visit", _("went there")
    RESAMPLING = "resampling", _("sampled again")
    OTHER_CHANNEL = "other_channel", _("looked at another channel")
    LABORATORY = "laboratory", _("asked the laboratory")


class ClosedAs(models.TextChoices):
    """What a signal turned out to be, where it is not investigated further (结论)."""

    KNOWN = "known", _("an outbreak that is known already")
    OTHER_CAUSE = "other_cause", _("a true rise of another cause")
    DATA_ERROR = "data_error", _("an error in the data")
    BULK = "bulk", _("several days reported at once")
    DEFINITION = "definition", _("a change of what is counted")
    HOLIDAY = "holiday", _("a holiday or the days after it")
    WEATHER = "weather", _("the weather")
    ONE_OFF = "one_off", _("a single rise that did not last")
    DRILL = "drill", _("a drill")


#: Closed like this, people really were ill: the alarm was right though nothing follows from it.
TRUE_RISES = frozenset({ClosedAs.KNOWN, ClosedAs.OTHER_CAUSE})


class Signal(models.Model):
    """That more is seen in an area than was expected (预警信号), from its first day to its last.

    `subject` is what raised it: all channels together, a cluster of the scan, or one channel by its
    short name. The figures are those of the newest day that still stands.
    """

    passage = models.OneToOneField(Passage, models.PROTECT, related_name="signal")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    subject = models.CharField(max_length=40)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    n_days = models.PositiveSmallIntegerField(_("days"), default=1)
    channel = models.CharField(_("leading channel"), max_length=40)
    channels = models.JSONField(_("channels"), default=list)
    detectors = models.JSONField(_("methods"), default=list)
    statistic = models.FloatField(_("statistic"))
    observed = models.FloatField(_("observed"))
    expected = models.FloatField(_("expected"))
    p = models.FloatField(_("p"), null=True)
    raised_at = models.DateTimeField(_("raised"))
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("claimed by"),
    )
    verified_by = models.CharField(
        _("verified by"), max_length=14, choices=VerifiedBy.choices, blank=True
    )
    closed_as = models.CharField(
        _("turned out to be"), max_length=12, choices=ClosedAs.choices, blank=True
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name=_("follows")
    )

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = pgettext_lazy("early warning", "signal")
        verbose_name_plural = pgettext_lazy("early warning", "signals")
        constraints = [
            # Two runs of the same day cannot both raise it.
            models.UniqueConstraint(
                fields=["area", "subject", "first_on"], name="signal_raised_once"
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="signal_first_before_last"
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-raised_at", "-id"], name="signal_of_area"),
            models.Index(fields=["area", "subject", "-last_on"], name="signal_newest"),
            models.Index(fields=["-raised_at", "-id"], name="signal_in_order"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"S-{self.pk:06d}"


class Evidence(models.Model):
    """What one day showed of a signal: the figures, and what each channel adds."""

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="evidence")
    day = models.DateField(_("day"))
    detectors = models.JSONField(default=list)
    statistic = models.FloatField(_("statistic"))
    observed = models.FloatField(_("observed"))
    expected = models.FloatField(_("expected"))
    p = models.FloatField(null=True)
    days = models.PositiveSmallIntegerField(default=1)  # for how many days running it has stood
    shares = models.JSONField(default=list)  # `found.Share` as plain values, strongest first
    areas = models.JSONField(default=list)  # codes of the small areas of a cluster
    stands = models.BooleanField(default=True)  # False: computed again, it is no longer there
    written_at = models.DateTimeField(_("written"))
    n_times = models.PositiveSmallIntegerField(_("times computed"), default=1)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["signal", "day"], name="evidence_of_a_day_once")
        ]
        indexes = [models.Index(fields=["day"], name="evidence_of_day")]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.day}"


class Excuse(models.TextChoices):
    """Why a count that was due will not come."""

    CLOSED = "closed", _("the site was closed")
    HOLIDAY = "holiday", _("day off by the calendar")
    TECHNICAL = "technical", _("a technical fault, the count is lost")
    MOVED = "moved", _("the site has moved or ended")
    NO_STAFF = "no_staff", _("nobody to count")


class Silence(models.Model):
    """A sentinel was due and did not report (哨点漏报): one open row however many days it lasts."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="silences")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="silence")
    area_path = PathField(max_length=160)
    first_on = models.DateField(_("first day missing"))
    last_on = models.DateField(_("last day missing"))
    excuse = models.CharField(_("reason"), max_length=10, choices=Excuse.choices, blank=True)
    closed_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(_("noticed"))

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("silent sentinel")
        verbose_name_plural = _("silent sentinels")
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(closed_at=None), name="one_open_silence_per_duty"
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="silence_first_before_last"
            ),
        ]
        indexes = [
            models.Index(
                fields=["area_path"], condition=Q(closed_at=None), name="silence_open_area"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.first_on}"

    @property
    def n_days(self) -> int:
        return (self.last_on - self.first_on).days + 1
