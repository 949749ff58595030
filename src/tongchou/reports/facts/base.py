"""What a fact of a report is, and how most of them are counted: one query for many areas at once.

A measure is a queryset. Its count is the number in the report, and the page behind the number
lists the same rows: there is no second definition that could drift from the first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Substr
from django.utils import timezone, translation

from tongchou.areas.models import Area, subtree
from tongchou.reports import rights
from tongchou.staff import reach
from tongchou.staff.models import Unit

WINDOW = timedelta(hours=24)
#: No report begins earlier; what lies further back was a pause, and no change of hour.
LONGEST = timedelta(days=8)
NOON = timedelta(hours=12)
LANGUAGES = {"zh": "zh-hans", "en": "en"}


class State(StrEnum):
    """Whether a number can be relied on. What is not known is never written as zero."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Said:
    """The same in both languages, so that a report can be read in either years later."""

    zh: str
    en: str

    def in_(self, language: str | None) -> str:
        return self.zh if (language or "").startswith("zh") else self.en


def both(say: Callable[[], object]) -> Said:
    """Say it once in each language."""
    found = {}
    for name, language in LANGUAGES.items():
        with translation.override(language):
            found[name] = str(say())
    return Said(**found)


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a number, by a code and its name."""

    key: str
    value: int
    name: Said


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its time, its definition, the way to its rows, and the sentence it is told by.

    `since` is where a number of a span begins; None where it is how things stood at `at`.
    """

    key: str
    section: str
    value: float | int | None
    at: datetime
    name: Said
    definition: Said
    said: Said
    link: str
    state: State = State.KNOWN
    since: datetime | None = None
    before: float | int | None = None
    parts: tuple[Part, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ground:
    """Whose facts, and at which moment: areas whose paths are equally long, or units.

    A report begins where the one before it ended: after 24 hours, or when its hour was changed
    after more or fewer. What has a day and no hour belongs to the report whose hours hold the noon
    of that day. So each day is counted once, whatever hour the reports are true at.

    An area that others were merged into has a ground of its own, with their paths.
    """

    at: datetime
    areas: tuple[Area, ...] = ()
    units: tuple[Unit, ...] = ()
    begins: datetime | None = None
    merged: tuple[str, ...] = ()

    @property
    def since(self) -> datetime:
        return self.at - WINDOW if self.begins is None else self.begins

    @property
    def hours(self) -> float:
        return (self.at - self.since) / timedelta(hours=1)

    @property
    def day(self) -> date:
        """The last day whose noon lies before `at`."""
        return timezone.localdate(self.at - NOON)

    @property
    def day_before(self) -> date:
        """The last day that the report before held."""
        return timezone.localdate(self.since - NOON)

    def holds(self, column: str) -> Q:
        """Rows whose day is one of this report."""
        return Q(**{f"{column}__gt": self.day_before, f"{column}__lte": self.day})

    @cached_property
    def keys(self) -> dict[Any, Area | Unit]:
        """What rows are grouped by: a path, or the key of a unit."""
        if self.units:
            return {unit.pk: unit for unit in self.units}
        return {area.path: area for area in self.areas}

    def inside(self, path: str) -> Q:
        """One range of the index on paths; what lies between two areas falls out by its key."""
        if self.merged:
            found = subtree(self.areas[0].path, field=path)
            for each in self.merged:
                found |= subtree(each, field=path)
            return found
        low, high = min(a.path for a in self.areas), max(a.path for a in self.areas)
        return Q(**{f"{path}__gte": low, f"{path}__lt": high[:-1] + "0"})

    def ago(self, span: timedelta) -> "Ground":
        return replace(self, at=self.at - span, begins=None)


Begins = Mapping[Any, datetime]


def grounds(
    owners: Iterable[Area | Unit], at: datetime, begins: Begins | None = None
) -> list[Ground]:
    """Whose facts are counted together, so that each batch is one query.

    Units; areas with paths of one length; each only with those that begin at the same moment.
    """
    every, begins = list(owners), begins or {}
    merged = reach.merged_into(owner for owner in every if isinstance(owner, Area))
    batches: dict[Any, list[Any]] = {}
    for owner in every:
        kind = 0 if isinstance(owner, Unit) else len(owner.path)
        alone = owner.pk if kind and owner.pk in merged else None
        batches.setdefault((kind, alone, begins.get(owner)), []).append(owner)
    return [
        Ground(at, areas=tuple(group), begins=since, merged=merged.get(alone, ()))
        if kind
        else Ground(at, units=tuple(group), begins=since)
        for (kind, alone, since), group in batches.items()
    ]


@dataclass(frozen=True)
class Measure:
    """A number that is the count of some rows.

    Parameters
    ----------
    rows
        The rows of everybody at a ground's moment.
    one, none
        The sentence: `one` an `ngettext_lazy` of `n` that takes `%(n)s` and `%(more)s`; `none`
        where there is nothing, or empty where that is not worth a sentence.
    path, unit
        The columns that say whose a row is; without `unit` no department has this number.
    split, names
        The column a number is split by, and the names of its values.
    flow
        Of the hours of the report; otherwise how it stood at the moment.
    total
        A column to be added up instead of counting rows.
    roles
        Who may see the rows, by the rights of the room whose they are. The count stands in the
        report for everybody who reads it. Cases, contacts, quarantine and hand-offs are seen by
        whoever has a post in the area.
    compared
        Whether the sentence says how it was 24 hours before.
    """

    key: str
    section: str
    name: Any
    definition: Any
    rows: Callable[[Ground], QuerySet[Any]]
    one: Any
    none: Any = ""
    path: str = "area_path"
    unit: str = ""
    split: str = ""
    names: Callable[[Any], Any] = str
    flow: bool = False
    total: str = ""
    roles: frozenset[str] = rights.SEE
    compared: bool = True

    def of(self, ground: Ground) -> QuerySet[Any]:
        """The rows of the areas or units of a ground, with `whose` they are."""
        rows = self.rows(ground)
        if ground.units:
            return rows.filter(**{f"{self.unit}__in": ground.units}).annotate(whose=F(self.unit))
        if ground.merged:  # all of it is this one area's
            whose = Value(ground.areas[0].path)
            return rows.filter(ground.inside(self.path)).annotate(whose=whose)
        length = len(ground.areas[0].path)
        return rows.filter(ground.inside(self.path)).annotate(whose=Substr(self.path, 1, length))

    def count(self, ground: Ground) -> dict[Any, dict[Any, int]]:
        """For each area or unit the number of each part; one query."""
        columns = ["whose", self.split] if self.split else ["whose"]
        number = Sum(self.total) if self.total else Count("pk")
        rows = self.of(ground).order_by().values_list(*columns).annotate(n=number).order_by()
        found: dict[Any, dict[Any, int]] = {key: {} for key in ground.keys}
        for whose, *part, n in rows:
            if whose in found:
                found[whose][part[0] if part else ""] = int(n or 0)
        return found
