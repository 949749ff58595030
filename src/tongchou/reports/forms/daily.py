"""Judgement and requests, the reasons for sending back and correcting, hours, and the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.areas.models import Area
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DayInput, PlainText
from tongchou.cases.sanity import names_somebody
from tongchou.reports.facts import catalogue
from tongchou.reports.loops import REPORT_STAGES
from tongchou.reports.models import Report, Signed
from tongchou.reports.queries import Wanted, content_of
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope


class Words(forms.CharField):
    """Free text of several lines that may not name anybody by document or phone."""

    widget = forms.Textarea

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4000)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if fault := names_somebody(text or ""):
            raise forms.ValidationError(str(fault))
        return text


class WordsForm(forms.Form):
    """The two parts of a report that a person writes."""

    judgement = Words(
        label=_("Judgement"),
        help_text=_("What the numbers mean, what is expected, what worries you."),
    )
    requests = Words(
        label=_("What is asked for"),
        help_text=_("From whom, what, until when. Nothing is fine too."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "judgement": report.judgement,
                "requests": report.requests,
                "version": report.version,
            },
        )
        super().__init__(*args, **kwargs)
        for name in ("judgement", "requests"):
            self.fields[name].widget.attrs["rows"] = 5


class ReasonForm(forms.Form):
    """Why a report is sent back or will not come."""

    reason = PlainText(label=_("Reason"))


class CorrectForm(forms.Form):
    """What is not so in a signed report."""

    key = forms.ChoiceField(label=_("What"))
    right = PlainText(label=_("Is rightly"), max_length=4000)
    why = PlainText(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, signed: Signed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        content = content_of(signed.report, signed)
        entries = catalogue.entries()
        numbers = [
            (fact["key"], f"{entries[fact['key']].name}: {fact['value']}")
            for fact in content["facts"]
            if fact["key"] in entries and fact["value"] is not None
        ]
        words = [("judgement", _("Judgement")), ("requests", _("What is asked for"))]
        self.fields["key"] = forms.ChoiceField(label=_("What"), choices=[*numbers, *words])


class ListForm(forms.Form):
    """What the list of reports is narrowed to."""

    on = forms.DateField(label=pgettext_lazy("report", "Day"), required=False, widget=DayInput())
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    late = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [("", _("all")), *REPORT_STAGES.items()]
        self.fields["stage"] = forms.ChoiceField(label=_("Stage"), required=False, choices=stages)

    def wanted(self, area: Area | None) -> Wanted:
        given = self.cleaned_data if self.is_valid() else {}
        return Wanted(
            area_path=area.path if area else "",
            on=given.get("on"),
            stage=given.get("stage") or "",
            late=bool(given.get("late")),
        )


class DutyForm(forms.Form):
    """Who owes a daily report, and at which hour."""

    area = AreaField(label=_("Area"))
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Department"), required=False,
        empty_label=_("the area itself"),
    )  # fmt: skip
    hour = forms.IntegerField(
        label=_("True at (hour)"), min_value=1, max_value=24, initial=24,
        help_text=_("24 is the end of the day."),
    )  # fmt: skip

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        units = Unit.objects.filter(scope.q("area__path"), posts__role="department")
        self.fields["unit"].queryset = units.distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        area, unit = typed.get("area"), typed.get("unit")
        if area is not None and not self.scope.sees(area.path):
            self.add_error("area", str(_("This is outside the areas you answer for.")))
        if area is not None and unit is not None and unit.area_id != area.pk:
            self.add_error("unit", str(_("This department belongs to another area.")))
        return typed
