"""The only writers of places; areas themselves come from published lists (`areas.importing`)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tongchou.areas.models import Area, Place
from tongchou.records import audit


@transaction.atomic
def add_place(*, area: Area, kind: str, name: str, by: Any, now: datetime, **facts: Any) -> Place:
    """Enter a place; `facts` are its position and capacity."""
    place = Place.objects.create(area=area, kind=kind, name=name, **facts)
    audit.record(verb="areas.add_place", subject=f"place:{place.pk}", by=by, now=now)
    return place


@transaction.atomic
def update_place(*, place: Place, by: Any, now: datetime, **facts: Any) -> Place:
    """Change what is known of a place; the audit keeps what it was before."""
    before = {key: str(getattr(place, key)) for key in facts}
    for key, value in facts.items():
        setattr(place, key, value)
    place.save(update_fields=list(facts))
    audit.record(
        verb="areas.update_place",
        subject=f"place:{place.pk}",
        by=by,
        now=now,
        detail={"before": before, "after": {key: str(value) for key, value in facts.items()}},
    )
    return place


@transaction.atomic
def set_counts(
    *, area: Area, population: int | None, households: int | None, by: Any, now: datetime
) -> None:
    """Set residents and households of an area."""
    detail = {"before": [area.population, area.households], "after": [population, households]}
    area.population, area.households = population, households
    area.save(update_fields=["population", "households"])
    audit.record(verb="areas.set_counts", subject=f"area:{area.pk}", by=by, now=now, detail=detail)
