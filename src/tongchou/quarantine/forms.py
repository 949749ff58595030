"""What people type at the quarantine desk."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Place
from tongchou.cases.forms import DayInput, PlainText
from tongchou.quarantine import queries, rights
from tongchou.quarantine.actions.stays import CancelReason, HomeReason
from tongchou.quarantine.models import AppealDecision, ChangeReason, Stay, Symptom
from tongchou.quarantine.plan import day_end
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, on_post


def _signers(by: User, now: datetime) -> Any:
    """Who may sign beside `by`."""
    posts = on_post(now).filter(role__in=rights.SIGN)
    return User.objects.filter(pk__in=posts.values("user")).exclude(pk=by.pk).order_by("username")


class ActForm(forms.Form):
    """What every act carries: the leg that the desk saw."""

    leg = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, stay: Stay, mine: Scope, by: User, now: datetime, **kwargs: Any
    ) -> None:
        where = stay.bound_for or stay.place
        given = {"leg": stay.passage.n_legs, "place": where, "last_on": stay.order.last_on}
        kwargs["initial"] = given | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choices = {
            "place": lambda: queries.open_sites(mine, stay),
            "signer": lambda: _signers(by, now),
        }
        for name in choices.keys() & self.fields.keys():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices[name]()


class NoteForm(ActForm):
    note = PlainText(label=_("Note"), max_length=200, required=False)


class AssignForm(ActForm):
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Site"))


class FoundForm(AssignForm):
    room = forms.CharField(label=_("Room"), max_length=20, required=False)


class ReceiveForm(FoundForm):
    signer = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who signs, where the site is full"),
        required=False,
        help_text=_("Somebody else than you."),
    )


class FoundAtHomeForm(ActForm):
    pass


class TransferForm(AssignForm):
    note = PlainText(label=_("Note"), max_length=200, required=False)


class HomeForm(NoteForm):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "–"), *HomeReason.choices],
        required=False,
        help_text=_("Needed where the order still says facility."),
    )


class CancelForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=CancelReason.choices)


class GiveUpForm(ActForm):
    note = PlainText(
        label=_("Where and how they were looked for"),
        max_length=200,
        help_text=_("A second person decides."),
    )


class OutOfTurnForm(ActForm):
    """A release before the end or without a test; it waits for the second signature."""

    reasons = ChangeReason.to_release()
    reason = forms.ChoiceField(label=_("Reason"))
    clause = PlainText(
        label=_("Clause"), max_length=300, help_text=_("The person has a right to read it.")
    )
    note = PlainText(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(reason), reason.label) for reason in self.reasons]

    @property
    def wish(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "clause", "note")}


class ChangeForm(OutOfTurnForm):
    """Another last day for an order; it waits for the second signature."""

    reasons = (*ChangeReason.to_extend(), *ChangeReason.to_shorten())
    field_order = ("leg", "last_on", "reason", "clause", "note")
    last_on = forms.DateField(label=_("Last day"), widget=DayInput())

    @property
    def wish(self) -> dict[str, Any]:
        return super().wish | {"to_at": day_end(self.cleaned_data["last_on"])}


class AppealForm(forms.Form):
    text = PlainText(
        label=_("What is wrong with this order?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In your own words. Please no names and no numbers of documents or phones."),
    )


class DecideForm(forms.Form):
    decision = forms.ChoiceField(label=_("Decision"), choices=AppealDecision.choices)
    answer = PlainText(
        label=_("Reasons, for the person to read"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CheckForm(forms.Form):
    """How somebody was on a day."""

    on = forms.DateField(label=_("Day"), widget=DayInput())
    temperature = forms.DecimalField(
        label=_("Temperature, °C"),
        max_digits=3,
        decimal_places=1,
        min_value=Decimal(30),
        max_value=Decimal(45),
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )
    symptoms = forms.MultipleChoiceField(
        label=_("Symptoms"),
        choices=Symptom.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class BusForm(forms.Form):
    """A whole bus: the site, and who signs where it is full. Rooms stand in the rows."""

    place = forms.ModelChoiceField(Place.objects.none(), label=_("Site"))
    signer = forms.ModelChoiceField(
        User.objects.none(), label=_("Who signs, where the site is full"), required=False
    )

    def __init__(self, *args: Any, mine: Scope, by: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("place", queries.open_sites(mine)), ("signer", _signers(by, now))):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = choices


class CertificateForm(forms.Form):
    certificate = forms.CharField(label=_("Number of the safety certificate"), max_length=120)
    until = forms.DateField(label=_("Valid until"), widget=DayInput())
    phone = forms.CharField(label=_("Phone for residents"), max_length=30, required=False)
