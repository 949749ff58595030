"""A stay of the itinerary, typed by hand."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Place
from tongchou.cases import sanity
from tongchou.cases.fields import AreaField
from tongchou.tracing.models import ItineraryStay


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


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
            "transport",
            "vehicle",
            "confidence",
            "protected",
            "note",
        )
        widgets = {"from_at": DateTimeInput(), "to_at": DateTimeInput()}

    def __init__(self, *args: Any, now: datetime, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.near = near

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        begins, ends = typed.get("from_at"), typed.get("to_at")
        if begins and ends and ends < begins:
            self.add_error("to_at", _("It ends before it begins. Exchange the two times."))
        for name in ("from_at", "to_at"):
            if typed.get(name) and typed[name] > self.now:
                self.add_error(name, _("This time has not come yet."))
        if typed.get("transport", "") not in ("", "walk", "car") and not typed.get("vehicle"):
            self.add_error("vehicle", _("Which one: line, flight or plate number."))
        for name in ("place_name", "note"):
            if fault := sanity.names_somebody(typed.get(name) or ""):
                self.add_error(name, str(fault))
        return typed

    def _post_clean(self) -> None:
        """Nothing is saved here: `actions.add_stay` writes."""

    @property
    def stay(self) -> dict[str, Any]:
        """The cleaned values, tied to the place on the list of places where its name is one."""
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        named = list(Place.objects.filter(name=typed["place_name"], closed_on=None)[:2])
        return typed | {"place": named[0] if len(named) == 1 else None}
