"""A request for numbers, and its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DayInput, PlainText
from tongchou.reports.facts import catalogue
from tongchou.reports.forms.daily import Words
from tongchou.reports.matching import matched, nearest
from tongchou.reports.models import Frequency, Request


class AskForm(forms.Form):
    """Who asks for which numbers, by what right, how often, until when."""

    title = PlainText(label=_("Name of the report"), max_length=120)
    asked_by = PlainText(label=_("Who asks"), max_length=120)
    basis = PlainText(label=_("Document or legal basis"), max_length=200, required=False)
    purpose = PlainText(label=_("What for"), max_length=200, required=False)
    area = AreaField(label=_("Area that is asked"))
    numbers = Words(
        label=_("Numbers asked for"), required=True,
        help_text=_("One a line, as the form has them. What is in the daily report is found."),
    )  # fmt: skip
    frequency = forms.ChoiceField(label=_("How often"), choices=Frequency.choices)
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput())
    minutes = forms.IntegerField(
        label=_("Minutes it takes, if somebody timed it"), required=False, min_value=1,
        max_value=10_000,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["numbers"].widget.attrs["rows"] = 6

    def facts(self) -> dict[str, Any]:
        """What the action takes. Words that are exactly a name of the catalogue are that number."""
        typed = dict(self.cleaned_data)
        lines = [line.strip() for line in typed.pop("numbers").splitlines() if line.strip()]
        exact = {line: key for line, key in matched(lines).items() if nearest(line)[0][1] == 1.0}
        typed["keys"] = sorted(set(exact.values()))
        typed["others"] = [line for line in lines if line not in exact]
        return typed


class AnswerForm(forms.Form):
    """The answer: by a link, granted or refused. Each word of the asker may be a number we have."""

    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            ("answered_by_link", _("By a link: every number is in the daily report")),
            ("granted", _("Granted: a new report is worth it")),
            ("refused", _("Refused")),
        ],
        widget=forms.RadioSelect,
    )
    reason = PlainText(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {f"same{n}": word for n, word in enumerate(request.others)}
        choices = [
            ("", _("in no report")),
            *((str(title), [(e.key, e.name) for e in rows]) for _s, title, rows in
              catalogue.by_section()),
        ]  # fmt: skip
        likely = matched(request.others)
        for name, word in self.words.items():
            self.fields[name] = forms.ChoiceField(
                label=word, choices=choices, required=False, initial=likely.get(word, "")
            )
        if request.others and len(likely) < len(request.others):
            self.fields["answer"].initial = "granted"
        else:
            self.fields["answer"].initial = "answered_by_link"

    @property
    def same(self) -> dict[str, str]:
        return {
            word: self.cleaned_data[name] for name, word in self.words.items()
            if self.cleaned_data.get(name)
        }  # fmt: skip
