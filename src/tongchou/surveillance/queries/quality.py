"""Findings of the quality check: for a source, an area, a day."""

from datetime import date

from django.db.models import Q, QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.surveillance.models import Finding, FindingKind, Source

#: Said once of a whole source, they concern every area it counts.
_OF_ALL = (FindingKind.DATE_SHIFT, FindingKind.FALSE_ZERO)


def findings(
    *,
    source: Source | None = None,
    area: str | None = None,
    kind: str | None = None,
    on: date | None = None,
) -> list[Finding]:
    """What stands, by first day; what concerns an area is what concerns anything in it."""
    found = standing()
    if source is not None:
        found = found.filter(source=source)
    if kind:
        found = found.filter(kind=kind)
    if on is not None:
        found = found.filter(from_on__lte=on, to_on__gte=on)
    return concerning(area, found) if area else list(found)


def standing() -> QuerySet[Finding]:
    """The findings that are still found, with what their sentences name."""
    return (
        Finding.objects.filter(gone_at=None)
        .select_related("channel", "area", "source")
        .order_by("from_on", "source", "id")
    )


def concerning(area: str, found: QuerySet[Finding]) -> list[Finding]:
    """Findings about an area or anything in it, and those about a whole source above it."""
    path = Area.objects.filter(pk=area).values_list("path", flat=True).first()
    if path is None:
        return []
    above = path.strip("/").split("/")
    inside = subtree(path, field="area__path")
    wider = Q(duty=None) & (Q(area=None) | Q(area__in=above))
    return [
        one
        for one in found.filter(inside | wider)
        if one.duty_id is not None
        or one.kind in _OF_ALL
        or any(each.startswith(path) for each in one.params.get("areas", ()))
        or (one.area_id is not None and one.area_id not in above[:-1])
    ]
