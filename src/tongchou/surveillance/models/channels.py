"""What is counted, who counts it, and who owes which count by when.

A duty is one site in one channel: one series. Its `number` is dense and never given twice, so that
a day of all series is one short array (`history`).
"""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, Place
from tongchou.staff.models import Unit


class ChannelKind(models.TextChoices):
    FEVER_CLINIC = "fever_clinic", _("fever clinic")
    OUTPATIENT = "outpatient", _("outpatient department")
    PHARMACY = "pharmacy", _("pharmacy")
    SCHOOL_ABSENCE = "school_absence", _("absence from school")
    WORK_ABSENCE = "work_absence", _("absence from work")
    ANTIGEN = "antigen", _("antigen tests")
    PCR = "pcr", _("PCR tests")
    HOTLINE = "hotline", _("hotline")
    WASTEWATER = "wastewater", _("wastewater")
    OFFICIAL = "official", _("official counts")
    DEATHS = "deaths", _("deaths")
    OTHER = "other", pgettext_lazy("channel", "other")


class Measure(models.TextChoices):
    """What one of a count is one of."""

    PERSONS = "persons", pgettext_lazy("measure", "persons")
    VISITS = "visits", pgettext_lazy("measure", "visits")
    PURCHASES = "purchases", pgettext_lazy("measure", "purchases")
    PUPILS = "pupils", pgettext_lazy("measure", "pupils")
    CALLS = "calls", pgettext_lazy("measure", "calls")
    TESTS = "tests", pgettext_lazy("measure", "tests")
    PERCENT = "percent", pgettext_lazy("measure", "percent")
    COPIES = "copies_per_litre", pgettext_lazy("measure", "gene copies per litre")
    CUBIC_METRES = "cubic_metres", pgettext_lazy("measure", "cubic metres a day")
    SITES = "sites", pgettext_lazy("measure", "reporting sites")


class Cadence(models.TextChoices):
    DAILY = "daily", pgettext_lazy("cadence", "daily")
    WEEKLY = "weekly", pgettext_lazy("cadence", "weekly")


def _in_language(chinese: str, english: str) -> str:
    language = get_language() or ""
    return chinese if language.startswith("zh") or not english else english


class Channel(models.Model):
    """One thing that is counted (监测渠道). The shipped ones stand in `channels.SHIPPED`."""

    slug = models.SlugField(_("short name"), max_length=40, primary_key=True)
    name = models.CharField(pgettext_lazy("register", "name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(
        pgettext_lazy("channel", "kind"), max_length=20, choices=ChannelKind.choices
    )
    measure = models.CharField(_("measure"), max_length=20, choices=Measure.choices)
    denominator = models.CharField(
        _("out of"), max_length=20, choices=Measure.choices, blank=True
    )  # empty: none is reported
    cadence = models.CharField(max_length=6, choices=Cadence.choices, default=Cadence.DAILY)
    cumulative = models.BooleanField(_("counted from the beginning"), default=False)
    # Days from infection to here, and the share of the infected seen here, are the evidence's
    # business: they stand in its profiles, not in this table.

    class Meta:
        ordering = ["slug"]
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return _in_language(self.name, self.name_en)


class Source(models.Model):
    """Who counts: the city's own sentinels, or a body that publishes. Site codes are its own."""

    slug = models.SlugField(_("short name"), max_length=40, primary_key=True)
    name = models.CharField(pgettext_lazy("register", "name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return _in_language(self.name, self.name_en)


class Site(models.Model):
    """One entry of the sentinel register (哨点): a clinic, school, plant, or an area's own count.

    `apart` marks what is counted for an area but belongs to none of its parts: a prison system,
    arrivals from abroad, cases whose home was not published.
    """

    source = models.ForeignKey(
        Source, models.PROTECT, related_name="sites", verbose_name=_("source")
    )
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(pgettext_lazy("register", "name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="sentinels", verbose_name=_("area"))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answers")
    )
    apart = models.BooleanField(_("counted apart"), default=False)
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)

    class Meta:
        ordering = ["source", "code"]
        verbose_name = pgettext_lazy("sentinel", "site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["source", "code"], name="site_once_per_source"),
            models.CheckConstraint(
                condition=Q(active_to=None)
                | Q(active_from=None)
                | Q(active_to__gte=F("active_from")),
                name="site_from_before_to",
            ),
        ]

    def __str__(self) -> str:
        return _in_language(self.name, self.name_en)


class Duty(models.Model):
    """A site reports in a channel: one series, and, where `due` is set, the duty to report it.

    The count of a day is due at `due` of the day `due_days` after it (for a week: after its last).
    Published figures that are merely read have no `due`: nobody here answers for them.
    """

    site = models.ForeignKey(
        Site, models.PROTECT, related_name="duties", verbose_name=pgettext_lazy("sentinel", "site")
    )
    channel = models.ForeignKey(
        Channel, models.PROTECT, related_name="duties", verbose_name=_("channel")
    )
    number = models.PositiveIntegerField(unique=True, editable=False)
    due = models.TimeField(_("due at"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(_("days after"), default=1)
    # schools, offices: nobody is asked for the count of a Sunday
    working_days = models.BooleanField(_("Monday to Friday only"), default=False, db_default=False)
    from_on = models.DateField(pgettext_lazy("duty", "from"), null=True, blank=True)
    to_on = models.DateField(pgettext_lazy("duty", "until"), null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = _("duty to report")
        verbose_name_plural = _("duties to report")
        constraints = [
            models.UniqueConstraint(fields=["site", "channel"], name="duty_once"),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(from_on=None) | Q(to_on__gte=F("from_on")),
                name="duty_from_before_to",
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "site"], name="duty_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.channel}"

    DUE = time(9)  # what a new duty says unless somebody says otherwise


class DateConvention(models.Model):
    """How many days the dates of a source lie off the day counted, from one date of it to another.

    The day counted is the date plus `shift`: -1 where a source dates its figures by the day they
    were published. Proposed by the quality check, never by the code of an importer.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="conventions")
    from_on = models.DateField(pgettext_lazy("duty", "from"))
    to_on = models.DateField(pgettext_lazy("duty", "until"), null=True, blank=True)
    shift = models.SmallIntegerField(_("shift in days"))
    grounds = models.JSONField(_("grounds"), default=dict)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["source", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "from_on"],
                condition=Q(withdrawn_at=None),
                name="one_convention_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                name="convention_from_before_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.from_on}: {self.shift:+d}"
