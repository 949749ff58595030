"""Orders, what changed them, stays, tests, health checks and appeals.

An order says why, by which clause and until when; the stay says where the person is. Whether a
stay is open stands in its passage and nowhere else.
"""

import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PathField, Place
from tongchou.cases.models import Contact
from tongchou.ledger.models import Passage
from tongchou.people.models import Person

# 发热: 37.3 °C in the armpit, the threshold of the national protocols.
FEVER = Decimal("37.3")


def new_token() -> str:
    """The address of a notice: whoever holds the paper can open it, nobody can guess it."""
    return secrets.token_urlsafe(16)


class Site(models.Model):
    """What a quarantine site must prove: since Quanzhou, that the building stands."""

    place = models.OneToOneField(
        Place, models.PROTECT, primary_key=True, related_name="quarantine", verbose_name=_("site")
    )
    certificate = models.CharField(_("safety certificate"), max_length=120, blank=True)
    certified_until = models.DateField(_("certified until"), null=True, blank=True)
    phone = models.CharField(_("phone for residents"), max_length=30, blank=True)

    def __str__(self) -> str:
        return self.place.name


class OrderReason(models.TextChoices):
    """Why a person may be quarantined at all: the closed list."""

    CLOSE = "close", _("close contact of a case")
    SECONDARY = "secondary", _("contact of a close contact")
    GENERAL = "general", _("general contact of a case")
    GROUP = "group", _("belongs to a group that the playbook names")


class Order(models.Model):
    """A restriction on one person: why, by which clause, from when, until when."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="quarantine_orders")
    contacts = models.ManyToManyField(Contact, related_name="quarantine_orders", blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=OrderReason.choices)
    rule = models.CharField(_("rule"), max_length=60)  # its path, such as "contact.close"
    playbook = models.CharField(_("playbook"), max_length=60)
    clause = models.CharField(_("clause"), max_length=300)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("home area"))
    area_path = PathField(max_length=160)
    last_exposure_on = models.DateField(_("last exposure"))
    # [["facility", 7, "quarantine"], ["home", 3, "monitoring"]]
    segments = models.JSONField(default=list)
    from_on = models.DateField(_("from"))
    home_from_at = models.DateTimeField(_("facility until"), null=True)
    to_at = models.DateTimeField(_("until"))
    by_hand = models.BooleanField(_("end set by hand"), default=False)
    token = models.CharField(max_length=30, unique=True, default=new_token, editable=False)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(clause=""), name="order_names_its_clause"),
            models.CheckConstraint(
                condition=Q(home_from_at=None) | Q(home_from_at__lte=F("to_at")),
                name="order_goes_home_before_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "last_exposure_on"], name="order_rule_exposure"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to_at:%F %R}"

    @property
    def last_on(self) -> date:
        """The last day of the order; it ends with this day, at 24:00."""
        return timezone.localtime(self.to_at - timedelta(seconds=1)).date()

    @property
    def n_days(self) -> int:
        """What it costs the person: days of freedom, begun days counted."""
        return max(0, (self.last_on - self.from_on).days + 1)

    @property
    def watched_only_from(self) -> date | None:
        """The first day of health monitoring (健康监测): they may go out when there is need."""
        n_held = sum(days for _site, days, kind in self.segments if kind == "quarantine")
        if n_held == sum(days for _site, days, _kind in self.segments):
            return None
        return self.last_exposure_on + timedelta(days=n_held + 1)

    @property
    def facility_ends_at(self) -> datetime:
        """Until when a facility may keep the person."""
        return self.home_from_at or self.to_at

    def covers(self, moment: datetime) -> bool:
        return moment < self.to_at


class ChangeReason(models.TextChoices):
    """Why an order may be changed or ended out of turn: the closed list."""

    PLAYBOOK = "playbook", _("the playbook changed")
    EXPOSURE = "exposure", _("the last exposure was corrected")
    NEW_EXPOSURE = "new_exposure", _("met another case")
    RESULT = "result", _("a test result is awaited or doubtful")
    SYMPTOMS = "symptoms", _("symptoms are being looked into")
    NOT_EXPOSED = "not_exposed", _("turned out not to have been exposed")
    HEALTH = "health", _("health or treatment requires it")
    FAMILY = "family", _("somebody must be cared for")
    APPEAL = "appeal", _("an appeal was upheld")
    NO_TEST = "no_test", _("a test cannot be taken")
    SEARCHED = "searched", _("searched for in vain")

    @classmethod
    def to_extend(cls) -> tuple["ChangeReason", ...]:
        """By hand and beyond the playbook; anything else crosses a red line."""
        return cls.RESULT, cls.SYMPTOMS

    @classmethod
    def to_shorten(cls) -> tuple["ChangeReason", ...]:
        return cls.NOT_EXPOSED, cls.HEALTH, cls.FAMILY, cls.APPEAL

    @classmethod
    def to_release(cls) -> tuple["ChangeReason", ...]:
        return *cls.to_shorten(), cls.NO_TEST


class ChangeKind(models.TextChoices):
    EXTENDED = "extended", _("extended")
    SHORTENED = "shortened", _("shortened")
    RELEASED = "released", _("released out of turn")
    ABANDONED = "abandoned", _("search given up")


class OrderChange(models.Model):
    """One move of an order's end. By hand it does nothing until a second person signs."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="changes")
    kind = models.CharField(_("kind"), max_length=9, choices=ChangeKind.choices)
    reason = models.CharField(_("reason"), max_length=12, choices=ChangeReason.choices)
    clause = models.CharField(_("clause"), max_length=300)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by_hand = models.BooleanField(default=False)
    from_at = models.DateTimeField(_("end before"))
    to_at = models.DateTimeField(_("end after"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(clause=""), name="change_names_its_clause"),
            models.CheckConstraint(
                condition=Q(by_hand=False)
                | Q(applied_at=None)
                | Q(confirmed_by__isnull=False, proposed_by__isnull=False),
                name="change_by_hand_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="change_confirmed_by_somebody_else",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(applied_at=None, refused_at=None),
                name="one_waiting_change_per_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind} {self.to_at:%F %R}"


class Stay(models.Model):
    """Where a quarantined person is. `place` is empty at home and on the way there."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="stay")
    passage = models.OneToOneField(Passage, models.PROTECT, related_name="stay")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="stays", verbose_name=_("site")
    )
    room = models.CharField(_("room"), max_length=20, blank=True)
    bound_for = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bound for")
    )
    received_at = models.DateTimeField(_("received"), null=True)

    class Meta:
        indexes = [models.Index(fields=["place", "room"], name="stay_rooms")]

    def __str__(self) -> str:
        return self.passage.title


class SwabResult(models.TextChoices):
    NEGATIVE = "negative", _("negative")
    POSITIVE = "positive", _("positive")
    INCONCLUSIVE = "inconclusive", _("inconclusive, sample again")


class DueTest(models.Model):
    """A test that the playbook asks for on a day of the order."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="tests")
    day = models.PositiveSmallIntegerField(_("day"))
    due_on = models.DateField(_("due on"))
    again = models.BooleanField(_("sampled again"), default=False)  # no plan drops it
    dropped_at = models.DateTimeField(null=True)  # the plan moved before it was taken
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    result = models.CharField(_("result"), max_length=12, choices=SwabResult.choices, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "due_on"],
                condition=Q(dropped_at=None),
                name="one_test_a_day",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None, result="")
                | (Q(done_at__isnull=False, done_by__isnull=False) & ~Q(result="")),
                name="test_done_with_result",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(done_at=None, dropped_at=None),
                name="test_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} day {self.day}"


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
    OTHER = "other", _("other")


class HealthCheck(models.Model):
    """How somebody was on one day. A day without one is shown as missed, never as well."""

    stay = models.ForeignKey(Stay, models.PROTECT, related_name="checks")
    on = models.DateField(_("day"))
    temperature = models.DecimalField(
        _("temperature"), max_digits=3, decimal_places=1, null=True, blank=True
    )
    symptoms = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["stay", "on"], name="one_check_a_day"),
            models.CheckConstraint(
                condition=Q(temperature=None) | Q(temperature__gte=30, temperature__lte=45),
                name="check_of_a_living_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} {self.on}"

    @property
    def unwell(self) -> bool:
        return bool(self.symptoms) or (self.temperature is not None and self.temperature >= FEVER)

    @property
    def symptom_names(self) -> list[Any]:
        return [Symptom(code).label for code in self.symptoms if code in Symptom.values]


class AppealDecision(models.TextChoices):
    UPHELD = "upheld", _("upheld")
    REJECTED = "rejected", _("rejected")


class Appeal(models.Model):
    """What the person, or somebody for them, says against the order; answered by somebody else."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="appeals")
    text = models.TextField(_("what they say"), max_length=2000)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # empty where the person wrote it themselves
    due_at = models.DateTimeField(_("answer due"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(
        _("decision"), max_length=8, choices=AppealDecision.choices, blank=True
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None, decision="")
                | (
                    Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision="")
                    & ~Q(answer="")
                ),
                name="appeal_decided_with_answer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(made_by=None) | ~Q(decided_by=F("made_by")),
                name="appeal_decided_by_somebody_else",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(decided_at=None), name="appeal_open")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.made_at:%F}"
