"""Choosing a threshold: what is asked of history, and why it is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.forms import PlainText
from tongchou.surveillance import wording
from tongchou.surveillance.limits import METHODS, TOGETHER, methods_of
from tongchou.surveillance.models import Channel, ChannelKind


class ReplayForm(forms.Form):
    """`evidence` weighs all channels together and has no channel of its own."""

    detector = forms.ChoiceField(
        label=_("Method"), choices=[(m, wording.METHODS[m]) for m in METHODS]
    )
    channel = forms.ModelChoiceField(
        label=_("Channel"),
        queryset=Channel.objects.filter(cumulative=False).exclude(kind=ChannelKind.OFFICIAL),
        required=False,
        empty_label=_("all channels together"),
    )
    per_week = forms.FloatField(
        label=_("False alarms a week, in all areas together"),
        min_value=0.02,
        max_value=1000,
        initial=5,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        detector, channel = typed.get("detector"), typed.get("channel")
        if detector == TOGETHER:
            typed["channel"] = None
        elif channel is None and "channel" not in self.errors:
            self.add_error("channel", _("Choose a channel; only “evidence” weighs all of them."))
        elif channel is not None and detector and detector not in methods_of(channel):
            names = ", ".join(wording.method(each) for each in methods_of(channel))
            self.add_error(
                "detector", _("This channel is judged by: %(names)s.") % {"names": names}
            )
        return typed


class SetForm(forms.Form):
    """Why the limit that was shown is put in force."""

    reason = PlainText(label=_("Reason"), min_length=4, max_length=300)
