"""`{% load reviews %}`: lengths of time, moments and steps in the reader's words."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongchou.areas.models import Area
from tongchou.cases.models import FoundBy
from tongchou.lists.models import Cause
from tongchou.reviews import intervals, wording
from tongchou.reviews.models import Led

register = template.Library()


@register.filter
def lasted(seconds: float | None, in_days: bool = False) -> str:
    """A length of time in two units at most; a dash where it is not known, never a zero.

    Of two days that are the same, nobody knows how many hours lay between: `in_days`.
    """
    if seconds is None:
        return "–"
    if in_days and seconds == 0:
        return _("same day")
    sign, left = ("-" if seconds < 0 else ""), abs(round(seconds))
    days, rest = divmod(left, 86400)
    hours, minutes = divmod(round(rest / 60), 60)
    if days and hours:
        words = _("%(d)s d %(h)s h") % {"d": f"{days:,}", "h": hours}
    elif days:
        words = ngettext("%(d)s day", "%(d)s days", days) % {"d": f"{days:,}"}
    elif hours and not minutes:
        words = _("%(h)s h") % {"h": hours}
    elif hours:
        words = _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    else:
        words = _("%(m)s min") % {"m": minutes}
    return sign + words


@register.filter
def backwards_words(interval: Any) -> str:
    """Of an interval that ended before it began, or its facts: by how much; else nothing."""
    facts = interval if isinstance(interval, dict) else None
    by = facts.get("backwards_seconds") if facts else interval.backwards_s
    if by is None:
        return ""
    contradicts = facts["contradicts"] if facts else interval.contradicts
    return wording.backwards(lasted(by), contradicts=contradicts)


@register.filter
def moment(value: datetime | date | str | None) -> str:
    """A day, or a day and an hour; from the facts of an accepted review too."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}"


@register.filter
def step_words(name: str) -> Any:
    return wording.step(name)


@register.filter
def interval_words(name: str) -> Any:
    return wording.interval(name)


@register.filter
def moment_words(name: str) -> Any:
    return intervals.MOMENTS.get(name, name)


@register.filter
def cause_words(cause: str) -> Any:
    return Cause(cause).label if cause in Cause.values else cause


@register.filter
def found_words(found_by: str) -> Any:
    return FoundBy(found_by).label if found_by in FoundBy.values else found_by


@register.filter
def chance_words(chance: Any) -> Any:
    return wording.chance(chance)


@register.filter
def basis_words(basis: str | None) -> Any:
    return wording.BASES.get(basis or "", "")


@register.filter
def verdict_words(verdict: str) -> Any:
    return wording.VERDICTS.get(verdict, verdict)


@register.filter
def area_words(code: str) -> str:
    return Area.objects.filter(pk=code).values_list("name", flat=True).first() or code


@register.filter
def led_words(kind: str) -> Any:
    return Led(kind).label if kind in Led.values else kind


@register.filter
def leg_words(leg: dict[str, Any]) -> Any:
    return wording.step(f"{leg['loop']}.{leg['stage']}")


@register.filter
def unlocalised(value: float) -> str:
    """A number of a drawing: a point, whatever the language."""
    return f"{value:.1f}"
