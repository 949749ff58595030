"""Rosters, their rotation, swaps, and what a shift leaves to the next."""

from collections.abc import Sequence
from datetime import datetime
from itertools import cycle, islice
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.forms import PlainText
from tongchou.orders.actions.duty import Team
from tongchou.orders.forms.common import PeopleChoice, UnitChoice, day, long_text, offer, own_units
from tongchou.orders.models import Shift
from tongchou.orders.queries import duty as queries
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import Scope


class RosterForm(forms.Form):
    unit = UnitChoice(Unit.objects.none(), label=_("Unit"))
    hours = forms.CharField(
        label=_("Shifts begin at"),
        initial="08:00, 20:00",
        max_length=60,
        help_text=_("One hour for a shift of 24 hours, two for day and night."),
    )
    from_on = day(_("From"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(scope))

    @property
    def facts(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        typed["hours"] = typed["hours"].replace("，", ",").replace("：", ":").split(",")
        return typed


class FillForm(forms.Form):
    """Who leads and who serves, in turn, from one day to another."""

    first = day(_("First day"))
    last = day(_("Last day"))
    leaders = PeopleChoice(User.objects.none(), label=_("Leaders, in turn"))
    staff = PeopleChoice(User.objects.none(), label=_("Duty staff, in turn"), required=False)
    each = forms.IntegerField(label=_("Staff a shift"), min_value=0, max_value=20, initial=1)

    def __init__(self, *args: Any, able: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "leaders", able)
        offer(self, "staff", able)

    @property
    def teams(self) -> list[Team]:
        typed = self.cleaned_data
        return rotation(list(typed["leaders"]), list(typed["staff"]), typed["each"])


def rotation(leaders: Sequence[User], staff: Sequence[User], each: int) -> list[Team]:
    """Leaders and staff each in their own turn, until both have come round together."""
    if not leaders:
        return []
    each = min(each, len(staff))
    turns = len(leaders) * max(len(staff), 1)
    serving = cycle(staff) if staff else cycle([])
    return [
        Team(leader, tuple(user for user in islice(serving, each) if user != leader))
        for leader in islice(cycle(leaders), turns)
    ]


class SwapForm(forms.Form):
    out = forms.ChoiceField(label=_("Who goes"), required=False)
    into = forms.ModelChoiceField(User.objects.none(), label=_("Who comes"))
    reason = PlainText(label=pgettext_lazy("decision", "Reason"), max_length=200)

    def __init__(self, *args: Any, shift: Shift, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in queries.people(shift)}
        out = self.fields["out"]
        assert isinstance(out, forms.ChoiceField)
        empty = [] if shift.leader else [("", _("nobody: the leader's place is empty"))]
        out.choices = [*empty, *((key, str(user)) for key, user in self.people.items())]
        able = queries.may_serve(shift.roster, at=max(now, shift.starts_at))
        offer(self, "into", able.exclude(pk__in=list(self.people)))

    @property
    def facts(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return typed | {"out": self.people.get(typed["out"])}


class NotesForm(forms.Form):
    notes = long_text(_("What the next shift must know"), rows=6, required=False)
