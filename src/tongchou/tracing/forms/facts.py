"""Core facts and report: what the tracers write about the case itself."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases import sanity
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DatedForm, PlainText, day, longest_incubation
from tongchou.playbook import Playbook
from tongchou.tracing.actions.investigations import CoreFacts
from tongchou.tracing.models import Investigation, SourceKind, Symptom

OF_THE_CASE = ("onset_on", "exposed_from", "exposed_to", "occupation")
# Two years of texts stand on no page of an investigation; more is a mistake of the clipboard.
LONG = 20_000


def text(label: Any, *, rows: int, **kwargs: Any) -> PlainText:
    return PlainText(
        label=label, max_length=LONG, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class CoreFactsForm(DatedForm):
    """The core facts. Both versions are what the desk saw: of the investigation, of the case."""

    WIDE = ("symptoms", "summary")

    version = forms.IntegerField(widget=forms.HiddenInput)
    case_version = forms.IntegerField(widget=forms.HiddenInput)
    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    onset_on = day(_("Onset"), help_text=_("Empty where there are no symptoms."))
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"),
        choices=Symptom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    symptoms_note = PlainText(label=_("Other symptoms"), required=False)
    occupation = PlainText(label=_("Occupation"), max_length=80, required=False)
    lives_in = AreaField(
        label=_("Lives in"),
        help_text=_("Street, community or grid cell; the door is the person's."),
    )
    vaccine_doses = forms.IntegerField(
        label=_("Vaccine doses"), min_value=0, max_value=9, required=False
    )
    vaccinated_on = day(_("Last dose"))
    exposed_from = day(_("Exposed from"))
    exposed_to = day(_("Exposed to"))
    source_kind = forms.ChoiceField(label=_("Source, as it looks now"), choices=SourceKind.choices)
    source_note = PlainText(label=_("Grounds for it"), max_length=300, required=False)
    summary = text(
        _("The last 14 days in short"),
        rows=6,
        help_text=_("Where, when, with whom, how they got there. No names and no numbers."),
    )

    def __init__(
        self,
        *args: Any,
        investigation: Investigation,
        book: Playbook,
        today: date,
        near: str = "",
        **kwargs: Any,
    ) -> None:
        self.investigation, self.book, self.today = investigation, book, today
        case = investigation.case
        own = {name: getattr(investigation, name) for name in CoreFacts.__dataclass_fields__
               if name != "of_the_case"}  # fmt: skip
        facts = {name: getattr(case, name) for name in OF_THE_CASE}
        kwargs["initial"] = own | facts | {
            "lives_in": investigation.lives_in or case.area,
            "version": investigation.version,
            "case_version": case.version,
            "leg": investigation.passage.n_legs,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        field = self.fields["lives_in"]
        assert isinstance(field, AreaField)
        field.near = near

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        case = self.investigation.case
        stated = sanity.Dates(
            onset_on=typed.get("onset_on"),
            exposed_from=typed.get("exposed_from"),
            exposed_to=typed.get("exposed_to"),
            sampled_on=case.sampled_on,
            diagnosed_on=case.diagnosed_on,
            reported_on=case.reported_on,
            asymptomatic=case.classification == "asymptomatic",
        )
        longest = longest_incubation(self.book, case.disease)
        self.check_dates(stated, today=self.today, longest=longest)
        vaccinated = typed.get("vaccinated_on")
        if vaccinated and vaccinated > self.today:
            self.add_error("vaccinated_on", _("This day has not come yet."))
        return typed

    @property
    def facts(self) -> CoreFacts:
        typed = self.cleaned_data
        own = {n: typed[n] for n in CoreFacts.__dataclass_fields__ if n != "of_the_case"}
        return CoreFacts(**own, of_the_case={n: typed[n] for n in OF_THE_CASE})

    @property
    def shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name != "looked_again"]


class SubmitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    report = text(_("Full report"), rows=14)
    conclusion = text(
        _("Conclusion"),
        rows=4,
        help_text=_("Source, chain, who is at risk, what has to be done next."),
    )
