"""What each act asks. `leg` and `seen` are what the page showed: an old page cannot act."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.forms import PlainText
from tongchou.lists.forms.moments import moment
from tongchou.lists.forms.units import UnitField
from tongchou.lists.models import Cause, DecidedAs, Problem
from tongchou.staff.models import User

CHOOSE = [("", _("choose"))]


class ActForm(forms.Form):
    """`about` is the task or problem, `known` the problems that this reader sees."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, about: Any = None, units: Any = None, known: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.known = Problem.objects.none() if known is None else known
        unit = self.fields.get("unit")
        if isinstance(unit, UnitField) and units is not None:
            unit.queryset = units


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), required=False)


class WhyForm(ActForm):
    why = PlainText(label=_("Reason"))


class ReportForm(ActForm):
    text = PlainText(label=pgettext_lazy("lists", "How far it is"), max_length=1000)
    share = forms.IntegerField(label=_("Progress, %"), min_value=0, max_value=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.about is not None and not self.about.leaf:
            del self.fields["share"]  # its parts tell


class SubmitForm(ActForm):
    text = PlainText(label=_("What has been done, and what shows it"), max_length=1000)
    evidence = PlainText(
        label=pgettext_lazy("lists", "Evidence"),
        required=False,
        help_text=_("Numbers of what shows it, such as a signal, a case or a task; or a sentence."),
    )


class EvidenceForm(ActForm):
    evidence = PlainText(
        label=pgettext_lazy("lists", "Evidence"),
        help_text=_("Numbers of what shows it, such as a signal, a case or a task; or a sentence."),
    )


class ReturnForm(ActForm):
    why = PlainText(label=_("What is missing"))
    due_at = moment(_("New date, if it needs one"), required=False)


class RetimeForm(ActForm):
    due_at = moment(_("By when"))
    reason = PlainText(label=_("Reason"))


class ReassignForm(ActForm):
    unit = UnitField(label=_("Unit"))
    reason = PlainText(label=_("Reason"))


class AgainForm(ActForm):
    unit = UnitField(label=_("Unit"))
    note = PlainText(label=_("Note"), required=False)


class PersonForm(ActForm):
    person = forms.ModelChoiceField(
        label=pgettext_lazy("lists", "Person"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.about is not None:
            people = User.objects.filter(posts__unit=self.about.unit_id, is_active=True).distinct()
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class AssignForm(ActForm):
    unit = UnitField(label=_("Assigned to"))
    note = PlainText(label=_("Note"), required=False)


class DecideForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=[*CHOOSE, *DecidedAs.choices])
    words = PlainText(label=_("In words"), max_length=300)
    same_as = forms.CharField(
        label=_("Number of the other problem, where it is the same"), max_length=40, required=False
    )

    def clean_same_as(self) -> Problem | None:
        number = self.cleaned_data["same_as"].strip().upper()
        if not number:
            return None
        found = self.known.filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("You see no problem of this number."))
        return found


class CauseForm(ActForm):
    cause = forms.ChoiceField(label=_("Cause"), choices=[*CHOOSE, *Cause.choices])
