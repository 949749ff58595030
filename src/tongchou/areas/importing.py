"""Writing lists of divisions, and boundaries, into the tree. Running it again changes nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tongchou.areas import codes, lists
from tongchou.areas.models import Area, Boundary
from tongchou.areas.successors import SUCCESSORS
from tongchou.records import audit

_FACTS = ("name_en", "longitude", "latitude", "population", "households")


@dataclass(slots=True)
class Imported:
    """How an import reconciles: rows read = rows stored + rows refused."""

    n_read: int = 0
    n_stored: int = 0
    n_new: int = 0
    n_changed: int = 0
    refusals: list[lists.Refusal] = field(default_factory=list)

    @property
    def line(self) -> str:
        return f"{self.n_read} read = {self.n_stored} stored + {len(self.refusals)} refused"


@transaction.atomic
def import_lists(
    *, files: Iterable[tuple[str, bytes]], by: Any, now: datetime, dry_run: bool = False
) -> Imported:
    """Store every area of the lists; an area already there takes what the lists say of it.

    `dry_run` counts the same and writes nothing.
    """
    reading = lists.read(files)
    result = Imported(n_read=reading.n_read, refusals=reading.refusals)
    present = Area.objects.in_bulk()
    _refuse_nameless(reading, present)
    with_parents = _with_parents(reading.entries, present)
    new, changed = [], []
    for entry in lists.iterate(with_parents):
        result.n_stored += entry.lines
        area = present.get(entry.code)
        if area is None:
            present[entry.code] = area = _area(entry)
            new.append(area)
        elif entry.lines and _differs(area, entry):
            changed.append(area)
    result.n_new, result.n_changed = len(new), len(changed)
    if dry_run:
        return result
    Area.objects.bulk_create(new, batch_size=2000)  # parents first: the key is checked at the end
    Area.objects.bulk_update(changed, ["name", "ended_on", *_FACTS], batch_size=500)
    _lead_on(now)
    if new or changed:
        audit.record(
            verb="areas.import",
            subject="areas",
            by=by,
            now=now,
            detail={"line": result.line, "new": len(new), "changed": len(changed)},
        )
    return result


def _refuse_nameless(reading: lists.Reading, present: dict[str, Area]) -> None:
    """Refuse counts of an area that nobody has named yet: there would be nothing to show."""
    for code, entry in list(reading.entries.items()):
        if not entry.name and code not in present:
            del reading.entries[code]
            file, line, column = entry.where
            reason = f"no area {code} is known; import the list that names it first"
            reading.refusals += [lists.Refusal(file, line, column, code, reason)] * entry.lines


def _with_parents(
    entries: dict[str, lists.Entry], present: dict[str, Area]
) -> dict[str, lists.Entry]:
    """The entries and every area above them that no list has named: it is called by its code."""
    whole = dict(entries)
    for code in entries:
        above = codes.parent_of(code)
        while above and above not in whole and above not in present:
            whole[above] = lists.Entry(above, above, lines=0)
            above = codes.parent_of(above)
    return whole


def _area(entry: lists.Entry) -> Area:
    area = Area(
        code=entry.code,
        name=entry.name,
        level=codes.level_of(entry.code),
        parent_id=codes.parent_of(entry.code) or None,
        path=codes.path_of(entry.code),
        ended_on=entry.ended_on,
    )
    for key, value in entry.facts.items():
        setattr(area, key, value)
    return area


def _differs(area: Area, entry: lists.Entry) -> bool:
    """Take over what the entry says; whether that changed anything.

    A list of the past does not rename an area that goes on, nor bring back one that ended.
    """
    wanted: dict[str, Any] = dict(entry.facts)
    if entry.ended_on is None:
        wanted["name"] = entry.name or area.name
    elif area.name == area.code:
        wanted |= {"name": entry.name, "ended_on": entry.ended_on}
    before = {key: getattr(area, key) for key in wanted}
    for key, value in wanted.items():
        setattr(area, key, value)
    return before != wanted


def _lead_on(now: datetime) -> None:
    """Point ended codes at their successors, where both are in the tree."""
    for ended, (successor, last_day) in SUCCESSORS.items():
        if Area.objects.filter(code=successor).exists():
            Area.objects.filter(code=ended, successor=None).update(
                successor_id=successor, ended_on=last_day
            )


@transaction.atomic
def import_boundaries(*, files: Iterable[tuple[str, bytes]], by: Any, now: datetime) -> Imported:
    """Store the outlines of known areas from GeoJSON; properties `adcode` or `code` name them."""
    result = Imported()
    for name, content in files:
        for number, feature in enumerate(_features(name, content), 1):
            result.n_read += 1
            reason = _store_boundary(feature, result)
            if reason:
                facts = feature.get("properties") or {}
                code = str(facts.get("adcode") or facts.get("code") or "")
                result.refusals.append(lists.Refusal(name, number, "adcode", code, reason))
            else:
                result.n_stored += 1
    if result.n_new or result.n_changed:
        audit.record(
            verb="areas.boundaries",
            subject="areas",
            by=by,
            now=now,
            detail={"line": result.line},
        )
    return result


def _features(name: str, content: bytes) -> list[dict[str, Any]]:
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise lists.NoList(f"{name}: not a GeoJSON FeatureCollection ({error})") from error
    return list(features)


def _store_boundary(feature: dict[str, Any], result: Imported) -> str:
    facts = feature.get("properties") or {}
    try:
        code = codes.normalise(str(facts.get("adcode") or facts.get("code") or ""))
    except codes.WrongCode as error:
        return str(error)
    geometry = feature.get("geometry") or {}
    try:
        points = list(_points(geometry))
    except (TypeError, ValueError, IndexError, KeyError):
        points = []
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not points:
        return "the geometry is no Polygon or MultiPolygon of numbers"
    if any(abs(x) > 180 or abs(y) > 90 for x, y in points):
        return "the points are no longitudes and latitudes in degrees; export it as WGS 84"
    if not Area.objects.filter(pk=code).exists():
        return f"no area {code} is known; import the list that names it first"
    east_west, north_south = zip(*points, strict=True)
    box = {
        "west": min(east_west),
        "east": max(east_west),
        "south": min(north_south),
        "north": max(north_south),
    }
    before = Boundary.objects.filter(pk=code).first()
    if before and before.geometry == geometry:
        return ""
    Boundary.objects.update_or_create(pk=code, defaults={"geometry": geometry, **box})
    result.n_changed += before is not None
    result.n_new += before is None
    return ""


def _points(geometry: dict[str, Any]) -> Iterable[tuple[float, float]]:
    parts = geometry.get("coordinates") or []
    if geometry.get("type") == "Polygon":
        parts = [parts]
    return ((float(p[0]), float(p[1])) for polygon in parts for ring in polygon for p in ring)
