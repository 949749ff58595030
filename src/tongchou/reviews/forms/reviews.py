"""A review: its filters, its steps, its findings, and what they lead to."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText, day
from tongchou.cases.models import Cluster
from tongchou.ledger import policy
from tongchou.lists.models import Cause
from tongchou.planning import playbook_paths
from tongchou.playbook import Playbook
from tongchou.playbook.words import Shown, rule_name, rule_value
from tongchou.reviews.loops import STAGES
from tongchou.reviews.models import FindingKind, Kind
from tongchou.reviews.models.findings import DEEPEST
from tongchou.reviews.queries.register import Wanted
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope
from tongchou.surveillance.forms.signals import ActForm

CHOOSE = [("", _("choose"))]
ALL = ("", pgettext_lazy("reviews", "all"))


class FilterForm(forms.Form):
    """A list of reviews, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Review, case or title"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    kind = forms.ChoiceField(label=_("Of what"), choices=[ALL, *Kind.choices], required=False)
    stage = forms.ChoiceField(
        label=_("Stage"),
        choices=[ALL, ("open", pgettext_lazy("reviews", "still open")), *STAGES.items()],
        required=False,
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=[ALL, *Cause.choices], required=False)
    since = day(_("Opened from"))
    until = day(_("Opened until"))
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


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False, max_length=200)


class ReasonForm(ActForm):
    note = PlainText(label=_("Reason"), max_length=200)


class JudgeForm(forms.Form):
    judgement = PlainText(
        label=_("Judgement"),
        help_text=_("What held the response up, what carried it, and what has to be done."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)


class FindForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it was"), choices=FindingKind.choices)
    step = forms.ChoiceField(label=_("Step"), required=False)
    what = PlainText(label=pgettext_lazy("review", "What was found"), max_length=300)

    def __init__(
        self, *args: Any, steps: list[tuple[str, Any]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        step = self.fields["step"]
        assert isinstance(step, forms.ChoiceField)
        step.choices = [("", _("no step in particular")), *(steps or [])]


class WhyForm(forms.Form):
    text = PlainText(label=_("Why was that so?"), max_length=300)
    cause = forms.ChoiceField(
        label=_("Cause, if this is the last why"),
        choices=[("", _("go on asking")), *Cause.choices],
        required=False,
    )
    after = forms.IntegerField(min_value=0, max_value=DEEPEST, widget=forms.HiddenInput)


class ProblemForm(forms.Form):
    title = PlainText(label=_("Problem"), max_length=120)
    what = PlainText(
        label=_("What happens"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    area = AreaField(label=_("On whose list"))


class TaskForm(forms.Form):
    goal = PlainText(label=_("What must be true"), max_length=300)
    measure = PlainText(label=_("How one will see it"), max_length=300)
    due_on = forms.DateField(label=_("By when"), widget=forms.DateInput(attrs={"type": "date"}))
    unit = forms.ModelChoiceField(label=_("Who answers for it"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ModelChoiceField)
        unit.queryset = Unit.objects.filter(scope.q("area__path")).order_by("area__path", "name")


class ProposalForm(forms.Form):
    path = forms.ChoiceField(label=_("Rule"))
    part = forms.CharField(
        label=_("Tempo or part"),
        help_text=_("peace, war, or a part of the rule such as facility; empty for all of it"),
        max_length=40,
        required=False,
        initial="war",
    )
    value = PlainText(
        label=_("Instead"), help_text=_("Written as in a playbook: 4h, 10, true"), max_length=120
    )
    reason = PlainText(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, book: Playbook, language: str = "en", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        path = self.fields["path"]
        assert isinstance(path, forms.ChoiceField)
        titles = policy.titles(book, language=language)
        path.choices = [
            (each, f"{rule_name(each, language, titles=titles)}: {_now(rule, language)} ({each})")
            for each, rule in book.rules.items()
            if playbook_paths.belongs(each)
        ]


def _now(rule: Shown, language: str) -> str:
    """What a rule says today, short enough for a line of the list."""
    return Truncator(rule_value(rule, language)).chars(60)


class NotedForm(forms.Form):
    reason = PlainText(label=_("Why nothing has to change"), max_length=300)


class BeginForm(forms.Form):
    """A review of a cluster, or of what was reported in an area from one day to another."""

    title = PlainText(label=_("Title"), max_length=120)
    cluster = forms.ModelChoiceField(
        label=_("Cluster"),
        queryset=Cluster.objects.none(),
        required=False,
        empty_label=_("no cluster: an area and some days"),
    )
    area = AreaField(required=False, help_text=_("Of a cluster it is known already."))
    since = day(_("Reported from"))
    until = day(_("Reported to"))
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    def __init__(
        self,
        *args: Any,
        scope: Scope,
        diseases: list[tuple[str, str]],
        near: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cluster, disease, area = (self.fields[name] for name in ("cluster", "disease", "area"))
        assert isinstance(cluster, forms.ModelChoiceField) and isinstance(area, AreaField)
        assert isinstance(disease, forms.ChoiceField)
        cluster.queryset = Cluster.objects.filter(scope.q("area__path")).order_by(
            "-found_on", "-id"
        )
        disease.choices = [ALL, *diseases]
        area.near = near
        self.scope = scope

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        cluster, area = typed.get("cluster"), typed.get("area")
        if cluster is not None:
            typed["area"] = area = cluster.area
        elif area is None:
            self.add_error("area", _("Choose a cluster, or an area and its days."))
        elif not typed.get("since") or not typed.get("until"):
            self.add_error("since", _("Give the first and the last day."))
        elif typed["until"] < typed["since"]:
            self.add_error("until", _("The last day lies before the first."))
        if area is not None and not self.scope.sees(area.path):
            self.add_error("area", _("This is outside the areas you answer for."))
        return typed
