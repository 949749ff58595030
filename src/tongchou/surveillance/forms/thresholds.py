"""Choosing a threshold: what is asked of history, and why it is changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.forms import PlainText
from tongchou.surveillance.limits import METHODS, TOGETHER
from tongchou.surveillance.models import Channel


class ReplayForm(forms.Form):
    """`evidence` weighs all channels together and has no channel of its own."""

    detector = forms.ChoiceField(label=_("Method"), choices=[(m, m) for m in METHODS])
    channel = forms.ModelChoiceField(
        label=_("Channel"),
        queryset=Channel.objects.filter(cadence="daily", cumulative=False),
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
        together = typed.get("detector") == TOGETHER
        if together:
            typed["channel"] = None
        elif typed.get("channel") is None and "channel" not in self.errors:
            self.add_error("channel", _("Choose a channel; only “evidence” weighs all of them."))
        return typed


class SetForm(ReplayForm):
    """The same values again, and the reason; they stand hidden under the preview."""

    reason = PlainText(label=_("Reason"), min_length=4, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("channel", "detector", "per_week"):
            self.fields[name].widget = forms.HiddenInput()
