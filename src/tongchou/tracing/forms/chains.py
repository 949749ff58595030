"""What the chain view is narrowed to."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou.cases.fields import AreaField
from tongchou.playbook import Playbook
from tongchou.tracing.chains import Wanted

DAYS = 60


class ChainsForm(forms.Form):
    """A disease, how far back, where. A value that makes no sense narrows nothing."""

    disease = forms.ChoiceField(label=_("Disease"), required=False)
    days = forms.TypedChoiceField(
        label=_("Reported in the last"),
        choices=[
            (14, _("14 days")),
            (30, _("30 days")),
            (DAYS, _("60 days")),
            (180, _("180 days")),
            (0, pgettext_lazy("days", "any time")),
        ],
        coerce=int,
        required=False,
    )
    area = AreaField(required=False)
    case = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, query: Mapping[str, Any], *, book: Playbook, seen: Mapping[str, int], near: str
    ) -> None:
        zh = "zh" if (get_language() or "").startswith("zh") else "en"
        titles = {code: disease.title.of(zh) for code, disease in book.diseases.items()}
        self.first = book.main_disease if book.main_disease in seen else next(iter(seen), "")
        super().__init__({"disease": self.first, "days": DAYS} | dict(query.items()))
        disease, area = self.fields["disease"], self.fields["area"]
        assert isinstance(disease, forms.ChoiceField)
        assert isinstance(area, AreaField)
        disease.choices = [(code, f"{titles.get(code, code)} ({n})") for code, n in seen.items()]
        area.near = near

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        typed = self.cleaned_data
        days, area = typed.get("days", DAYS), typed.get("area")
        return Wanted(
            disease=typed.get("disease") or self.first or "",
            days=(days if days != "" else DAYS) or None,
            area_path=area.path if area else "",
        )

    @property
    def number(self) -> str:
        """The number of the case whose surroundings are wanted; empty for all."""
        return str(self.cleaned_data.get("case", ""))
