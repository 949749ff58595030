"""`{% load planning %}`: words of the desk."""

from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from tongchou.ledger import registry
from tongchou.planning.drawing.axes import words

register = template.Library()

DELAYS = {
    "tracing.delay_days": _("from a case to its contacts in quarantine"),
    "isolation.transfer_days": _("from a case to a bed"),
    "isolation.transfer_days.home": _("from a case to isolation at home"),
}
PHASES = {
    "runs": _("Running the city"),
    "search": _("Trying plans"),
    "doubts": _("Trying them where the city is mistaken"),
    "detail": _("Pricing the plans of the front"),
}


@register.filter
def delay_words(path: str) -> Any:
    return DELAYS.get(path, path)


@register.filter
def phase_words(phase: str) -> Any:
    return PHASES.get(phase, _("Building the city"))


@register.filter
def stage_words(stage: str, loop: str) -> Any:
    return registry.stage_label(loop, stage)


@register.filter
def figure(value: float | None) -> str:
    """A number without what nobody knows: whole from a hundred up, one place below."""
    if value is None:
        return "–"
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.1f}"


@register.filter
def compact(value: float) -> str:
    """A number in few signs, for where there is room for few."""
    return words(round(value, 1) if abs(value) >= 10 else value)
