"""Fields of forms that every desk needs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LONGEST = 18


class Several(forms.ModelMultipleChoiceField):
    """Rows that are chosen; a key larger than any row has is no choice, and no crash either."""

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else ():
            if len(str(one)) > LONGEST:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    params={"pk": str(one)[:LONGEST] + "…"},
                )
        return super().clean(value)
