"""Meetings and their minutes."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.forms import PlainText
from tongchou.orders.forms.common import (
    UnitChoice,
    UnitsChoice,
    called_units,
    long_text,
    moment,
    offer,
    own_units,
    signers,
)
from tongchou.orders.models import Meeting
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope

#: An item of an agenda is a line.
MOST_SIGNS = 200


class MeetingForm(forms.Form):
    title = PlainText(label=_("Title"), max_length=120)
    unit = UnitChoice(Unit.objects.none(), label=pgettext_lazy("meeting", "Called by"))
    held_at = moment(pgettext_lazy("meeting", "When"))
    place = PlainText(label=pgettext_lazy("meeting", "Where"), max_length=120)
    chair = forms.ModelChoiceField(User.objects.none(), label=_("Chair"))
    agenda = long_text(_("Agenda, an item a line"), required=False)
    units = UnitsChoice(Unit.objects.none(), label=_("Units called"), required=False)

    def __init__(
        self, *args: Any, scope: Scope, now: datetime, kept: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(scope, kept=kept))
        offer(self, "chair", signers(scope.paths, now=now))
        offer(self, "units", called_units(scope, now=now))

    def clean_agenda(self) -> str:
        text: str = self.cleaned_data["agenda"]
        if any(len(line.strip()) > MOST_SIGNS for line in text.splitlines()):
            raise forms.ValidationError(
                _("An item has %(n)s signs at most; write the rest into the minutes.")
                % {"n": MOST_SIGNS}
            )
        return text

    @property
    def facts(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        typed["agenda"] = typed["agenda"].splitlines()
        typed["units"] = list(typed["units"])
        return typed


class MinutesForm(forms.Form):
    """The minutes, and a row for each unit that was called."""

    minutes = long_text(pgettext_lazy("meeting", "Minutes"), rows=12)

    def __init__(self, *args: Any, meeting: Meeting, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(meeting.attendance.select_related("unit", "user"))
        for row in self.rows:
            self.fields[f"there_{row.pk}"] = forms.BooleanField(
                label=str(row.unit), required=False, initial=row.was_there is not False
            )
            self.fields[f"user_{row.pk}"] = forms.ModelChoiceField(
                User.objects.filter(posts__unit=row.unit_id).distinct().order_by("display_name"),
                label=_("Who came"),
                required=False,
                initial=row.user_id,
            )
            self.fields[f"note_{row.pk}"] = PlainText(
                label=_("Note"), required=False, max_length=120, initial=row.note
            )

    @property
    def there(self) -> dict[int, tuple[bool, User | None, str]]:
        typed = self.cleaned_data
        return {
            row.pk: (typed[f"there_{row.pk}"], typed[f"user_{row.pk}"], typed[f"note_{row.pk}"])
            for row in self.rows
        }

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each row, bound, for the page."""
        names = ("there", "user", "note")
        return [tuple(self[f"{name}_{row.pk}"] for name in names) for row in self.rows]  # type: ignore[misc]


class AdditionForm(forms.Form):
    words = long_text(_("Addition"))
