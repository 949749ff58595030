"""Case, Contact, Exposure, Cluster, Transmission.

Who infected whom is never one certain arrow: a Transmission carries a probability and its method.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PathField, Place, PlaceKind
from tongchou.ledger.models import Passage
from tongchou.people.models import Person
from tongchou.staff.models import Unit


class Classification(models.TextChoices):
    SUSPECTED = "suspected", _("suspected")
    PROBABLE = "probable", _("probable")
    CONFIRMED = "confirmed", _("confirmed")
    ASYMPTOMATIC = "asymptomatic", _("asymptomatic")
    DISCARDED = "discarded", _("discarded")


class Severity(models.TextChoices):
    UNKNOWN = "unknown", _("not known")
    NONE = "none", _("no symptoms")
    MILD = "mild", _("mild")
    MODERATE = "moderate", _("ordinary")
    SEVERE = "severe", _("severe")
    CRITICAL = "critical", _("critical")


class Outcome(models.TextChoices):
    OPEN = "", _("under way")
    RECOVERED = "recovered", _("recovered")
    DIED = "died", _("died")
    ALIVE = "alive", _("alive when the list closed")
    DISCARDED = "discarded", _("not a case")


class FoundBy(models.TextChoices):
    """How a case was found (发现方式)."""

    SELF = "self", _("came by themselves")
    QUARANTINE = "quarantine", _("found in quarantine")
    COMMUNITY = "community", _("found in the community")
    KEY_GROUP = "key_group", _("screening of key groups")
    ASSIST = "assist", _("assist request")
    UNKNOWN = "unknown", _("not recorded")


class Cluster(models.Model):
    """Cases held to belong together (聚集性疫情)."""

    name = models.CharField(_("name of the cluster"), max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    found_on = models.DateField(_("found on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One person's illness or positive finding."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    passage = models.OneToOneField(Passage, models.PROTECT, null=True, related_name="case")
    disease = models.CharField(_("disease"), max_length=30)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    cluster = models.ForeignKey(
        Cluster, models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    classification = models.CharField(
        _("classification"), max_length=12, choices=Classification.choices
    )
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity.choices, default=Severity.UNKNOWN
    )
    found_by = models.CharField(
        _("how found"), max_length=10, choices=FoundBy.choices, default=FoundBy.UNKNOWN
    )
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    onset_on = models.DateField(_("onset"), null=True, blank=True)
    sampled_on = models.DateField(_("sampled"), null=True, blank=True)
    diagnosed_on = models.DateField(_("diagnosed"), null=True, blank=True)
    reported_on = models.DateField(_("reported"))
    exposed_from = models.DateField(_("exposed from"), null=True, blank=True)
    exposed_to = models.DateField(_("exposed to"), null=True, blank=True)
    admitted_on = models.DateField(_("admitted"), null=True, blank=True)
    outcome = models.CharField(
        _("clinical outcome"), max_length=9, choices=Outcome.choices, blank=True
    )
    outcome_on = models.DateField(_("clinical outcome on"), null=True, blank=True)
    hospital = models.CharField(_("hospital"), max_length=120, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    origin = models.CharField(max_length=60, blank=True)  # the import it came by, if any
    reporter = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reported by")
    )
    # Counts every correction, so that two desks that edit at once cannot undo one another.
    version = models.PositiveIntegerField(default=1, db_default=1)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-reported_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(exposed_from=None)
                | Q(exposed_to=None)
                | Q(exposed_to__gte=F("exposed_from")),
                name="case_exposed_from_before_to",
            ),
            models.UniqueConstraint(
                fields=["person", "disease"],
                condition=Q(outcome=""),
                name="one_open_case_per_person_and_disease",
            ),
        ]
        indexes = [
            models.Index(fields=["area_path", "-reported_on"], name="case_area_reported"),
            models.Index(fields=["-reported_on", "-id"], name="case_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def symptomatic(self) -> bool:
        return self.onset_on is not None

    @property
    def begins_on(self) -> date:
        """Day 0 of the illness: onset; without one the sampling, and then the report."""
        return self.onset_on or self.sampled_on or self.reported_on


class Correction(models.Model):
    """A fact of a case that was changed: what stood there before stays in the record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.field}"


class DocumentKind(models.TextChoices):
    LABORATORY = "laboratory", _("laboratory report")
    CLINICAL = "clinical", _("clinical record")
    INTERVIEW = "interview", _("signed interview form")
    NOTICE = "notice", _("notice or order")
    OTHER = "other", _("other document")


class Document(models.Model):
    """A file that belongs to a case. Its own name is not kept: people put names into it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind.choices)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("added"))
    destroyed_on = models.DateField(_("destroyed on"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "digest"], name="document_once_per_case"),
        ]
        indexes = [models.Index(fields=["digest"], name="document_digest")]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()}"


class ClassificationChange(models.Model):
    """How a case came to be classified as it is; the newest row is the present state."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="classifications")
    classification = models.CharField(max_length=12, choices=Classification.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case}: {self.classification}"


class Tier(models.TextChoices):
    CLOSE = "close", _("close contact")
    SECONDARY = "secondary", _("secondary contact")
    GENERAL = "general", _("general contact")


class Way(models.TextChoices):
    """The ways of contact (接触方式) as the national form lists them."""

    MEAL = "meal", _("same meal")
    LIVING = "living", _("living together")
    ROOM = "room", _("same room")
    BED = "bed", _("same bed")
    WORK = "work", _("same office or classroom")
    VEHICLE = "vehicle", _("same plane, train or vehicle")
    CARE = "care", _("diagnosis or treatment")
    NURSING = "nursing", _("nursing")
    WARD = "ward", _("same ward")
    LEISURE = "leisure", _("leisure")
    OTHER = "other", _("other")


class ContactFound(models.TextChoices):
    """How a contact was found (密接发现方式): by this district, or told of by another office."""

    ACTIVE = "active", _("found by our own tracing")
    OTHER_PROVINCE = "other_province", _("told by another province")
    OTHER_CITY = "other_city", _("told by another city of the province")
    OTHER_DISTRICT = "other_district", _("told by another district of the city")


class Contact(models.Model):
    """A person who was near a case, and what has to be done about it."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="contacts")
    passage = models.OneToOneField(Passage, models.PROTECT, null=True, related_name="contact")
    tier = models.CharField(_("tier"), max_length=9, choices=Tier.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    found_by = models.CharField(
        _("how found"), max_length=20, choices=ContactFound.choices, blank=True
    )
    became_case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="was_contact"
    )
    listed_on = models.DateField(_("listed"))
    # Where somebody who is elsewhere is: a province and city outside this one.
    destination = models.CharField(_("destination"), max_length=120, blank=True, db_default="")
    origin = models.CharField(max_length=60, blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-listed_on", "-id"]
        indexes = [
            models.Index(fields=["area_path", "-listed_on"], name="contact_area_listed"),
            models.Index(fields=["-listed_on", "-id"], name="contact_newest"),
        ]

    def __str__(self) -> str:
        return self.number


class Exposure(models.Model):
    """One meeting, or a run of meetings, of a contact with a case or with another contact."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="exposures")
    case = models.ForeignKey(
        Case,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exposures",
        verbose_name=_("case"),
    )
    through = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="passed_on"
    )  # for a secondary contact: the close contact between
    way = models.CharField(_("way of contact"), max_length=10, choices=Way.choices)
    place_kind = models.CharField(max_length=20, choices=PlaceKind.choices, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    first_on = models.DateField(_("first contact"), null=True, blank=True)
    last_on = models.DateField(_("last contact"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    protected = models.BooleanField(_("with effective protection"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(through__isnull=False),
                name="exposure_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(first_on=None) | Q(last_on=None) | Q(last_on__gte=F("first_on")),
                name="exposure_first_before_last",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} ← {self.case or self.through}"


class Transmission(models.Model):
    """How likely one case infected another; the rows of one infectee sum to at most 1."""

    infector = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="infections"
    )  # null: a source outside the known cases
    infectee = models.ForeignKey(Case, models.PROTECT, related_name="sources")
    probability = models.FloatField(_("probability"))
    method = models.CharField(_("method"), max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1),
                name="transmission_probability",
            ),
            models.UniqueConstraint(
                fields=["infector", "infectee", "method"], name="transmission_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.infector} → {self.infectee} {self.probability:.2f}"

    @property
    def percent(self) -> int:
        return round(self.probability * 100)
