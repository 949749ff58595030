"""Reads of leads. Who has nothing to do with a kind of lead sees none of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from tongchou.areas.models import subtree
from tongchou.ledger.models import Handoff
from tongchou.staff.queries import Scope
from tongchou.surveillance import rights
from tongchou.surveillance.loops import LEADS
from tongchou.surveillance.models import Lead


def visible_to(scope: Scope) -> QuerySet[Lead]:
    """The leads of these areas, of the kinds that a post of the reader has to do with."""
    condition = Q(pk__in=[])
    for kind, roles in rights.SEE.items():
        for role, path, _unit in scope.posts:
            if role in roles:
                condition |= Q(kind=kind) & subtree(path, field="area_path")
    return Lead.objects.filter(condition)


def kinds(scope: Scope) -> list[str]:
    """The kinds of leads that this reader sees at all."""
    return [kind for kind, roles in rights.SEE.items() if scope.roles & roles]


@dataclass(frozen=True)
class Wanted:
    kind: str = ""
    stage: str = "open"


def listed(scope: Scope, wanted: Wanted) -> QuerySet[Lead]:
    found = visible_to(scope)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.stage == "open":
        return found.filter(passage__closed_at=None)
    return found.filter(passage__stage=wanted.stage) if wanted.stage else found


def dress(rows: Sequence[Lead]) -> list[Lead]:
    """A page of leads with passage, area, and `due_at` of the open leg, in the same order."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    found = (
        Lead.objects.filter(pk__in=[row.pk for row in rows])
        .select_related("area", "passage", "person", "site", "case")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"), unit_name=F("leg__unit__name"))
        .in_bulk()
    )
    return [found[row.pk] for row in rows]


@dataclass(frozen=True)
class Figure:
    """Open leads of a kind, and how many of them are late."""

    kind: str
    n: int
    late: int


def figures(scope: Scope, *, now: datetime) -> list[Figure]:
    open_ones = visible_to(scope).filter(passage__closed_at=None)
    n = dict(open_ones.values_list("kind").annotate(n=Count("id")).order_by())
    legs = Handoff.objects.filter(
        loop__in=[loop.name for loop in LEADS.values()], done_at=None, due_at__lte=now
    )
    late = open_ones.filter(passage_id__in=legs.values("passage_id"))
    n_late = dict(late.values_list("kind").annotate(n=Count("id")).order_by())
    return [Figure(kind, n.get(kind, 0), n_late.get(kind, 0)) for kind in kinds(scope)]
