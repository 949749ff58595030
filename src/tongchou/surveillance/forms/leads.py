"""What is noted of a lead, one by one or as a table, and what is signed on its way."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DayInput, PlainText, day
from tongchou.people.details import Details
from tongchou.people.forms import IdentityForm
from tongchou.surveillance.actions.leads import Noted
from tongchou.surveillance.forms.signals import ActForm
from tongchou.surveillance.models import LeadKind, Medicine, Site


class LeadForm(IdentityForm):
    """One lead. Of a purchase the class of the medicine is asked, and nothing of symptoms."""

    FIRST = ("noted_on", "name", "phone", "document", "area", "site")
    MORE = ("document_kind", "sex", "birth_year", "address")

    noted_on = forms.DateField(label=pgettext_lazy("early warning", "Day"), widget=DayInput())
    area = AreaField(label=pgettext_lazy("lead", "Where they live"))
    site = forms.ModelChoiceField(label=_("Noted at"), queryset=Site.objects.none(), required=False)
    medicine = forms.ChoiceField(label=_("Medicine"), choices=Medicine.choices, required=False)
    symptoms = PlainText(label=_("Symptoms"), max_length=120, required=False)
    onset_on = day(_("Onset"))

    def __init__(self, *args: Any, kind: str, sites: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        area, site = self.fields["area"], self.fields["site"]
        assert isinstance(area, AreaField) and isinstance(site, forms.ModelChoiceField)
        area.near, site.queryset = near, sites
        gone = ("symptoms", "onset_on") if kind == LeadKind.PURCHASE else ("medicine",)
        for name in gone:
            del self.fields[name]
        for name in ("document_kind", "sex"):  # in a pasted table mostly no columns
            self.fields[name].required = False

    def clean_document_kind(self) -> str:
        return self.cleaned_data["document_kind"] or str(self.fields["document_kind"].initial)

    def clean_sex(self) -> str:
        return self.cleaned_data["sex"] or str(self.fields["sex"].initial)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.errors:
            return typed
        if not any(typed.get(name) for name in ("name", "document", "phone")):
            self.add_error("name", _("Give a name, a document or a phone: somebody has to call."))
        if typed["noted_on"] > timezone.localdate():
            self.add_error("noted_on", _("This day has not come yet."))
        onset = typed.get("onset_on")
        if onset and onset > typed["noted_on"]:
            self.add_error("onset_on", _("The onset is later than the visit."))
        if self.kind == LeadKind.PURCHASE and not typed.get("medicine"):
            self.add_error("medicine", _("Say which class of medicine."))
        return typed

    @property
    def noted(self) -> Noted:
        """The cleaned values, as `actions.note` takes them."""
        typed = self.cleaned_data
        return Noted(
            kind=self.kind,
            area=typed["area"],
            noted_on=typed["noted_on"],
            details=Details(area=typed["area"], **self.details),
            site=typed["site"],
            medicine=typed.get("medicine", ""),
            symptoms=typed.get("symptoms", ""),
            onset_on=typed.get("onset_on"),
        )

    @property
    def first(self) -> list[forms.BoundField]:
        names = [
            *self.FIRST,
            *(n for n in ("medicine", "symptoms", "onset_on") if n in self.fields),
        ]
        return [self[name] for name in names]

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]


class SampledForm(ActForm):
    on = forms.DateField(label=_("Sampled on"), widget=DayInput())
    note = PlainText(label=_("Note"), required=False)

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return on


class ReasonForm(ActForm):
    reason = PlainText(label=_("Reason"), min_length=4)
