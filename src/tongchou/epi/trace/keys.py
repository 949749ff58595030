"""Text keys and their dense numbers, ten million of them without a Python object each.

Keys lie one after the other in one array of bytes; a table of hashes finds the number of a key. The
table can be a mapped file: nothing of it is in memory but the pages that are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tongchou.epi.trace import key_tables
from tongchou.epi.trace.day import I64, U8, U32, U64
from tongchou.kit.compiled import example

__all__ = ["LONGEST", "MISSING", "Coder", "Keys", "decimal", "table_of"]

#: A key is at most so many bytes of UTF-8.
LONGEST = 64
#: The number of a key that is not there.
MISSING = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, eq=False)
class Keys(Sequence[str]):
    """Many short texts.

    Parameters
    ----------
    data
        Their UTF-8, one after the other, u8[...].
    ends
        Where each ends in `data`, i64[n]. An empty text is a key that was destroyed.
    """

    data: U8
    ends: I64

    @classmethod
    def sized(cls, data: U8, sizes: U8) -> "Keys":
        """From the length of each key in bytes, u8[n]."""
        return cls(data, np.cumsum(sizes, dtype=np.int64))

    @property
    def sizes(self) -> U8:
        """Length of each key in bytes, u8[n]."""
        return np.diff(self.ends, prepend=0).astype(np.uint8)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Keys":
        parts = [text.encode() for text in texts]
        ends = np.cumsum(np.array([len(part) for part in parts], np.int64), dtype=np.int64)
        # a copy, because kernels are compiled for arrays that may be written
        return cls(np.frombuffer(b"".join(parts), np.uint8).copy(), ends)

    def __len__(self) -> int:
        return self.ends.size

    def __getitem__(self, i: int) -> str:  # type: ignore[override]  # slices: use `texts`
        if not 0 <= i < self.ends.size:
            raise IndexError(i)
        first = int(self.ends[i - 1]) if i else 0
        return self.data[first : int(self.ends[i])].tobytes().decode()

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """The keys of these numbers."""
        return [self[int(i)] for i in numbers]

    def find(self, texts: Iterable[str]) -> U32:
        """The number of each text, or `MISSING`; builds a table first, so ask for many at once."""
        coder = Coder.over(self, table_of(self))
        return coder.find(Keys.of(texts))

    def __add__(self, other: "Keys") -> "Keys":
        start = int(self.ends[-1]) if self.ends.size else 0
        return Keys(
            np.concatenate([self.data[:start], other.data]),
            np.concatenate([self.ends, other.ends + start]),
        )

    def some(self, numbers: I64) -> "Keys":
        """Only those, in that order."""
        return Keys(*key_tables.some(self.data, self.ends, numbers))


def decimal(values: I64) -> Keys:
    """Whole numbers as text, as `str` writes them."""
    return Keys(*key_tables.decimal(values))


class Coder:
    """Gives each new key the next number and every known key its own.

    A table it was handed may be a copy-on-write mapping of a file: the file is never changed.
    """

    def __init__(self) -> None:
        self._data: U8 = np.empty(1 << 12, np.uint8)
        self._ends: I64 = np.empty(1 << 8, np.int64)
        self._table: U64 = np.zeros(1 << 9, np.uint64)
        self._n = 0

    @classmethod
    def over(cls, keys: Keys, table: U64) -> "Coder":
        """Goes on from these keys; `table` is `table_of(keys)`, or of more of them."""
        coder = cls()
        coder._data, coder._ends, coder._table = keys.data, keys.ends, table
        coder._n = len(keys)
        return coder

    def __len__(self) -> int:
        return self._n

    @property
    def keys(self) -> Keys:
        """All keys by number."""
        size = int(self._ends[self._n - 1]) if self._n else 0
        return Keys(self._data[:size], self._ends[: self._n])

    @property
    def table(self) -> U64:
        """What `over` takes back."""
        return self._table

    def find(self, keys: Keys) -> U32:
        """The number of each key, u32[n]; `MISSING` where it has none."""
        return key_tables.find(keys.data, keys.ends, self._data, self._ends, self._table)

    def add(self, keys: Keys) -> U32:
        """The number of each key, u32[n]; unknown ones get the next numbers, in their order."""
        numbers = np.empty(len(keys), np.uint32)
        done = 0
        while done < len(keys):
            part = keys.ends[done : done + (1 << 16)]
            first = int(keys.ends[done - 1]) if done else 0
            self._reserve(part.size, int(part[-1]) - first)
            self._n = key_tables.add(
                keys.data,
                part,
                first,
                self._data,
                self._ends,
                self._n,
                self._table,
                numbers[done : done + part.size],
            )
            done += part.size
        return numbers

    def extend(self, keys: Keys) -> None:
        """Append keys that are known to be new, as when a journal is read again."""
        size = int(self._ends[self._n - 1]) if self._n else 0
        self._reserve(len(keys), keys.data.size)
        until = self._n + len(keys)
        self._data[size : size + keys.data.size] = keys.data
        self._ends[self._n : until] = keys.ends + size
        key_tables.fill(self._data, self._ends[:until], self._n, self._table)
        self._n = until

    def _reserve(self, n: int, n_bytes: int) -> None:
        size = int(self._ends[self._n - 1]) if self._n else 0
        if self._data.size < size + n_bytes:
            grown = np.empty(max(2 * self._data.size, size + n_bytes), np.uint8)
            grown[:size] = self._data[:size]
            self._data = grown
        if self._ends.size < self._n + n:
            ends = np.empty(max(2 * self._ends.size, self._n + n), np.int64)
            ends[: self._n] = self._ends[: self._n]
            self._ends = ends
        if 3 * (self._n + n) > 2 * self._table.size:
            room = 1 << (2 * (self._n + n) - 1).bit_length()
            self._table = _empty_table(room)
            key_tables.fill(self._data, self._ends[: self._n], 0, self._table)


def table_of(keys: Keys) -> U64:
    """The table of these keys: u64[a power of two], at least half as many again as keys.

    A slot holds 32 bits of a key's hash above its number plus one; 0 is an empty slot. Destroyed
    keys are not in it.
    """
    table = _empty_table(1 << max(9, (len(keys) + len(keys) // 2).bit_length()))
    key_tables.fill(keys.data, keys.ends, 0, table)
    return table


def _empty_table(size: int) -> U64:
    table = np.empty(size, np.uint64)  # not np.zeros, which does without huge pages
    table.fill(0)
    return table


@example
def _warm_up() -> None:
    coder = Coder()
    coder.add(Keys.of(["a", "b"]))
    Keys.of(["a"]).find(["b"])
    coder.keys.some(np.zeros(1, np.int64))
    decimal(np.zeros(1, np.int64))
