"""What people type about people. The errors are those of `details` and `documents`."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongchou.people.details import Details
from tongchou.people.documents import DocumentKind
from tongchou.people.errors import BadDocument, BadPhone, Contradiction
from tongchou.people.models import Sex
from tongchou.people.purposes import Part, Purpose, parts_in_words

_OFF = {"autocomplete": "off", "spellcheck": "false"}


class PurposeForm(forms.Form):
    """Why an identity is asked for; only what the reader's posts allow is offered."""

    purpose = forms.ChoiceField(label=_("What is it needed for?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, purposes: Iterable[Purpose] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(p.value, f"{p.label} ({parts_in_words(p)})") for p in purposes]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]


class LookUpForm(PurposeForm):
    """An exact number. Half a number or a name finds nobody, on purpose."""

    number = forms.CharField(
        label=_("Document or phone number"),
        max_length=60,
        help_text=_("The whole number; spaces, +86 and full-width digits do not matter."),
        widget=forms.TextInput(attrs=_OFF),
    )


class IdentityForm(forms.Form):
    """What is told of a person: for every desk that writes somebody down."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    document_kind = forms.ChoiceField(
        label=_("Document"), choices=DocumentKind.choices, initial=DocumentKind.ID_CARD
    )
    document = forms.CharField(
        label=_("Document number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs=_OFF),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=_OFF | {"inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"), max_length=300, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN)
    birth_year = forms.IntegerField(
        label=_("Year of birth"), min_value=1880, max_value=2100, required=False
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors:
            return typed
        try:
            read = Details(**{name: typed[name] for name in self._names()}).read(
                today=timezone.localdate()
            )
        except (BadDocument, Contradiction) as error:
            self.add_error("document", ValidationError(str(error)))
        except BadPhone as error:
            self.add_error("phone", ValidationError(str(error)))
        else:
            typed |= {name: getattr(read, name) for name in self._names()}
        return typed

    @staticmethod
    def _names() -> tuple[str, ...]:
        return (*(part.value for part in Part), "document_kind", "sex", "birth_year")

    @property
    def details(self) -> dict[str, Any]:
        """The cleaned values, as `actions.register` takes them."""
        return {name: self.cleaned_data[name] for name in self._names()}


class CorrectionForm(IdentityForm):
    """Only what is wrong is filled in; what is left empty stays, and nothing is shown."""

    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", _("unchanged")), *Sex.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not self.changes:
            raise ValidationError(_("Fill in what is wrong; leave the rest empty."))
        return typed

    @property
    def changes(self) -> dict[str, Any]:
        """What was filled in. The kind of document counts only with its number."""
        names = [n for n in self._names() if n != "document_kind" and n in self.changed_data]
        found = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}
        if "document" in found:
            found["document_kind"] = self.cleaned_data["document_kind"]
        return found
