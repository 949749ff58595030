"""Questions with their options, what is decided, and the filters of the log."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.orders.actions.decisions import Offered, Verdict
from tongchou.orders.forms.common import (
    UnitChoice,
    deciders,
    long_text,
    moment,
    offer,
    own_units,
)
from tongchou.orders.loops import DECISION_STAGES
from tongchou.orders.models import Decision, Meeting
from tongchou.orders.queries import decisions as queries
from tongchou.planning.models import Study
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope
from tongchou.surveillance.models import Signal, Threshold

#: Options on the table; more than these are no choice but a list.
N_OPTIONS = 4


class QuestionForm(forms.Form):
    question = PlainText(label=pgettext_lazy("decision", "Question"), max_length=200)
    background = long_text(_("What is known"), required=False)
    unit = UnitChoice(Unit.objects.none(), label=_("Decides, and answers for its end"))
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("Meeting"), required=False)

    def __init__(
        self, *args: Any, scope: Scope, now: datetime, kept: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(scope, kept=kept))
        offer(self, "meeting", queries.meetings(scope).order_by("-held_at")[:40])
        studies = Study.objects.filter(pk__in=[s.pk for s in queries.studies(scope)[:60]])
        for n in range(1, N_OPTIONS + 1):
            label = _("Option %(n)s") % {"n": n}
            self.fields[f"words_{n}"] = PlainText(label=label, max_length=300, required=False)
            self.fields[f"cost_{n}"] = PlainText(
                label=_("What it costs, and whom"), max_length=200, required=False
            )
            self.fields[f"study_{n}"] = forms.ModelChoiceField(
                studies.select_related("scenario").defer("result").order_by("-id"),
                label=_("What the planner says: study"),
                required=False,
            )
            self.fields[f"plan_{n}"] = forms.IntegerField(
                label=_("Plan of the study"), min_value=0, max_value=9999, required=False
            )

    @classmethod
    def typed(cls, decision: Decision) -> dict[str, Any]:
        """A question as it would have been typed."""
        initial: dict[str, Any] = {
            "question": decision.question,
            "background": decision.background,
            "unit": decision.unit_id,
            "meeting": decision.meeting_id,
        }
        for n, option in enumerate(decision.options.order_by("number")[:N_OPTIONS], start=1):
            initial |= {
                f"words_{n}": option.words, f"cost_{n}": option.cost,
                f"study_{n}": option.study_id, f"plan_{n}": option.plan,
            }  # fmt: skip
        return initial

    @property
    def options(self) -> list[Offered]:
        typed = self.cleaned_data
        rows = [
            Offered(*(typed[f"{name}_{n}"] for name in ("words", "cost", "study", "plan")))
            for n in range(1, N_OPTIONS + 1)
        ]
        return [row for row in rows if row.words]

    @property
    def facts(self) -> dict[str, Any]:
        return {
            key: self.cleaned_data[key] for key in ("question", "background", "unit", "meeting")
        }

    @property
    def head(self) -> list[Any]:
        return [self[name] for name in ("question", "background", "unit", "meeting")]

    @property
    def rows(self) -> list[list[Any]]:
        """The fields of each option, bound, for the page."""
        names = ("words", "cost", "study", "plan")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, N_OPTIONS + 1)]


class VerdictForm(forms.Form):
    chosen = forms.TypedChoiceField(
        label=_("Chosen"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    decided = long_text(pgettext_lazy("decision", "Decided"), rows=3)
    reason = long_text(pgettext_lazy("decision", "Reason"), rows=3)
    decided_by = forms.ModelChoiceField(User.objects.none(), label=_("Decided by"))
    until = moment(_("Until"), help_text=_("Then it is decided again; it never simply ends."))
    trigger = long_text(_("What would change it"), rows=2)
    signal = forms.ModelChoiceField(
        Signal.objects.none(), label=_("Signal it hangs on"), required=False
    )
    threshold = forms.ModelChoiceField(
        Threshold.objects.none(), label=_("Threshold it hangs on"), required=False
    )

    def __init__(
        self, *args: Any, decision: Decision, scope: Scope, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.TypedChoiceField)
        rows = [(str(o.number), f"{o.number}. {o.words}") for o in decision.options.all()]
        chosen.choices = [*rows, ("0", _("none of them"))]
        offer(self, "decided_by", deciders(decision.unit, decision.area, now=now))
        signals = Signal.objects.filter(scope.q("area_path"), passage__closed_at=None)
        offer(self, "signal", signals.order_by("-raised_at")[:60])
        offer(self, "threshold", Threshold.objects.order_by("-id")[:60])

    @property
    def verdict(self) -> Verdict:
        typed = self.cleaned_data
        return Verdict(**typed | {"chosen": typed["chosen"] or 0})


class TaskForm(forms.Form):
    goal = PlainText(label=_("What must be true"), max_length=300)
    measure = PlainText(label=_("How one will see that it is"), max_length=300)
    due_at = moment(_("By when"))
    unit = UnitChoice(Unit.objects.none(), label=_("Answers for it"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", units)


class FilterForm(forms.Form):
    """The log, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Number or words"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("decision", "State"),
        choices=[
            ("", pgettext_lazy("decisions", "all")),
            ("open", pgettext_lazy("decision", "not decided yet")),
            ("over", pgettext_lazy("decision", "past its end, to be decided again")),
            *DECISION_STAGES.items(),
        ],
        required=False,
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    @property
    def wanted(self) -> queries.Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        return queries.Wanted(**typed)


class MeetingFilterForm(forms.Form):
    search = forms.CharField(
        label=_("Number or words"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Minutes"),
        choices=[
            ("", pgettext_lazy("meetings", "all")),
            ("open", pgettext_lazy("minutes", "not signed yet")),
            ("signed", pgettext_lazy("minutes", "signed")),
        ],
        required=False,
    )
