"""Importing a line list against plain `bulk_create` of as many cases.

The anchor writes the rows and nothing else. The import reads and checks the file, writes a person
for each row, the case, its first classification and the line it came from, starts the loop of every
case still under way, keeps what it refuses, and tells the audit.
"""

import csv
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import Row
from bench.engines import on_each

NOW = datetime(2022, 7, 2, tzinfo=UTC)
PLAIN = "编号,性别,年龄,病例分类,发病日期,采样日期,诊断日期,报告日期,入院日期,医院,转归,转归日期"
NAMED = PLAIN + ",姓名,联系电话,现住址"
DAY = date(2022, 6, 1)


def run(scale: float = 1.0) -> list[Row]:
    """Rows per second, and memory against a tenth of the rows."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from tests import little_city

    city, n = little_city.build(), max(500, int(100_000 * scale))
    _import(city, "W", 500)  # warm: imports, plans, caches
    # The first one also fills SQLite's page cache (64 MB), which is no memory of the import's.
    first, _filled = _import(city, "L0", n)
    _tenth, small = _import(city, "S", n // 10)
    second, large = _import(city, "L1", n)
    seconds = min(first, second)
    anchor = min(_anchor(city, f"A{r}", n) for r in range(2))  # best of two, as above
    named, _peak = _import(city, "N", n, named=True)
    about = f"{n:,} rows, a fifth under way, one in a hundred refused"
    return [
        Row(
            name="import_linelist",
            engine=engine,
            anchor="bulk_create of as many cases",
            anchor_value=n / anchor,
            own_value=n / seconds,
            ratio=anchor / seconds,
            bound=">= 0.333",
            unit="rows/s",
            note=about,
        ),
        Row(
            name="import_linelist, names and phones sealed",
            engine=engine,
            anchor="bulk_create of as many cases, without a name",
            anchor_value=n / anchor,
            own_value=n / named,
            ratio=anchor / named,
            bound="",
            unit="rows/s",
            note="each name, phone and address encrypted and indexed",
        ),
        Row(
            name="import_linelist, memory",
            engine=engine,
            anchor=f"peak with {n // 10:,} rows",
            anchor_value=small,
            own_value=large,
            ratio=large / small,
            bound="<= 1.25",
            unit="MB",
            note=f"private memory of the process with {n:,} rows, page cache filled",
        ),
    ]


def _rows(prefix: str, n: int, *, named: bool) -> Iterator[list[str]]:
    for i in range(n):
        onset = DAY + timedelta(days=i % 25)
        told = onset + timedelta(days=2)
        over = i % 5 != 0
        row = [
            f"{prefix}-{i}",
            "男" if i % 2 else "女",
            str(i % 90) if i % 100 else "x",
            "确诊" if i % 3 else "无症状",
            onset.isoformat(),
            (told - timedelta(days=1)).isoformat(),
            told.isoformat(),
            told.isoformat(),
            told.isoformat(),
            "市第一医院",
            "治愈" if over else "",
            (told + timedelta(days=3)).isoformat() if over else "",
        ]
        yield [*row, f"甲{i}", f"139{i:08}", f"码头街道{i}号"] if named else row


def _import(city: Any, prefix: str, n: int, *, named: bool = False) -> tuple[float, float]:
    """Seconds and peak megabytes of one import from file to store."""
    from tongchou.intake import actions
    from tongchou.intake.fields import Kind
    from tongchou.intake.profiles import load

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow((NAMED if named else PLAIN).split(","))
    writer.writerows(_rows(prefix, n, named=named))
    path = Path(_folder()) / f"{prefix}.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    del text, writer
    with path.open("rb") as file, _peak() as peak:
        before = time.perf_counter()
        of = actions.receive(
            file=file,
            name=path.name,
            profile=load("template"),
            kind=Kind.CASE,
            area=city.city,
            by=city.steward,
            now=NOW,
            keep=False,
        )
        actions.run(of=of, now=NOW, file=file, progress=lambda n_rows: None)
        seconds = time.perf_counter() - before
    assert of.n_read == n == of.n_stored + of.n_refused
    return seconds, peak[0]


def _anchor(city: Any, prefix: str, n: int) -> float:
    """Seconds of `bulk_create` alone; the people are there before the clock starts."""
    from django.db import transaction

    from tongchou.cases.models import Case
    from tongchou.people.models import Person

    people = Person.objects.bulk_create(
        [Person(sex="male", written_at=NOW, destroy_on=DAY) for _i in range(n)], batch_size=2000
    )
    before = time.perf_counter()
    with transaction.atomic():
        Case.objects.bulk_create(
            [
                Case(
                    number=f"{prefix}-{i}",
                    person=person,
                    disease="covid19_omicron",
                    area=city.city,
                    area_path=city.city.path,
                    classification="confirmed",
                    age=i % 90,
                    onset_on=DAY,
                    sampled_on=DAY,
                    diagnosed_on=DAY,
                    reported_on=DAY,
                    admitted_on=DAY,
                    hospital="市第一医院",
                    outcome="recovered",
                    outcome_on=DAY,
                    written_at=NOW,
                )
                for i, person in enumerate(people)
            ],
            batch_size=2000,
        )
    return time.perf_counter() - before


def _folder() -> str:
    from django.conf import settings

    return str(settings.TONGCHOU_DATA)


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The most private memory while the block runs; mapped pages of the database do not count."""
    found, stop = [0.0], threading.Event()

    def watch() -> None:
        while not stop.is_set():
            found[0] = max(found[0], _private())
            stop.wait(0.02)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        stop.set()
        watcher.join()


def _private() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
