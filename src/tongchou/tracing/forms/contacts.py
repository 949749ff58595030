"""One contact of a case, and a table of them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, PlaceKind
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText, day
from tongchou.cases.models import Case, Contact, ContactFound, Tier, Way
from tongchou.people.details import Details
from tongchou.people.forms import IdentityForm
from tongchou.tracing import checks
from tongchou.tracing.actions import Entry, Met


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
