"""Notices, evaluations, objections: periods, words, signatures."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.supervision import evaluating
from tongchou.supervision.actions.evaluations import LEAST_DAYS, OBJECTION_DAYS
from tongchou.supervision.forms.inspections import set_day
from tongchou.supervision.models import Tone


class PeriodForm(forms.Form):
    """An area and the days from the first to the last, both included; last week at first."""

    area = AreaField()
    from_on = set_day(_("From"))
    until_on = set_day(_("Until"))

    def __init__(
        self, *args: Any, now: datetime, near: str, area: Any = None, days: int = 7, **kwargs: Any
    ) -> None:
        yesterday = timezone.localdate(now) - timedelta(days=1)
        initial = {
            "area": area,
            "from_on": yesterday - timedelta(days=days - 1),
            "until_on": yesterday,
        }
        super().__init__(*args, **kwargs)
        self.initial.update(initial)
        field = self.fields["area"]
        assert isinstance(field, AreaField)
        field.near = near
        for name in ("from_on", "until_on"):
            self.fields[name].required = True


class DraftForm(PeriodForm):
    tone = forms.ChoiceField(
        label=_("Purpose of the notice"), choices=Tone.choices, initial=Tone.BOTH
    )


class AskForm(PeriodForm):
    least = forms.IntegerField(
        label=_("Nobody is judged on fewer hand-offs than"),
        min_value=evaluating.LEAST,
        max_value=10_000,
        initial=evaluating.LEAST,
    )


class EditForm(forms.Form):
    """`seen` is the number of edits the page showed."""

    title = PlainText(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("Text"), max_length=8000, widget=forms.Textarea(attrs={"rows": 14})
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ShowForm(forms.Form):
    days = forms.IntegerField(
        label=_("Days in which units may contest"),
        min_value=LEAST_DAYS,
        max_value=60,
        initial=OBJECTION_DAYS,
    )


class ContestForm(forms.Form):
    """Why the figures are wrong; the hand-offs ticked in the list come as `legs`."""

    reason = PlainText(label=_("Why the figures are wrong"), max_length=280)
    legs = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field = self.fields["legs"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        # Which of them may be contested the action knows; here they only must be numbers.
        sent = data.getlist("legs") if data is not None else []
        field.choices = [(one, one) for one in sent if one.isdecimal() and len(one) < 19]


class RuleForm(forms.Form):
    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = PlainText(label=_("Reason of the ruling"), max_length=180)
