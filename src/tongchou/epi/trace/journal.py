"""The append-only log into which everything goes first: acknowledged means it is in here, synced.

A position is a byte offset since the store began; segments are named by the position at which they
start. A frame is length, checksum, a header in JSON and arrays. The last frame may be torn, by a
kill or a full disk: it was never acknowledged, readers stop before it and the next writer cuts it
off. A bad frame with a good one behind it is damage, and is said so instead.
"""

import hashlib
import json
import mmap
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import durable
from tongchou.epi.trace.bundles import Damaged

__all__ = ["Frame", "Journal", "frames", "segments"]

#: magic, size of the header, size of the arrays, first half of the SHA-256 of both
_HEAD = struct.Struct("<8sQQ16s")
_MAGIC = b"TCvisit1"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One acknowledged write; `end` is the position behind it."""

    start: int
    end: int
    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def segments(folder: Path) -> list[tuple[int, Path]]:
    """(position of its first byte, file) of each segment, in order."""
    return sorted((int(path.stem), path) for path in folder.glob("[0-9]*.log"))


def frames(file: Path, base: int, since: int = 0, *, trusted_to: int = 0) -> Iterator[Frame]:
    """The whole frames of a segment that start at `since` or later; stops before a torn one.

    Checksums of what lies before `trusted_to` are not looked at: somebody did before.

    Raises
    ------
    Damaged
        Where a frame that is not the last is not what was written.
    """
    with file.open("rb") as opened:
        size = os.fstat(opened.fileno()).st_size
        if size <= since - base or not size:
            return
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
    at = max(since - base, 0)
    while at < size:
        frame = _frame(mapped, at, size, base, trusted_to)
        if frame is None:
            if _another(mapped, at, size, base):
                raise Damaged(
                    f"{file} is damaged at byte {at}: restore it from a copy; days sealed before "
                    "are not affected"
                )
            return
        yield frame
        at = frame.end - base


def _frame(mapped: mmap.mmap, at: int, size: int, base: int, trusted_to: int = 0) -> Frame | None:
    if size - at < _HEAD.size:
        return None
    magic, n_header, n_arrays, digest = _HEAD.unpack_from(mapped, at)
    body = at + _HEAD.size
    end = body + n_header + n_arrays
    if magic != _MAGIC or end > size:
        return None
    view = memoryview(mapped)[body:end]
    if base + end > trusted_to and hashlib.sha256(view).digest()[:16] != digest:
        return None
    try:
        header = json.loads(bytes(view[:n_header]))
        arrays, place = {}, body + n_header
        for name, kind, count in header.pop("arrays"):
            arrays[name] = np.frombuffer(mapped, np.dtype(kind), count, place)
            place += _padded(arrays[name].nbytes)
    except (ValueError, KeyError, TypeError):
        return None  # only where its checksum was not looked at
    return Frame(base + at, base + end, header, arrays)


def _another(mapped: mmap.mmap, at: int, size: int, base: int) -> bool:
    """Whether a whole frame follows behind a bad one."""
    found = mapped.find(_MAGIC, at + 1)
    while found >= 0:
        if _frame(mapped, found, size, base) is not None:
            return True
        found = mapped.find(_MAGIC, found + 1)
    return False


def _padded(size: int) -> int:
    return -(-size // 8) * 8


class Journal:
    """The writing end. Cuts off a torn frame when it opens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        durable.sync_folder(folder.parent)
        found = segments(folder)
        base, path = found[-1] if found else (0, self._path(0))
        self.position = base
        if path.exists():
            # only the last frame can be torn; the others are proved as they are read
            for frame in frames(path, base, trusted_to=path.stat().st_size + base - 1):
                self.position = frame.end
        self._base = base
        self._file: IO[bytes] = path.open("ab", buffering=0)
        self._file.truncate(self.position - base)
        durable.sync(self._file)
        durable.sync_folder(folder)

    def append(self, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> int:
        """Write one frame; returns the position behind it once it lies on the disk."""
        parts, names = [], []
        for name, array in arrays.items():
            plain: Any = np.ascontiguousarray(array)
            names.append([name, plain.dtype.str, plain.size])
            parts.append(memoryview(plain).cast("B") if plain.size else memoryview(b""))
            parts.append(memoryview(bytes(_padded(plain.nbytes) - plain.nbytes)))
        text = json.dumps({**header, "arrays": names}, ensure_ascii=False).encode()
        parts.insert(0, memoryview(text.ljust(_padded(len(text)))))
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
        n_header = len(parts[0])
        n_arrays = sum(map(len, parts)) - n_header
        head = _HEAD.pack(_MAGIC, n_header, n_arrays, digest.digest()[:16])
        try:
            for part in [memoryview(head), *parts]:
                while part:
                    part = part[self._file.write(part) :]
            durable.sync(self._file)
        except OSError:
            self._file.truncate(self.position - self._base)  # a full disk: as if nothing was sent
            raise
        self.position += _HEAD.size + n_header + n_arrays
        return self.position

    def rotate(self) -> None:
        """Begin a new segment, so that the ones before can be dropped."""
        if self.position == self._base:
            return
        self._file.close()
        self._base = self.position
        self._file = self._path(self.position).open("ab", buffering=0)
        durable.sync_folder(self.folder)

    def drop_before(self, position: int) -> int:
        """Remove segments that end there or earlier; returns how many."""
        found = segments(self.folder)
        old = [path for (_, path), (end, _) in pairwise(found) if end <= position]
        for path in old:
            path.unlink()
        if old:
            durable.sync_folder(self.folder)
        return len(old)

    @property
    def size(self) -> int:
        """Bytes in the segment that is being written."""
        return self.position - self._base

    def could_drop(self, position: int) -> bool:
        """Whether `drop_before` would find anything to remove."""
        found = segments(self.folder)
        return len(found) > 1 and found[1][0] <= position

    def close(self) -> None:
        self._file.close()

    def _path(self, position: int) -> Path:
        return self.folder / f"{position:020}.log"
