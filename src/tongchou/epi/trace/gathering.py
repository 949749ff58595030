"""What `reading` takes in, portion by portion: keys get numbers, bad rows their reason."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tongchou.epi.trace import grid, kinds
from tongchou.epi.trace.checks import Reason, Refusals
from tongchou.epi.trace.columns import NO_KIND, UNREADABLE
from tongchou.epi.trace.day import I64, U8, U16, U32, Places, Visits
from tongchou.epi.trace.keys import LONGEST, Coder, Keys, decimal

__all__ = ["MOST_TEXTS", "NO_NUMBER", "Gathered", "Numbering"]

#: Stands for an empty cell in a column of whole numbers.
NO_NUMBER = -(1 << 63)
#: So many refusals quote what stood in the file.
MOST_TEXTS = 1000
_QUOTED = (Reason.UNKNOWN_KIND, Reason.BAD_START, Reason.BAD_END)


class Numbering:
    """Dense numbers for one column of keys: texts as they come, whole numbers in one go at last."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self._coder = Coder()

    def take(self, column: Any) -> tuple[Any, U8]:
        """What to keep of each row for `finish`, and a mark: 1 where empty, 2 where too long."""
        if self.whole:
            return column, (column == NO_NUMBER).astype(np.uint8)
        sizes = np.diff(column.ends, prepend=0)
        marks = (sizes == 0).astype(np.uint8) + 2 * (sizes > LONGEST).astype(np.uint8)
        if not marks.any():
            return self._coder.add(column), marks
        good = np.flatnonzero(marks == 0)
        kept = np.zeros(sizes.size, np.uint32)
        kept[good] = self._coder.add(column.some(good))
        return kept, marks

    def finish(self, kept: Any) -> tuple[U32, Keys]:
        """The number of every row that was kept, and the keys by number."""
        if not self.whole:
            return kept.astype(np.uint32, copy=False), self._coder.keys
        if not kept.size:
            return np.zeros(0, np.uint32), Keys.of([])
        low, high = int(kept.min()), int(kept.max())
        if high - low < 4 * kept.size + (1 << 20):
            seen = np.zeros(high - low + 1, np.bool_)
            seen[kept - low] = True
            ranks = np.cumsum(seen, dtype=np.uint32) - np.uint32(1)
            return ranks[kept - low], decimal(np.flatnonzero(seen) + low)
        values, numbers = np.unique(kept, return_inverse=True)
        return numbers.astype(np.uint32), decimal(values)


class Gathered:
    """Takes portions with columns line, person, place, kind, start, end, and perhaps a position."""

    def __init__(self, *, whole_person: bool = False, whole_place: bool = False) -> None:
        self.person, self.place = Numbering(whole_person), Numbering(whole_place)
        self.n_read = 0
        self.files: list[str] = []
        self._rows: list[dict[str, Any]] = []
        self._bad: list[tuple[I64, U8, U16]] = []
        self._texts: dict[tuple[int, int], str] = {}

    def begin(self, file: str) -> None:
        """What follows stands in this file."""
        self.files.append(file)
        self._since = len(self._rows), len(self._bad)

    def take(self, part: Mapping[str, Any]) -> None:
        """One portion of a file's rows."""
        lines: I64 = part["line"]
        person, no_person = self.person.take(part["person"])
        place, no_place = self.place.take(part["place"])
        kind: U8 = part["kind"]
        start, end = part["start"], part["end"]
        reasons = np.select(
            [
                *(no_person == 1, no_person == 2, no_place == 1, no_place == 2),
                *(kind == NO_KIND, start == UNREADABLE, end == UNREADABLE),
            ],
            list(Reason)[:7],
            0,
        ).astype(np.uint8)
        self.n_read += lines.size
        kept = {"line": lines, "person": person, "place": place, "kind": kind, "start": start}
        kept["minutes"] = np.clip(end - start, -1, 1 << 30).astype(np.int32)
        kept |= {name: part[name] for name in ("longitude", "latitude", "shared") if name in part}
        kept["file"] = self._file(lines.size)
        if reasons.any():
            good, bad = reasons == 0, reasons != 0
            self._bad.append((lines[bad], reasons[bad], self._file(int(bad.sum()))))
            kept = {name: column[good] for name, column in kept.items()}
        self._rows.append(kept)

    def take_broken(self, rows: Iterable[tuple[int, str]]) -> None:
        """Rows that could not even be cut into cells: line and what is wrong."""
        rows = list(rows)
        self.n_read += len(rows)
        lines = np.array([line for line, _ in rows], np.int64)
        codes = np.full(lines.size, Reason.BAD_ROW, np.uint8)
        self._bad.append((lines, codes, self._file(lines.size)))
        file = len(self.files) - 1
        self._texts |= {(file, line): text for line, text in rows[:MOST_TEXTS]}

    def shift_past(self, left_out: I64) -> None:
        """Count lines of this file again, where rows at these lines had been left out."""
        before = left_out - np.arange(left_out.size)  # the line such a row seemed to have
        for part in self._rows[self._since[0] :]:
            part["line"] = part["line"] + np.searchsorted(before, part["line"], "right")
        for i in range(self._since[1], len(self._bad)):
            lines, codes, file = self._bad[i]
            moved = lines + np.searchsorted(before, lines, "right")
            self._bad[i] = moved, codes, file

    def wants_texts(self) -> list[int]:
        """Lines of this file whose refusal should quote what stood there."""
        found = [lines[np.isin(codes, _QUOTED)] for lines, codes, _ in self._bad[self._since[1] :]]
        room = max(MOST_TEXTS - len(self._texts), 0)
        lines: list[int] = np.concatenate(found)[:room].tolist() if found else []
        return lines

    def explain(self, cells: Iterable[tuple[int, str, str, str]]) -> None:
        """What stood in the cells kind, start and end of the lines that were asked for."""
        file = len(self.files) - 1
        by_line = {
            line: code
            for lines, codes, _ in self._bad[self._since[1] :]
            for line, code in zip(lines.tolist(), codes.tolist(), strict=True)
        }
        for line, *texts in cells:
            reason = Reason(by_line[line])
            if reason in _QUOTED:
                self._texts[file, line] = texts[_QUOTED.index(reason)]

    # --- and out ---

    def column(self, name: str) -> Any:
        """A column of all rows that were kept."""
        parts = [part[name] for part in self._rows]
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def refusals(self) -> Refusals:
        lines = np.concatenate([part[0] for part in self._bad] or [np.zeros(0, np.int64)])
        codes = np.concatenate([part[1] for part in self._bad] or [np.zeros(0, np.uint8)])
        file = np.concatenate([part[2] for part in self._bad] or [np.zeros(0, np.uint16)])
        values = np.zeros(lines.size, np.int64)
        return Refusals(lines, codes, values, file, tuple(self.files) or ("",), self._texts)

    def visits(self) -> tuple[Visits, Keys, Keys]:
        """All rows that were kept, and the keys of people and places behind their numbers."""
        person, people = self.person.finish(self.column("person"))
        place, place_keys = self.place.finish(self.column("place"))
        start, minutes = self.column("start"), self.column("minutes").astype(np.int32, copy=False)
        return Visits(person, place, start, minutes), people, place_keys

    def places(self, place: U32, n_places: int) -> tuple[Places, int]:
        """What the rows say of each place, and how many rows name another kind than its first."""
        kinds_seen = self.column("kind").astype(np.uint8, copy=False)
        kind = np.full(n_places, kinds.OTHER.number, np.uint8)
        kind[place[::-1]] = kinds_seen[::-1]  # the last write is that of the first row
        n_other = int((kind[place] != kinds_seen).sum())
        longitude, latitude = (
            self._first(name, place, n_places, np.nan) for name in ("longitude", "latitude")
        )
        shared = self._first("shared", place, n_places, np.nan)
        rooms = np.where(np.isnan(shared), kinds.shared_room()[kind], shared == 1)
        cell, _ = grid.dense(grid.cells(longitude, latitude))
        return Places(kind, cell, longitude, latitude, rooms), n_other

    def _first(self, name: str, place: U32, n_places: int, empty: float) -> Any:
        """The first value that is given for each place."""
        out = np.full(n_places, empty)
        done = place.size
        for part in reversed(self._rows):
            rows = place[done - part["line"].size : done]
            done -= part["line"].size
            if name in part:
                given = np.flatnonzero(~np.isnan(part[name]))[::-1]
                out[rows[given]] = part[name][given]
        return out

    def _file(self, n: int) -> U16:
        return np.full(n, len(self.files) - 1, np.uint16)
