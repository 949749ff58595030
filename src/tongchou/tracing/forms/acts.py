"""What is signed on the way, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.cases.models import Tier
from tongchou.tracing.loops import CONTACT_STAGES
from tongchou.tracing.queries import Wanted


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
