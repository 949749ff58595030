"""What a store knows beside its sealed days: people, places, batches, and visits not yet sealed.

All of it is the journal read from its beginning; a checkpoint saves reading what is already in it.
Numbers of people, places and cells are given once and never again to another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.trace import bundles
from tongchou.epi.trace.bundles import Bundle, Damaged
from tongchou.epi.trace.day import F64, NO_CELL, U8, U32, Bools, Places
from tongchou.epi.trace.grid import cells as world_cells
from tongchou.epi.trace.journal import Frame, frames, segments
from tongchou.epi.trace.keys import Coder, Keys, table_of
from tongchou.epi.trace.split import Pieces

__all__ = ["TOTALS", "Known", "batch_mark"]

#: What is counted of a batch and summed up over all: visits read, refused, taken, and the records
#: they became when cut at midnight; last the newest day, in days since 1970.
COUNTS = ("read", "refused", "taken", "records", "newest")
TOTALS = COUNTS[:4]
_COLUMNS = ("kind", "shared_room", "longitude", "latitude")


def batch_mark(batch: str) -> bytes:
    """What is kept of a batch's id."""
    return sha256(batch.encode()).digest()[:16]


@dataclass(slots=True, eq=False)
class Known:
    """Grows by `apply`; only the writer makes frames, everybody reads them.

    Parameters
    ----------
    position, read_to
        Up to where the journal is in it, and up to where it was read for pending visits.
    floor, destroyed_to
        First day that is kept (days since 1970), and up to which the destruction is complete.
    moved
        Position behind the last change of a known place's cell: days sealed before it hold their
        cell order by the old one.
    pending
        By day, (position behind its frame, records) of what may not be sealed yet.
    """

    people: Coder = field(default_factory=Coder)
    place_keys: Coder = field(default_factory=Coder)
    kind: U8 = field(default_factory=lambda: np.zeros(0, np.uint8))
    shared_room: Bools = field(default_factory=lambda: np.zeros(0, np.bool_))
    longitude: F64 = field(default_factory=lambda: np.zeros(0))
    latitude: F64 = field(default_factory=lambda: np.zeros(0))
    cell: U32 = field(default_factory=lambda: np.zeros(0, np.uint32))
    cells: dict[int, int] = field(default_factory=dict)
    batches: dict[bytes, tuple[int, ...]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS, 0))
    pending: dict[int, list[tuple[int, Pieces]]] = field(default_factory=dict)
    position: int = 0
    read_to: int = 0
    floor: int = 0
    destroyed_to: int = 0
    moved: int = 0

    @property
    def places(self) -> Places:
        return Places(self.kind, self.cell, self.longitude, self.latitude, self.shared_room)

    # --- growing ---

    def catch_up(self, folder: Path, *, trusted_to: int = 0) -> bool:
        """Read on in the journal; False where it begins later than we have read, so start anew.

        Checksums of frames before `trusted_to`, or in a checkpoint already, are not looked at.
        """
        found = segments(folder)
        trusted_to = max(trusted_to, self.position)
        if found and found[0][0] > self.position:
            return False
        for number, (base, path) in enumerate(found):
            following = found[number + 1][0] if number + 1 < len(found) else None
            if following is not None and following <= self.read_to:
                continue
            self.read_to = max(self.read_to, base)
            for frame in frames(path, base, self.read_to, trusted_to=trusted_to):
                self.apply(frame)
            if following is not None and self.read_to != following:
                raise Damaged(f"{path} ends too early: restore it from a copy")
        return True

    def apply(self, frame: Frame) -> None:
        """Take one frame of the journal in; those before the checkpoint bring only visits."""
        header, arrays = frame.header, frame.arrays
        self.read_to = frame.end
        if frame.end > self.position:
            self.position = frame.end
            if "people.sizes" in arrays:
                self.people.extend(Keys.sized(arrays["people.data"], arrays["people.sizes"]))
            if "places.sizes" in arrays:
                self._put(arrays, frame.end)
            if "batch" in header:
                self._count(header["batch"], header["counts"])
            self.floor = max(self.floor, header.get("floor", 0))
        for number in header.get("days", ()):
            pieces = Pieces(arrays[f"place.{number}"], arrays[f"records.{number}"])
            self.pending.setdefault(number, []).append((frame.end, pieces))
        for number in [number for number in self.pending if number < self.floor]:
            del self.pending[number]

    def _count(self, batch: str, counts: Mapping[str, int]) -> None:
        self.batches[bytes.fromhex(batch)] = tuple(counts[name] for name in COUNTS)
        for name in TOTALS:
            self.totals[name] += counts[name]

    def _put(self, arrays: Mapping[str, Any], end: int) -> None:
        """Places that are new, or corrected."""
        before = len(self.place_keys)
        numbers = self.place_keys.add(Keys.sized(arrays["places.data"], arrays["places.sizes"]))
        n_new = len(self.place_keys) - before
        for name in _COLUMNS:
            given = arrays[f"places.{name}"]
            grown = np.concatenate([getattr(self, name), np.zeros(n_new, given.dtype)])
            grown[numbers] = given
            setattr(self, name, grown)
        world = world_cells(arrays["places.longitude"], arrays["places.latitude"])
        for one in dict.fromkeys(world[world != NO_CELL].tolist()):
            self.cells.setdefault(one, len(self.cells))
        dense = np.array([self.cells.get(one, NO_CELL) for one in world.tolist()], np.uint32)
        cell = np.concatenate([self.cell, np.full(n_new, NO_CELL, np.uint32)])
        known = numbers < before
        if (cell[numbers[known]] != dense[known]).any():
            self.moved = end
        cell[numbers] = dense
        self.cell = cell

    # --- checkpoints ---

    def checkpoint(self, shelf: Path, keep: Bools | None = None) -> Path:
        """Write all but the visits; people not in `keep` and batches before the floor go."""
        keys = self.people.keys
        if keep is not None:
            sizes = np.diff(keys.ends, prepend=0)
            stays = np.flatnonzero(keep)
            data = keys.some(stays).data
            sizes[~keep] = 0
            keys = Keys(data, np.cumsum(sizes))
            self.batches = {m: c for m, c in self.batches.items() if c[-1] >= self.floor}
            self.destroyed_to = self.floor
            self.people = Coder.over(keys, table_of(keys))
        marks = np.frombuffer(b"".join(self.batches), np.uint8)
        places = self.place_keys.keys
        arrays: dict[str, Any] = {
            "people.data": keys.data,
            "people.ends": keys.ends,
            "people.table": self.people.table,
            "places.data": places.data,
            "places.ends": places.ends,
            "places.table": self.place_keys.table,
            "places.cell": self.cell,
            "cells": np.array(list(self.cells), np.uint32),
            "batches": marks,
            "batches.counts": np.array(list(self.batches.values()), np.int64).ravel(),
        } | {f"places.{name}": getattr(self, name) for name in _COLUMNS}
        facts = {name: getattr(self, name) for name in ("position", "floor", "moved")}
        facts |= {"destroyed_to": self.destroyed_to, "totals": self.totals}
        return bundles.write(shelf, "registry", arrays.items(), facts)

    @classmethod
    def load(cls, shelf: Path) -> "Known":
        """The newest checkpoint, or nothing where there is none yet."""
        folder = bundles.newest(shelf).get("registry")
        if folder is None:
            return cls()
        bundle = Bundle.open(folder)
        get, facts = bundle.arrays, bundle.facts
        marks, n = get["batches"].tobytes(), len(COUNTS)
        counts = get["batches.counts"].reshape(-1, n).tolist()
        return cls(
            people=Coder.over(Keys(get["people.data"], get["people.ends"]), get["people.table"]),
            place_keys=Coder.over(
                Keys(get["places.data"], get["places.ends"]), get["places.table"]
            ),
            cell=get["places.cell"],
            cells={world: dense for dense, world in enumerate(get["cells"].tolist())},
            batches={marks[16 * i : 16 * i + 16]: tuple(counts[i]) for i in range(len(counts))},
            totals=dict(facts["totals"]),
            position=facts["position"],
            floor=facts["floor"],
            destroyed_to=facts["destroyed_to"],
            moved=facts["moved"],
            kind=get["places.kind"],
            shared_room=get["places.shared_room"],
            longitude=get["places.longitude"],
            latitude=get["places.latitude"],
        )
