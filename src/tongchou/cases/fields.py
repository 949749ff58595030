"""The field in which an area is typed: by code, by name, or chosen from what is suggested."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tongchou.areas import queries
from tongchou.areas.models import Area, Level, subtree

_CODE_AT_THE_END = re.compile(r"[（(]\s*([0-9A-Za-z]{2,24})\s*[)）]\s*$")
MOST_SUGGESTIONS = 20


def written(area: Area) -> str:
    """An area as the field shows and reads it: `渡口社区 (990102001001)`."""
    return f"{area.name} ({area.code})"


def suggestions(text: str) -> list[Area]:
    """Areas that may be meant by what has been typed so far."""
    found = queries.search(text).filter(ended_on=None).select_related("parent")
    return list(found[:MOST_SUGGESTIONS])


class AreaInput(forms.TextInput):
    """A text input whose suggestions htmx fetches while somebody types."""

    template_name = "cases/_area_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        attributes = context["widget"]["attrs"]
        below = f"{attributes.get('id') or name}_suggestions"
        context["below"] = below
        attributes |= {
            "list": below,
            "hx-get": reverse("cases:areas"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{below}",
            "hx-sync": "this:replace",
        }
        return context


class AreaField(forms.CharField):
    """An area. `near` is the path of the city whose names go before those of the country."""

    widget = AreaInput

    def __init__(self, *, near: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Area"))
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)
        self.near = near
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Area) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if isinstance(value, Area) or not text:
            return value if isinstance(value, Area) else None
        return self._find(text.strip())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def _find(self, text: str) -> Area:
        if found := _CODE_AT_THE_END.search(text):
            text = found.group(1)
        named = list(
            Area.objects.filter(subtree(self.near), name=text, ended_on=None).order_by("path")[:6]
        )
        if len(named) == 1:
            return named[0]
        if named:
            raise ValidationError(
                _("Several areas have this name: %(areas)s. Choose one of them."),
                params={"areas": ", ".join(_with_parent(area) for area in named)},
            )
        try:
            return queries.find(text)
        except Area.DoesNotExist:
            raise ValidationError(
                _("There is no area “%(text)s”. Type its code, or choose one that is suggested."),
                params={"text": text},
            ) from None


def _with_parent(area: Area) -> str:
    return f"{area.parent.name} {written(area)}" if area.parent else written(area)


def city_of(paths: tuple[str, ...]) -> str:
    """The path of the city in which a scope lies; empty where it spans several."""
    areas = Area.objects.filter(path__in=paths[:1])
    above = {code for area in areas for code in area.codes}
    cities = Area.objects.filter(code__in=above, level=Level.CITY).values_list("path", flat=True)
    return next(iter(cities), paths[0] if len(paths) == 1 else "")
