"""Reads of cases, each inside the reader's areas.

A case that was handed to another area stays visible to the one it left: handing over must not
look like losing somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from tongchou.areas.models import subtree
from tongchou.cases.models import (
    Case,
    ClassificationChange,
    Cluster,
    Correction,
    Document,
    Transmission,
)
from tongchou.ledger import registry
from tongchou.ledger.models import Handoff, Passage
from tongchou.people.keys import LENGTH
from tongchou.staff.queries import Scope

#: Ways to sort the list; every one ends in something unique, so that pages can be cut by key.
ORDERS = {
    "-reported": ("-reported_on", "-id"),
    "reported": ("reported_on", "id"),
    "number": ("number",),
    "-number": ("-number",),
}
#: By deadline it is the open legs that are sorted.
BY_DEADLINE = {"due": ("due_at", "id"), "-due": ("-due_at", "-id")}


def visible_to(scope: Scope) -> QuerySet[Case]:
    """The cases of these areas, and those that were handed on from them."""
    return Case.objects.filter(inside(scope, "case_report"))


def inside(scope: Scope, loop: str) -> Q:
    """The condition on `area_path` and `passage_id`: here now, or here until it was moved."""
    here = scope.q("area_path")
    gone = left(scope, loop)
    return here | Q(passage_id__in=gone) if gone else here


def left(scope: Scope, loop: str) -> list[int]:
    """Passages that were moved from these areas to others; a leg that moves ends in its own stage.

    Asked for first and given as a list, because an OR over a subquery would keep the database
    from using the index on the area.
    """
    if not scope.posts:
        return []
    moved = Handoff.objects.filter(scope.q("area_path"), outcome=F("stage"), loop=loop)
    away = moved.exclude(scope.q("passage__area_path"))
    return list(away.values_list("passage_id", flat=True).distinct())


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    search: str = ""
    area_path: str = ""
    disease: str = ""
    classification: str = ""
    found_by: str = ""
    stage: str = ""
    severity: str = ""
    late: bool = False
    reported_from: date | None = None
    reported_to: date | None = None
    cluster: int | None = None


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Case]:
    """The cases of a list, with nothing joined to them but what the filters need.

    Sorting a hundred thousand bare rows is quick, sorting them with their people, areas and legs
    is not: a page is cut from these rows first, and then `dressed`.
    """
    found = _narrowed(visible_to(scope), wanted)
    if wanted.late:
        late = open_legs(scope, "case_report").filter(due_at__lte=now)
        found = found.filter(passage_id__in=late.values("passage_id"))
    return found.only("pk", "number", "reported_on")


def by_deadline(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Handoff]:
    """The open legs of the same cases: who has no deadline cannot be late."""
    legs = narrowed_legs(open_legs(scope, "case_report"), wanted, now=now)
    rest = replace(wanted, area_path="", stage="", late=False)
    if rest != Wanted():
        found = _narrowed(Case.objects.all(), rest)
        legs = legs.filter(passage_id__in=found.values("passage_id"))
    return legs


def open_legs(scope: Scope, loop: str) -> QuerySet[Handoff]:
    """The open legs of a loop in these areas."""
    return Handoff.objects.filter(scope.q("area_path"), loop=loop, done_at=None)


def narrowed_legs(legs: QuerySet[Handoff], wanted: Any, *, now: datetime) -> QuerySet[Handoff]:
    """What a leg knows by itself: area, stage and deadline."""
    if wanted.area_path:
        legs = legs.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.stage and wanted.stage != "open":
        legs = legs.filter(stage=wanted.stage)
    return legs.filter(due_at__lte=now) if wanted.late else legs


def at_stage(loop: str, stage: str) -> Q:
    """The condition on `passage` for a stage; "open" is any that is not the end.

    Open passages are found by their own small index; ended ones have none.
    """
    going_on = Passage.objects.filter(loop=loop, closed_at=None)
    if stage == "open":
        return Q(passage_id__in=going_on.values("pk"))
    if registry.get(loop).at(stage) is not None:
        return Q(passage_id__in=going_on.filter(stage=stage).values("pk"))
    return Q(passage__stage=stage)


def dressed(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases as the list shows them, with `due_at`, `owner` and `unit_name` of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        cases.select_related("person", "area", "passage")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"), owner=F("leg__owner"), unit_name=F("leg__unit__name"))
    )


def dress(rows: Sequence[Case] | Sequence[Handoff]) -> list[Case]:
    """A page of rows from `listed` or `by_deadline`, dressed, in the same order."""
    passages = [row.passage_id for row in rows if isinstance(row, Handoff)]
    cases = [row.pk for row in rows if isinstance(row, Case)]
    found = dressed(Case.objects.filter(Q(pk__in=cases) | Q(passage_id__in=passages)))
    place = {key: n for n, key in enumerate(passages or cases)}
    return sorted(found, key=lambda c: place[(c.passage_id if passages else c.pk) or 0])


def _narrowed(cases: QuerySet[Case], wanted: Wanted) -> QuerySet[Case]:
    if wanted.search:
        cases = cases.filter(_search(wanted.search))
    if wanted.area_path:
        cases = cases.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.stage:
        cases = cases.filter(at_stage("case_report", wanted.stage))
    if wanted.reported_from:
        cases = cases.filter(reported_on__gte=wanted.reported_from)
    if wanted.reported_to:
        cases = cases.filter(reported_on__lte=wanted.reported_to)
    if wanted.cluster:
        cases = cases.filter(cluster_id=wanted.cluster)
    equal = ("disease", "classification", "found_by", "severity")
    return cases.filter(**{n: getattr(wanted, n) for n in equal if getattr(wanted, n)})


def _search(text: str) -> Q:
    """A case number from its beginning, or a whole pseudonym as it is spoken."""
    text = text.strip()
    key = text.replace("-", "").replace(" ", "").upper()
    found = Q(number__startswith=text.upper()) | Q(number__startswith=text)
    return found | Q(person_id=key) if len(key) == LENGTH else found


def may_sign(scope: Scope, passage: Passage, to: str) -> bool:
    """Whether somebody in this scope may hand the passage on to `to`.

    The signer of the stage; and, where `to` holds the person, its owner too, because taking
    somebody over is the receiver's act whoever was awaited before.
    """
    loop = registry.get(passage.loop)
    here, there = loop.at(passage.stage), loop.at(to)
    if here is None or to not in here.to:
        return False
    signers = {here.signer} | ({there.owner} if there and there.custody else set())
    return scope.may(signers, passage.area_path)


def outcomes(scope: Scope, passage: Passage | None) -> list[str]:
    """What somebody in this scope may do with the passage now, in the order of the loop."""
    if passage is None or passage.closed_at is not None:
        return []
    here = registry.get(passage.loop).at(passage.stage)
    return [to for to in here.to if may_sign(scope, passage, to)] if here else []


def classifications(case: Case) -> QuerySet[ClassificationChange]:
    """How the case was classified, newest first."""
    return case.classifications.select_related("by").order_by("-id")


def corrections(case: Case) -> QuerySet[Correction]:
    """What was corrected, newest first."""
    return case.corrections.select_related("by").order_by("-id")


def documents(case: Case) -> QuerySet[Document]:
    return case.documents.select_related("by").order_by("-id")


def sources(case: Case) -> QuerySet[Transmission]:
    """Who may have infected this case, most likely first; a row without infector is "unknown"."""
    return case.sources.select_related("infector").order_by("method", "-probability", "id")


def infections(case: Case) -> QuerySet[Transmission]:
    """Whom this case may have infected, most likely first."""
    return case.infections.select_related("infectee").order_by("-probability", "id")


def neighbours(case: Case, scope: Scope) -> QuerySet[Case]:
    """The other cases of its cluster, as far as this reader may see them."""
    if case.cluster_id is None:
        return Case.objects.none()
    return visible_to(scope).filter(cluster_id=case.cluster_id).exclude(pk=case.pk)


def clusters(scope: Scope) -> QuerySet[Cluster]:
    """The clusters of these areas, newest first."""
    return Cluster.objects.filter(scope.q("area__path")).order_by("-found_on", "-id")
