"""What is typed about a place."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.areas import queries
from tongchou.areas.models import Area, Place


class PlaceForm(forms.ModelForm):
    area = forms.CharField(label=_("Area"), help_text=_("Code or name."))

    class Meta:
        model = Place
        fields = ("kind", "name", "area", "longitude", "latitude", "capacity", "closed_on")
        help_texts = {
            "capacity": _("Rooms, beds or persons, by the kind of place."),
            "longitude": _("Decimal degrees, for example 111.29."),
            "latitude": _("Decimal degrees, for example 30.71."),
        }
        widgets = {"closed_on": forms.DateInput(attrs={"type": "date"})}

    def clean_area(self) -> Area:
        try:
            return queries.find(self.cleaned_data["area"])
        except Area.DoesNotExist as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for key, limit in (("longitude", 180), ("latitude", 90)):
            if data.get(key) is not None and abs(data[key]) > limit:
                self.add_error(key, _("Between -%(n)d and %(n)d.") % {"n": limit})
        if (data.get("longitude") is None) != (data.get("latitude") is None):
            self.add_error("latitude", _("Give both longitude and latitude, or neither."))
        return data


class CountsForm(forms.ModelForm):
    """Residents and households of an area, where no list gives them."""

    class Meta:
        model = Area
        fields = ("population", "households")
