"""What is typed to ask the visits, and to name a source of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongchou.tracing.asking import BACKWARD, FORWARD


def _kinds() -> list[tuple[str, str]]:
    from django.utils.translation import get_language

    from tongchou.epi.trace.kinds import KINDS

    zh = (get_language() or "").startswith("zh")
    return [(kind.name, kind.zh if zh else kind.name) for kind in KINDS]


class AskForm(forms.Form):
    """Whom the case may have infected, or who may have infected the case."""

    direction = forms.ChoiceField(choices=[(FORWARD, FORWARD), (BACKWARD, BACKWARD)])
    min_minutes = forms.IntegerField(
        label=_("At least so many minutes together"), min_value=1, max_value=1440, initial=15
    )
    kinds = forms.MultipleChoiceField(
        label=_("Only at these kinds of place"),
        required=False,
        help_text=_("None ticked: all."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.MultipleChoiceField)
        kinds.choices = _kinds()


class SourceForm(forms.Form):
    """A new source of visits."""

    name = forms.CharField(label=pgettext_lazy("source", "Name"), max_length=60)
