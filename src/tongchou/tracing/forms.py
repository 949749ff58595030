"""What people type about investigations and contacts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, Place, PlaceKind
from tongchou.cases import sanity
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DatedForm, PlainText, day, longest_incubation
from tongchou.cases.models import Case, Contact, ContactFound, Tier, Way
from tongchou.people.details import Details
from tongchou.people.forms import IdentityForm
from tongchou.playbook import Playbook
from tongchou.tracing import checks
from tongchou.tracing.actions import Entry, Met
from tongchou.tracing.actions.investigations import CoreFacts
from tongchou.tracing.loops import CONTACT_STAGES
from tongchou.tracing.models import Investigation, ItineraryStay, SourceKind, Symptom
from tongchou.tracing.queries import Wanted

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


class ContactForm(IdentityForm):
    """One contact of a case. `through` is the number of the close contact between."""

    FIRST = ("name", "phone", "document", "tier", "way", "last_on", "area")
    MORE = (
        "first_on", "through", "place_kind", "place", "minutes", "protected", "note",
        "document_kind", "sex", "birth_year", "address", "found_by",
    )  # fmt: skip

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices, initial=Tier.CLOSE)
    way = forms.ChoiceField(label=_("Way of contact"), choices=Way.choices)
    first_on = day(_("First contact"))
    last_on = day(_("Last contact"))
    area = AreaField(label=_("Where the contact is"))
    through = forms.CharField(
        label=_("Close contact between"),
        max_length=60,
        required=False,
        help_text=_("The number of the close contact, for a secondary contact."),
    )
    place_kind = forms.ChoiceField(
        label=_("Kind of place"), choices=[("", "–"), *PlaceKind.choices], required=False
    )
    place = PlainText(label=_("Place"), max_length=120, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=99_999, required=False)
    protected = forms.BooleanField(label=_("With effective protection"), required=False)
    note = PlainText(label=_("Note"), required=False)
    found_by = forms.ChoiceField(
        label=_("How found"), choices=[("", "–"), *ContactFound.choices], required=False
    )

    def __init__(
        self,
        *args: Any,
        case: Case,
        around: checks.Circumstances,
        near: str = "",
        known: dict[str, Contact] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.around, self.known = case, around, known
        self.fields["name"].label = _("Full name")
        self.findings: list[checks.Finding] = []
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near
        # In a pasted table these are mostly not columns; what is left out is what it mostly is.
        for name in ("document_kind", "sex", "way"):
            self.fields[name].required = False

    def clean_document_kind(self) -> str:
        return self.cleaned_data["document_kind"] or str(self.fields["document_kind"].initial)

    def clean_sex(self) -> str:
        return self.cleaned_data["sex"] or str(self.fields["sex"].initial)

    def clean_way(self) -> str:
        return self.cleaned_data["way"] or Way.OTHER

    def clean_through(self) -> Contact | None:
        number = self.cleaned_data["through"].strip()
        if not number:
            return None
        contact = self.known.get(number) if self.known is not None else None
        contact = contact or _of_case(self.case, number)
        if contact is None:
            raise ValidationError(
                _("This case has no contact %(number)s. List the close contact first."),
                params={"number": number},
            )
        return contact

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.errors:
            return typed
        if not any(typed.get(name) for name in ("name", "document", "phone")):
            self.add_error(
                "name", _("Give a name, a document or a phone: somebody has to be found.")
            )
        first, last = typed.get("first_on"), typed.get("last_on")
        if first and last and first > last:
            self.add_error("first_on", _("The first contact is later than the last one."))
        if self.errors:
            return typed
        self.findings = checks.run(self._line(), self.around, checks.AT_ENTRY)
        for finding in self.findings:
            if finding.code in ("source", "day_to_come"):
                field = finding.field if finding.field in self.fields else None
                self.add_error(field, f"{finding.says} {finding.mend}")
        return typed

    def _line(self) -> checks.Line:
        """The entry as the list checks see it."""
        typed = self.cleaned_data
        secondary = typed["tier"] == Tier.SECONDARY
        area: Area = typed["area"]
        meeting = checks.Meeting(
            way=typed["way"],
            first_on=typed["first_on"],
            last_on=typed["last_on"],
            note=typed["note"],
            case=not secondary,
            through=typed["through"] is not None,
            case_begins_on=None if secondary else self.case.begins_on,
            case_isolated_on=None if secondary else self.case.admitted_on,
        )
        return checks.Line(
            tier=typed["tier"],
            area_level=area.level,
            has_phone=bool(typed["phone"]),
            has_document=bool(typed["document"]),
            meetings=(meeting,),
        )

    @property
    def to_mend(self) -> list[checks.Finding]:
        """What was found and does not keep the contact off the list."""
        return [f for f in self.findings if f.code not in ("source", "day_to_come")]

    @property
    def entry(self) -> Entry:
        """The cleaned values, as `actions.list_contact` takes them."""
        typed = self.cleaned_data
        secondary = typed["tier"] == Tier.SECONDARY and typed["through"] is not None
        names = (
            "way",
            "place_kind",
            "place",
            "first_on",
            "last_on",
            "minutes",
            "protected",
            "note",
        )
        return Entry(
            details=Details(area=typed["area"], **self.details),
            area=typed["area"],
            tier=typed["tier"],
            met=Met(
                case=None if secondary else self.case,
                through=typed["through"] if secondary else None,
                **{name: typed[name] for name in names},
            ),
            found_by=typed["found_by"],
        )

    def _group(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def first(self) -> list[forms.BoundField]:
        return self._group(self.FIRST)

    @property
    def more(self) -> list[forms.BoundField]:
        return self._group(self.MORE)


def _of_case(case: Case, number: str) -> Contact | None:
    found = Contact.objects.filter(exposures__case=case, number=number)
    return found.select_related("passage").first()


class PasteForm(forms.Form):
    """A table from a spreadsheet, pasted or as a file."""

    table = forms.CharField(
        label=_("Paste the rows here"),
        required=False,
        strip=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(
        label=_("or choose a file"),
        required=False,
        help_text=_("Excel or CSV."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("table", "").strip() and not typed.get("file"):
            raise ValidationError(_("Paste a table, or choose a file."))
        return typed


class ActForm(forms.Form):
    """`leg` is the number of the leg the desk saw: an old page cannot act."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False)


class ReasonForm(ActForm):
    reason = PlainText(label=_("Reason"), min_length=4)


class LocateForm(ActForm):
    area = AreaField(label=_("In another area?"), required=False)
    note = PlainText(label=_("Note"), required=False)


class ElsewhereForm(ActForm):
    destination = PlainText(label=_("Province and city"), max_length=120)
    note = PlainText(label=_("Note"), required=False)


class TierForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)


class MoveForm(ActForm):
    area = AreaField(label=_("To which area"))
    note = PlainText(label=_("Note"), required=False)


class FilterForm(forms.Form):
    """A list of contacts, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Number or pseudonym"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    case = forms.CharField(label=_("Case number"), max_length=60, required=False)
    area = AreaField(required=False)
    tier = forms.ChoiceField(
        label=_("Tier"), choices=[("", _("all")), *Tier.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[
            ("", _("all")),
            ("open", _("still open")),
            ("record", _("for the record only")),
            *CONTACT_STAGES.items(),
        ],
        required=False,
    )
    late = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area: Area | None = typed.pop("area", None)
        return Wanted(area_path=area.path if area else "", **typed)
