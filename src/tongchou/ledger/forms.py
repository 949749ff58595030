"""What a desk types when it hands over in place."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongchou.kit.personal import names_somebody


class HandOverForm(forms.Form):
    """`leg` is the number of the leg the desk saw: a stale page cannot act."""

    leg = forms.IntegerField(min_value=1, max_value=9999, widget=forms.HiddenInput)
    to = forms.CharField(max_length=40)
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Optional. No names or numbers of people: notes are kept for ever."),
    )

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if names_somebody(note):
            fault = _("The note holds a document or phone number. Take it out: notes are for ever.")
            raise ValidationError(fault, code="personal")
        return note
