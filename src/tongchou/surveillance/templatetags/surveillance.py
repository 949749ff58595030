"""One filter: the name behind a short name."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def named(names: Mapping[str, Any], key: str) -> Any:
    """The name of a channel; its short name where it has none, all channels where it is empty."""
    return names.get(key, key)
