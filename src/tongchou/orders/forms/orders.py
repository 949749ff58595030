"""Orders and their measures, with the words that what is missing needs."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.fields import AreaField
from tongchou.cases.forms import PlainText
from tongchou.orders import wording
from tongchou.orders.forms.common import (
    CHOOSE,
    GroupsChoice,
    UnitChoice,
    UnitsChoice,
    called_units,
    long_text,
    moment,
    offer,
    own_units,
)
from tongchou.orders.measures import BINDING, IN_DAYS, IN_HOURS, leaves
from tongchou.orders.models import Bearer, Decision, EndingSort, Measure, OrderKind, Risk
from tongchou.orders.queries import decisions as log
from tongchou.orders.queries import orders as queries
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope


class OrderForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=OrderKind.choices)
    title = PlainText(label=_("Title"), max_length=120)
    reference = PlainText(
        label=pgettext_lazy("order", "Document number"),
        max_length=60,
        required=False,
        help_text=_("As it stands on the paper, e.g. 同疫指〔2022〕3号."),
    )
    unit = UnitChoice(Unit.objects.none(), label=_("Issued by"))
    text = long_text(pgettext_lazy("order", "Why"), required=False)
    appeal = PlainText(
        label=_("Where to appeal"),
        max_length=120,
        required=False,
        help_text=_("An office and its telephone; no restriction goes out without."),
    )
    decision = forms.ModelChoiceField(
        Decision.objects.none(), label=_("Decision it carries out"), required=False
    )
    units = UnitsChoice(
        Unit.objects.none(), label=pgettext_lazy("order", "Goes to"), required=False
    )

    def __init__(
        self, *args: Any, scope: Scope, now: datetime, kept: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", own_units(scope, kept=kept))
        offer(self, "units", called_units(scope, now=now))
        live = log.visible_to(scope).filter(passage__closed_at=None, decided_at__isnull=False)
        offer(self, "decision", live.order_by("-id")[:60])

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data) | {"units": list(self.cleaned_data["units"])}


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label=_("Measure"), choices=[*CHOOSE, *wording.KIND_GROUPS])
    groups = GroupsChoice(label=_("For whom"), choices=wording.GROUP_CHOICES, required=False)
    spares = GroupsChoice(label=_("But not for"), choices=wording.GROUP_CHOICES, required=False)
    area = AreaField(label=pgettext_lazy("measure", "Where"))
    place = AreaField(
        label=_("Where it is to be had"),
        required=False,
        help_text=_("Of a test, pass or permit, where that is in another area."),
    )
    risk = forms.ChoiceField(
        label=_("Risk there"), choices=[*CHOOSE, *Risk.choices], required=False
    )
    from_at = moment(_("From"))
    until = moment(_("Until"))
    amount = forms.IntegerField(
        label=_("Days, or hours"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Days of quarantine, or hours for which a test is good."),
    )
    words = PlainText(label=pgettext_lazy("measure", "In words"), max_length=300, required=False)
    clause = PlainText(label=_("Clause it stands on"), max_length=120, required=False)
    cost = PlainText(label=_("What it costs"), max_length=200, required=False)
    bearer = forms.ChoiceField(
        label=_("Who bears it"), choices=[*CHOOSE, *Bearer.choices], required=False
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("area", "place"):
            field = self.fields[name]
            assert isinstance(field, AreaField)
            field.near = near

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        kind = typed.get("kind")
        if kind in BINDING:
            for name in ("groups", "risk", "clause", "cost", "bearer"):
                if not typed.get(name):
                    self.add_error(
                        name, _("Whoever is bound by it may know this: nothing goes out without.")
                    )
        if kind in IN_DAYS | IN_HOURS and not typed.get("amount"):
            self.add_error("amount", _("Say how many days, or for how many hours a test is good."))
        whom, spared = typed.get("groups", []), typed.get("spares", [])
        if whom and not leaves(*whom) - leaves(*spared):
            self.add_error("spares", _("Nobody is left for whom it holds."))
        begin, end = typed.get("from_at"), typed.get("until")
        if begin and end and end <= begin:
            self.add_error("until", _("It ends before it begins."))
        typed["amount"] = typed.get("amount") or 0
        return typed

    @classmethod
    def typed(cls, measure: Measure) -> dict[str, Any]:
        """A measure as it would have been typed."""
        return {name: getattr(measure, name) for name in cls.base_fields}


class VersionForm(forms.Form):
    """`version` is the one the desk saw: what was changed meanwhile is read again first."""

    version = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)


class ConsentForm(forms.Form):
    """Which of the consents asked for an order is signed."""

    consent = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class EndForm(forms.Form):
    sort = forms.ChoiceField(label=_("How"), choices=EndingSort.choices)
    reason = long_text(pgettext_lazy("decision", "Reason"), max_length=300, rows=2)


class FilterForm(forms.Form):
    """The list of orders, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Number, title, unit or clause"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("order", "State"),
        choices=[("", pgettext_lazy("orders", "all")), *queries.STATES.items()],
        required=False,
    )
    measure = forms.ChoiceField(
        label=_("Measure"),
        choices=[("", pgettext_lazy("measures", "all")), *wording.KIND_GROUPS],
        required=False,
    )
    flagged = forms.BooleanField(label=_("Went out though flagged"), required=False)

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
