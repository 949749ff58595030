"""One batch of visits on its way into a store: checked, numbered, cut at midnight, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tongchou.epi.trace.checks import Refusals, check
from tongchou.epi.trace.day import I64, U32, Places, Visits
from tongchou.epi.trace.keys import MISSING, Keys
from tongchou.epi.trace.known import COUNTS, Known, batch_mark
from tongchou.epi.trace.reading import Read
from tongchou.epi.trace.split import split

__all__ = ["Receipt", "place_arrays", "prepare", "receipt_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Receipt:
    """What became of a batch: `n_read == n_taken + n_refused`, `n_records` after midnight's cuts.

    `again` is true where the batch had been taken before: nothing changed, the counts are those
    of the first time, and the refusals are not repeated. `n_late` are records of sealed days.
    """

    n_read: int
    n_taken: int
    n_refused: int
    n_records: int
    n_late: int
    refusals: Refusals
    again: bool = False


def receipt_of(known: Known, batch: str) -> Receipt | None:
    """The receipt of a batch that was taken before."""
    before = known.batches.get(batch_mark(batch))
    if before is None:
        return None
    counts = dict(zip(COUNTS, before, strict=True))
    return Receipt(
        *(counts["read"], counts["taken"], counts["refused"], counts["records"], 0),
        Refusals.none(),
        again=True,
    )


def prepare(
    known: Known,
    sealed: Mapping[int, object],
    batch: str,
    read: Read,
    *,
    now: int | None,
    oldest: int,
    new_places: bool,
) -> tuple[dict[str, Any], dict[str, Any], Receipt]:
    """Header and arrays of the batch's frame, and the receipt for when that is on the disk."""
    numbers = known.place_keys.find(read.place_keys)
    arrays: dict[str, Any] = {}
    if new_places and (unknown := np.flatnonzero(numbers == MISSING)).size:
        numbers[unknown] = np.arange(unknown.size) + len(known.place_keys)
        arrays |= place_arrays(read.place_keys.some(unknown), _some(read.places, unknown))
    kind = np.concatenate([known.kind, arrays.get("places.kind", np.zeros(0, np.uint8))])
    visits = read.visits
    theirs = Visits(visits.person, numbers[visits.place], visits.start, visits.minutes)
    checked = check(theirs, kind, now=now, oldest=oldest, lines=read.lines)
    good = checked.visits
    people, fresh = _people(known, read.people, good.person)
    if len(fresh):
        arrays |= {"people.data": fresh.data, "people.sizes": fresh.sizes}
    days = split(Visits(people[good.person], good.place, good.start, good.minutes))
    for number, pieces in days.items():
        arrays |= {f"place.{number}": pieces.place, f"records.{number}": pieces.records}
    counts = {
        "read": read.n_read,
        "refused": read.n_read - len(good),
        "taken": len(good),
        "records": sum(map(len, days.values())),
        "newest": max(days, default=(now or 0) // 1440),
    }
    header = {"batch": batch_mark(batch).hex(), "counts": counts, "days": list(days)}
    n_late = sum(len(pieces) for number, pieces in days.items() if number in sealed)
    refusals = read.refusals + checked.refusals.of_files(read.file[~checked.good], read.refusals)
    receipt = Receipt(
        *(counts["read"], counts["taken"], counts["refused"], counts["records"], n_late),
        refusals,
    )
    return header, arrays, receipt


def _people(known: Known, keys: Keys, used: U32) -> tuple[U32, Keys]:
    """The number of each key, and the keys among those in use that have none yet."""
    seen = np.zeros(len(keys), np.bool_)
    seen[used] = True
    numbers = known.people.find(keys)
    fresh = np.flatnonzero(seen & (numbers == MISSING))
    numbers[fresh] = np.arange(fresh.size) + len(known.people)
    return numbers, keys.some(fresh)


def place_arrays(keys: Keys, places: Places) -> dict[str, Any]:
    """The part of a frame that adds places, or corrects them."""
    return {
        "places.data": keys.data,
        "places.sizes": keys.sizes,
        "places.kind": places.kind,
        "places.shared_room": places.shared_room,
        "places.longitude": places.longitude,
        "places.latitude": places.latitude,
    }


def _some(places: Places, which: I64) -> Places:
    return Places(
        places.kind[which],
        places.cell[which],
        places.longitude[which],
        places.latitude[which],
        places.shared_room[which],
    )
