"""What is signed on the way of a signal, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText, day
from tongchou.surveillance.loops import SIGNAL_STAGES
from tongchou.surveillance.models import Channel, ClosedAs, Excuse, VerifiedBy
from tongchou.surveillance.queries.signals import Wanted

CHOOSE = [("", _("choose"))]


class ActForm(forms.Form):
    """`leg` is the number of the leg the desk saw: an old page cannot act."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False)


class VerifyForm(ActForm):
    way = forms.ChoiceField(label=_("Verified by"), choices=[*CHOOSE, *VerifiedBy.choices])
    note = PlainText(label=_("Note"), required=False, max_length=150)


class CloseForm(ActForm):
    finding = forms.ChoiceField(
        label=_("It turned out to be"), choices=[*CHOOSE, *ClosedAs.choices]
    )
    note = PlainText(label=_("Note"), required=False, max_length=150)


class ExcuseForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[*CHOOSE, *Excuse.choices])
    note = PlainText(label=_("Note"), required=False, max_length=150)


class FilterForm(forms.Form):
    """A list of signals, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Number or area"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[
            ("", pgettext_lazy("signals", "all")),
            ("open", _("still open")),
            *SIGNAL_STAGES.items(),
        ],
        required=False,
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    closed_as = forms.ChoiceField(
        label=_("Turned out to be"),
        choices=[("", pgettext_lazy("signals", "all")), *ClosedAs.choices],
        required=False,
    )
    since = day(_("From"))
    until = day(_("Until"))
    late = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, channel = self.fields["area"], self.fields["channel"]
        assert isinstance(area, AreaField) and isinstance(channel, forms.ChoiceField)
        area.near = near
        names = [(one.pk, str(one)) for one in Channel.objects.all()]
        channel.choices = [("", pgettext_lazy("channels", "all")), *names]

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area: Area | None = typed.pop("area", None)
        return Wanted(area_path=area.path if area else "", **typed)
