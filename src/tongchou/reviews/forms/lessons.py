"""A lesson, and what was changed for it."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText, day
from tongchou.kit.dates import YEARS
from tongchou.ledger.models import Adoption
from tongchou.lists.models import Task
from tongchou.reviews.models import Origin
from tongchou.staff.queries import Scope

#: So many of the newest are offered.
MOST = 200


class ChangeForm(forms.Form):
    """What was changed: a task, a playbook, or a day and words; and the interval to see it by."""

    interval = forms.ChoiceField(
        label=_("Seen by the interval"),
        required=False,
        help_text=_("Compared before and after the change, in the positives of the area."),
    )
    task = forms.ModelChoiceField(
        label=_("Task"), queryset=Task.objects.none(), required=False, empty_label=_("none")
    )
    adoption = forms.ModelChoiceField(
        label=_("Playbook"),
        queryset=Adoption.objects.none(),
        required=False,
        empty_label=pgettext_lazy("playbook", "none"),
    )
    changed_on = day(_("or changed on"))
    changed_note = PlainText(label=_("what changed"), max_length=300, required=False)

    def __init__(
        self, *args: Any, scope: Scope, intervals: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        interval, task = self.fields["interval"], self.fields["task"]
        adoption = self.fields["adoption"]
        assert isinstance(interval, forms.ChoiceField)
        assert isinstance(task, forms.ModelChoiceField)
        assert isinstance(adoption, forms.ModelChoiceField)
        interval.choices = [("", _("none: it cannot be measured so")), *intervals]
        tasks = Task.objects.filter(scope.q("area_path")).exclude(stage="cancelled")
        task.queryset = _newest(tasks)
        adoption.queryset = _newest(Adoption.objects.filter(withdrawn_at=None))

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("changed_on") and typed["changed_on"].year not in YEARS:
            self.add_error("changed_on", _("This year cannot be meant."))
        if typed.get("changed_on") and not typed.get("changed_note"):
            self.add_error("changed_note", _("Say what changed on that day."))
        return typed


def _newest(rows: Any) -> Any:
    # Cut by key, because a sliced queryset cannot be searched for what was chosen.
    newest = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])
    return rows.filter(Q(pk__in=newest)).order_by("-pk")


class LessonForm(ChangeForm):
    title = PlainText(label=_("Lesson"), max_length=120)
    learned = PlainText(
        label=_("What was learned"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    origin = forms.ChoiceField(label=_("From where"), choices=Origin.choices)
    place = PlainText(
        label=pgettext_lazy("lesson", "Place"),
        max_length=120,
        required=False,
        help_text=_("if it is not from here"),
    )
    source = PlainText(
        label=_("Source"),
        max_length=300,
        required=False,
        help_text=_("document, address or visit, so that others can look it up"),
    )
    area = AreaField(label=_("For which area"))
    disease = forms.ChoiceField(label=_("Disease"), required=False)

    field_order = ("title", "learned", "origin", "place", "source", "area", "disease", "interval")

    def __init__(
        self, *args: Any, diseases: list[tuple[str, str]], near: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        disease, area = self.fields["disease"], self.fields["area"]
        assert isinstance(disease, forms.ChoiceField) and isinstance(area, AreaField)
        disease.choices = [("", pgettext_lazy("reviews", "all")), *diseases]
        area.near = near

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("origin") != Origin.OWN:
            for name in ("place", "source"):
                if not typed.get(name):
                    self.add_error(name, _("A lesson from elsewhere needs it."))
        return typed


class WithdrawForm(forms.Form):
    reason = PlainText(label=_("Reason"), max_length=200)
