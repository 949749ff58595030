"""What people type at the command desk: an order, filters, a playbook, a search of the audit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou import playbook as playbooks
from tongchou.areas.models import TempoChoice
from tongchou.command.board import Wanted
from tongchou.command.models import Age, Grade
from tongchou.ledger.models import Rung
from tongchou.staff.roles import Role

#: A playbook is some thirty kilobytes; ten times that is no playbook.
MOST_BYTES = 400_000


class ActivationForm(forms.Form):
    """The order to switch an area."""

    tempo = forms.ChoiceField(choices=TempoChoice.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Kept with the order; without names of persons."),
    )
    grade = forms.ChoiceField(label=_("Response level"), choices=Grade.choices, required=False)


class BoardForm(forms.Form):
    """The filters of the board as they come in the address; what is unknown is left out."""

    rung = forms.TypedChoiceField(
        choices=Rung.choices, coerce=int, empty_value=None, required=False
    )
    owner = forms.ChoiceField(choices=Role.choices, required=False)
    loop = forms.CharField(max_length=40, required=False)
    stage = forms.CharField(max_length=40, required=False)
    age = forms.TypedChoiceField(choices=Age.choices, coerce=int, empty_value=None, required=False)

    @property
    def wanted(self) -> Wanted:
        self.is_valid()  # a filter that cannot be read is no filter
        return Wanted(**{name: self.cleaned_data[name] for name in _known(self)})


def _known(form: BoardForm) -> list[str]:
    return [name for name in form.fields if name in form.cleaned_data]


class ProposalForm(forms.Form):
    """A playbook to put forward: a shipped one, a file, or text."""

    shipped = forms.ChoiceField(label=_("A playbook that ships with the program"), required=False)
    upload = forms.FileField(label=_("or a file"), required=False)
    text = forms.CharField(
        label=_("or its text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "input is-code"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Why now; whoever adopts it reads this."),
    )

    def __init__(self, *args: Any, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: tuple[playbooks.Fault, ...] = ()
        titles = [
            (each, f"{each} · {playbooks.load(each).title.of(language)}")
            for each in playbooks.shipped()
        ]
        shipped = self.fields["shipped"]
        assert isinstance(shipped, forms.ChoiceField)
        shipped.choices = [("", _("none of them")), *titles]

    def clean_upload(self) -> str:
        upload = self.cleaned_data["upload"]
        if upload is None:
            return ""
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large to be a playbook."))
        try:
            text: str = upload.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("A playbook is a text file in UTF-8.")) from error
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [name for name in ("shipped", "upload", "text") if data.get(name)]
        if self.errors:
            return data
        if len(given) != 1:
            raise forms.ValidationError(_("Give one playbook: a shipped one, a file or its text."))
        shipped = given == ["shipped"]
        data["playbook"] = playbooks.load(data["shipped"]).text if shipped else data[given[0]]
        try:
            playbooks.parse(data["playbook"])
        except playbooks.PlaybookError as error:
            self.faults = error.faults
            raise forms.ValidationError(
                _("This is not a playbook yet; see the lines below.")
            ) from error
        return data


class AuditForm(forms.Form):
    """A search of the audit."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=80,
        required=False,
        help_text=_("such as passage:12 or area:420502; the beginning is enough"),
    )
    actor = forms.CharField(label=pgettext_lazy("audit", "Who"), max_length=150, required=False)
    verb = forms.CharField(label=pgettext_lazy("audit", "What"), max_length=60, required=False)
    since = forms.DateTimeField(
        label=pgettext_lazy("audit", "From"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    until = forms.DateTimeField(
        label=pgettext_lazy("audit", "To"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def given(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None
