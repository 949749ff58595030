"""Filters: the names behind short names."""

from collections.abc import Mapping
from typing import Any

from django import template

from tongchou.surveillance import wording

register = template.Library()


@register.filter
def named(names: Mapping[str, Any], key: str) -> Any:
    """The name of a channel; its short name where it has none, all channels where it is empty."""
    return names.get(key, key)


@register.filter
def method(detector: str) -> str:
    """The name of a method."""
    return wording.method(detector)
