"""Proof that a store is whole: every checksum, every offset, every sort order, every key."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tongchou.epi.trace import bundles
from tongchou.epi.trace.bundles import Bundle, Damaged
from tongchou.epi.trace.day import U32, U64, Order
from tongchou.epi.trace.journal import frames, segments
from tongchou.epi.trace.keys import Keys
from tongchou.epi.trace.known import Known
from tongchou.epi.trace.sorting import NO_CELL
from tongchou.epi.trace.store import Store
from tongchou.kit.compiled import example, kernel

__all__ = ["Proof", "verify"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and what is wrong: nothing, where `faults` is empty."""

    n_bundles: int
    n_records: int
    n_frames: int
    faults: tuple[str, ...]


def verify(folder: str | Path) -> Proof:
    """Read the whole store and say what is not as it was written.

    While another process writes, bundles that it replaces meanwhile are left out.
    """
    root = Path(folder)
    faults: list[str] = []
    n_bundles = n_records = n_frames = 0
    for shelf in ("registry", "days", "twins"):
        for path in bundles.newest(root / shelf).values():
            found = bundles.faults(path)
            if not path.exists():
                continue
            n_bundles += 1
            faults += found
            if not found and shelf == "days":
                bundle = Bundle.open(path)
                n_records += bundle.facts["n_records"]
                faults += [f"{path}: {fault}" for fault in _day_faults(bundle)]
    try:
        for base, path in segments(root / "journal"):
            n_frames += sum(1 for _ in frames(path, base))
        store = Store(root)
        faults += _people_faults(store._known)
    except Damaged as error:
        faults.append(str(error))
    return Proof(n_bundles, n_records, n_frames, tuple(faults))


def _day_faults(bundle: Bundle) -> list[str]:
    faults, sums = [], {}
    n, keys = bundle.facts["n_records"], bundle.facts["n_keys"]
    highest = {"place": keys["person"], "person": keys["place"], "cell": keys["person"]}
    for name, most in highest.items():
        order = Order(bundle.arrays[f"{name}.offsets"], bundle.arrays[f"{name}.records"])
        if wrong := _order_fault(order.offsets, order.records, most):
            faults.append(f"the {name} order {_WORDS[wrong]}")
        sums[name] = order.records.size, int(order.records.astype(np.uint32).sum())
    if sums["place"] != sums["person"] or sums["place"][0] != n:
        faults.append("its orders do not hold the same records")
    if bundle.facts["n_in"] != n + bundle.facts["n_merged"]:
        faults.append("its counts do not reconcile")
    return faults


def _people_faults(known: Known) -> list[str]:
    faults = []
    for name, coder in (("people", known.people), ("places", known.place_keys)):
        keys: Keys = coder.keys
        there = np.flatnonzero(np.diff(keys.ends, prepend=0) > 0)
        if (coder.find(keys.some(there)) != there).any():
            faults.append(f"a key of {name} does not lead back to its number")
    if (known.cell[known.cell != NO_CELL] >= len(known.cells)).any():
        faults.append("a place lies in a cell that does not exist")
    return faults


_WORDS = {
    1: "has offsets that go backwards or past its end",
    2: "is not sorted",
    3: "names somebody who does not exist",
    4: "has a record that runs past midnight",
}


@kernel
def _order_fault(offsets: U32, records: U64, n_others: int) -> int:
    if offsets[0] != 0 or offsets[offsets.size - 1] != records.size:
        return 1
    for k in range(offsets.size - 1):
        first, last = np.int64(offsets[k]), np.int64(offsets[k + 1])
        if last < first:
            return 1
        before = np.uint64(0)
        for i in range(first, last):
            record = records[i]
            start = record >> np.uint64(16) & np.uint64(0xFFFF)
            minutes = record & np.uint64(0xFFFF)
            other = record >> np.uint64(32)
            if start > 1439 or start + minutes > 1440:
                return 4
            if other >= np.uint64(n_others):
                return 3
            turned = start << np.uint64(48) | other << np.uint64(16) | minutes
            if turned < before:
                return 2
            before = turned
    return 0


@example
def _warm_up() -> None:
    _order_fault(np.zeros(2, np.uint32), np.zeros(0, np.uint64), 0)
