"""The cylinder with the highest ratio, found without a logarithm for all but a few of them.

A circle is a step: add a row of counts, all durations at once, and ask whether any count has
reached the table's entry for circles as light as this one. The table is made for a ratio just
below the best so far, so hardly any does, and those that do are weighed exactly. Nothing is left
out: a count that is not reached cannot have a higher ratio.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.scan.circles import Circles
from tongchou.epi.detect.scan.expected import Expected
from tongchou.epi.detect.scan.lanes import Layout, Words
from tongchou.epi.detect.scan.leap import LEAP, leap, step
from tongchou.epi.detect.scan.likelihood import critical_counts, levels, llr
from tongchou.epi.detect.series import Floats, Indices
from tongchou.kit.compiled import example, kernel

__all__ = ["Best", "Window"]

#: Bins of circles by weight, at most; in a small city as many as there are circles for.
_BUCKETS = 512
#: Two ratios nearer than this are the same; that of the centre of lowest rank then stands.
_SAME = 1 + 1e-12


@dataclass(frozen=True)
class Best:
    """The highest ratio found: in the circle of `size` areas around `centre`, the last `days`."""

    llr: float
    centre: int = -1
    size: int = 0
    days: int = 0


@dataclass(frozen=True, eq=False)
class Window:
    """Everything about the cylinders that is the same in every replicate.

    Areas in which no case can lie are left out of the circles: they change no ratio.
    """

    circles: Circles
    expected: Expected
    layout: Layout
    total: int
    starts: Indices
    area: NDArray[np.uint32]
    bucket: NDArray[np.uint16]
    rank: Indices
    rungs: Floats
    table: Words

    @classmethod
    def of(
        cls,
        circles: Circles,
        expected: Expected,
        layout: Layout,
        *,
        total: int,
        least: int,
        rank: Indices | None = None,
    ) -> "Window":
        """For `total` cases, of which a cluster has at least `least`.

        Of two cylinders with the same ratio, the one whose centre has the lower `rank` is best.
        """
        rank = np.arange(circles.starts.size - 1) if rank is None else rank
        parts = expected.parts
        possible = parts[:, -1] > 0
        kept = possible[circles.order]
        before = np.concatenate(([0], np.cumsum(kept)))
        starts, area = before[circles.starts], circles.order[kept].astype(np.uint32)
        city = parts.sum(axis=0)
        share = np.empty(area.size, np.float32)
        _shares(starts, area, parts, city, share)
        bucket, floors = _buckets(share)
        rungs = levels(total)
        due = (floors[:, None] * (city / expected.divisor)[None, :]).ravel()
        counts = critical_counts(rungs, due, float(total), least, layout.largest)
        packed = layout.pack(counts.reshape(-1, layout.durations))
        # Lanes without a duration must never be reached.
        spare = layout.pack(np.zeros((1, layout.durations), np.int64))
        packed |= _unused(layout, spare)
        table = packed.reshape(layout.passes, rungs.size, floors.size, 4)
        return cls(circles, expected, layout, total, starts, area, bucket, rank, rungs, table)

    def best(self, lanes: Words, stops: Indices | None = None) -> Best:
        """The best cylinder of these counts; of the circles that end before `stops`."""
        ratio, where = np.zeros(1), np.full(3, -1, np.int64)
        ends = self.starts[1:] if stops is None else stops
        for row in range(self.layout.passes):
            _search(
                self.starts, ends, self.area, self.bucket, self.rank, lanes[row], self.rungs,
                self.table[row], self.layout.flags, self.layout.bits,
                row * self.layout.per_row, self.layout.durations, self.expected.parts,
                self.expected.divisor, float(self.total), ratio, where,
            )  # fmt: skip
        if where[0] < 0:
            return Best(0.0)
        centre, at, days = (int(x) for x in where)
        circle = self.circles.around(centre)
        last = int(np.flatnonzero(circle == self.area[at])[0])
        return Best(float(ratio[0]), centre, last + 1, days)

    def stops_before(self, taken: NDArray[np.bool_]) -> Indices:
        """Where the circles of each centre end that hold none of the areas taken, i64[n]."""
        order, starts = self.circles.order, self.circles.starts
        possible = self.expected.parts[:, -1] > 0
        hit = np.concatenate((np.flatnonzero(taken[order]), [order.size]))
        first = np.minimum(hit[np.searchsorted(hit, starts[:-1])], starts[1:])
        before = np.concatenate(([0], np.cumsum(possible[order])))
        stops: Indices = before[first]
        return stops


def _unused(layout: Layout, like: Words) -> Words:
    full = layout.per_row * layout.passes
    every = np.full((1, full), layout.largest, np.int64)
    every[:, : layout.durations] = 0
    return Layout(full, layout.wide).pack(every).reshape(like.shape)


def _buckets(share: NDArray[np.float32]) -> tuple[NDArray[np.uint16], Floats]:
    """Circles sorted into bins by the share of all cases due in them, and the bins' floors."""
    if not share.size:
        return np.empty(0, np.uint16), np.ones(1)
    n = int(np.clip(share.size // 16, 8, _BUCKETS))
    least, most = float(share.min()), float(share.max())
    step = max(np.log(most / least) / n, 1e-9)
    bucket = np.log(share / np.float32(least))
    bucket /= np.float32(step)
    np.clip(bucket, 0, n - 1, out=bucket)
    # Lower by a hundredth of a bin for rounding: a floor must never lie above what it stands for.
    floors = least * np.exp((np.arange(n) - 0.01) * step) * (1 - 1e-5)
    return bucket.astype(np.uint16), floors


@kernel
def _shares(
    starts: Indices,
    area: NDArray[np.uint32],
    parts: Floats,
    city: Floats,
    share: NDArray[np.float32],
) -> None:
    """The smallest share that any duration has of its city's cases, never falling outwards."""
    sums = np.empty(city.size)
    for centre in range(starts.size - 1):
        sums[:] = 0.0
        for k in range(starts[centre], starts[centre + 1]):
            least = np.inf
            for d in range(city.size):
                sums[d] += parts[area[k], d]
                if sums[d] > 0.0:
                    least = min(least, sums[d] / city[d])
            share[k] = least * (1 - 1e-6)
        # A duration in which the inner areas were silent may begin with little.
        for k in range(starts[centre + 1] - 2, starts[centre] - 1, -1):
            share[k] = min(share[k], share[k + 1])


@kernel
def _search(
    starts: Indices,
    stops: Indices,
    area: NDArray[np.uint32],
    bucket: NDArray[np.uint16],
    rank: Indices,
    lanes: Words,
    rungs: Floats,
    table: Words,
    flag: np.uint64,
    bits: int,
    first: int,
    durations: int,
    parts: Floats,
    divisor: float,
    total: float,
    ratio: Floats,
    where: Indices,
) -> None:
    in_word, row = 64 // bits, np.uint64(32)
    mask = (np.uint64(1) << np.uint64(bits - 1)) - np.uint64(1)
    words = np.zeros(8, np.uint64)  # the counts so far, and where the next are written
    one, other = np.uint64(words.ctypes.data), np.uint64(words.ctypes.data) + row
    rows, which = np.uint64(lanes.ctypes.data), np.uint64(area.ctypes.data)
    best, rung = ratio[0], 0
    while rung + 1 < rungs.size and rungs[rung + 1] <= best:
        rung += 1
    level = np.uint64(table[rung].ctypes.data)
    for centre in range(starts.size - 1):
        words[:] = np.uint64(0)
        k, end = np.uint64(starts[centre]), np.uint64(stops[centre])
        while k < end:
            stop = min(k + np.uint64(LEAP), end)
            if stop - k == np.uint64(LEAP) and not leap(
                one, other, rows, which + np.uint64(4) * k, level + row * bucket[k], flag
            ):
                one, other = other, one
                k = stop
                continue
            for i in range(k, stop):
                hit = step(one, one, rows, which + np.uint64(4) * i, level + row * bucket[i], flag)
                if not hit:
                    continue
                at = 0 if one < other else 4
                for d in range(first, min(first + 4 * in_word, durations)):
                    lane = d - first
                    shift = np.uint64(bits * (lane % in_word))
                    cases = (words[at + lane // in_word] >> shift) & mask
                    if cases < (table[rung, bucket[i], lane // in_word] >> shift) & mask:
                        continue
                    due = 0.0
                    for j in range(starts[centre], np.int64(i) + 1):
                        due += parts[area[j], d]
                    found = llr(np.float64(cases), due / divisor, total)
                    same = found * _SAME > best and where[0] >= 0
                    if found > best * _SAME or (same and rank[centre] < rank[where[0]]):
                        best = max(best, found)
                        where[0] = centre
                        where[1] = np.int64(i)
                        where[2] = d + 1
                while rung + 1 < rungs.size and rungs[rung + 1] <= best:
                    rung += 1
                level = np.uint64(table[rung].ctypes.data)
            k = stop
    ratio[0] = best


@example
def _warm_up() -> None:
    circles = Circles(np.array([0, 2]), np.arange(2, dtype=np.int32))
    layout = Layout(1)
    window = Window.of(circles, Expected(np.ones((2, 1)), 1.0), layout, total=9, least=1)
    window.best(layout.pack(np.array([[4], [0]])))
