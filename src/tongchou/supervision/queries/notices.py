"""The facts of a notice: each number with the rows behind it, counted at one moment."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.ledger.models import Handoff
from tongchou.staff.queries import Scope
from tongchou.supervision.models import Finding, Inspection, Notice
from tongchou.supervision.queries.evaluations import start_of
from tongchou.supervision.queries.inspections import overseen

#: Good practice is a score from here on, and nothing over a red line.
GOOD_FROM = 0.95
#: Of so many units of a kind the names are given; the rest is in the rows.
MOST_NAMES = 20


@dataclass(frozen=True)
class Fact:
    """One number, what kind of rows it counts, and which."""

    key: str
    value: float
    of: str  # "inspection" or "finding"
    rows: tuple[int, ...]

    def plain(self) -> dict[str, Any]:
        return {"key": self.key, "value": self.value, "of": self.of, "rows": list(self.rows)}


def facts(area: Area, from_on: date, until_on: date, *, now: datetime) -> dict[str, Any]:
    """What was inspected, found and mended in a period, as plain values for the notice."""
    since, until = start_of(from_on), start_of(until_on + timedelta(days=1))
    inspections = list(
        Inspection.objects.filter(
            subtree(area.path, field="area_path"), reported_at__gte=since, reported_at__lt=until
        )
        .select_related("unit", "place")
        .order_by("id")
    )
    findings = list(
        Finding.objects.filter(
            subtree(area.path, field="area_path"), found_at__gte=since, found_at__lt=until
        )
        .exclude(passage__stage="withdrawn")
        .select_related("unit", "passage")
        .order_by("id")
    )
    left = list(
        Finding.objects.filter(
            subtree(area.path, field="area_path"), found_at__lt=since, passage__closed_at=None
        )
        .select_related("passage", "unit")
        .order_by("id")
    )
    known = [*findings, *left]
    state = _states(known, now)
    late = {f.unit_id for f in known if state[f.pk] == "overdue"}
    numbers = [
        _of("inspection", "inspected", inspections),
        _of("inspection", "self_checks", [i for i in inspections if i.kind == "self_check"]),
        Fact("units", len({i.unit_id for i in inspections}), "inspection", _keys(inspections)),
        _of("finding", "found", findings),
        _of("finding", "urgent", [f for f in findings if f.severity == "urgent"]),
        _of("finding", "self_found", [f for f in findings if f.self_found]),
        _of("finding", "repeated", [f for f in findings if f.repeats_id]),
        *(
            _of("finding", key, [f for f in findings if state[f.pk] == key])
            for key in ("in_time", "mended_late", "overdue", "under_way")
        ),
    ]
    return {
        "numbers": {fact.key: fact.plain() for fact in numbers},
        "units": {
            "overdue": _units(f for f in findings if state[f.pk] == "overdue"),
            "left": _units(f for f in left if state[f.pk] == "overdue"),
            "repeated": _units(f for f in findings if f.repeats_id),
            "urgent": _units(f for f in findings if f.severity == "urgent"),
            "good": _good([each for each in inspections if each.unit_id not in late]),
            "self_found": _units(f for f in findings if f.self_found),
        },
        "items": _items(findings),
    }


def _of(what: str, key: str, rows: Iterable[Any]) -> Fact:
    keys = _keys(rows)
    return Fact(key, len(keys), what, keys)


def _keys(rows: Iterable[Any]) -> tuple[int, ...]:
    return tuple(row.pk for row in rows)


def _states(findings: list[Finding], now: datetime) -> Mapping[int, str]:
    """Mended in time or late, overdue, or under way: by the first leg of the unit."""
    first = {
        passage: (due, done)
        for passage, due, done in Handoff.objects.filter(
            passage__in=[f.passage_id for f in findings], stage="found", number=1
        ).values_list("passage_id", "due_at", "done_at")
    }
    found = {}
    for finding in findings:
        due, done = first.get(finding.passage_id, (None, None))
        if done is not None and finding.passage.stage != "found":
            found[finding.pk] = "in_time" if due and done <= due else "mended_late"
        else:
            found[finding.pk] = "overdue" if due and due <= now else "under_way"
    return found


def _units(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Units with their number of findings, the most first."""
    n: Counter[int] = Counter()
    names: dict[int, str] = {}
    rows: dict[int, list[int]] = {}
    for finding in findings:
        n[finding.unit_id] += 1
        names[finding.unit_id] = finding.unit.name
        rows.setdefault(finding.unit_id, []).append(finding.pk)
    return [
        {"unit": unit, "name": names[unit], "n": count, "rows": rows[unit]}
        for unit, count in sorted(n.items(), key=lambda pair: (-pair[1], names[pair[0]]))
    ]


def _good(inspections: list[Inspection]) -> list[dict[str, Any]]:
    """Units that others inspected and found in order, every time.

    Nobody is praised who is late in mending, whenever that was found.
    """
    by_unit: dict[int, list[Inspection]] = {}
    for inspection in inspections:
        if inspection.kind != "self_check" and inspection.score is not None:
            by_unit.setdefault(inspection.unit_id, []).append(inspection)
    good = []
    for unit, rows in by_unit.items():
        if all(row.score >= GOOD_FROM and not row.n_red for row in rows if row.score is not None):
            keys = [row.pk for row in rows]
            good.append({"unit": unit, "name": rows[0].unit.name, "n": len(rows), "rows": keys})
    return sorted(good, key=lambda one: (-one["n"], one["name"]))


def _items(findings: list[Finding]) -> list[dict[str, Any]]:
    """What is found most often."""
    rows: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        rows.setdefault((finding.checklist, finding.item), []).append(finding)
    ranked = sorted(rows.values(), key=lambda some: (-len(some), some[0].pk))
    return [
        {"asked": some[0].asked, "asked_en": some[0].asked_en, "n": len(some),
         "units": len({f.unit_id for f in some}),
         "rows": [f.pk for f in some]}
        for some in ranked[:10]
    ]  # fmt: skip


def visible_to(scope: Scope) -> QuerySet[Notice]:
    """Drafts for those who oversee; signed ones for everybody in the area."""
    codes = {code for _role, path, _unit in scope.posts for code in path.strip("/").split("/")}
    signed = Notice.objects.filter(signed_at__isnull=False, area_id__in=codes).values("pk")
    return Notice.objects.filter(overseen(scope)) | Notice.objects.filter(pk__in=signed)


def rows_behind(notice: Notice, key: str) -> tuple[str, list[int]] | None:
    """The kind and keys of the rows of a number, or of a unit in a list: `found`, `overdue-12`."""
    if key in notice.facts["numbers"]:
        fact = notice.facts["numbers"][key]
        return fact["of"], fact["rows"]
    name, _dash, unit = key.rpartition("-")
    if (
        name == "item"
        and unit.isdecimal()
        and len(unit) < 4
        and int(unit) < len(notice.facts["items"])
    ):
        return "finding", notice.facts["items"][int(unit)]["rows"]
    for one in notice.facts["units"].get(name, []):
        if str(one["unit"]) == unit:
            return ("inspection" if name == "good" else "finding"), one["rows"]
    return None


def first_day(area: Area) -> date | None:
    """Since when there are inspections here."""
    found = Inspection.objects.filter(
        subtree(area.path, field="area_path"), reported_at__isnull=False
    ).aggregate(first=Min("reported_at"))["first"]
    return found.date() if found else None
