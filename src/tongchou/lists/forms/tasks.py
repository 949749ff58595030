"""Setting a task, passing it down, putting its words right, and a pasted table of many."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.cases.forms import PlainText
from tongchou.lists.forms.moments import moment
from tongchou.lists.forms.units import UnitField, UnitsField
from tongchou.lists.models import SourceKind
from tongchou.lists.queries.units import within_reach
from tongchou.staff.models import Unit


class TaskForm(forms.Form):
    """What must be true by when, who answers for it, and how one will see that it is."""

    goal = PlainText(label=pgettext_lazy("lists", "What must be true"), max_length=300)
    measure = PlainText(
        label=_("Measure of success"),
        max_length=300,
        help_text=_("How whoever accepts it will see that it is so."),
    )
    due_at = moment(_("By when"))
    unit = UnitField(label=_("Answers for it"))
    issuer = UnitField(label=_("Set and accepted by"))
    source = forms.ChoiceField(label=_("Source"), choices=SourceKind.choices, initial="own")
    document = PlainText(label=pgettext_lazy("lists", "Document"), required=False)
    clause = PlainText(label=_("Clause"), max_length=60, required=False)

    def __init__(self, *args: Any, issuers: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, issuer = self.fields["unit"], self.fields["issuer"]
        assert isinstance(unit, UnitField) and isinstance(issuer, UnitField)
        ids = [each.pk for each in issuers]
        issuer.queryset = Unit.objects.filter(pk__in=ids).select_related("area")
        reach = Unit.objects.none()
        for each in issuers[:3]:
            reach = reach | within_reach(each.area)
        unit.queryset = reach.distinct()
        if len(issuers) == 1:
            issuer.initial, issuer.widget = issuers[0].pk, forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("source") == SourceKind.UPPER and not typed.get("document"):
            self.add_error("document", _("A demand from above has a document: name it."))
        return typed


class DelegateForm(forms.Form):
    """To whom a task is passed down; what is left empty is as in the whole."""

    units = UnitsField(label=_("Passed down to"))
    due_at = moment(_("By when"), required=False)
    goal = PlainText(
        label=pgettext_lazy("lists", "What must be true"), max_length=300, required=False
    )
    measure = PlainText(label=_("Measure of success"), max_length=300, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["units"]
        assert isinstance(units, UnitsField)
        units.queryset = within_reach(unit.area).exclude(pk=unit.pk)


class AmendForm(forms.Form):
    """Goal, measure and source in other words, with the reason; both stay on record."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    goal = PlainText(label=pgettext_lazy("lists", "What must be true"), max_length=300)
    measure = PlainText(label=_("Measure of success"), max_length=300)
    document = PlainText(label=pgettext_lazy("lists", "Document"), required=False)
    clause = PlainText(label=_("Clause"), max_length=60, required=False)
    reason = PlainText(label=_("Reason"))


class PasteForm(forms.Form):
    """A table of tasks, pasted or as a file."""

    issuer = UnitField(label=_("Set and accepted by"))
    table = forms.CharField(
        label=_("Table"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    file = forms.FileField(label=_("or a file (.xlsx, .csv)"), required=False)

    def __init__(self, *args: Any, issuers: list[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["issuer"]
        assert isinstance(field, UnitField)
        ids = [each.pk for each in issuers or []]
        field.queryset = Unit.objects.filter(pk__in=ids).select_related("area")
        if len(ids) == 1:
            field.initial, field.widget = ids[0], forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not typed.get("table") and not typed.get("file"):
            raise ValidationError(_("Paste a table, or choose a file."))
        return typed
