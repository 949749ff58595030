"""What a list may say, kind by kind: the fields that a profile's columns lead to.

Lengths and choices are those of the tables, so a text that a table would cut is refused instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import PlaceKind
from tongchou.cases.models import (
    Case,
    Classification,
    Contact,
    Exposure,
    FoundBy,
    Outcome,
    Severity,
    Tier,
    Way,
)
from tongchou.people.documents import DocumentKind
from tongchou.people.models import Sex


class Kind(StrEnum):
    """What one row of a sheet tells of."""

    CASE = "case"
    CONTACT = "contact"
    EXPOSURE = "exposure"
    FOLLOW_UP = "follow_up"


class Type(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "word from a list"
    YES_NO = "yes or no"
    AREA = "area"
    REFERENCE = "number of another row"
    IDENTITY = "identity"


@dataclass(frozen=True)
class Field:
    """One thing a row can say. `between` bounds a number, `longest` a text."""

    name: str
    type: Type
    label: Any
    choices: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    longest: int = 0
    between: tuple[float, float] | None = None


class Status(StrEnum):
    """How far the following of a contact has come when the list is written."""

    OPEN = "open"
    DONE = "done"
    LOST = "lost"
    CASE = "case"
    DIED = "died"


class Seen(StrEnum):
    """How a contact was found on one day of follow-up."""

    WELL = "well"
    UNWELL = "unwell"
    MISSED = "missed"
    NOT_TRIED = "not_tried"


STATUS_LABELS = {
    Status.OPEN: _("under follow-up"),
    Status.DONE: _("follow-up completed"),
    Status.LOST: _("lost to follow-up"),
    Status.CASE: _("became a case"),
    Status.DIED: _("died"),
}
SEEN_LABELS = {
    Seen.WELL: _("seen, well"),
    Seen.UNWELL: _("seen, unwell"),
    Seen.MISSED: pgettext_lazy("import", "not found"),
    Seen.NOT_TRIED: pgettext_lazy("import", "not tried"),
}


def _column(model: Any, name: str, type_: Type, **more: Any) -> Field:
    column = model._meta.get_field(name)
    longest = (column.max_length or 0) if type_ is Type.TEXT else 0
    return Field(name, type_, column.verbose_name, longest=longest, **more)


def _choice(name: str, label: Any, choices: Iterable[tuple[Any, Any]]) -> Field:
    return Field(name, Type.CHOICE, label, MappingProxyType({str(k): v for k, v in choices}))


def _person() -> list[Field]:
    return [
        _choice("sex", _("sex"), Sex.choices),
        Field("birth_on", Type.DATE, _("date of birth")),
        Field("birth_year", Type.WHOLE, _("year of birth"), between=(1880, 2200)),
        Field("age", Type.WHOLE, _("age"), between=(0, 130)),
        _choice(
            "age_unit",
            _("unit of the age"),
            [
                ("years", pgettext_lazy("import", "years")),
                ("months", pgettext_lazy("import", "months")),
                ("days", pgettext_lazy("import", "days")),
            ],
        ),
        Field("area", Type.AREA, _("area")),
        Field("name", Type.IDENTITY, pgettext_lazy("import", "name")),
        _choice("document_kind", _("kind of document"), DocumentKind.choices),
        Field("document", Type.IDENTITY, _("document number")),
        Field("phone", Type.IDENTITY, _("phone")),
        Field("address", Type.IDENTITY, _("address")),
    ]


def _meeting() -> list[Field]:
    return [
        _choice("way", _("way of contact"), Way.choices),
        _choice("place_kind", _("kind of place"), PlaceKind.choices),
        _column(Exposure, "place", Type.TEXT),
        _column(Exposure, "first_on", Type.DATE),
        _column(Exposure, "last_on", Type.DATE),
        _column(Exposure, "minutes", Type.WHOLE, between=(0, 10**6)),
        _column(Exposure, "protected", Type.YES_NO),
        _column(Exposure, "note", Type.TEXT),
    ]


def _table(fields: Iterable[Field]) -> Mapping[str, Field]:
    return MappingProxyType({each.name: each for each in fields})


FIELDS: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        Kind.CASE: _table(
            [
                _column(Case, "number", Type.TEXT),
                *_person(),
                _column(Case, "occupation", Type.TEXT),
                _column(Case, "disease", Type.TEXT),
                _choice("classification", _("classification"), Classification.choices),
                _choice("severity", _("severity"), Severity.choices),
                _choice("found_by", _("how found"), FoundBy.choices),
                Field("onset_on", Type.DATE, pgettext_lazy("import", "onset")),
                Field("sampled_on", Type.DATE, pgettext_lazy("import", "sampled on")),
                Field("diagnosed_on", Type.DATE, pgettext_lazy("import", "diagnosed on")),
                Field("reported_on", Type.DATE, pgettext_lazy("import", "reported on")),
                Field("exposed_from", Type.DATE, pgettext_lazy("import", "exposed from")),
                Field("exposed_to", Type.DATE, pgettext_lazy("import", "exposed to")),
                Field("admitted_on", Type.DATE, pgettext_lazy("import", "admitted on")),
                _choice("outcome", pgettext_lazy("import", "outcome"), Outcome.choices),
                Field("outcome_on", Type.DATE, pgettext_lazy("import", "outcome on")),
                _column(Case, "hospital", Type.TEXT),
                Field("longitude", Type.NUMBER, _("longitude"), between=(-180, 180)),
                Field("latitude", Type.NUMBER, _("latitude"), between=(-90, 90)),
            ]
        ),
        Kind.CONTACT: _table(
            [
                _column(Contact, "number", Type.TEXT),
                *_person(),
                Field("case", Type.REFERENCE, pgettext_lazy("import", "case")),
                Field("through", Type.REFERENCE, _("close contact between")),
                _choice("tier", _("tier"), Tier.choices),
                _column(Contact, "found_by", Type.TEXT),
                Field("listed_on", Type.DATE, pgettext_lazy("import", "listed on")),
                _column(Contact, "destination", Type.TEXT),
                _choice("status", pgettext_lazy("import", "follow-up"), STATUS_LABELS.items()),
                Field("ends_on", Type.DATE, _("end of follow-up")),
                Field("became", Type.REFERENCE, _("became the case")),
                *_meeting(),
            ]
        ),
        Kind.EXPOSURE: _table(
            [
                Field("case", Type.REFERENCE, pgettext_lazy("import", "case")),
                Field("contact", Type.REFERENCE, pgettext_lazy("import", "contact")),
                _choice("tier", _("tier"), Tier.choices),
                *_meeting(),
            ]
        ),
        Kind.FOLLOW_UP: _table(
            [
                Field("contact", Type.REFERENCE, pgettext_lazy("import", "contact")),
                Field("on", Type.DATE, pgettext_lazy("import", "day")),
                _choice("seen", pgettext_lazy("import", "found"), SEEN_LABELS.items()),
            ]
        ),
    }
)

#: Without these a row tells nothing that could be stored, whatever a profile says.
NEEDED: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.CASE: ("disease", "classification", "reported_on"),
        Kind.CONTACT: ("tier",),
        Kind.EXPOSURE: ("case", "contact", "tier", "way"),
        Kind.FOLLOW_UP: ("contact", "on", "seen"),
    }
)

IDENTITY = frozenset({"name", "document", "phone", "address"})
#: Fields that never leave the people room in a readable form, or that point at somebody exactly.
MASKED = IDENTITY | {"birth_on"}
