"""Parquet twins of a sealed day: the same two orders for DuckDB, Spark and whoever comes later.

Columns are person, place (the store's numbers), s and e (minutes since 1970 on the city's clock)
and kind. A twin is a bundle of its own, whose manifest names the generation that it was made from.
"""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from tongchou.epi.trace import bundles, durable
from tongchou.epi.trace.columns import quoted
from tongchou.epi.trace.day import DAY_MINUTES, Day, Order, Places, unpack
from tongchou.epi.trace.split import number_of
from tongchou.epi.trace.writing import Writer

__all__ = ["ROW_GROUP", "twins_of", "write_twins"]

#: Rows of one row group; measured best for look-ups by place and by person.
ROW_GROUP = 122_880
ORDERS = ("place", "person")


def write_twins(store: Writer, on: date) -> Path:
    """Write `place.parquet` and `person.parquet` of a sealed day; returns their folder.

    Raises
    ------
    ValueError
        For a day that is not sealed, or late: seal it first.
    """
    state = next((s for s in store.states() if s.on == on), None)
    if state is None or state.state != "sealed":
        raise ValueError(f"{on} is {state.state if state else 'not there'}: seal it first")
    day = store.day(on)
    assert day is not None
    shelf = store.folder / "twins"
    found = bundles.generations(shelf, on.isoformat())
    final = shelf / f"{on.isoformat()}.g{found[-1][0] + 1 if found else 1:06}"
    unfinished = shelf / f"{durable.UNFINISHED}{final.name}"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir()
    files = {}
    for name in ORDERS:
        file = unfinished / f"{name}.parquet"
        _write(file, day, name, store.places)
        with file.open("rb+") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            durable.sync(opened)
        files[file.name] = {"type": "|u1", "bytes": file.stat().st_size, "sha256": digest}
    facts = {"on": on.isoformat(), "generation": state.generation, "n_records": day.n_records}
    bundles.write_manifest(unfinished, final.name, facts, files)
    durable.publish(unfinished, final)
    for _, folder in found:
        durable.remove(folder)
    return final


def twins_of(folder: Path, on: date, generation: int) -> Path | None:
    """The folder of a day's twins, where they were made from this generation."""
    path = bundles.newest(folder / "twins").get(on.isoformat())
    if path is None:
        return None
    facts = json.loads((path / bundles.MANIFEST).read_bytes())["facts"]
    return path if facts["generation"] == generation else None


def _write(file: Path, day: Day, name: str, places: Places) -> None:
    order: Order = day.by_place if name == "place" else day.by_person
    other, start, minutes = unpack(order.records)
    person, place = (other, order.keys()) if name == "place" else (order.keys(), other)
    begin = start.astype(np.int32) + np.int32(number_of(day.on) * DAY_MINUTES)
    columns = {
        "person": person,
        "place": place,
        "s": begin,
        "e": begin + minutes,
        "kind": places.kind[place],
    }
    with duckdb.connect() as session:
        session.register("columns_in_hand", columns)
        session.execute(
            f"COPY columns_in_hand TO {quoted(str(file))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )
