"""What people type about cases, with the reason and the way to mend it where it cannot be."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.cases import sanity
from tongchou.cases.facts import CORRECTABLE, Facts
from tongchou.cases.fields import AreaField
from tongchou.cases.loops import STAGES
from tongchou.cases.models import (
    Case,
    Classification,
    Cluster,
    DocumentKind,
    FoundBy,
    Severity,
)
from tongchou.cases.queries import Wanted
from tongchou.people.forms import IdentityForm
from tongchou.people.models import Person
from tongchou.playbook import NoSuchRule, Playbook

OPEN_CLASSES = [c for c in Classification.choices if c[0] != Classification.DISCARDED]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """A date field that a phone answers with its calendar."""
    return forms.DateField(label=label, required=False, widget=DayInput(), **kwargs)


def diseases(book: Playbook) -> list[tuple[str, str]]:
    """The diseases that the playbook knows, by their names in the reader's language."""
    language = get_language() or "en"
    return [(code, disease.title.of(language)) for code, disease in book.diseases.items()]


def longest_incubation(book: Playbook, disease: str) -> int:
    try:
        return book.disease(disease).incubation_max_days.value
    except NoSuchRule:
        return 14


class PlainText(forms.CharField):
    """A free text that may not hold a document or phone number: identities live in one place."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if fault := sanity.names_somebody(text or ""):
            raise ValidationError(str(fault))
        return text


class DatedForm(forms.Form):
    """Checks dates against one another. What can hardly be asks to be looked at once more."""

    looked_again = forms.BooleanField(
        label=_("I have looked again: it is so"), required=False, initial=False
    )

    def check_dates(self, stated: sanity.Dates, *, today: date, longest: int) -> None:
        again = bool(self.cleaned_data.get("looked_again"))
        for fault in sanity.faults(stated, today=today, longest_incubation=longest):
            if fault.hard or not again:
                field = fault.field if fault.field in self.fields else None
                self.add_error(
                    field, ValidationError(str(fault), code="hard" if fault.hard else "soft")
                )

    @property
    def doubts(self) -> bool:
        """Whether something is left that only needs a second look."""
        found = [e for errors in self.errors.as_data().values() for e in errors]
        return any(error.code == "soft" for error in found)


class ReportForm(IdentityForm, DatedForm):
    """A new case: six fields that must be thought of, the rest folded away."""

    FIRST = ("document", "name", "phone", "area", "classification", "found_by")
    DATES = ("onset_on", "sampled_on", "diagnosed_on", "exposed_from", "exposed_to")
    MORE = ("severity", "hospital", "age", "sex", "birth_year", "occupation")
    REST = ("document_kind", "address", "disease", "reported_on")

    area = AreaField(label=_("Where the person is"))
    classification = forms.ChoiceField(
        label=_("Held to be"), choices=OPEN_CLASSES, initial=Classification.SUSPECTED
    )
    found_by = forms.ChoiceField(
        label=_("How found"), choices=FoundBy.choices, initial=FoundBy.SELF
    )
    onset_on = day(_("Onset"), help_text=_("Empty where there are no symptoms."))
    sampled_on = day(_("First positive sample"))
    diagnosed_on = day(_("Diagnosed"))
    exposed_from = day(_("Exposed from"))
    exposed_to = day(_("Exposed to"))
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.UNKNOWN
    )
    hospital = PlainText(label=_("Hospital"), max_length=120, required=False)
    age = forms.IntegerField(label=_("Age"), min_value=0, max_value=125, required=False)
    occupation = PlainText(label=_("Occupation"), max_length=80, required=False)
    disease = forms.ChoiceField(label=_("Disease"))
    reported_on = day(_("Reported"))

    def __init__(
        self,
        *args: Any,
        book: Playbook,
        today: date,
        near: str = "",
        person: Person | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.today, self.person = book, today, person
        self.fields["name"].label = _("Full name")
        self.fields["disease"] = forms.ChoiceField(
            label=_("Disease"), choices=diseases(book), initial=book.main_disease
        )
        self.fields["reported_on"].initial = today
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near
        if person is not None:
            area.initial = person.area
            for name in self._names():
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() if self.person is None else self.cleaned_data
        if self.person is None and not any(typed.get(n) for n in ("name", "document", "phone")):
            self.add_error(
                "name", _("Give a name, a document or a phone: somebody has to be found again.")
            )
        typed["reported_on"] = typed.get("reported_on") or self.today
        birth_year = self.person.birth_year if self.person else typed.get("birth_year")
        known: dict[str, Any] = {
            n: typed.get(n) for n in sanity.Dates.__dataclass_fields__ if n in self.fields
        }
        known |= {
            "birth_year": birth_year,
            "asymptomatic": typed.get("classification") == Classification.ASYMPTOMATIC,
        }
        longest = longest_incubation(self.book, typed.get("disease", ""))
        self.check_dates(sanity.Dates(**known), today=self.today, longest=longest)
        if typed.get("age") is None and birth_year:
            typed["age"] = max(0, typed["reported_on"].year - birth_year)
        return typed

    @property
    def facts(self) -> Facts:
        """The cleaned values, as `actions.report` takes them."""
        return Facts(**{n: self.cleaned_data[n] for n in Facts.__dataclass_fields__})

    def _group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names if name in self.fields]

    @property
    def first(self) -> list[forms.BoundField]:
        return self._group(self.FIRST)

    @property
    def dates(self) -> list[forms.BoundField]:
        return self._group(self.DATES)

    @property
    def more(self) -> list[forms.BoundField]:
        return self._group(self.MORE)

    @property
    def rest(self) -> list[forms.BoundField]:
        return self._group(self.REST)


class FactsForm(DatedForm, forms.ModelForm):  # type: ignore[type-arg]
    """Correcting the facts of a case. `version` is what the desk saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Case
        fields = list(CORRECTABLE)
        widgets = {name: DayInput() for name in CORRECTABLE if name.endswith("_on")} | {
            "exposed_from": DayInput(),
            "exposed_to": DayInput(),
        }

    def __init__(self, *args: Any, book: Playbook, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.book, self.today = book, today
        self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        case = self.instance
        known: dict[str, Any] = {
            n: typed.get(n) for n in sanity.Dates.__dataclass_fields__ if n in self.fields
        }
        was_asymptomatic = case.classifications.filter(classification=Classification.ASYMPTOMATIC)
        stated = sanity.Dates(
            **known,
            outcome_on=case.outcome_on,
            birth_year=case.person.birth_year,
            asymptomatic=was_asymptomatic.exists(),
        )
        longest = longest_incubation(self.book, case.disease)
        self.check_dates(stated, today=self.today, longest=longest)
        for name in ("occupation", "hospital"):
            if fault := sanity.names_somebody(typed.get(name) or ""):
                self.add_error(name, str(fault))
        return typed

    def _post_clean(self) -> None:
        """Leave the case as it was loaded: `actions.update_facts` compares with it, and writes."""

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in CORRECTABLE}


# --- one form per outcome ----------------------------------------------------------------------


class ActForm(forms.Form):
    """`leg` is the number of the leg the desk saw: an old page cannot act."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.today = case, today
        if case.passage is not None:
            self.fields["leg"].initial = case.passage.n_legs

    def clean_on(self) -> date | None:
        on: date | None = self.cleaned_data["on"]
        if on and on > self.today:
            raise ValidationError(_("This day has not come yet."))
        begun = self.case.admitted_on or self.case.onset_on
        if on and begun and on < begun:
            raise ValidationError(_("This is older than the illness or the admission."))
        return on


class VerifyForm(ActForm):
    classification = forms.ChoiceField(label=_("Held to be"), choices=OPEN_CLASSES)
    diagnosed_on = day(_("Diagnosed"))
    reason = PlainText(label=_("Grounds"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classification"].initial = self.case.classification
        self.fields["diagnosed_on"].initial = self.case.diagnosed_on

    def clean_diagnosed_on(self) -> date | None:
        on: date | None = self.cleaned_data["diagnosed_on"]
        if on and on > self.today:
            raise ValidationError(_("This day has not come yet."))
        return on


class DiscardForm(ActForm):
    reason = PlainText(label=_("Why it is no case"), min_length=4)


class AdmitForm(ActForm):
    hospital = PlainText(label=_("Hospital"), max_length=120, required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    on = day(_("Admitted"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].initial = self.case.severity
        self.fields["hospital"].initial = self.case.hospital
        self.fields["on"].initial = self.today


class OutcomeForm(ActForm):
    on = day(_("On"))
    note = PlainText(label=_("Note"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.today


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False)


class ClassifyForm(forms.Form):
    """`seen` is the classification the desk saw."""

    seen = forms.CharField(widget=forms.HiddenInput)
    classification = forms.ChoiceField(label=_("Held to be"), choices=Classification.choices)
    reason = PlainText(label=_("Grounds"), min_length=4)


class MoveForm(forms.Form):
    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    area = AreaField(label=_("To which area"))
    note = PlainText(label=_("Note"), required=False)


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, up to 10 MB. The name of the file is not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class ClusterForm(forms.Form):
    """Join a cluster that is there, or found one by its name."""

    cluster = forms.ModelChoiceField(
        label=_("Cluster"), queryset=Cluster.objects.none(), required=False, empty_label=_("none")
    )
    name = PlainText(label=_("or a new one"), max_length=120, required=False)

    def __init__(self, *args: Any, clusters: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cluster"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = clusters


class FilterForm(forms.Form):
    """The list, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Number or pseudonym"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    classification = forms.ChoiceField(
        label=_("Classification"),
        choices=[("", _("all")), *Classification.choices],
        required=False,
    )
    found_by = forms.ChoiceField(
        label=_("How found"), choices=[("", _("all")), *FoundBy.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[("", _("all")), ("open", _("still open")), *STAGES.items()],
        required=False,
    )
    disease = forms.ChoiceField(label=_("Disease"), required=False)
    reported_from = day(_("Reported from"))
    reported_to = day(_("Reported until"))
    late = forms.BooleanField(label=_("Late only"), required=False)
    cluster = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, book: Playbook, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disease"] = forms.ChoiceField(
            label=_("Disease"), choices=[("", _("all")), *diseases(book)], required=False
        )
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area: Area | None = typed.pop("area", None)
        return Wanted(area_path=area.path if area else "", **typed)
