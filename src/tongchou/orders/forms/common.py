"""Fields that the forms of this desk share: a moment, units and users of a scope."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area, subtree
from tongchou.cases.forms import DayInput, PlainText
from tongchou.orders import rights
from tongchou.shell.choices import Several
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope, on_post
from tongchou.staff.roles import Role

CHOOSE = [("", _("choose"))]
#: Units that can be handed an order or called to a meeting.
CALLED = (
    Role.DUTY_OFFICER, Role.DEPARTMENT, Role.COMMANDER, Role.CDC, Role.COMMUNITY, Role.HOSPITAL,
    Role.PUBLIC_SECURITY, Role.TRANSPORT, Role.QUARANTINE_SITE, Role.TRACER, Role.SUPERVISION,
)  # fmt: skip
#: More units than this are not offered at once: an order for a whole city names its districts.
MOST_UNITS = 300

#: What is ordered, decided or rostered lies in these years.
YEARS = range(2000, 2100)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def in_our_time(value: date) -> None:
    """Refuse years that only a slip of the finger can mean; a datetime is a date too."""
    if value.year not in YEARS:
        raise ValidationError(
            _("Look at the year: it lies between %(first)s and %(last)s.")
            % {"first": YEARS[0], "last": YEARS[-1]}
        )


def moment(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A point in time that a phone answers with its calendar."""
    return forms.DateTimeField(
        label=label, widget=MomentInput(), validators=[in_our_time], **kwargs
    )


def day(label: Any) -> forms.DateField:
    """A day that a phone answers with its calendar."""
    return forms.DateField(label=label, widget=DayInput(), validators=[in_our_time])


def long_text(label: Any, **kwargs: Any) -> PlainText:
    kwargs.setdefault("max_length", 8000)
    rows = kwargs.pop("rows", 4)
    return PlainText(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ReasonForm(forms.Form):
    reason = long_text(pgettext_lazy("decision", "Reason"), max_length=200, rows=2)


def own_units(scope: Scope, *, kept: int | None = None) -> QuerySet[Unit]:
    """The units that may write under their name: those of the reader's posts.

    `kept` is whose it is already: who mends it need not take it over.
    """
    writing = {unit for role, _path, unit in scope.posts if role in rights.WRITE}
    writing |= {kept} if kept else set()
    return Unit.objects.filter(pk__in=writing).select_related("area").order_by("area__path", "name")


def called_units(scope: Scope, *, now: Any) -> QuerySet[Unit]:
    """The units of these areas that somebody is on post for."""
    posts = on_post(now).filter(scope.q("area__path"), role__in=CALLED)
    every = Unit.objects.filter(pk__in=posts.values("unit_id")).select_related("area")
    return every.order_by("area__path", "name")[:MOST_UNITS]


def signers(paths: Iterable[str], *, now: Any) -> QuerySet[User]:
    """Who may decide and sign for these areas, here or above."""
    codes = {code for path in paths for code in path.strip("/").split("/")}
    posts = on_post(now).filter(role__in=rights.SIGN)
    here = posts.filter(area_id__in=codes) if codes else posts.none()
    below = posts.filter(_below(paths))
    users = {*here.values_list("user", flat=True), *below.values_list("user", flat=True)}
    return User.objects.filter(pk__in=users).order_by("display_name", "username")


def deciders(unit: Unit, area: Area, *, now: Any) -> QuerySet[User]:
    """Who may put their name to what a unit does in an area: its own people, or who commands."""
    codes = {*area.codes, *(area.successor.codes if area.ended_on and area.successor else ())}
    posts = on_post(now).filter(area_id__in=codes, role__in=rights.SIGN)
    theirs = posts.filter(Q(unit=unit) | Q(role__in=rights.STEER))
    names = User.objects.filter(pk__in=theirs.values("user"))
    return names.order_by("display_name", "username")


def _below(paths: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= subtree(path, field="area__path")
    return found


def offer(form: forms.Form, name: str, rows: Any) -> None:
    """Give a field of a form its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    # A slice cannot be filtered, and the field looks its choices up by filtering.
    known = rows.model.objects.filter(pk__in=[row.pk for row in rows])
    order = rows.query.order_by or ("pk",)
    field.queryset = known.order_by(*order)


class PeopleChoice(Several):
    """People to tick."""

    widget = forms.CheckboxSelectMultiple
    wide = True


class GroupsChoice(forms.MultipleChoiceField):
    """Groups of people to tick."""

    widget = forms.CheckboxSelectMultiple
    wide = True


class UnitChoice(forms.ModelChoiceField):
    """A unit, with its area where that is not in its name."""

    def label_from_instance(self, unit: Any) -> str:
        return unit_label(unit)


class UnitsChoice(Several):
    """Units to tick."""

    widget = forms.CheckboxSelectMultiple
    wide = True

    def label_from_instance(self, unit: Any) -> str:
        return unit_label(unit)


def unit_label(unit: Unit) -> str:
    area: Area = unit.area
    return unit.name if area.name in unit.name else f"{unit.name} ({area.name})"
