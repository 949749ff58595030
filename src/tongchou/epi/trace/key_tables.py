"""Look-ups of text keys by hash, compiled; `keys` is what the others use.

A slot of a table holds 32 bits of a key's hash above its number plus one; 0 is an empty slot.
"""

import numpy as np

from tongchou.epi.trace.day import I64, U8, U32, U64
from tongchou.kit.compiled import kernel

__all__ = ["add", "decimal", "fill", "find", "some"]

#: Look-ups whose memory is fetched together; their cache lines must fit into the second level.
GROUP = 1024


@kernel
def hashes(data: U8, ends: I64, start: int) -> U64:
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
def _fetch(values: U64, first: int, own: U8, ends: I64, table: U64, into: U32) -> None:
    """Touch what the next look-ups will need, so that they wait for memory together.

    What is written is never read; it keeps the compiler from leaving the loads out.
    """
    mask = np.uint64(table.size - 1)
    last = min(first + GROUP, values.size)
    for k in range(first, last):
        into[k] = np.uint32(table[values[k] & mask] & np.uint64(0xFFFFFFFF))
    for k in range(first, last):
        if into[k] > 1:
            into[k] = np.uint32(ends[np.int64(into[k]) - 2])
    for k in range(first, last):
        if into[k] < own.size:
            into[k] = own[into[k]]


@kernel
def find(data: U8, ends: I64, own: U8, own_ends: I64, table: U64) -> U32:
    values = hashes(data, ends, 0)
    numbers = np.empty(ends.size, np.uint32)
    first = 0
    for k in range(ends.size):
        if k % GROUP == 0:
            _fetch(values, k, own, own_ends, table, numbers)
        last = int(ends[k])
        slot = _seek(values[k], data, first, last - first, own, own_ends, table)
        # an empty slot is 0, and 0 - 1 is MISSING
        numbers[k] = np.uint32(table[slot] & np.uint64(0xFFFFFFFF)) - np.uint32(1)
        first = last
    return numbers


@kernel
def add(
    data: U8, ends: I64, start: int, own: U8, own_ends: I64, n: int, table: U64, numbers: U32
) -> int:
    values = hashes(data, ends, start)
    first = start
    size = own_ends[n - 1] if n > 0 else np.int64(0)
    for k in range(ends.size):
        if k % GROUP == 0:
            _fetch(values, k, own, own_ends[:n], table, numbers)
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
def fill(own: U8, ends: I64, since: int, table: U64) -> None:
    start = int(ends[since - 1]) if since > 0 else 0
    values = hashes(own, ends[since:], start)
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
def some(data: U8, ends: I64, numbers: I64) -> tuple[U8, I64]:
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
def decimal(values: I64) -> tuple[U8, I64]:
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
