"""A stay of the itinerary: typed by hand, corrected, or taken from a text."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Place, PlaceKind
from tongchou.cases import sanity
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DayInput, PlainText
from tongchou.tracing import gazetteer
from tongchou.tracing.forms.facts import LONG
from tongchou.tracing.models import Confidence, ItineraryStay, Precision, Transport
from tongchou.tracing.proposals import Proposal

BY_THEMSELVES = ("", Transport.WALK, Transport.CAR)


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def check_times(form: forms.BaseForm, typed: dict[str, Any], now: datetime) -> None:
    """Refuse times that run backwards or have not come."""
    begins, ends = typed.get("from_at"), typed.get("to_at")
    if begins and ends and ends < begins:
        form.add_error("to_at", _("It ends before it begins. Exchange the two times."))
    for name in ("from_at", "to_at"):
        if typed.get(name) and typed[name] > now:
            form.add_error(name, _("This time has not come yet."))


class StayForm(forms.ModelForm):  # type: ignore[type-arg]
    """A stay at a place, or a ride."""

    area = AreaField(label=_("Area"), required=False)

    class Meta:
        model = ItineraryStay
        fields = (
            "from_at",
            "to_at",
            "place_name",
            "area",
            "kind",
            "transport",
            "vehicle",
            "precision",
            "confidence",
            "protected",
            "note",
        )
        widgets = {"from_at": DateTimeInput(), "to_at": DateTimeInput()}

    def __init__(self, *args: Any, now: datetime, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["precision"].required = False
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.near = near

    def clean_precision(self) -> str:
        return self.cleaned_data["precision"] or Precision.MINUTE

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        check_times(self, typed, self.now)
        if self.needs_number(typed):
            self.add_error("vehicle", _("Which one: line, flight or plate number."))
        for name in ("place_name", "note"):
            if fault := sanity.names_somebody(typed.get(name) or ""):
                self.add_error(name, str(fault))
        return typed

    def needs_number(self, typed: dict[str, Any]) -> bool:
        """Whether the number of the vehicle is owed: by it those who sat there are found."""
        return typed.get("transport", "") not in BY_THEMSELVES and not typed.get("vehicle")

    def _post_clean(self) -> None:
        """Nothing is saved here: `actions.add_stay` writes."""

    @property
    def stay(self) -> dict[str, Any]:
        """The cleaned values, tied to the place on the list of places where its name is one."""
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        named = list(Place.objects.filter(name=typed["place_name"], closed_on=None)[:2])
        return typed | {"place": named[0] if len(named) == 1 else None}


class Because(models.TextChoices):
    """Why a stay is corrected. A closed list, for it goes into the audit, where no name may be."""

    TYPED_WRONG = "typed", _("typed or read wrongly")
    TOLD = "told", _("the case says otherwise now")
    RECORD = "record", _("a record shows otherwise")
    OTHERS = "others", _("others say otherwise")


class ChangeStayForm(StayForm):
    """A stay to be corrected, in the version that the desk saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Why"), choices=Because.choices)

    def __init__(self, *args: Any, instance: ItineraryStay, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": instance.version, "area": instance.area}
        super().__init__(*args, instance=instance, **kwargs)

    def needs_number(self, typed: dict[str, Any]) -> bool:
        """A number that nobody could tell so far does not hold up other corrections."""
        same = typed.get("transport") == self.instance.transport and not self.instance.vehicle
        return super().needs_number(typed) and not same

    @property
    def changes(self) -> dict[str, Any]:
        """The cleaned values; the place stays tied while its name does."""
        found = self.stay
        if found["place"] is None and found["place_name"] == self.instance.place_name:
            found.pop("place")
        return found


class ReadForm(forms.Form):
    """A text, and the day it was told or written: years it leaves out follow from that."""

    text = forms.CharField(
        label=_("Interview or notice"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Paste the text first.")},
    )
    on = forms.DateField(
        label=_("Told or written on"),
        widget=DayInput(),
        help_text=_("Years and months that the text leaves out are counted back from this day."),
    )
    person = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def clean_text(self) -> str:
        # Browsers send other line ends than they show: spans would shift from one step to the next.
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("This day has not come yet."))
        return on


class TakeForm(forms.Form):
    """One proposed stay. A row that is not ticked is never wrong."""

    take = forms.BooleanField(label=_("Take"), required=False)
    place_name = PlainText(label=_("Place"), max_length=120)
    from_at = forms.DateTimeField(label=pgettext_lazy("stay", "From"), widget=DateTimeInput())
    to_at = forms.DateTimeField(label=pgettext_lazy("stay", "To"), widget=DateTimeInput())
    match = forms.ChoiceField(label=_("On the list as"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of place"), choices=[("", "–"), *PlaceKind.choices], required=False
    )
    precision = forms.ChoiceField(label=_("Times known"), choices=Precision.choices)
    transport = forms.ChoiceField(
        label=_("Means of transport"), choices=Transport.choices, required=False
    )
    vehicle = PlainText(label=_("Number of the vehicle"), max_length=30, required=False)
    confidence = forms.TypedChoiceField(label=_("Known by"), choices=Confidence.choices, coerce=int)
    note = PlainText(label=_("Note"), required=False)

    def __init__(self, data: Any, *, proposal: Proposal, city: str, now: datetime) -> None:
        initial = proposal.initial | {"take": proposal.take}
        super().__init__(data, prefix=f"s{proposal.number}", initial=initial)
        self.proposal, self.city, self.now = proposal, city, now
        sure = bool(proposal.initial["match"])
        listed = [(c.value, c.label if sure else f"{c.label} ({c.why})") for c in proposal.choices]
        match = self.fields["match"]
        assert isinstance(match, forms.ChoiceField)
        match.choices = [("", _("none of the list: by its name only")), *listed]

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("take"):
            self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        check_times(self, typed, self.now)
        return typed

    @property
    def taken(self) -> bool:
        return bool(self.cleaned_data.get("take"))

    @property
    def stay(self) -> dict[str, Any]:
        """The cleaned values with place and area, as `actions.add_stays` takes them."""
        typed = {n: v for n, v in self.cleaned_data.items() if n not in ("take", "match")}
        place, area = gazetteer.found(self.cleaned_data["match"], city_path=self.city)
        return typed | {"place": place, "area": area} | self.proposal.span
