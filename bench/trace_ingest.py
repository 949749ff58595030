"""Ingest, sort and seal one day of visits against a plain write and sort of as many numbers.

36 M visits of 10 M people, about 46 M records once cut at midnight, everybody new to the store. The
anchor writes a u64 per record to the same disk, synced, and sorts them in memory. Ours checks each
visit, numbers the people, writes the journal, sorts three orders, merges, hashes and syncs.

Floor: 12 B per record into the journal and 24 B into the sealed day, at the disk's speed, and ten
passes over memory.
"""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import numpy as np

from bench import Row, city_visits
from tongchou.epi.trace import bundles
from tongchou.epi.trace.checks import Refusals
from tongchou.epi.trace.day import Visits
from tongchou.epi.trace.keys import decimal
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.reading import Read
from tongchou.epi.trace.split import number_of
from tongchou.epi.trace.writing import Writer, writing
from tongchou.kit.compiled import warm_up

N_PEOPLE = 10_000_000
#: The goal that the project set itself: so many visits in so many seconds.
GOAL_VISITS, GOAL_SECONDS = 36_000_000, 15.0


def run(scale: float = 1.0) -> list[Row]:
    """Seconds from the arrays of one day to its sealed files."""
    warm_up()
    plan = city_visits.Plan(n_people=max(int(N_PEOPLE * scale), 1000), n_days=2)
    with tempfile.TemporaryDirectory() as folder:
        return _measure(plan, Path(folder))


def _measure(plan: city_visits.Plan, folder: Path) -> list[Row]:
    read, visits_a_day = _second_day(plan)
    n = read.n_read
    on = city_visits.FIRST_DAY + timedelta(days=1)
    with writing(folder / "visits", who="the benchmark") as store:
        _put_places(store, plan, read)
        before = time.perf_counter()
        receipt = store.ingest("the day", read)
        ingested = time.perf_counter() - before
        assert receipt.n_taken == n
        del read
        before = time.perf_counter()
        store.seal(on)
        sealed = time.perf_counter() - before
        before = time.perf_counter()
        store.tidy()
        tidied = time.perf_counter() - before
        state = store.states()[0]
        assert state.n_in == n == state.n_sealed + state.n_merged
        before = time.perf_counter()
        proof = verify(store.folder)
        proved = time.perf_counter() - before
        assert not proof.faults
        size = sum(f.stat().st_size for p in _days(folder) for f in p.iterdir())
    seconds = ingested + sealed
    written, sorted_ = _anchor(folder, n)
    goal = GOAL_SECONDS * visits_a_day / GOAL_VISITS
    about = f"{visits_a_day:,} visits, {n:,} records, {plan.n_people:,} people"
    return [
        Row(
            name="trace_ingest: one day, arrays to sealed files",
            engine="numba",
            anchor="plain write of a u64 per record, synced, and np.sort of them",
            anchor_value=written + sorted_,
            own_value=seconds,
            ratio=seconds / (written + sorted_),
            bound="",
            unit="s",
            note=f"{about}; ingest {ingested:.1f} s, seal {sealed:.1f} s; "
            f"{n / seconds / 1e6:.1f} M records/s; then a checkpoint of all keys "
            f"{tidied:.1f} s, proving it all {proved:.1f} s; "
            f"anchor writes in {written:.1f} s, sorts in {sorted_:.1f} s",
        ),
        Row(
            name="trace_ingest: the goal",
            engine="numba",
            anchor="15 s for 36 M visits, in proportion",
            anchor_value=goal,
            own_value=seconds,
            ratio=seconds / goal,
            # a small day is mostly what every day costs once
            bound="<= 1" if n > 1_000_000 else "",
            unit="s",
            note=about,
        ),
        Row(
            name="trace_ingest: bytes of a sealed day",
            engine="numba",
            anchor="three orders of 8 bytes",
            anchor_value=24.0,
            own_value=size / n,
            ratio=size / n / 24,
            bound="<= 1.5",
            unit="B/record",
            note=f"{size / visits_a_day:.1f} B per visit; offsets, slack and manifest included",
        ),
    ]


def _second_day(plan: city_visits.Plan) -> tuple[Read, int]:
    """The second day, with what runs over from the first; and how many visits begin in it."""
    *_, (on, person, place, start, minutes) = city_visits.days(plan)
    places = city_visits.places(plan)
    n = person.size
    since = number_of(on) * 1440
    visits = Visits(person, place, since + start.astype(np.int64), minutes.astype(np.int32))
    keys = np.random.default_rng(5).integers(10**18, 9 * 10**18, plan.n_people)
    read = Read(
        visits=visits,
        lines=np.arange(1, n + 1),
        file=np.zeros(n, np.uint16),
        places=places,
        people=decimal(np.unique(keys)[: plan.n_people]),
        place_keys=decimal(np.arange(plan.n_places)),
        refusals=Refusals.none(),
        n_read=n,
        n_other_kind=0,
    )
    assert len(read.people) == plan.n_people
    return read, int((start > 0).sum())


def _put_places(store: Writer, plan: city_visits.Plan, read: Read) -> None:
    places = read.places
    store.put_places(
        read.place_keys, places.kind, places.longitude, places.latitude, places.shared_room
    )


def _days(folder: Path) -> list[Path]:
    return list(bundles.newest(folder / "visits" / "days").values())


def _anchor(folder: Path, n: int) -> tuple[float, float]:
    numbers = np.random.default_rng(1).integers(0, 1 << 62, n, dtype=np.uint64)
    before = time.perf_counter()
    with (folder / "plain").open("wb") as file:
        numbers.tofile(file)
        file.flush()
        os.fsync(file.fileno())
    written = time.perf_counter() - before
    before = time.perf_counter()
    numbers.sort()
    return written, time.perf_counter() - before
