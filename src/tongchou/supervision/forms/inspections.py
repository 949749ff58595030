"""Planning, filling in and reporting inspections; issuing checklists; narrowing the lists."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Place
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText, day
from tongchou.shell.choices import Several
from tongchou.staff.models import Unit
from tongchou.supervision.actions.plans import Target
from tongchou.supervision.loops import INSPECTION_STAGES, RECTIFICATION_STAGES
from tongchou.supervision.models import Checklist, Kind, Severity
from tongchou.supervision.models import Value as AnswerValue
from tongchou.supervision.queries import findings, inspections

#: Days before and after are slips of the pen, and some of them no moment of any clock.
SENSIBLE = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31)))


def set_day(label: Any) -> forms.DateField:
    return day(label, validators=SENSIBLE)


ALL = [("", pgettext_lazy("filter", "all"))]
CHOOSE = [("", _("choose"))]
MADE = [choice for choice in Kind.choices if choice[0] != Kind.LOOK_BACK]


class Checklists(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} (v{obj.version})"


class Places(Several):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"


class Units(Several):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"


class PlanForm(forms.Form):
    """What, whom, by when. A place is inspected at the unit that is chosen with it."""

    title = PlainText(label=_("Title"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=MADE, initial=Kind.SPOT_CHECK)
    checklist = Checklists(label=_("Checklist"), queryset=Checklist.objects.none())
    area = AreaField(label=_("Area"))
    units = Units(
        label=_("Units that are inspected"),
        queryset=Unit.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    places = Places(
        label=_("Places"),
        queryset=Place.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Only with one unit: each of its places is then an inspection of its own."),
    )
    team = forms.ModelChoiceField(
        label=_("Unit that inspects"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("Does not count in a self-check: every unit looks at itself."),
    )
    until_on = set_day(_("To be done by"))
    why = PlainText(label=_("Occasion"), required=False)

    def __init__(self, *args: Any, units: Any, places: Any, near: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "checklist", newest())
        _fill(self, "units", units)
        _fill(self, "team", units)
        _fill(self, "places", places)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near
        self.fields["until_on"].required = True

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("places") and len(typed.get("units") or ()) != 1:
            raise ValidationError(_("Places go with one unit; choose the one that runs them."))
        if typed.get("kind") == Kind.SELF_CHECK:
            typed["team"] = None
        elif not typed.get("team"):
            self.add_error("team", _("Say which unit inspects."))
        return typed

    @property
    def targets(self) -> list[Target]:
        units, places = list(self.cleaned_data["units"]), list(self.cleaned_data["places"])
        if places:
            return [Target(units[0], place) for place in places]
        return [Target(unit) for unit in units]


class SelfCheckForm(forms.Form):
    """A unit looks at itself, now."""

    checklist = Checklists(label=_("Checklist"), queryset=Checklist.objects.none())
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    place = forms.ModelChoiceField(label=_("Place"), queryset=Place.objects.none(), required=False)

    def __init__(self, *args: Any, units: Any, places: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _fill(self, "checklist", newest())
        _fill(self, "unit", units)
        _fill(self, "place", places)


def newest() -> Any:
    """The newest version of every checklist."""
    keys: dict[str, int] = {}
    rows = Checklist.objects.order_by("slug", "version").values_list("slug", "pk")
    for slug, pk in rows:
        keys[slug] = pk
    return Checklist.objects.filter(pk__in=keys.values()).defer("text")


def _fill(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class AnswerForm(forms.Form):
    """One item. `seen` is the number of the answer that the page showed; 0 is none."""

    value = forms.ChoiceField(choices=AnswerValue.choices)
    note = PlainText(label=_("What was seen"), required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ReportForm(forms.Form):
    remark = PlainText(label=_("Remark"), required=False, max_length=200)


class CancelForm(forms.Form):
    reason = PlainText(label=_("Why it is not made"))


class LookBackForm(forms.Form):
    until_on = set_day(_("To be done by"))
    why = PlainText(label=_("Occasion"), required=False)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        from django.utils import timezone

        later: date = timezone.localdate(now) + timedelta(days=7)
        super().__init__(*args, **kwargs)
        self.initial["until_on"] = later
        self.fields["until_on"].required = True


class ActForm(forms.Form):
    """`leg` is the number of the leg the desk saw: an old page cannot act."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SayForm(ActForm):
    note = PlainText(label=_("In words"), max_length=180)


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False, max_length=180)


class CommonForm(forms.Form):
    """A problem that several units have, from what was found there."""

    title = PlainText(label=_("Problem"), max_length=100)
    what = PlainText(
        label=_("What happens"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ChecklistForm(forms.Form):
    text = forms.CharField(
        label=_("The checklist as TOML"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
    )
    reason = PlainText(label=_("Reason of the change"))


def _search(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )


class Narrowed(forms.Form):
    """A list, narrowed. A value that makes no sense narrows nothing."""

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    @property
    def typed(self) -> dict[str, Any]:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area = typed.pop("area", None)
        return typed | ({"area_path": area.path} if area else {})


class InspectionFilter(Narrowed):
    search = _search(_("Number, unit or place"))
    area = AreaField(required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[*ALL, *INSPECTION_STAGES.items()], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[*ALL, *Kind.choices], required=False)
    since = day(_("From"))
    until = day(_("Until"))
    late = forms.BooleanField(label=_("Late only"), required=False)
    mine = forms.BooleanField(label=_("Made by my unit"), required=False)

    @property
    def wanted(self) -> inspections.Wanted:
        return inspections.Wanted(**self.typed)


class FindingFilter(Narrowed):
    search = _search(_("Number, unit or words"))
    area = AreaField(required=False)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[*ALL, ("open", _("still open")), *RECTIFICATION_STAGES.items()],
        required=False,
    )
    severity = forms.ChoiceField(
        label=pgettext_lazy("finding", "Severity"),
        choices=[*ALL, *Severity.choices],
        required=False,
    )
    since = day(_("From"))
    until = day(_("Until"))
    late = forms.BooleanField(label=_("Overdue only"), required=False)
    repeated = forms.BooleanField(label=_("Found before"), required=False)
    self_found = forms.BooleanField(label=_("Found by the unit itself"), required=False)
    item = forms.CharField(required=False, max_length=90, widget=forms.HiddenInput)

    @property
    def wanted(self) -> findings.Wanted:
        return findings.Wanted(**self.typed)
