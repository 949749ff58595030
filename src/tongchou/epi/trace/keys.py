"""Text keys and their dense numbers, ten million of them without a Python object each.

Keys lie one after the other in one array of bytes; a table of hashes finds the number of a key. The
table can be a mapped file: nothing of it is in memory but the pages that are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tongchou.epi.trace.day import I64, U8, U32, U64
from tongchou.kit.compiled import example, kernel

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
        return Keys(*_some(self.data, self.ends, numbers))


def decimal(values: I64) -> Keys:
    """Whole numbers as text, as `str` writes them."""
    return Keys(*_decimal(values))


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
        return _find(keys.data, keys.ends, self._data, self._ends, self._table)

    def add(self, keys: Keys) -> U32:
        """The number of each key, u32[n]; unknown ones get the next numbers, in their order."""
        numbers = np.empty(len(keys), np.uint32)
        done = 0
        while done < len(keys):
            part = keys.ends[done : done + (1 << 16)]
            first = int(keys.ends[done - 1]) if done else 0
            self._reserve(part.size, int(part[-1]) - first)
            self._n = _add(
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
        _fill(self._data, self._ends[:until], self._n, self._table)
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
            _fill(self._data, self._ends[: self._n], 0, self._table)


def table_of(keys: Keys) -> U64:
    """The table of these keys: u64[a power of two], at least half as many again as keys.

    A slot holds 32 bits of a key's hash above its number plus one; 0 is an empty slot. Destroyed
    keys are not in it.
    """
    table = _empty_table(1 << max(9, (len(keys) + len(keys) // 2).bit_length()))
    _fill(keys.data, keys.ends, 0, table)
    return table


def _empty_table(size: int) -> U64:
    table = np.empty(size, np.uint64)  # not np.zeros, which does without huge pages
    table.fill(0)
    return table


@kernel
def _hashes(data: U8, ends: I64, start: int) -> U64:
    """FNV-1a with a final mix (64 bits). Tables on disk depend on it: never change it.

    http://www.isthe.com/chongo/tech/comp/fnv/
    """
    out = np.empty(ends.size, np.uint64)
    first = start
    for k in range(ends.size):
        last = int(ends[k])
        value = np.uint64(0xCBF29CE484222325)
        for i in range(first, last):
            value = (value ^ np.uint64(data[i])) * np.uint64(0x100000001B3)
        value ^= value >> np.uint64(33)
        value *= np.uint64(0xFF51AFD7ED558CCD)
        out[k] = value ^ value >> np.uint64(33)
        first = last
    return out


@kernel
def _same(a: U8, a_first: int, b: U8, b_first: int, size: int) -> bool:
    for i in range(size):  # noqa: SIM110  compiled, where a loop is the fastest
        if a[a_first + i] != b[b_first + i]:
            return False
    return True


@kernel
def _seek(value: np.uint64, data: U8, first: int, size: int, own: U8, ends: I64, table: U64) -> int:
    """The slot where this key is, or the empty one where it belongs."""
    mask = np.uint64(table.size - 1)
    mark = value >> np.uint64(32)
    slot = value & mask
    while True:
        held = table[slot]
        if held == np.uint64(0):
            return int(slot)
        if held >> np.uint64(32) == mark:
            i = np.int64(held & np.uint64(0xFFFFFFFF)) - 1
            begin = int(ends[i - 1]) if i > 0 else 0
            if ends[i] - begin == size and _same(data, first, own, begin, size):
                return int(slot)
        slot = slot + np.uint64(1) & mask


@kernel
def _find(data: U8, ends: I64, own: U8, own_ends: I64, table: U64) -> U32:
    # all hashes first: the look-ups then wait for memory several at a time
    values = _hashes(data, ends, 0)
    numbers = np.empty(ends.size, np.uint32)
    first = 0
    for k in range(ends.size):
        last = int(ends[k])
        slot = _seek(values[k], data, first, last - first, own, own_ends, table)
        # an empty slot is 0, and 0 - 1 is MISSING
        numbers[k] = np.uint32(table[slot] & np.uint64(0xFFFFFFFF)) - np.uint32(1)
        first = last
    return numbers


@kernel
def _add(
    data: U8, ends: I64, start: int, own: U8, own_ends: I64, n: int, table: U64, numbers: U32
) -> int:
    values = _hashes(data, ends, start)
    first = start
    size = own_ends[n - 1] if n > 0 else np.int64(0)
    for k in range(ends.size):
        last = int(ends[k])
        slot = _seek(values[k], data, first, last - first, own, own_ends, table)
        if table[slot] == np.uint64(0):
            own[size : size + last - first] = data[first:last]
            size += last - first
            own_ends[n] = size
            n += 1
            table[slot] = values[k] >> np.uint64(32) << np.uint64(32) | np.uint64(n)
        numbers[k] = np.uint32(table[slot] & np.uint64(0xFFFFFFFF)) - np.uint32(1)
        first = last
    return n


@kernel
def _fill(own: U8, ends: I64, since: int, table: U64) -> None:
    start = int(ends[since - 1]) if since > 0 else 0
    values = _hashes(own, ends[since:], start)
    mask = np.uint64(table.size - 1)
    first = start
    for i in range(since, ends.size):
        if ends[i] > first:
            value = values[i - since]
            slot = value & mask
            while table[slot] != np.uint64(0):
                slot = slot + np.uint64(1) & mask
            table[slot] = value >> np.uint64(32) << np.uint64(32) | np.uint64(i + 1)
        first = int(ends[i])


@kernel
def _some(data: U8, ends: I64, numbers: I64) -> tuple[U8, I64]:
    out_ends = np.empty(numbers.size, np.int64)
    size = 0
    for k in range(numbers.size):
        i = numbers[k]
        size += int(ends[i] - (ends[i - 1] if i > 0 else 0))
        out_ends[k] = size
    out = np.empty(size, np.uint8)
    at = 0
    for k in range(numbers.size):
        i = numbers[k]
        for j in range(ends[i - 1] if i > 0 else 0, ends[i]):
            out[at] = data[j]
            at += 1
    return out, out_ends


@kernel
def _decimal(values: I64) -> tuple[U8, I64]:
    data = np.empty(20 * values.size, np.uint8)
    ends = np.empty(values.size, np.int64)
    digits = np.empty(20, np.uint8)
    at = 0
    for k in range(values.size):
        left = values[k]
        if left < 0:
            data[at] = 45  # -
            at += 1
        n = 0
        while True:
            digits[n] = 48 + abs(left - left // 10 * 10 if left >= 0 else -left % 10)
            n += 1
            left = left // 10 if left >= 0 else -(-left // 10)
            if left == 0:
                break
        for j in range(n):
            data[at] = digits[n - 1 - j]
            at += 1
        ends[k] = at
    return data[:at].copy(), ends


@example
def _warm_up() -> None:
    coder = Coder()
    coder.add(Keys.of(["a", "b"]))
    Keys.of(["a"]).find(["b"])
    coder.keys.some(np.zeros(1, np.int64))
    decimal(np.zeros(1, np.int64))
