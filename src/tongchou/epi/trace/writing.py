"""The writing end of the visit store: batches in, days sealed, old days destroyed.

Everything is in the journal and synced before a call returns. What a kill leaves half done is
finished or thrown away by rule when the next writer opens the store; nobody repairs by hand.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.trace import building, bundles, durable, kinds
from tongchou.epi.trace.batches import Receipt, place_arrays, prepare, receipt_of
from tongchou.epi.trace.day import F64, U8, U32, Bools, Places
from tongchou.epi.trace.journal import Journal
from tongchou.epi.trace.keys import Keys
from tongchou.epi.trace.reading import Read
from tongchou.epi.trace.split import number_of
from tongchou.epi.trace.store import Store

__all__ = ["Destroyed", "Receipt", "Writer", "writing"]

#: A segment of the journal this long is followed by a new one.
SEGMENT = 1 << 28


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What retention took away, for the audit: days with their records, and keys of people."""

    days: tuple[tuple[date, int], ...]
    n_people: int


@contextmanager
def writing(folder: str | Path, *, who: str) -> Iterator["Writer"]:
    """Open a store to write, making it where it is not yet there.

    Parameters
    ----------
    who
        How a second writer is told who is here, as `worker of desk 3`.

    Raises
    ------
    Busy
        Where another process writes into it.
    """
    path = Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    with durable.locked(path / "writer.lock", who):
        journal = Journal(path / "journal")
        try:
            writer = Writer(path, journal)
            writer.recover()
            yield writer
        finally:
            journal.close()


class Writer(Store):
    """A store that this process may write into; get one from `writing`."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self._journal = journal
        self._going: list[tuple[date, int]] = []
        for shelf in ("days", "registry", "twins"):
            (folder / shelf).mkdir(exist_ok=True)
        super().__init__(folder)

    # --- batches ---

    def ingest(
        self,
        batch: str,
        read: Read,
        *,
        now: int | None = None,
        oldest: date | None = None,
        new_places: bool = False,
    ) -> Receipt:
        """Take one batch of visits; once it returns they are safe and can be asked for.

        Parameters
        ----------
        batch
            Its id, chosen by the sender: sent again after a lost answer it changes nothing.
        read
            What `reading` made of the list.
        now
            Minutes since 1970 on the city's clock: what ends later is refused.
        oldest
            First day that the playbook's retention allows; the store itself refuses what it has
            destroyed.
        new_places
            Take places that are not known yet from the list; else their visits are refused.
        """
        if (before := receipt_of(self._known, batch)) is not None:
            return before
        header, arrays, receipt = prepare(
            self._known,
            self._sealed,
            batch,
            read,
            now=now,
            oldest=max(self._known.floor, number_of(oldest) if oldest else 0),
            new_places=new_places,
        )
        self._write(header, arrays)
        return receipt

    def put_places(
        self, keys: Keys, kind: U8, longitude: F64, latitude: F64, shared_room: Bools
    ) -> U32:
        """Add places, or correct those that are known; returns their numbers.

        A place that moved to another cell makes sealed days late until they are sealed again.
        """
        if kind.size and int(kind.max()) >= kinds.N_KINDS:
            raise ValueError(f"there is no kind of place {int(kind.max())}")
        cell = np.zeros(len(keys), np.uint32)
        places = Places(kind, cell, longitude, latitude, shared_room)
        self._write({}, place_arrays(keys, places))
        return self.place_keys.find(keys)

    def _write(self, header: dict[str, Any], arrays: dict[str, Any]) -> None:
        if self._journal.size >= SEGMENT:
            self._journal.rotate()
            self._checkpoint()  # so that no process that opens the store reads much more than this
        end = self._journal.append(header, arrays)
        self._follow(trusted_to=end)

    # --- sealing ---

    def seal(self, on: date) -> bool:
        """Write a day into sorted files, with all that came late; False where nothing is new.

        The journal and the older generation stay until `tidy`.
        """
        state = next((state for state in self.states() if state.on == on), None)
        if state is None or state.state == "sealed":
            return False
        number, known = number_of(on), self._known
        building.seal(
            self.folder / "days",
            on,
            self._sealed.get(number),
            [pieces for _, pieces in known.pending.get(number, [])],
            known.places,
            len(known.people),
            self._journal.position,
        )
        self.refresh()
        return True

    def seal_before(self, on: date) -> list[date]:
        """Seal every day before this one that is open or late, and tidy up; returns which."""
        done = [state.on for state in self.states() if state.on < on and self.seal(state.on)]
        if done:
            self.tidy()
        return done

    def tidy(self) -> None:
        """Drop what nobody needs: older generations, and the journal behind sealed days.

        Writes a checkpoint of all people and places first, so call it once for many days.
        """
        for bundle in self._sealed.values():
            self._drop_older("days", bundle.folder.name.rpartition(".g")[0])
        waiting = [at for pieces in self._known.pending.values() for at, _ in pieces]
        self._journal.rotate()
        # the segment in which the first frame that is still needed ends must stay
        free = min(waiting) - 1 if waiting else self._journal.position
        if self._journal.could_drop(free):
            self._checkpoint()
            self._journal.drop_before(free)

    def _checkpoint(self, keep: Bools | None = None) -> None:
        self._known.checkpoint(self.folder / "registry", keep)
        self._drop_older("registry", "registry")

    def _drop_older(self, shelf: str, stem: str) -> None:
        for _, folder in bundles.generations(self.folder / shelf, stem)[:-1]:
            durable.remove(folder)

    # --- retention and recovery ---

    def destroy_before(self, on: date) -> Destroyed:
        """Destroy all days before this one, and the keys of people whom no later day names.

        The caller knows the playbook's retention and writes the audit entry from what is
        returned. Other open or late days are sealed, because they share the journal with those
        that must go. Once this has begun it is finished by the next writer, whatever happens.
        """
        if number_of(on) > self._known.floor:
            self._going = [(s.on, s.n_in - s.n_merged) for s in self.states() if s.on < on]
            self._write({"floor": number_of(on)}, {})
        return self._destroy()

    def _destroy(self) -> Destroyed:
        for state in self.states():
            self.seal(state.on)
        keep = np.zeros(len(self.people), np.bool_)
        for bundle in self._sealed.values():
            offsets = bundle.arrays["person.offsets"][: keep.size + 1]
            keep[: offsets.size - 1] |= np.diff(offsets) > 0
        named = np.diff(self.people.keys.ends, prepend=0) > 0
        self._journal.rotate()
        self._checkpoint(keep)
        self._journal.drop_before(self._journal.position)
        days, self._going = tuple(self._going), []
        self._sweep()
        return Destroyed(days, int((named & ~keep).sum()))

    def recover(self) -> None:
        """Finish or throw away what a killed writer left; changes nothing in a whole store."""
        for shelf in ("days", "registry", "twins"):
            for folder in (self.folder / shelf).glob(f"{durable.UNFINISHED}*"):
                shutil.rmtree(folder, ignore_errors=True)
        if self._known.destroyed_to < self._known.floor:
            self._destroy()
        self._sweep()

    def _sweep(self) -> None:
        """Remove generations that are older than the newest, and days that retention destroyed."""
        for shelf in ("days", "twins"):
            for stem in bundles.newest(self.folder / shelf):
                if number_of(date.fromisoformat(stem)) < self._known.floor:
                    for _, each in bundles.generations(self.folder / shelf, stem):
                        durable.remove(each)
                else:
                    self._drop_older(shelf, stem)
        self._drop_older("registry", "registry")
        self.refresh()
