"""What a desk sees of the legs it holds: rows with labels, areas and the ways on it may sign."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from tongchou.areas.models import Area
from tongchou.ledger import registry
from tongchou.ledger.models import Gap, Handoff
from tongchou.staff.queries import Scope


@dataclass(frozen=True)
class Way:
    """One outcome a user may sign; `asks` where the desk's own page has to ask for more."""

    to: str
    label: Any
    asks: bool


@dataclass(frozen=True)
class Turn:
    """One row of an inbox."""

    leg: Handoff
    loop_label: Any
    stage_label: Any
    area_name: str
    page: str
    ways: tuple[Way, ...]


def page_of(loop: str, passage: int) -> str:
    """The address of a passage's subject; the ledger's own page where its desk has none."""
    name = registry.registered(loop).page
    try:
        return reverse(name, args=[passage]) if name else reverse("ledger:passage", args=[passage])
    except NoReverseMatch:
        return reverse("ledger:passage", args=[passage])


def signer(leg: Handoff) -> str:
    """The role that may end this leg."""
    awaited = registry.get(leg.loop).at(leg.stage)
    if awaited is None:
        return ""
    return leg.owner if awaited.named else awaited.signer


def may_sign(leg: Handoff, scope: Scope) -> bool:
    """Whether a post of the scope may end this leg; what has a name on it, only that unit.

    Where nobody of that unit is left, the duty officer of its area stands in.
    """
    awaited = registry.get(leg.loop).at(leg.stage)
    if awaited is None:
        return False
    if awaited.named and leg.unit_id is not None:
        return leg.unit_id in scope.units or leg.unit_id in scope.left
    return scope.may(awaited.signer, leg.area_path)


def ways(leg: Handoff, scope: Scope) -> tuple[Way, ...]:
    """The ways on from this leg that the scope may sign; none where it may only look."""
    known = registry.registered(leg.loop)
    awaited = known.loop.at(leg.stage)
    if awaited is None or leg.done_at or not may_sign(leg, scope):
        return ()
    return tuple(Way(to, registry.stage_label(leg.loop, to), to in known.asks) for to in awaited.to)


def area_names(paths: Iterable[str]) -> dict[str, str]:
    """Area paths and the names to show for them, in one query."""
    wanted = set(paths)
    return dict(Area.objects.filter(path__in=wanted).values_list("path", "name"))


def rows(legs: Sequence[Handoff], scope: Scope) -> list[Turn]:
    """Inbox rows for these legs; two queries however many there are."""
    names = area_names(leg.area_path for leg in legs)
    return [
        Turn(
            leg,
            registry.registered(leg.loop).label,
            registry.stage_label(leg.loop, leg.stage),
            names.get(leg.area_path, ""),
            page_of(leg.loop, leg.passage_id),
            ways(leg, scope),
        )
        for leg in legs
    ]


def to_receive(scope: Scope) -> QuerySet[Handoff]:
    """Legs that end when one of these roles takes over, though another role has them now."""
    arriving = Q(pk__in=[])
    for item in registry.every():
        stages = [
            row.stage for row in item.loop if row.received_by and row.received_by in scope.roles
        ]
        if stages:
            arriving |= Q(loop=item.loop.name, stage__in=stages)
    return Handoff.objects.filter(arriving, scope.q("area_path"), done_at=None).select_related(
        "passage"
    )


def gaps_of(scope: Scope) -> QuerySet[Gap]:
    """Open gaps that have climbed to one of the user's units."""
    return Gap.objects.filter(unit_id__in=scope.units, closed_at=None).select_related(
        "handoff__passage"
    )


def n_waiting(scope: Scope, *, at_most: int = 100) -> int:
    """How many legs wait for the user's units, counted no further than `at_most`."""
    if not scope.units:
        return 0
    waiting = Handoff.objects.filter(done_at=None, unit_id__in=scope.answers_for)
    return len(waiting.values_list("id")[:at_most])


def is_late(leg: Handoff, now: datetime) -> bool:
    return leg.due_at <= now
