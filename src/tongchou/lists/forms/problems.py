"""Raising a problem, and what is said when it is assigned or closed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.lists.forms.units import UnitField
from tongchou.lists.models import Cause, FoundBy
from tongchou.staff.models import Unit

CHOOSE = [("", _("choose"))]


class ProblemForm(forms.Form):
    """What, where, how it was found. Evidence is linked by its number or address."""

    title = PlainText(label=_("Problem"), max_length=120)
    what = PlainText(
        label=pgettext_lazy("lists", "What happens"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    area = AreaField()
    where = PlainText(label=_("Where exactly"), max_length=120, required=False)
    found_by = forms.ChoiceField(
        label=pgettext_lazy("lists", "Found by"), choices=FoundBy.choices, initial="self"
    )
    found_unit = UnitField(label=_("Who found it"), required=False)
    cause = forms.ChoiceField(label=_("Cause"), choices=[*CHOOSE, *Cause.choices], required=False)
    evidence = PlainText(
        label=pgettext_lazy("lists", "Evidence"),
        required=False,
        help_text=_("Numbers of what shows it, such as a signal, a case or a task; or a sentence."),
    )

    def __init__(self, *args: Any, near: str = "", units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, unit = self.fields["area"], self.fields["found_unit"]
        assert isinstance(area, AreaField) and isinstance(unit, UnitField)
        area.near = near
        unit.queryset = Unit.objects.filter(pk__in=[each.pk for each in units]).select_related(
            "area"
        )
