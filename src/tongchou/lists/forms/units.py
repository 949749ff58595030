"""Choosing a unit: those of an area and of the level below it, never all below that."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.staff.models import Unit


def within_reach(area: Area) -> QuerySet[Unit]:
    """The units of an area and of the areas right below it, as the area's own come first."""
    below = Unit.objects.filter(subtree(area.path, field="area__path"), area__ended_on=None)
    near = below.filter(area__level__lte=area.level + 1)
    return near.select_related("area").order_by("area__level", "area__path", "name")


class UnitField(forms.ModelChoiceField):
    """One unit, told apart by its area."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Unit.objects.none())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"


class UnitsField(forms.ModelMultipleChoiceField):
    """Several units at once, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Unit.objects.none())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.area.name}"
