"""Reads of findings: the list with the pressing ones on top, and what is found again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from tongchou.areas.models import subtree
from tongchou.lists.models import Evidence
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, on_post
from tongchou.supervision.models import Checklist, Finding
from tongchou.supervision.queries.inspections import overseen

#: Pressing first: late, then found before, then by deadline; what is closed last, the newest first.
ORDER = ("-press", "due", "-id")
#: Found at so many units, an item is proposed as a problem of all.
COMMON_FROM = 2


def visible_to(scope: Scope) -> QuerySet[Finding]:
    """Findings this reader oversees, answers for, or found."""
    units = list(scope.units)
    return Finding.objects.filter(
        overseen(scope) | Q(unit_id__in=units) | Q(inspection__team_id__in=units)
    )


def is_own(finding: Finding, by: User, now: datetime) -> bool:
    """Whether this user is of the unit that mends it, whatever other post they hold."""
    return on_post(now).filter(user=by, unit=finding.unit_id).exists()


def mended_by(finding: Finding, by: User) -> bool:
    """Whether it is this user who said that it is mended."""
    last = finding.passage.handoffs.filter(outcome="rectified").order_by("-number").first()
    return last is not None and last.done_by_id == by.pk


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty narrows nothing. `keys` is a fixed choice of rows."""

    search: str = ""
    area_path: str = ""
    stage: str = ""
    severity: str = ""
    item: str = ""
    late: bool = False
    repeated: bool = False
    self_found: bool = False
    since: date | None = None
    until: date | None = None


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Finding]:
    found = visible_to(scope)
    if text := wanted.search.strip():
        digits = text.upper().removeprefix("F-")
        by_number = Q(pk=int(digits)) if digits.isdecimal() and len(digits) < 12 else Q(pk__in=[])
        found = found.filter(
            by_number | Q(unit__name__icontains=text) | Q(asked__icontains=text)
            | Q(asked_en__icontains=text) | Q(what__icontains=text)
        )  # fmt: skip
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.stage == "open":
        found = found.filter(passage__closed_at=None)
    elif wanted.stage:
        found = found.filter(passage__stage=wanted.stage)
    if wanted.severity:
        found = found.filter(severity=wanted.severity)
    if wanted.item:
        checklist, _slash, item = wanted.item.partition("/")
        found = found.filter(checklist=checklist, item=item)
    if wanted.late:
        found = found.filter(passage_id__in=late_passages(now))
    if wanted.repeated:
        found = found.filter(repeats__isnull=False)
    if wanted.self_found:
        found = found.filter(self_found=True)
    if wanted.since:
        found = found.filter(found_at__date__gte=wanted.since)
    if wanted.until:
        found = found.filter(found_at__date__lte=wanted.until)
    return found


def late_passages(now: datetime) -> QuerySet[Finding, int]:
    """Passages of findings that should be mended by now and are not."""
    late = Finding.objects.filter(
        passage__stage="found", passage__handoffs__done_at=None, passage__handoffs__due_at__lte=now
    )
    return late.values_list("passage_id", flat=True)


def pressed(findings: QuerySet[Finding], *, now: datetime) -> QuerySet[Finding]:
    """With `press` and `due`, by which the list is ordered."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    late = Q(leg__due_at__lte=now, passage__stage="found")
    return findings.annotate(leg=open_leg).annotate(
        due=Coalesce("leg__due_at", "found_at", output_field=DateTimeField()),
        press=Case(
            When(late & Q(repeats__isnull=False), then=Value(4)),
            When(late, then=Value(3)),
            When(Q(passage__closed_at=None, repeats__isnull=False), then=Value(2)),
            When(passage__closed_at=None, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )


def dressed(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Findings with all that a row shows; `due_at` and `owner_name` are of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        findings.select_related("unit", "place", "area", "passage", "inspection__team", "repeats")
        .annotate(leg=open_leg)
        .annotate(
            due_at=F("leg__due_at"), owner_id=F("leg__unit_id"), owner_name=F("leg__unit__name")
        )
    )


def dress(rows: Sequence[Finding]) -> list[Finding]:
    """A page of rows, dressed, in the same order."""
    found = dressed(Finding.objects.filter(pk__in=[row.pk for row in rows])).in_bulk()
    return [found[row.pk] for row in rows]


def pressing(scope: Scope, n: int, *, now: datetime) -> list[Finding]:
    """The open findings to look at first."""
    open_ones = visible_to(scope).filter(passage__closed_at=None)
    return dress(list(pressed(open_ones, now=now).order_by(*ORDER)[:n]))


def before(*, unit: int, checklist: str, item: str) -> QuerySet[Finding]:
    """Earlier findings of the same item at the same unit that were not withdrawn, newest first."""
    rows = Finding.objects.filter(unit=unit, checklist=checklist, item=item)
    return rows.exclude(passage__stage="withdrawn").order_by("-id")


@dataclass(frozen=True)
class Common:
    """An item that is found wrong at several units."""

    checklist: str
    item: str
    asked: str
    n_units: int
    n_findings: int
    n_open: int
    problem: str  # number of the problem it has become, if any

    @property
    def key(self) -> str:
        return f"{self.checklist}/{self.item}"


def common(scope: Scope, *, since: datetime) -> list[Common]:
    """Items found at two units or more since then, the most widespread first; three queries."""
    rows = visible_to(scope).filter(found_at__gte=since).exclude(passage__stage="withdrawn")
    found = list(
        rows.values("checklist", "item")
        .annotate(
            n_units=Count("unit", distinct=True),
            n=Count("id"),
            n_open=Count("id", filter=Q(passage__closed_at=None)),
            newest=Max("id"),
        )
        .filter(n_units__gte=COMMON_FROM)
        .order_by("-n_units", "-n", "checklist", "item")[:50]
    )
    asked = Finding.objects.only("asked", "asked_en").in_bulk([row["newest"] for row in found])
    raised = _problems(rows)
    return [
        Common(
            row["checklist"], row["item"], asked[row["newest"]].question, row["n_units"], row["n"],
            row["n_open"], raised.get((row["checklist"], row["item"]), ""),
        )
        for row in found
    ]  # fmt: skip


def _problems(rows: QuerySet[Finding]) -> dict[tuple[str, str], str]:
    """The number of the newest problem that has a finding of the item among its evidence."""
    keys = {
        passage: (checklist, item)
        for passage, checklist, item in rows.values_list("passage_id", "checklist", "item")
    }
    linked = Evidence.objects.filter(
        passage__in=rows.values("passage_id"), problem__isnull=False
    ).order_by("id")
    return {
        keys[passage]: number
        for passage, number in linked.values_list("passage_id", "problem__number")
        if passage in keys
    }


def to_raise(scope: Scope, *, checklist: str, item: str, since: datetime) -> list[Finding]:
    """The findings of one item, for the evidence of a problem."""
    rows = visible_to(scope).filter(found_at__gte=since, checklist=checklist, item=item)
    return list(
        rows.exclude(passage__stage="withdrawn").select_related("unit", "passage").order_by("id")
    )


@dataclass(frozen=True)
class Numbers:
    """The figures of the desk."""

    n_open: int
    n_late: int
    n_repeated: int
    n_to_check: int
    n_self: int


def numbers(scope: Scope, *, now: datetime) -> Numbers:
    rows = visible_to(scope).filter(passage__closed_at=None)
    late = late_passages(now)
    counted = rows.aggregate(
        n_open=Count("id"),
        n_late=Count("id", filter=Q(passage_id__in=late)),
        n_repeated=Count("id", filter=Q(repeats__isnull=False)),
        n_to_check=Count("id", filter=Q(passage__stage="rectified")),
        n_self=Count("id", filter=Q(self_found=True)),
    )
    return Numbers(**counted)


def month_ago(now: datetime) -> datetime:
    """Since when common findings are gathered."""
    return now - timedelta(days=90)


def newest_checklist(slug: str) -> Checklist | None:
    return Checklist.objects.filter(slug=slug).order_by("-version").first()
