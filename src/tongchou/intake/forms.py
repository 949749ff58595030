"""What is said when a list is handed in."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tongchou.cases.fields import AreaField
from tongchou.intake import reading
from tongchou.intake.fields import Kind
from tongchou.intake.layout import Profile
from tongchou.intake.profiles import every, load
from tongchou.intake.reading import BadSheet, File
from tongchou.kit.tables import Unreadable

MOST_BYTES = 200 << 20
BESIDE = (Kind.CONTACT, Kind.EXPOSURE, Kind.FOLLOW_UP)


class UploadForm(forms.Form):
    """A list, and perhaps a second sheet of the same source. An empty profile is found out."""

    file = forms.FileField(label=_("Line list"), help_text=_("CSV, TSV or Excel (.xlsx)."))
    beside = forms.FileField(
        label=_("Contacts or pairs"),
        required=False,
        help_text=_("Of the same source, if it has them in a file of their own."),
    )
    profile = forms.ChoiceField(
        label=_("Profile"),
        required=False,
        help_text=_("How the columns are read. Empty: found out from the headings."),
    )
    area = AreaField(help_text=_("Where rows belong that name no area of their own."))
    number_prefix = forms.RegexField(
        r"^[\w.-]*$",
        label=_("Prefix of the numbers"),
        max_length=20,
        required=False,
        help_text=_("Where another list uses the same numbers, for example 2022-B-."),
    )
    default_case = forms.CharField(
        label=_("Case of all contacts"),
        max_length=60,
        required=False,
        help_text=_("For a list of contacts that names no case."),
    )

    def __init__(self, *args: Any, near: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        names = [(profile.id, profile.name(language)) for profile in every()]
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("found out")), *names]
        area = self.fields["area"]
        assert isinstance(area, AreaField)
        area.near = near

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("file", "beside"):
            if data.get(name) and data[name].size > MOST_BYTES:
                self.add_error(
                    name, gettext("Larger than 200 MB. Split it, or import it by command.")
                )
        if self.errors:
            return data
        try:
            data["read"] = self._profile(data)
            data["kind"] = reading.kind_of(File(data["file"]), data["read"], Kind)
        except (Unreadable, BadSheet) as error:
            self.add_error("file", _why(error))
            return data
        self._second(data)
        return data

    def _profile(self, data: dict[str, Any]) -> Profile:
        if data["profile"]:
            return load(data["profile"])
        found = reading.find(File(data["file"]), every())
        if not found:
            raise BadSheet(
                gettext("No profile fits these columns. Choose one, or use the template.")
            )
        return found[0].profile

    def _second(self, data: dict[str, Any]) -> None:
        if not data.get("beside"):
            return
        try:
            data["beside_kind"] = reading.kind_of(File(data["beside"]), data["read"], BESIDE)
        except (Unreadable, BadSheet) as error:
            self.add_error("beside", _why(error))


def _why(error: Unreadable | BadSheet) -> str:
    return reading.said(error) if isinstance(error, Unreadable) else str(error)
