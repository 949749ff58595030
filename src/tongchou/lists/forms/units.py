"""Choosing a unit, told apart by its area."""

from typing import Any

from django import forms

from tongchou.shell.choices import Several
from tongchou.staff.models import Unit


class UnitField(forms.ModelChoiceField):
    """One unit; its choices are set by the form that has it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Unit.objects.none())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"


class UnitsField(Several):
    """Several units at once, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Unit.objects.none())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"
