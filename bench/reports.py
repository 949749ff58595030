"""The daily reports of a province's counties: a hundred laid out, told in two languages and kept.

Anchor: the statements that the laying out sends, sent again as they are and fetched. What is over
that is making facts, sentences and texts of the rows, and keeping them. The second row is the
promise: a hundred within a minute.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench import Row
from bench.engines import on_each

N_COUNTIES = 99  # and their city: a hundred reports
MINUTE = 60.0
_TIMES = 3


def run(scale: float = 1.0) -> list[Row]:
    """Seconds for all of them, on each engine."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from bench import data
    from bench.data import T0
    from tongchou.areas.models import Area, Level
    from tongchou.reports import actions
    from tongchou.reports.facts import lay_out
    from tongchou.reports.models import Report

    data.N_DISTRICTS, data.N_STREETS, data.N_COMMUNITIES = N_COUNTIES, 6, 4
    data.build(n_open=int(200_000 * scale), n_closed=int(1_000_000 * scale))
    n_cases, n_tasks = _records(int(50_000 * scale), int(10_000 * scale))
    areas = list(Area.objects.filter(level__lte=Level.DISTRICT).order_by("path"))
    on, at = T0.date() - timedelta(days=1), T0
    lay_out(areas, on=on, at=at, now=T0)  # names and definitions are put into words once
    with _sent() as statements:
        lay_out(areas, on=on, at=at, now=T0)
    bare = min(_replayed(statements) for _ in range(_TIMES))
    own = min(_timed(lambda: lay_out(areas, on=on, at=at, now=T0)) for _ in range(_TIMES))
    for area in areas:
        actions.set_duty(area=area, hour=24, by=None, now=T0, from_on=on - timedelta(days=1))
    kept = _timed(lambda: actions.lay_out_due(now=T0 + timedelta(hours=1)))
    n_reports = Report.objects.count()
    size = (
        f"{len(areas)} areas, {int(1_200_000 * scale):,} legs, {n_cases:,} cases, "
        f"{n_tasks:,} tasks; {len(statements)} statements"
    )
    return [
        Row("daily reports: facts of 100 areas", engine, "the same statements, bare",
            round(bare, 3), round(own, 3), round(own / bare, 2), "", "s", size),
        Row("daily reports: laid out and kept", engine, "one minute for a hundred", MINUTE,
            round(100 * kept / n_reports, 3), round(100 * kept / n_reports / MINUTE, 3), "<= 1",
            "s per 100", f"{n_reports} reports of two days in {kept:.1f} s"),
    ]  # fmt: skip


def _timed(do: Any) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


@contextmanager
def _sent() -> Iterator[list[tuple[str, Any]]]:
    """The statements sent while it lasts, with their parameters."""
    from django.db import connection

    statements: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        yield statements


def _replayed(statements: list[tuple[str, Any]]) -> float:
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
    return time.perf_counter() - began


def _records(n_cases: int, n_tasks: int) -> tuple[int, int]:
    """Cases of the last sixty days, and key tasks of every county, under way and done."""
    import numpy as np

    from bench.data import T0
    from tongchou.areas.models import Area, Level
    from tongchou.cases.models import Case
    from tongchou.ledger.models import Passage
    from tongchou.lists.models import Task
    from tongchou.people.models import Person
    from tongchou.staff.models import Unit

    dice = np.random.default_rng(7)
    homes = list(Area.objects.filter(level=Level.COMMUNITY))
    today = T0.date()
    people = Person.objects.bulk_create(
        (Person(area=homes[n % len(homes)], written_at=T0, destroy_on=today + timedelta(days=900))
         for n in range(n_cases)), batch_size=5000,
    )  # fmt: skip
    classes = dice.choice(["confirmed", "asymptomatic", "suspected"], n_cases, p=[0.6, 0.3, 0.1])
    ago = dice.integers(1, 61, n_cases)
    Case.objects.bulk_create(
        (Case(number=f"B-{n}", person=person, disease="covid", area_id=person.area_id,
              area_path=homes[n % len(homes)].path, classification=classes[n],
              reported_on=today - timedelta(days=int(ago[n])), written_at=T0,
              diagnosed_on=today - timedelta(days=int(ago[n])),
              admitted_on=today - timedelta(days=int(ago[n])),
              outcome="recovered" if ago[n] > 20 else "",
              outcome_on=today - timedelta(days=int(ago[n]) - 15) if ago[n] > 20 else None)
         for n, person in enumerate(people)), batch_size=5000,
    )  # fmt: skip
    counties = list(Area.objects.filter(level=Level.DISTRICT))
    unit, issuer = Unit.objects.order_by("pk")[:2]
    made = T0 - timedelta(days=10)
    passages = Passage.objects.bulk_create(
        (Passage(loop="task", stage="in_progress", title=f"T-{n}", opened_at=made,
                 area=counties[n % len(counties)], area_path=counties[n % len(counties)].path)
         for n in range(n_tasks)), batch_size=5000,
    )  # fmt: skip
    Task.objects.bulk_create(
        (Task(number=f"T-{n}", passage=passage, stage="in_progress", goal="当日清零",
              measure="台账为零", due_at=T0 + timedelta(days=int(dice.integers(-5, 10))),
              area_id=passage.area_id, area_path=passage.area_path, unit=unit, issuer=issuer,
              source="own", set_at=made)
         for n, passage in enumerate(passages)), batch_size=5000,
    )  # fmt: skip
    return n_cases, n_tasks
