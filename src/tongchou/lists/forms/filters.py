"""The filters of the two lists. A value that makes no sense narrows nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.lists.loops import PROBLEM_STAGES, TASK_STAGES
from tongchou.lists.models import Cause, FoundBy, SourceKind
from tongchou.lists.queries.lists import Wanted

OPEN = ("open", pgettext_lazy("lists", "still open"))
ALL = ("all", pgettext_lazy("lists", "all"))
ANY = ("", pgettext_lazy("lists", "all"))


class FilterForm(forms.Form):
    """What both lists are narrowed by."""

    search = forms.CharField(
        label=_("Number or words"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    unit = forms.CharField(label=_("Answers for it"), max_length=60, required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area = typed.pop("area", None)
        return Wanted(area_path=area.path if area else "", **typed)


class TaskFilterForm(FilterForm):
    source = forms.ChoiceField(
        label=_("Source"), choices=[ANY, *SourceKind.choices], required=False
    )
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [OPEN, ALL, *TASK_STAGES.items()]  # type: ignore[attr-defined]


class ProblemFilterForm(FilterForm):
    found_by = forms.ChoiceField(
        label=pgettext_lazy("lists", "Found by"), choices=[ANY, *FoundBy.choices], required=False
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=[ANY, *Cause.choices], required=False)
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [OPEN, ALL, *PROBLEM_STAGES.items()]  # type: ignore[attr-defined]
