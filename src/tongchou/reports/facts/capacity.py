"""Rooms for quarantine as far as they are known, and roles that nobody fills."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tongchou.areas.models import Area, Place, PlaceKind
from tongchou.command import readiness
from tongchou.quarantine.models import Stay
from tongchou.reports.facts.base import Ground, Measure


def _sites(ground: Ground) -> QuerySet[Place]:
    known = Case(When(capacity=None, then=Value("unknown")), default=Value("known"))
    return Place.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=ground.day), kind=PlaceKind.QUARANTINE_SITE
    ).annotate(rooms=known)


def _with_rooms(ground: Ground) -> QuerySet[Place]:
    return _sites(ground).filter(capacity__isnull=False)


def _taken(ground: Ground) -> QuerySet[Stay]:
    """Who was at a site whose rooms are known, by the place their stay has now."""
    return Stay.objects.filter(
        Q(passage__handoffs__done_at=None) | Q(passage__handoffs__done_at__gte=ground.at),
        passage__handoffs__stage="in_facility",
        passage__handoffs__opened_at__lt=ground.at,
        place__capacity__isnull=False,
    )


def rooms_name(code: str) -> Any:
    return _("rooms known") if code == "known" else _("rooms not known")


def holes(areas: Iterable[Area], ground: Ground) -> dict[str, list[readiness.Hole]]:
    """The roles nobody fills in each area: looked for once, at the top they have in common."""
    wanted = list(areas)
    top = _common(wanted)
    if top is None:
        return {area.path: list(readiness.holes(area, now=ground.at)) for area in wanted}
    every = readiness.holes(top, now=ground.at)
    return {area.path: [hole for hole in every if _concerns(hole, area)] for area in wanted}


def _concerns(hole: readiness.Hole, area: Area) -> bool:
    return hole.area.path.startswith(area.path) or area.path.startswith(hole.area.path)


def _common(areas: list[Area]) -> Area | None:
    """The lowest area that holds all of them; None where there is none, or only one of them."""
    if len(areas) < 2:
        return None
    shared: list[str] = []
    for codes in zip(*(area.codes for area in areas), strict=False):
        if len(set(codes)) > 1:
            break
        shared.append(codes[0])
    return Area.objects.filter(pk=shared[-1]).first() if shared else None


MEASURES = (
    Measure(
        "capacity.sites", "capacity", _("Quarantine sites"),
        _("Quarantine sites that are not closed, by whether the number of their rooms is known."),
        _sites,
        ngettext_lazy("%(n)s quarantine site is open%(more)s.",
                      "%(n)s quarantine sites are open%(more)s.", "n"),
        _("No quarantine site is registered."),
        path="area__path", split="rooms", names=rooms_name,
        compared=False,
    ),
    Measure(
        "capacity.rooms", "capacity", _("Rooms for quarantine"),
        _("The rooms of those open quarantine sites that have said how many they have."),
        _with_rooms,
        ngettext_lazy("They have %(n)s room as far as is known%(more)s.",
                      "They have %(n)s rooms as far as is known%(more)s.", "n"),
        path="area__path", total="capacity",
        compared=False,
    ),
    Measure(
        "capacity.taken", "capacity", _("People in rooms for quarantine"),
        _("People at quarantine sites whose number of rooms is known."),
        _taken,
        ngettext_lazy("%(n)s person is at the sites whose rooms are known%(more)s.",
                      "%(n)s people are at the sites whose rooms are known%(more)s.", "n"),
        _("Nobody is at the sites whose rooms are known."),
        path="place__area__path",
    ),
)  # fmt: skip
