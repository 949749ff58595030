"""What a sentinel types: the counts of a day, a file of counts, a site with its duties."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area
from tongchou.cases.fields import AreaField
from tongchou.cases.forms import DayInput, PlainText
from tongchou.shell.choices import Several
from tongchou.staff.models import Unit
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.models import Channel, Count, Duty, Measure, Site, Source
from tongchou.surveillance.queries.register import Wanted

#: Measures that come in halves; everything else is counted in ones.
BROKEN = {Measure.PERCENT, Measure.COPIES, Measure.CUBIC_METRES}


class WhenForm(forms.Form):
    """Which site and which day."""

    site = forms.ModelChoiceField(
        label=pgettext_lazy("sentinel", "Site"), queryset=Site.objects.none()
    )
    day = forms.DateField(label=pgettext_lazy("early warning", "Day"), widget=DayInput())

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = sites


class CountsForm(forms.Form):
    """The counts of one site on one day, a field for each duty; empty means not reported.

    What was reported stands in its field. Another number there is a revision, and asks why.
    """

    reason = PlainText(
        label=_("Why another number than before"),
        required=False,
        help_text=_("Only where a number that was reported is corrected. It stays in the record."),
    )

    def __init__(
        self, *args: Any, duties: list[Duty], day: date, stored: dict[int, Count], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.duties, self.day, self.stored = duties, day, stored
        for duty in duties:
            self._add(f"value-{duty.pk}", str(duty.channel), duty.channel.measure, duty, "value")
            if duty.channel.denominator:
                label = gettext("%(channel)s, out of all %(measure)s") % {
                    "channel": duty.channel,
                    "measure": Measure(duty.channel.denominator).label,
                }
                measure = duty.channel.denominator
                self._add(f"denominator-{duty.pk}", label, measure, duty, "denominator")
        if not stored:
            del self.fields["reason"]
        else:
            self.order_fields([*[n for n in self.fields if n != "reason"], "reason"])

    def _add(self, name: str, label: str, measure: str, duty: Duty, part: str) -> None:
        before = getattr(self.stored.get(duty.pk), part, None)
        broken = measure in BROKEN
        self.fields[name] = forms.DecimalField(
            label=label,
            min_value=0,
            max_digits=18,
            decimal_places=4 if broken else 0,
            required=False,
            help_text=Measure(measure).label,
            widget=forms.NumberInput(
                attrs={"inputmode": "decimal" if broken else "numeric", "autocomplete": "off"}
            ),
        )
        if before is not None:
            self.initial[name] = before.normalize() if broken else int(before)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        for duty in self.duties:
            value = typed.get(f"value-{duty.pk}")
            denominator = typed.get(f"denominator-{duty.pk}")
            before = self.stored.get(duty.pk)
            if value is None and denominator is not None:
                self.add_error(f"value-{duty.pk}", _("The total is there, the count is missing."))
            if value is None and before is not None:
                self.add_error(
                    f"value-{duty.pk}",
                    _("A count that was reported cannot be unsaid; type the corrected number."),
                )
            changed = before is not None and value is not None and value != before.value
            if changed and not typed.get("reason"):
                self.add_error("reason", _("Say why the number is another than before."))
        if not self.errors and not self.rows:
            raise forms.ValidationError(_("Type at least one number. Nothing counted is 0."))
        return typed

    @property
    def rows(self) -> list[Reported]:
        """What was typed, as it is stored."""
        found = []
        for duty in self.duties:
            value: Decimal | None = self.cleaned_data.get(f"value-{duty.pk}")
            if value is not None:
                denominator = self.cleaned_data.get(f"denominator-{duty.pk}")
                found.append(Reported(duty.pk, self.day, value, denominator))
        return found


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("Excel or CSV: one row for each site, day and channel.")
    )


class FilterForm(forms.Form):
    """The register, narrowed. A value that makes no sense narrows nothing."""

    search = forms.CharField(
        label=_("Name or code"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"data-key": "/", "autocomplete": "off"}),
    )
    area = AreaField(required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    missing = forms.BooleanField(label=_("Counts missing"), required=False)

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area, channel = self.fields["area"], self.fields["channel"]
        assert isinstance(area, AreaField) and isinstance(channel, forms.ChoiceField)
        area.near = near
        names = [(one.pk, str(one)) for one in Channel.objects.all()]
        channel.choices = [("", pgettext_lazy("channels", "all")), *names]

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = {k: v for k, v in self.cleaned_data.items() if v not in (None, "")}
        area: Area | None = typed.pop("area", None)
        return Wanted(area_path=area.path if area else "", **typed)


class SiteForm(forms.Form):
    """A new sentinel, and what it owes."""

    source = forms.ModelChoiceField(label=_("Source"), queryset=Source.objects.all())
    code = forms.CharField(label=_("Code"), max_length=60)
    name = forms.CharField(label=pgettext_lazy("sentinel", "Name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    area = AreaField()
    unit = forms.ModelChoiceField(label=_("Answers"), queryset=Unit.objects.none(), required=False)
    channels = Several(
        label=_("Owes"), queryset=Channel.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    due = forms.TimeField(
        label=_("Due at, the day after"),
        initial=time(9),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    working_days = forms.BooleanField(label=_("Monday to Friday only"), required=False)

    def __init__(self, *args: Any, units: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, area = self.fields["unit"], self.fields["area"]
        assert isinstance(unit, forms.ModelChoiceField) and isinstance(area, AreaField)
        unit.queryset, area.near = units, near

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        source, code = typed.get("source"), typed.get("code")
        if source and code and Site.objects.filter(source=source, code=code).exists():
            self.add_error("code", _("This source has a site of this code already."))
        return typed


class SenderForm(forms.Form):
    source = forms.ModelChoiceField(label=_("Source"), queryset=Source.objects.all())
    name = forms.CharField(label=_("Who sends"), max_length=60)
