"""A day out of its sealed generation and what came since: the same for reading and for sealing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.trace import bundles, sorting
from tongchou.epi.trace.bundles import Bundle
from tongchou.epi.trace.day import U32, U64, Day, Order, Places, n_cells, orders_of
from tongchou.epi.trace.split import Pieces, number_of

__all__ = ["Built", "build", "orders", "seal", "slack"]

_ORDERS = ("place", "person", "cell")


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A day and its counts: `n_in == day.n_records + n_merged`.

    Parameters
    ----------
    n_in
        Records that ever came in for this day.
    n_merged
        Of these, how many were part of a longer or equal stay of the same person at that place.
    n_elsewhere
        Records that begin while their person is at another place; kept.
    """

    day: Day
    n_in: int
    n_merged: int
    n_elsewhere: int


def build(
    on: date, sealed: Bundle | None, pending: Sequence[Pieces], places: Places, n_people: int
) -> Built:
    """All that is known of a day, sorted and merged, in memory."""
    offsets, rows, counts = _merged(sealed, pending, n_people)
    day = Day.of_rows(on, offsets, rows, len(places), places.cell)
    return Built(day, **counts)


def _merged(
    sealed: Bundle | None, pending: Sequence[Pieces], n_people: int
) -> tuple[U32, U64, dict[str, int]]:
    """Rows by person, and the counts of `Built`."""
    parts = list(pending)
    n_in = sum(map(len, parts))
    if sealed is not None:
        n_in += sealed.facts["n_in"]
        order = Order(sealed.arrays["place.offsets"], sealed.arrays["place.records"])
        parts.insert(0, Pieces(order.keys(), order.records))
    pieces = Pieces.joined(parts)
    offsets, rows = sorting.by_person(pieces.place, pieces.records, n_people)
    _, n_elsewhere = sorting.merge_rows(offsets, rows)
    rows = rows[: int(offsets[-1])]
    return (
        offsets,
        rows,
        {
            "n_in": n_in,
            "n_merged": n_in - rows.size,
            "n_elsewhere": n_elsewhere,
        },
    )


def orders(on: date, sealed: Bundle, places: Places, n_people: int) -> Day:
    """A sealed day as it lies on the disk, with a row for everybody who is known by now."""
    wanted = {"place": len(places), "person": n_people, "cell": n_cells(places.cell)}
    found = {
        name: Order(
            _stretched(sealed.arrays[f"{name}.offsets"], wanted[name]),
            sealed.arrays[f"{name}.records"],
        )
        for name in _ORDERS
    }
    return Day(on, found["place"], found["person"], found["cell"])


def seal(
    shelf: Path,
    on: date,
    sealed: Bundle | None,
    pending: Sequence[Pieces],
    places: Places,
    n_people: int,
    position: int,
) -> Path:
    """Write a day's next generation, which holds the journal up to `position`."""
    offsets, rows, counts = _merged(sealed, pending, n_people)
    n_records = rows.size
    keys = {"place": len(places), "person": n_people, "cell": n_cells(places.cell)}

    def arrays() -> Iterator[tuple[str, Any]]:
        # one order is written while the next is sorted
        for name, order in orders_of(offsets, rows, len(places), places.cell):
            yield f"{name}.offsets", [order.offsets, slack(order)]
            yield f"{name}.records", [order.records]

    facts: dict[str, object] = {
        "on": on.isoformat(),
        "number": number_of(on),
        "position": position,
        "n_records": n_records,
        **counts,
        "n_keys": keys,
    }
    return bundles.write(shelf, on.isoformat(), arrays(), facts)


def slack(order: Order) -> U32:
    """Offsets of keys that are not known yet: empty rows, so that newcomers need no copy."""
    return np.full(order.n_keys // 20 + 1024, order.offsets[-1], np.uint32)


def _stretched(offsets: U32, n_keys: int) -> U32:
    if offsets.size > n_keys:
        return offsets[: n_keys + 1]
    more = np.full(n_keys + 1 - offsets.size, offsets[-1], np.uint32)
    return np.concatenate([offsets, more])
