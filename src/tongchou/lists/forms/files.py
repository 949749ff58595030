"""A file that shows a task is done, and what it shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.cases.forms import PlainText
from tongchou.lists.actions import filing


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Photo or PDF"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )
    words = PlainText(label=gettext_lazy("What it shows"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = {"n": filing.MAX_BYTES // 1024 // 1024}
        self.fields["file"].help_text = _("JPEG, PNG or PDF, %(n)d MB at most.") % most
