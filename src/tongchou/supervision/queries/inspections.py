"""Reads of plans and inspections: who sees them, what is asked, what was answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, FilteredRelation, Q, QuerySet

from tongchou.areas.models import subtree
from tongchou.staff.queries import Scope
from tongchou.supervision import rights
from tongchou.supervision.items import Item
from tongchou.supervision.models import Answer, Finding, Inspection, Kind, Photo, Plan


def overseen(scope: Scope, *, field: str = "area_path") -> Q:
    """The rows of the areas that a post of this reader oversees."""
    condition = Q(pk__in=[])
    for role, path, _unit in scope.posts:
        if role in rights.OVERSEE:
            condition |= subtree(path, field=field)
    return condition


def visible_to(scope: Scope) -> QuerySet[Inspection]:
    """Inspections this reader oversees, makes, or is the subject of."""
    units = list(scope.units)
    return Inspection.objects.filter(overseen(scope) | Q(unit_id__in=units) | Q(team_id__in=units))


def plans(scope: Scope) -> QuerySet[Plan]:
    """Plans with `n`, `n_open` and `n_reported` of the inspections in them."""
    mine = visible_to(scope).values("plan_id")
    return (
        Plan.objects.filter(pk__in=mine)
        .select_related("checklist", "area", "by")
        .annotate(
            n=Count("inspections"),
            n_open=Count("inspections", filter=Q(inspections__passage__closed_at=None)),
            n_reported=Count("inspections", filter=Q(inspections__reported_at__isnull=False)),
        )
    )


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty narrows nothing."""

    search: str = ""
    area_path: str = ""
    stage: str = ""
    kind: str = ""
    late: bool = False
    mine: bool = False
    since: date | None = None
    until: date | None = None


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Inspection]:
    found = visible_to(scope)
    if text := wanted.search.strip():
        digits = text.upper().removeprefix("I-")
        by_number = Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 12 else Q(pk__in=[])
        found = found.filter(
            by_number | Q(unit__name__icontains=text) | Q(place__name__icontains=text)
        )
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.stage:
        found = found.filter(passage__stage=wanted.stage)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.late:
        late = Q(passage__handoffs__done_at=None, passage__handoffs__due_at__lte=now)
        found = found.filter(late)
    if wanted.mine:
        found = found.filter(team_id__in=list(scope.units))
    if wanted.since:
        found = found.filter(until_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(until_on__lte=wanted.until)
    return found


def dressed(inspections: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Inspections with all that a row shows; `due_at` and `owner_name` are of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        inspections.select_related(
            "unit", "place", "area", "team", "passage", "checklist", "plan", "reported_by"
        )
        .annotate(leg=open_leg)
        .annotate(
            due_at=F("leg__due_at"), owner_id=F("leg__unit_id"), owner_name=F("leg__unit__name")
        )
    )


def dress(rows: Sequence[Inspection]) -> list[Inspection]:
    """A page of rows, dressed, in the same order."""
    found = dressed(Inspection.objects.filter(pk__in=[row.pk for row in rows])).in_bulk()
    return [found[row.pk] for row in rows]


def next_due(scope: Scope, n: int) -> list[Inspection]:
    """The open inspections that come due first."""
    open_ones = visible_to(scope).filter(passage__closed_at=None)
    return list(dressed(open_ones).order_by(F("leg__due_at").asc(nulls_last=True), "id")[:n])


def items_of(inspection: Inspection) -> tuple[Item, ...]:
    """What is asked: the whole checklist, and in a look back what was found the time before."""
    items = inspection.checklist.items
    if inspection.kind != Kind.LOOK_BACK or inspection.follows_id is None:
        return items
    wrong = set(
        Finding.objects.filter(inspection=inspection.follows_id).values_list("item", flat=True)
    )
    return tuple(item for item in items if item.key in wrong)


def answers(inspection: Inspection) -> dict[str, Answer]:
    """The answer that stands, by item."""
    rows = inspection.answers.select_related("by").order_by("item", "number")
    return {row.item: row for row in rows}


def earlier_answers(inspection: Inspection) -> dict[str, list[Answer]]:
    """Answers that were replaced, by item, oldest first."""
    found: dict[str, list[Answer]] = {}
    for row in inspection.answers.select_related("by").order_by("item", "number"):
        found.setdefault(row.item, []).append(row)
    return {item: rows[:-1] for item, rows in found.items() if len(rows) > 1}


def photos(inspections: Iterable[int]) -> dict[tuple[int, str], list[Photo]]:
    """The photos that are still there, by inspection and item."""
    found: dict[tuple[int, str], list[Photo]] = {}
    rows = Photo.objects.filter(inspection_id__in=list(inspections), destroyed_on=None)
    for row in rows.order_by("id"):
        found.setdefault((row.inspection_id, row.item), []).append(row)
    return found


@dataclass(frozen=True)
class Row:
    """One item of the check page: the question, what stands, and what was replaced."""

    item: Item
    answer: Answer | None
    earlier: list[Answer]
    photos: list[Photo]
    known: Finding | None

    @property
    def number(self) -> int:
        return self.answer.number if self.answer else 0

    @property
    def incomplete(self) -> bool:
        """Answered with no, and not said what was found."""
        return self.answer is not None and self.answer.value == "no" and not self.answer.note


def rows(inspection: Inspection) -> list[Row]:
    """The check page; five queries however many items."""
    stand, before = answers(inspection), earlier_answers(inspection)
    taken, known = photos([inspection.pk]), open_findings(inspection)
    return [
        Row(
            item,
            stand.get(item.key),
            before.get(item.key, []),
            taken.get((inspection.pk, item.key), []),
            known.get(item.key),
        )
        for item in items_of(inspection)
    ]


def open_findings(inspection: Inspection) -> dict[str, Finding]:
    """What is known already at this unit and place and not mended, by item."""
    rows = Finding.objects.filter(
        unit=inspection.unit_id,
        place=inspection.place_id,
        checklist=inspection.checklist.slug,
        passage__closed_at=None,
    ).select_related("passage")
    return {row.item: row for row in rows.order_by("id") if row.inspection_id != inspection.pk}
