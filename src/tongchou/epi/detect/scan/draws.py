"""Cities without a cluster, one for each replicate, drawn from counter-based random numbers.

A number is a hash of (seed, replicate, how many before it), so a replicate is the same whichever
thread draws it, and whatever was drawn before. SplitMix64: Steele, Lea & Flood 2014,
doi:10.1145/2660193.2660195.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.scan.lanes import Layout, Words, fill
from tongchou.epi.detect.series import Flags, Floats, Indices
from tongchou.kit.compiled import example, kernel

__all__ = ["Multinomial", "Null", "Shuffled", "ShuffledAround", "key_of"]

Ints = NDArray[np.int32]
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_UNIT = 2.0**-53
_HUB = np.uint64(0xFFFFFFFFFFFFFFFF)  # the key of what all replicates of a run share


class Null(Protocol):
    """A law of cases without a cluster, under one seed."""

    def draw(self, replicate: int, lanes: Words) -> None:
        """Fill the counts with replicate number so and so."""


@kernel
def _hash(z: np.uint64) -> np.uint64:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def key_of(seed: np.uint64, replicate: np.uint64) -> np.uint64:
    """Where the random numbers of a replicate begin, u64 from two u64."""
    return _hash(_hash(seed + _GOLDEN) + replicate * _GOLDEN)


@kernel
def _below(key: np.uint64, counter: np.uint64, n: int) -> int:
    """A whole number from 0 to n - 1; the bias is below n / 2^53."""
    z = _hash(key + counter * _GOLDEN)
    return int(np.float64(z >> np.uint64(11)) * _UNIT * n)


@dataclass(frozen=True, eq=False)
class Shuffled:
    """The days of all cases dealt anew to their areas: both margins stay as they are.

    Only the cases of the last days matter, so only these are dealt out, to distinct cases.
    """

    layout: Layout
    seed: int
    area: Ints
    recent: Ints

    @classmethod
    def of(cls, counts: Floats, layout: Layout, seed: int) -> "Shuffled":
        area, ago = _cases(counts)
        return cls(layout, seed, area, np.sort(ago[ago < layout.durations]))

    def draw(self, replicate: int, lanes: Words) -> None:
        _deal(lanes, self.layout.steps, self.area, self.recent, np.uint64(self.seed), replicate)


@kernel
def _deal(
    lanes: Words, steps: Words, area: Ints, recent: Ints, seed: np.uint64, replicate: int
) -> None:
    key = key_of(seed, np.uint64(replicate))
    left = area.copy()
    lanes[:] = np.uint64(0)
    for i in range(recent.size):
        j = i + _below(key, np.uint64(i), left.size - i)
        where = left[j]
        left[j] = left[i]
        for p in range(steps.shape[0]):
            for w in range(4):
                lanes[p, where, w] += steps[p, recent[i], w]


@dataclass(frozen=True, eq=False)
class ShuffledAround:
    """The same where some area-days were not reported, and no case may be dealt to them.

    Nobody can draw such a table at once. A sweep of exchanges in a fixed order is run backwards
    from the truth to a hub, and forwards from the hub for each replicate: truth and replicates
    are then exchangeable, so that the rank is exact however well the sweeps mix.

    References
    ----------
    Besag & Clifford 1989, doi:10.1093/biomet/76.4.633 (the parallel method)
    """

    layout: Layout
    seed: int
    area: Ints
    hub: Ints
    seen: Flags
    sweeps: int

    @classmethod
    def of(cls, counts: Floats, layout: Layout, seed: int, *, sweeps: int = 2) -> "ShuffledAround":
        area, ago = _cases(counts)
        seen = np.ascontiguousarray(~np.isnan(counts)[:, ::-1])
        key = np.uint64(key_of(np.uint64(seed), _HUB))
        _exchange(ago, area, seen, key, sweeps, False)
        return cls(layout, seed, area, ago, seen, sweeps)

    def draw(self, replicate: int, lanes: Words) -> None:
        ago = self.hub.copy()
        key = np.uint64(key_of(np.uint64(self.seed), np.uint64(replicate)))
        _exchange(ago, self.area, self.seen, key, self.sweeps, True)
        fill(lanes, self.layout.steps, self.area, ago)


@kernel
def _exchange(
    ago: Ints, area: Ints, seen: Flags, key: np.uint64, sweeps: int, forwards: bool
) -> None:
    """Cases swap days in pairs, in place, wherever both areas reported both days."""
    n = ago.size
    counter = np.uint64(0)
    for _ in range(sweeps):
        for step in range(1, n):
            i = n - step if forwards else step
            j = _below(key, counter, i + 1)
            counter += np.uint64(1)
            one, other = ago[i], ago[j]
            if seen[area[i], other] and seen[area[j], one]:
                ago[i], ago[j] = other, one


@dataclass(frozen=True, eq=False)
class Multinomial:
    """As many cases as there were, each anywhere by what was expected there.

    Every case first gets a day, and those of one day then get areas: a day's table stays in the
    processor's cache, as the whole city's over all days would not. Both by the alias method, so
    that a case costs the same in a city of any size. Days with the same people share a table.
    """

    layout: Layout
    seed: int
    n_cases: int
    day_keep: Floats
    day_other: Ints
    table_of: Indices
    starts: Indices
    area: Ints
    keep: Floats
    other: Ints

    @classmethod
    def of(
        cls, parts: Floats, divisor: float, n_cases: int, layout: Layout, seed: int
    ) -> "Multinomial":
        """From `Expected.parts` and `Expected.divisor`."""
        daily = np.diff(parts, axis=1, prepend=0.0)
        by_day = daily.sum(axis=0)
        rest = max(n_cases * divisor - float(by_day.sum()), 0.0)  # too long ago to matter
        days = np.append(by_day, rest)
        share = daily / np.where(by_day > 0, by_day, 1.0)
        tables, table_of = np.unique(share, axis=1, return_inverse=True)
        area, keep, other, starts = [], [], [], [0]
        for column in tables.T:
            there = np.flatnonzero(column > 0)
            some = column[there]
            kept, others = _alias(some * (some.size / some.sum()) if some.size else some)
            area.append(there.astype(np.int32))
            keep.append(kept)
            other.append(others)
            starts.append(starts[-1] + there.size)
        return cls(
            layout, seed, n_cases, *_alias(days * (days.size / days.sum())),
            table_of.ravel().astype(np.int64), np.array(starts),
            np.concatenate(area), np.concatenate(keep), np.concatenate(other),
        )  # fmt: skip

    def draw(self, replicate: int, lanes: Words) -> None:
        _scatter(
            lanes, self.layout.steps, self.day_keep, self.day_other, self.table_of, self.starts,
            self.area, self.keep, self.other, self.n_cases, np.uint64(self.seed), replicate,
        )  # fmt: skip


@kernel
def _scatter(
    lanes: Words, steps: Words, day_keep: Floats, day_other: Ints, table_of: Indices,
    starts: Indices, area: Ints, keep: Floats, other: Ints,
    n_cases: int, seed: np.uint64, replicate: int,
) -> None:  # fmt: skip
    key = key_of(seed, np.uint64(replicate))
    lanes[:] = np.uint64(0)
    of_day = np.zeros(day_keep.size, np.int64)
    for i in range(n_cases):
        of_day[_pick(key, np.uint64(i), day_keep, day_other)] += 1
    counter = np.uint64(n_cases)
    for ago in range(table_of.size):
        first, after = starts[table_of[ago]], starts[table_of[ago] + 1]
        kept, others = keep[first:after], other[first:after]
        for _ in range(of_day[ago]):
            where = area[first + _pick(key, counter, kept, others)]
            counter += np.uint64(1)
            for p in range(steps.shape[0]):
                for w in range(4):
                    lanes[p, where, w] += steps[p, ago, w]


@kernel
def _pick(key: np.uint64, counter: np.uint64, keep: Floats, other: Ints) -> int:
    """A cell by its weight, without a branch: no processor can guess which way it goes."""
    place = np.float64(_hash(key + counter * _GOLDEN) >> np.uint64(11)) * _UNIT * keep.size
    cell = np.uint64(place)
    instead = np.uint64(place - np.float64(cell) >= keep[cell])
    return int(cell + instead * (np.uint64(other[cell]) - cell))


@kernel
def _alias(weight: Floats) -> tuple[Floats, Ints]:
    """Walker's tables from weights of mean 1 (Vose 1991, doi:10.1109/32.92917)."""
    n = weight.size
    keep, other = np.ones(n), np.arange(n).astype(np.int32)
    left = weight.copy()
    small, large = np.empty(n, np.int64), np.empty(n, np.int64)
    n_small = n_large = 0
    for i in range(n):
        if left[i] < 1.0:
            small[n_small] = i
            n_small += 1
        else:
            large[n_large] = i
            n_large += 1
    while n_small and n_large:
        n_small -= 1
        poor, rich = small[n_small], large[n_large - 1]
        keep[poor], other[poor] = left[poor], rich
        left[rich] -= 1.0 - left[poor]
        if left[rich] < 1.0:
            n_large -= 1
            small[n_small] = rich
            n_small += 1
    return keep, other


def _cases(counts: Floats) -> tuple[Ints, Ints]:
    """Area of every case and how many days ago it was, in order of area, then of day."""
    whole = np.nan_to_num(counts).astype(np.int64)
    area, day = np.nonzero(whole)
    times = whole[area, day]
    return (
        np.repeat(area, times).astype(np.int32),
        np.repeat(counts.shape[1] - 1 - day, times).astype(np.int32),
    )


@example
def _warm_up() -> None:
    layout = Layout(1)
    counts = np.ones((2, 2))
    lanes = layout.empty(2)
    indices: Indices = np.arange(2)
    counts[indices, indices] = 2
    Shuffled.of(counts, layout, 0).draw(0, lanes)
    ShuffledAround.of(counts, layout, 0).draw(0, lanes)
    Multinomial.of(np.ones((2, 1)), 1.0, 2, layout, 0).draw(0, lanes)
