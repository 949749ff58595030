"""The investigation of a case or of an area, and where the case has been.

Onset, occupation and the other facts of the case itself stay on the case: nothing is kept twice.
Texts and stays carry the day on which they are destroyed.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, PathField, Place, PlaceKind
from tongchou.cases.models import Case, Cluster
from tongchou.ledger.models import Passage
from tongchou.people.fields import EncryptedTextField, Sealed


class Symptom(models.TextChoices):
    FEVER = "fever", _("fever")
    COUGH = "cough", _("cough")
    THROAT = "throat", _("sore throat")
    NOSE = "nose", _("blocked or runny nose")
    BREATH = "breath", _("short of breath")
    FATIGUE = "fatigue", _("fatigue")
    MUSCLE = "muscle", _("aching muscles")
    DIARRHOEA = "diarrhoea", _("diarrhoea")
    SMELL = "smell", _("loss of smell or taste")
    RASH = "rash", _("rash")
    BLEEDING = "bleeding", _("bleeding")
    OTHER = "other", _("other")


class SourceKind(models.TextChoices):
    """Where the infection seems to come from."""

    UNKNOWN = "unknown", _("not known yet")
    CASE = "case", _("a known case")
    IMPORTED = "imported", _("travel or arrival from elsewhere")
    WORK = "work", _("work with goods, patients or arrivals")
    PLACE = "place", _("a place several cases share")


class Investigation(models.Model):
    """What the tracers found out about one case (流调)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="investigation")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="investigation")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead investigator"),
    )
    opened_at = models.DateTimeField(_("opened"))
    symptoms = models.JSONField(_("symptoms"), default=list, blank=True)
    symptoms_note = models.CharField(_("other symptoms"), max_length=200, blank=True)
    lives_in = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lives in")
    )
    vaccine_doses = models.PositiveSmallIntegerField(_("vaccine doses"), null=True, blank=True)
    vaccinated_on = models.DateField(_("last dose"), null=True, blank=True)
    source_kind = models.CharField(
        _("source, as it looks now"),
        max_length=8,
        choices=SourceKind.choices,
        default=SourceKind.UNKNOWN,
    )
    source_note = models.CharField(_("grounds for it"), max_length=300, blank=True)
    # Where somebody was and with whom is as telling as a name: sealed like one.
    summary = EncryptedTextField(_("the last 14 days in short"))
    report = EncryptedTextField(_("full report"))
    conclusion = EncryptedTextField(_("conclusion"))
    version = models.PositiveIntegerField(default=1)
    destroy_on = models.DateField(_("destroyed on"), db_index=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.case)

    #: The columns that `sealed` seals.
    TEXTS = ("summary", "report", "conclusion")

    def sealed(self, name: str, text: str) -> Sealed:
        """A text as its column takes it in an update."""
        field = self._meta.get_field(name)
        assert isinstance(field, EncryptedTextField)
        return field.sealed(self, text)

    @property
    def symptom_names(self) -> list[str]:
        """The symptoms in the reader's language; one that is no longer on the list as it is."""
        names = dict(Symptom.choices)
        return [str(names.get(code, code)) for code in self.symptoms]


class FieldInvestigation(models.Model):
    """What the tracers found out on the spot (现场调查): of an area and a reason, not of a case."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    area_path = PathField(max_length=160)
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="field_investigation")
    reason = models.CharField(_("reason"), max_length=400)
    cluster = models.ForeignKey(
        Cluster,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="field_investigations",
        verbose_name=_("cluster"),
    )
    cases = models.ManyToManyField(
        Case, related_name="field_investigations", blank=True, verbose_name=_("cases found")
    )
    opened_at = models.DateTimeField(_("opened"))
    # Who was visited where: sealed like the texts of an investigation.
    report = EncryptedTextField(_("what was found"))
    version = models.PositiveIntegerField(default=1)
    destroy_on = models.DateField(_("destroyed on"), db_index=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"F-{self.pk:06d}"

    def sealed(self, text: str) -> Sealed:
        """The report as its column takes it in an update."""
        field = self._meta.get_field("report")
        assert isinstance(field, EncryptedTextField)
        return field.sealed(self, text)


class Transport(models.TextChoices):
    """How somebody got about, where the stay was on the way."""

    NONE = "", _("not on the way")
    WALK = "walk", _("on foot or by bicycle")
    CAR = "car", _("own car")
    TAXI = "taxi", _("taxi")
    BUS = "bus", _("bus")
    METRO = "metro", _("metro")
    COACH = "coach", _("coach")
    TRAIN = "train", _("train")
    PLANE = "plane", _("plane")
    SHIP = "ship", _("ship")


class Confidence(models.IntegerChoices):
    """How well a stay is known."""

    SAID = 1, _("said by the case")
    LIKELY = 2, _("supported by others")
    PROVEN = 3, _("proven by a record")


class Precision(models.TextChoices):
    """How exactly the times of a stay are known."""

    MINUTE = "minute", _("to the minute")
    HOUR = "hour", _("to the hour")
    PART = "part", _("to a part of the day")
    DAY = "day", _("to the day")


class StaySource(models.TextChoices):
    """How a stay came into the itinerary."""

    TYPED = "typed", _("typed in")
    TEXT = "text", _("read from a text")


class StandingStays(models.Manager["ItineraryStay"]):
    """The stays that count: not those that were taken out and can still be brought back."""

    def get_queryset(self) -> models.QuerySet["ItineraryStay"]:
        return super().get_queryset().filter(removed_at=None)


class ItineraryStay(models.Model):
    """One stay of a case at a place, or one ride (行程轨迹)."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="stays")
    place_name = models.CharField(_("place"), max_length=120)
    kind = models.CharField(
        _("kind of place"), max_length=20, choices=PlaceKind.choices, blank=True, default=""
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("area")
    )
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"))
    precision = models.CharField(
        _("times known"), max_length=6, choices=Precision.choices, default=Precision.MINUTE
    )
    transport = models.CharField(
        _("means of transport"), max_length=5, choices=Transport.choices, blank=True
    )
    vehicle = models.CharField(_("number of the vehicle"), max_length=30, blank=True)
    confidence = models.PositiveSmallIntegerField(
        _("confidence"), choices=Confidence.choices, default=Confidence.SAID
    )
    protected = models.BooleanField(_("wore a mask"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)
    # A text that was read is not kept; where in it the stay stood finds the line again on paper.
    source = models.CharField(max_length=5, choices=StaySource.choices, default=StaySource.TYPED)
    text_from = models.PositiveIntegerField(null=True, blank=True)
    text_to = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    destroy_on = models.DateField(_("destroyed on"), db_index=True)

    # The first is what `investigation.stays` and every other room see.
    objects = StandingStays()
    every = models.Manager["ItineraryStay"]()

    class Meta:
        ordering = ["from_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_at__gte=F("from_at")), name="stay_from_before_to")
        ]
        indexes = [models.Index(fields=["investigation", "from_at"], name="stay_in_order")]

    def __str__(self) -> str:
        return f"{self.place_name} {self.from_at:%F %R}"


class VisitSource(models.Model):
    """Who may send visits: a check-in service, a carrier, the tracers' own itineraries."""

    name = models.CharField(pgettext_lazy("source", "name"), max_length=60, unique=True)
    # What is sent along as a password; only its digest is kept.
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(pgettext_lazy("source", "made"))
    ended_at = models.DateTimeField(pgettext_lazy("source", "ended"), null=True, blank=True)
    last_at = models.DateTimeField(_("sent last"), null=True, blank=True)
    n_visits = models.BigIntegerField(_("visits"), default=0)
    n_refused = models.BigIntegerField(_("refused"), default=0)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Question(models.TextChoices):
    """What the visits may be asked. There is no other question."""

    CONTACTS = "contacts", _("who was with the case")
    SECOND = "second", _("who was with the contacts")
    CO_PRESENCE = "co_presence", _("who was near the case")
    EXPOSURES = "exposures", _("where cases crossed")
    VISITORS = "visitors", _("who was at the place")


#: The page that shows the answer to each.
ANSWERS = {
    Question.CONTACTS: "answer",
    Question.SECOND: "second",
    Question.CO_PRESENCE: "near",
    Question.EXPOSURES: "crossed",
    Question.VISITORS: "crossed",
}


class VisitQuery(models.Model):
    """One question to the visits: whose case it starts from, who asked, and how much came back.

    The answer is not kept: it is asked anew when somebody looks, and ends with the visits.
    """

    question = models.CharField(_("question"), max_length=12, choices=Question.choices)
    case = models.ForeignKey(Case, models.PROTECT, related_name="visit_queries")
    cases = models.ManyToManyField(Case, related_name="+", blank=True)
    asked_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="asked_on"
    )
    since_at = models.DateTimeField(pgettext_lazy("window", "from"))
    until_at = models.DateTimeField(pgettext_lazy("window", "until"))
    limits = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked"))
    n_people = models.PositiveIntegerField(_("people found"))
    n_places = models.PositiveIntegerField(_("places found"))

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["case", "-asked_at"], name="visit_query_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("since_at")), name="visit_query_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()} #{self.pk}"

    @property
    def page(self) -> str:
        """The address of the answer."""
        return reverse(f"tracing:{ANSWERS[Question(self.question)]}", args=[self.pk])
