"""Person holds nothing that names anybody; Identity, beside it, is sealed and can be destroyed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.people import blind, sealing
from tongchou.people.documents import DocumentKind
from tongchou.people.fields import EncryptedTextField
from tongchou.people.keys import new_key, spoken
from tongchou.people.purposes import Purpose


class Sex(models.TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    UNKNOWN = "unknown", _("not known")


class Household(models.Model):
    """People who live together."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("area"))
    n_members = models.PositiveSmallIntegerField(_("members"), null=True, blank=True)

    def __str__(self) -> str:
        return f"#{self.pk}"


class Person(models.Model):
    """Somebody, known by a key. All other rooms point here and learn no more than this."""

    key = models.CharField(max_length=12, primary_key=True, default=new_key, editable=False)
    sex = models.CharField(_("sex"), max_length=7, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, related_name="+", verbose_name=_("area")
    )
    household = models.ForeignKey(
        Household, models.SET_NULL, null=True, blank=True, related_name="members"
    )
    written_at = models.DateTimeField()
    destroy_on = models.DateField(_("destroyed on"), db_index=True)
    destroyed_at = models.DateTimeField(_("destroyed"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("key")),
                name="person_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return spoken(self.key)


class Identity(models.Model):
    """Who a person is. The only table of the house with a name in it; deleted on its day."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="identity")
    name = EncryptedTextField(_("name"), bound_to="person_id")
    document_kind = models.CharField(
        _("document"), max_length=10, choices=DocumentKind.choices, default=DocumentKind.ID_CARD
    )
    document = EncryptedTextField(_("document number"), bound_to="person_id")
    phone = EncryptedTextField(_("phone"), bound_to="person_id")
    address = EncryptedTextField(_("address"), bound_to="person_id")
    document_index = models.CharField(max_length=32, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    likeness_index = models.CharField(max_length=32, blank=True)
    sealed_with = models.CharField(max_length=16)
    indexed_with = models.CharField(max_length=8)

    class Meta:
        indexes = [
            models.Index(
                fields=["document_index"],
                condition=~Q(document_index=""),
                name="identity_document",
            ),
            models.Index(
                fields=["phone_index"], condition=~Q(phone_index=""), name="identity_phone"
            ),
            models.Index(
                fields=["likeness_index"],
                condition=~Q(likeness_index=""),
                name="identity_likeness",
            ),
            # Rotation asks for what is under another key than the active one.
            models.Index(fields=["sealed_with", "indexed_with"], name="identity_keys"),
        ]

    def __str__(self) -> str:
        return spoken(self.person_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # All columns together, always: one row is under one key, and its indexes fit its texts.
        if kwargs.pop("update_fields", None) is not None:
            raise TypeError("an identity is saved as a whole")
        self.make_indexes()
        super().save(*args, **kwargs)

    def make_indexes(self) -> None:
        """Bring the blind indexes and key marks up to date with the texts."""
        self.document_index = blind.document(self.document_kind, self.document)
        self.phone_index = blind.phone(self.phone)
        self.likeness_index = blind.likeness(self.name, self.person.birth_year, self.person.area_id)
        self.sealed_with, self.indexed_with = sealing.active_key(), blind.key_mark()


class Disclosure(models.Model):
    """Who saw an identity, asked for one by number, or took some along, and why. Never what."""

    class Kind(models.TextChoices):
        REVEAL = "reveal", _("shown")
        LOOK_UP = "look_up", _("looked up")
        EXPORT = "export", _("exported")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="disclosures", db_index=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    purpose = models.CharField(_("purpose"), max_length=15, choices=Purpose.choices)
    parts = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    n_people = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["by", "at"], name="disclosure_by_at"),
            models.Index(
                fields=["person", "-at"],
                condition=Q(person__isnull=False),
                name="disclosure_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %R}"


class Merge(models.Model):
    """Two records held to be one person. Undoing it leaves the row and clears the pointer."""

    keep = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reasons = models.CharField(_("reasons"), max_length=200, blank=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at=None), name="merged_into_one"
            ),
            models.CheckConstraint(condition=~Q(keep=F("other")), name="merge_takes_two_people"),
        ]

    def __str__(self) -> str:
        return f"{spoken(self.other_id)} → {spoken(self.keep_id)}"


class KeptApart(models.Model):
    """Two records that look alike and are two people: not proposed again."""

    # The lower key first, so that a pair has one row whichever way it was shown.
    one = models.ForeignKey(Person, models.PROTECT, related_name="+")
    two = models.ForeignKey(Person, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "two"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("two")), name="kept_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{spoken(self.one_id)} ≠ {spoken(self.two_id)}"
