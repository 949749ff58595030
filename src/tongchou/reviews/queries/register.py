"""Which reviews there are: lists, figures of the desk, and the statistics of causes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from tongchou.areas.models import Area, Level, subtree
from tongchou.cases.models import Case, Cluster
from tongchou.cases.queries import at_stage, inside, open_legs
from tongchou.ledger.models import Handoff
from tongchou.reviews.models import Finding, Kind, Review
from tongchou.reviews.queries import reading, tree
from tongchou.staff import reach
from tongchou.staff.queries import Scope

ORDERS = {
    "-opened": ("-opened_at", "-id"),
    "opened": ("opened_at", "id"),
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    search: str = ""
    area_path: str = ""
    kind: str = ""
    stage: str = ""
    disease: str = ""
    cause: str = ""
    late: bool = False
    since: date | None = None
    until: date | None = None


def visible_to(scope: Scope) -> QuerySet[Review]:
    """Reviews of the reader's areas, of those merged into them, and what was moved from them."""
    if not scope.posts:
        return Review.objects.none()
    return Review.objects.filter(inside(scope, "review") | reach.of(scope))


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Review]:
    """Bare rows of the list: a page is cut from them first and dressed afterwards."""
    found = visible_to(scope)
    if wanted.search:
        found = found.filter(_search(wanted.search.strip()))
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.stage:
        found = found.filter(at_stage("review", wanted.stage))
    if wanted.disease:
        found = found.filter(disease=wanted.disease)
    if wanted.cause:
        found = found.filter(
            pk__in=Finding.objects.filter(cause=wanted.cause, withdrawn_at=None).values("review")
        )
    if wanted.since:
        found = found.filter(opened_at__date__gte=wanted.since)
    if wanted.until:
        found = found.filter(opened_at__date__lte=wanted.until)
    if wanted.late:
        late = open_legs(scope, "review").filter(due_at__lte=now)
        found = found.filter(passage_id__in=late.values("passage_id"))
    return found


def _search(text: str) -> Q:
    """A review's or a case's number, or a part of a title."""
    digits = text.upper().removeprefix("R-")
    number = Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 12 else Q(pk__in=[])
    cases = Case.objects.filter(Q(number__startswith=text) | Q(number__startswith=text.upper()))
    return number | Q(case_id__in=cases.values("pk")) | Q(title__icontains=text)


def dressed(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Reviews with what the list shows, and `due_at`, `owner`, `unit_name` of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        reviews.select_related("area", "passage", "case__person", "cluster")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"), owner=F("leg__owner"), unit_name=F("leg__unit__name"))
        .annotate(n_findings=Count("findings", filter=Q(findings__withdrawn_at=None)))
    )


def dress(rows: Sequence[Review]) -> list[Review]:
    """A page of rows, dressed, in the same order."""
    found = dressed(Review.objects.filter(pk__in=[row.pk for row in rows])).in_bulk()
    return [found[row.pk] for row in rows]


def most_urgent(scope: Scope, n: int) -> list[Review]:
    """The first to act on, dressed: by deadline."""
    legs = open_legs(scope, "review").order_by("due_at", "id").values_list("passage_id", flat=True)
    passages = list(legs[:n])
    found = dressed(Review.objects.filter(passage_id__in=passages))
    return sorted(found, key=lambda review: passages.index(review.passage_id))


@dataclass(frozen=True)
class Figure:
    """One figure of the desk: reviews at a stage, and how many of them are late."""

    stage: str
    n: int
    late: int


def by_stage(scope: Scope, *, now: datetime) -> list[Figure]:
    legs = open_legs(scope, "review").values_list("stage")
    found = dict(legs.annotate(n=Count("id")).values_list("stage", "n"))
    late = dict(legs.filter(due_at__lte=now).annotate(n=Count("id")).values_list("stage", "n"))
    return [
        Figure(stage, found.get(stage, 0), late.get(stage, 0))
        for stage in ("opened", "analysed", "submitted")
    ]


def clusters_without(scope: Scope) -> QuerySet[Cluster]:
    """Clusters of two positives and more that nobody reviews, newest first."""
    positive = Count("cases", filter=Q(cases__classification__in=reading.POSITIVE), distinct=True)
    here = Cluster.objects.filter(scope.q("area__path"), reviews=None).select_related("area")
    return here.annotate(n_positive=positive).filter(n_positive__gte=2).order_by("-found_on", "-id")


def findings(review: Review) -> QuerySet[Finding]:
    """The findings of a review with their whys and what they led to."""
    return review.findings.select_related("by").prefetch_related(
        "whys", "consequences__problem", "consequences__task", "consequences__adoption__base",
        "consequences__before__scenario", "consequences__after__scenario",
    )  # fmt: skip


def open_leg(review: Review) -> Handoff | None:
    return review.passage.handoffs.filter(done_at=None).select_related("unit").first()


# --- statistics ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class CauseLine:
    """One cause: how often it was found, in how many reviews, and how much delay with it."""

    cause: str
    n: int
    n_reviews: int
    delay_s: int
    n_measured: int  # findings whose delay is known; the sum is of these


def by_cause(scope: Scope, wanted: Wanted, *, now: datetime) -> list[CauseLine]:
    """Which cause delays most, from the findings that stand; the greatest delay first."""
    rows = (
        _findings(scope, wanted, now=now)
        .exclude(cause="")
        .values("cause")
        .annotate(
            n=Count("id"),
            reviews=Count("review", distinct=True),
            delay=Sum("delay_s"),
            measured=Count("delay_s"),
        )
    )
    lines = [
        CauseLine(row["cause"], row["n"], row["reviews"], row["delay"] or 0, row["measured"])
        for row in rows.order_by()
    ]
    return sorted(lines, key=lambda line: (-line.delay_s, -line.n, line.cause))


def _findings(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Finding]:
    reviews = listed(scope, wanted, now=now).values("pk")
    return Finding.objects.filter(review__in=reviews, withdrawn_at=None, kind="bottleneck")


@dataclass(frozen=True)
class Crossed:
    """Delay by district and by what: rows are districts, columns causes or stages."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Area, tuple[int, ...]], ...]

    @property
    def most(self) -> int:
        return max((value for _area, row in self.rows for value in row), default=0)


def cause_and_place(scope: Scope, wanted: Wanted, *, now: datetime) -> Crossed:
    """Which cause delays most, and where."""
    rows = _findings(scope, wanted, now=now).exclude(cause="").exclude(delay_s=None)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for path, cause, delay in rows.order_by().values_list("review__area_path", "cause", "delay_s"):
        sums[path, cause] += delay or 0
    return _crossed(sums)


def stage_and_place(scope: Scope, wanted: Wanted, *, now: datetime) -> Crossed:
    """Which hand-off is late by most, and where: of the ledger, without anybody's judgement."""
    reviews = listed(scope, wanted, now=now).filter(kind=Kind.CASE, case__passage__isnull=False)
    passages = list(reviews.order_by().values_list("case__passage_id", flat=True))
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for begin in range(0, len(passages), reading.CHUNK):
        some = passages[begin : begin + reading.CHUNK]
        for row in tree.delays(some, now=now, by_area=True):
            if row.excess_s:
                sums[row.area_path, f"{row.loop}.{row.stage}"] += row.excess_s
    return _crossed(sums, most=8)


def _crossed(sums: dict[tuple[str, str], int], *, most: int = 12) -> Crossed:
    districts = _districts({path for path, _column in sums})
    whole: dict[str, int] = defaultdict(int)
    table: dict[tuple[str, str], int] = defaultdict(int)
    for (path, column), value in sums.items():
        whole[column] += value
        table[districts[path].pk, column] += value
    columns = tuple(sorted(whole, key=lambda column: (-whole[column], column))[:most])
    areas = {area.pk: area for area in districts.values()}
    rows = [(area, tuple(table[pk, column] for column in columns)) for pk, area in areas.items()]
    return Crossed(columns, tuple(sorted(rows, key=lambda row: (-sum(row[1]), row[0].path))))


def _districts(paths: set[str]) -> dict[str, Area]:
    """The district that each path lies in; the area itself where it lies in none."""
    codes = {code for path in paths for code in path.strip("/").split("/")}
    areas = Area.objects.in_bulk(codes)
    found: dict[str, Any] = {}
    for path in paths:
        above = [areas[code] for code in path.strip("/").split("/") if code in areas]
        district = [area for area in above if area.level == Level.DISTRICT]
        found[path] = (district or above)[-1]
    return found
