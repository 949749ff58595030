"""`{% load supervision %}`: how figures of units are read."""

from typing import Any

from django import template

from tongchou.shell import moments
from tongchou.supervision.items import in_language
from tongchou.supervision.views.evaluations import VERDICTS

register = template.Library()


@register.filter
def verdict(row: Any) -> str:
    """What the comparison of a unit says."""
    return str(VERDICTS.get(row.verdict, row.verdict))


@register.filter
def question(fact: dict[str, Any]) -> str:
    """What was asked, of the facts of a notice."""
    return in_language(fact["asked"], fact.get("asked_en", ""))


@register.filter
def lasting(seconds: float | None) -> str:
    """A span of time as people at a desk say it; a missing one is a dash."""
    from datetime import timedelta

    return "–" if seconds is None else moments.spell(timedelta(seconds=round(seconds / 60) * 60))


@register.filter
def share(part: int, whole: int) -> str:
    """A part of a whole in percent; of nothing it is a dash."""
    return f"{100 * part / whole:.0f}%" if whole else "–"
