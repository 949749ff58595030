"""Activating a city against the bare SQL UPDATE of as many deadlines, and readers meanwhile.

Floor: each deadline that moves is one row version and its entries in three partial indexes; nothing
is faster than one UPDATE with its commit. The bare one moves every open leg by a constant; ours
looks up each stage's allowance, skips the stages that stay, closes gaps that are no longer due, and
keeps the record. Both are counted per leg that moved.
"""

import threading
import time
from datetime import timedelta
from statistics import median
from typing import Any

from bench import Row
from bench.engines import on_each

ROUNDS = 3


def run(scale: float = 1.0) -> list[Row]:
    """Seconds for a city with a million open legs, and the slowest read meanwhile."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from bench import data

    n_open = int(1_000_000 * scale)
    city = data.build(n_open=n_open, n_closed=n_open)
    bare, own, whole, reads = [], [], [], []
    n_moved = 0
    for turn in range(ROUNDS):  # alternating, so that a busy minute slows both
        _tidy()
        with Reader(city) as reader:
            seconds, n_moved = _activate("peace" if turn % 2 else "war", turn)
        own.append(seconds / n_moved)
        whole.append(seconds)
        reads.append(reader.slowest())
        _tidy()
        seconds, n_rows = _bare_update(turn)
        bare.append(seconds / n_rows)
    return [
        Row(
            name="activation",
            engine=engine,
            anchor="bare UPDATE of every open leg, and commit",
            anchor_value=min(bare) * 1e6,
            own_value=min(own) * 1e6,
            ratio=min(own) / min(bare),
            bound="<= 2",
            unit="µs per leg moved",
            note=f"{n_open:,} open legs, {n_moved:,} move in {min(whole):.1f} s; best of {ROUNDS}",
        ),
        Row(
            name="activation: slowest read meanwhile",
            engine=engine,
            anchor="the activation itself: a blocked reader waits as long",
            anchor_value=median(whole),
            own_value=median(reads),
            ratio=median(reads) / median(whole),
            # where the activation takes a moment only, the machine's own jitter is as long
            bound="<= 0.1" if scale >= 0.5 else "",
            unit="s",
            note="one unit's inbox, read again and again on a connection of its own",
        ),
    ]


def _activate(tempo: str, turn: int) -> tuple[float, int]:
    from bench.data import CITY, T0
    from tongchou.areas.models import Area
    from tongchou.command.actions import activate

    area = Area.objects.get(pk=CITY)
    before = time.perf_counter()
    done = activate(area=area, tempo=tempo, by=None, now=T0 + timedelta(minutes=turn))
    return time.perf_counter() - before, done.n_legs


def _bare_update(turn: int) -> tuple[float, int]:
    """The least that gives every open leg of the city another deadline."""
    from django.db import connection, transaction

    from bench.data import CITY

    later = f"datetime(timed_from, '+{turn + 1} minutes')"
    if connection.vendor == "postgresql":
        later = f"timed_from + interval '{turn + 1} minutes'"
    before = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE ledger_handoff SET due_at = {later} "
            "WHERE done_at IS NULL AND area_path >= %s AND area_path < %s",
            [f"{CITY}/", f"{CITY}0"],
        )
        n_rows = cursor.rowcount
    return time.perf_counter() - before, n_rows


def _tidy() -> None:
    """Dead rows and the log of the last round are not this round's."""
    from django.db import connection

    statement = "VACUUM ledger_handoff"
    if connection.vendor == "sqlite":
        statement = "PRAGMA wal_checkpoint(TRUNCATE)"
    with connection.cursor() as cursor:
        cursor.execute(statement)


class Reader:
    """Reads an inbox in a thread until the block ends; how long each read took."""

    def __init__(self, city: Any) -> None:
        self.unit = city.units["transport"][0][1]
        self.took: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def __enter__(self) -> "Reader":
        self._thread.start()
        while not self.took:  # connected and warm
            time.sleep(0.01)
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self._thread.join()

    def slowest(self) -> float:
        return max(self.took[1:] or self.took)

    def _read(self) -> None:
        from django.db import connection

        from tongchou.ledger import queries

        statement, values = queries.inbox({self.unit})[:50].query.sql_with_params()
        with connection.cursor() as cursor:
            while not self._stop.is_set():
                before = time.perf_counter()
                cursor.execute(statement, values)
                cursor.fetchall()
                self.took.append(time.perf_counter() - before)
                time.sleep(0.02)
        connection.close()
