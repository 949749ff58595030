"""The gap board (断点看板): what came due and was not done, oldest first, in one area.

Numbers come from the last tally and say when; the list is read live. A page is found in two
steps, the keys from an index alone and then their rows, so that its cost does not grow with what
lies behind it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, F, Func, Min, QuerySet, Sum
from django.urls import reverse

from tongchou.areas.models import Area, Level, subtree
from tongchou.areas.queries import children
from tongchou.command import tallying
from tongchou.command.models import AGE_FROM_HOURS, Age, GapTally, TallyRun
from tongchou.ledger import registry, turns
from tongchou.ledger.models import Gap, Rung
from tongchou.shell.paging import Page, keyset
from tongchou.staff.roles import Role

ORDER = ("opened_at", "id")
SIZE = 30
FACETS = ("rung", "owner", "loop", "age")


@dataclass(frozen=True)
class Wanted:
    """What the board is narrowed to; empty means everything in the area."""

    rung: int | None = None
    owner: str = ""
    loop: str = ""
    stage: str = ""
    age: int | None = None

    def without(self, *names: str) -> "Wanted":
        blank: dict[str, Any] = {"rung": None, "owner": "", "loop": "", "stage": "", "age": None}
        return replace(self, **{name: blank[name] for name in names})

    @property
    def equal(self) -> dict[str, Any]:
        """The filters that are one value of one column, for `.filter()`."""
        given = {"rung": self.rung, "owner": self.owner, "loop": self.loop, "stage": self.stage}
        return {name: value for name, value in given.items() if value not in ("", None)}


@dataclass(frozen=True)
class Choice:
    """One filter a reader may set, with the gaps it would show."""

    value: Any
    label: Any
    n: int
    chosen: bool
    query: str  # of the address that sets it, or takes it back where it is chosen


@dataclass(frozen=True)
class Part:
    """An area below, with its gaps."""

    area: Area
    n: int
    url: str


@dataclass(frozen=True)
class Counts:
    """How many gaps there are, by every filter; `at` None is: not counted yet, and not zero."""

    at: datetime | None
    total: int
    oldest_at: datetime | None
    facets: Mapping[str, tuple[Choice, ...]]
    stages: tuple[Choice, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap as the board shows it: what, where, who answers, what to do."""

    pk: int
    loop: str
    stage: str
    owner: str
    rung: int
    area_path: str
    opened_at: datetime
    due_at: datetime
    passage: int
    title: str
    unit: str | None
    phone: str | None
    holder: str | None
    area_name: str
    words: "Words"

    @property
    def rung_label(self) -> str:
        return str(Rung(self.rung).label)

    @property
    def page(self) -> str:
        return self.words.page.replace("/0/", f"/{self.passage}/")


@dataclass(frozen=True, slots=True)
class Words:
    """What all gaps of one stage share, put into words once for a page."""

    loop: str
    stage: str
    owner: str
    ways: str  # what would close it: the outcomes that the loop allows here
    page: str  # of a subject, with 0 in the place of its passage


# As tuples and not as objects: fifty gaps with their legs, passages and units would be 200 of them.
_COLUMNS = (
    "pk",
    "loop",
    "stage",
    "owner",
    "rung",
    "area_path",
    "opened_at",
    "handoff__due_at",
    "handoff__passage_id",
    "handoff__passage__title",
    "handoff__unit__name",
    "handoff__unit__phone",
    "unit__name",
    "handoff__passage__area__name",
)


# --- counts ------------------------------------------------------------------------------------

Cell = tuple[str, str, str, int, int, int, datetime]  # loop, stage, owner, rung, age, n, oldest


def counts(area: Area, wanted: Wanted, *, now: datetime) -> Counts:
    """The numbers beside every filter, each with the other filters applied."""
    every, at = cells(area, now)
    shown = [cell for cell in every if _fits(cell, wanted)]
    return Counts(
        at=at,
        total=sum(cell[5] for cell in shown),
        oldest_at=min((cell[6] for cell in shown), default=None),
        facets={
            "rung": _choices(every, wanted, "rung", 3, Rung.choices),
            "owner": _choices(every, wanted, "owner", 2, Role.choices),
            "loop": _choices(
                every, wanted, "loop", 0, [(r.loop.name, r.label) for r in registry.every()]
            ),
            "age": _choices(every, wanted, "age", 4, Age.choices),
        },
        stages=_stage_choices(every, wanted),
        parts=_parts(area, wanted) if area.level < Level.STREET else (),
    )


def cells(area: Area, now: datetime) -> tuple[list[Cell], datetime | None]:
    """The gaps of an area by every column: from the tally down to the street, below it live."""
    columns = ("loop", "stage", "owner", "rung", "age")
    if area.level <= Level.STREET:
        at = TallyRun.objects.order_by("-at").values_list("at", flat=True).first()
        rows = GapTally.objects.filter(area=area).values_list(*columns, "n", "oldest_at")
        return list(rows), at
    gaps = Gap.objects.filter(subtree(area.path, field="area_path"), closed_at=None)
    live = (
        gaps.annotate(age=tallying.age_case(now))
        .values_list(*columns)
        .annotate(n=Count("id"), oldest=Min("opened_at"))
        .order_by()
    )
    return list(live), now


def _fits(cell: Cell, wanted: Wanted) -> bool:
    loop, stage, owner, rung, age, _n, _oldest = cell
    return (
        (not wanted.loop or loop == wanted.loop)
        and (not wanted.stage or stage == wanted.stage)
        and (not wanted.owner or owner == wanted.owner)
        and (wanted.rung is None or rung == wanted.rung)
        and (wanted.age is None or age == wanted.age)
    )


def _choices(
    cells: list[Cell], wanted: Wanted, name: str, place: int, choices: Any
) -> tuple[Choice, ...]:
    others = wanted.without(name, "stage") if name == "loop" else wanted.without(name)
    found: Counter[Any] = Counter()
    for cell in cells:
        if _fits(cell, others):
            found[cell[place]] += cell[5]
    now = getattr(wanted, name)
    return tuple(
        Choice(value, label, found[value], value == now, _query(wanted, name, value, now))
        for value, label in choices
        if found[value] or value == now
    )


def _query(wanted: Wanted, name: str, value: Any, now: Any) -> str:
    """The address with this filter set, or without it where it is set already."""
    given = {each: getattr(wanted, each) for each in ("rung", "age", "owner", "loop", "stage")}
    given[name] = None if value == now else value
    if name == "loop":
        given["stage"] = ""
    return "?" + urlencode({key: v for key, v in given.items() if v not in ("", None)})


def _stage_choices(cells: list[Cell], wanted: Wanted) -> tuple[Choice, ...]:
    """The stages of the chosen loop."""
    if not wanted.loop:
        return ()
    stages = [(row.stage, registry.stage_label(wanted.loop, row.stage)) for row in _loop(wanted)]
    return _choices(cells, wanted, "stage", 1, stages)


def _loop(wanted: Wanted) -> Any:
    known = {item.loop.name: item.loop for item in registry.every()}
    return known.get(wanted.loop, ())


def _parts(area: Area, wanted: Wanted) -> tuple[Part, ...]:
    tallied = GapTally.objects.filter(area__parent=area, **wanted.equal)
    if wanted.age is not None:
        tallied = tallied.filter(age=wanted.age)
    found = dict(tallied.values_list("area").annotate(n=Sum("n")).order_by())
    query = urlencode({**wanted.equal, **({} if wanted.age is None else {"age": wanted.age})})
    parts = [
        Part(
            each,
            found.get(each.pk, 0),
            reverse("command:board", args=[each.pk]) + (f"?{query}" if query else ""),
        )
        for each in children(area)
    ]
    return tuple(sorted(parts, key=lambda part: -part.n))


# --- the list ----------------------------------------------------------------------------------


def page(area: Area, wanted: Wanted, *, query: Any, now: datetime, size: int = SIZE) -> Page[Any]:
    """One page of the board, oldest first."""
    keys: Page[Any] = keyset(
        gaps(area, wanted, now=now).only(*ORDER), order=ORDER, query=query, size=size
    )
    return replace(keys, rows=rows([gap.pk for gap in keys.rows]))


def gaps(area: Area, wanted: Wanted, *, now: datetime) -> QuerySet[Gap]:
    """The open gaps of the area that the filters leave."""
    # Many gaps: walk the oldest and take those of the area as they come. Few: take those of the
    # area, whatever else is asked of them. SQLite would choose the other way round.
    many = area.level <= Level.DISTRICT
    found = Gap.objects.filter(closed_at=None)
    if many:
        found = found.filter(**wanted.equal)
        found, place = _unindexed(found, "area_path")
        return _of_age(found, "opened_at", wanted, now).filter(subtree(area.path, field=place))
    found = found.filter(subtree(area.path, field="area_path"))
    for name, value in wanted.equal.items():
        found, hidden = _unindexed(found, name)
        found = found.filter(**{hidden: value})
    return _of_age(*_unindexed(found, "opened_at"), wanted, now)


def _unindexed(found: QuerySet[Gap], name: str) -> tuple[QuerySet[Gap], str]:
    """A name for a column whose indexes SQLite is not to use; PostgreSQL has its own judgement."""
    if connection.vendor != "sqlite":
        return found, name
    hidden = f"unindexed_{name}"
    return found.alias(**{hidden: Func(F(name), template="+%(expressions)s")}), hidden


def _of_age(found: QuerySet[Gap], opened: str, wanted: Wanted, now: datetime) -> QuerySet[Gap]:
    if wanted.age is None:
        return found
    newest, oldest = _span(Age(wanted.age), now)
    found = found.filter(**{f"{opened}__lte": newest})
    return found.filter(**{f"{opened}__gt": oldest}) if oldest else found


def _span(age: Age, now: datetime) -> tuple[datetime, datetime | None]:
    older = Age(age + 1) if age + 1 in Age.values else None
    newest = now - timedelta(hours=AGE_FROM_HOURS[age])
    return newest, now - timedelta(hours=AGE_FROM_HOURS[older]) if older else None


def rows(keys: list[int]) -> list[GapRow]:
    """The gaps with these keys, in their order, with all that a reader needs to act."""
    found: dict[int, tuple[Any, ...]] = {
        cells[0]: cells for cells in Gap.objects.filter(pk__in=keys).values_list(*_COLUMNS)
    }
    words: dict[tuple[str, str], Words] = {}
    shown = []
    for cells in (found[key] for key in keys if key in found):
        stage = cells[1], cells[2]
        if stage not in words:
            words[stage] = _words(*stage)
        row: tuple[Any, ...] = (*cells, words[stage])
        shown.append(GapRow(*row))
    return shown


def _words(loop: str, stage: str) -> Words:
    awaited = registry.get(loop).at(stage)
    outcomes = awaited.to if awaited else ()
    owner = awaited.owner if awaited else ""
    return Words(
        loop=str(registry.registered(loop).label),
        stage=str(registry.stage_label(loop, stage)),
        owner=str(Role(owner).label) if owner in Role.values else owner,
        ways=" / ".join(str(registry.stage_label(loop, to)) for to in outcomes),
        page=turns.page_of(loop, 0),
    )


def held_by(units: frozenset[int]) -> QuerySet[Gap]:
    """The open gaps that have climbed to these units."""
    return Gap.objects.filter(unit_id__in=units, closed_at=None)


def held_page(units: frozenset[int], *, query: Any, size: int = SIZE) -> Page[Any]:
    """One page of what has climbed to these units, oldest first."""
    keys: Page[Any] = keyset(held_by(units).only(*ORDER), order=ORDER, query=query, size=size)
    return replace(keys, rows=rows([gap.pk for gap in keys.rows]))


def n_held(units: frozenset[int], *, at_most: int = 100) -> int:
    """How many gaps have climbed to these units, counted no further than `at_most`."""
    return len(held_by(units).values_list("pk")[:at_most]) if units else 0


def as_cells(found: QuerySet[Gap]) -> Iterator[tuple[Any, ...]]:
    """The gaps as rows of a file, some hundred at a time."""
    keys = found.values_list("pk", flat=True).iterator(chunk_size=5000)
    while chunk := list(islice(keys, 500)):
        for row in rows(chunk):
            yield (
                row.opened_at,
                row.words.loop,
                row.words.stage,
                row.title,
                row.area_name,
                row.words.owner,
                row.unit,
                row.phone,
                row.rung_label,
                row.holder,
            )
