"""What is written about an investigation on the spot."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.cases.models import Case
from tongchou.cases.queries import visible_to
from tongchou.staff.queries import Scope
from tongchou.tracing.forms.acts import ActForm
from tongchou.tracing.forms.facts import text


class OpenFieldForm(forms.Form):
    area = AreaField(label=_("Where"))
    reason = PlainText(
        label=_("Reason"), min_length=4, max_length=400, help_text=_("What to look for, and why.")
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near


class NoEventForm(ActForm):
    report = text(_("What was looked at"), rows=5)


class CasesFoundForm(ActForm):
    """The cases by their numbers; a case that is new is reported at the case desk first."""

    report = text(_("What was found"), rows=5)
    numbers = forms.CharField(
        label=_("Case numbers"),
        max_length=2000,
        help_text=_("Separated by spaces or commas. Report those that are new first."),
    )

    def __init__(self, *args: Any, scope: Scope | None = None, **kwargs: Any) -> None:
        self.scope = scope
        super().__init__(*args, **kwargs)

    def clean_numbers(self) -> list[Case]:
        typed = self.cleaned_data["numbers"].replace("，", ",").replace("、", ",")
        wanted = list(dict.fromkeys(typed.replace(",", " ").upper().split()))
        cases = visible_to(self.scope) if self.scope else Case.objects.all()
        found = {case.number: case for case in cases.filter(number__in=wanted)}
        missing = [number for number in wanted if number not in found]
        if missing:
            raise ValidationError(
                _("There is no case %(numbers)s in your areas. Look at the list of cases."),
                params={"numbers": ", ".join(missing)},
            )
        return [found[number] for number in wanted]
