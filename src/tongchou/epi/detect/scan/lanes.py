"""Counts of an area over its last 1, 2 … days side by side in one word, added all at once.

Four words of 64 bits make a row; each holds four counts of 15 bits or two of 31, and a free
bit above each tells, after one subtraction, whether the count has reached another.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Indices
from tongchou.kit.compiled import example, kernel

__all__ = ["Layout", "Words", "fill"]

Words = NDArray[np.uint64]
_WORDS = 4


@dataclass(frozen=True)
class Layout:
    """Where the count of each duration stands.

    Parameters
    ----------
    durations
        How many durations there are, from one day on.
    wide
        Two counts to a word instead of four: for cylinders that may hold 32,767 cases or more.
    """

    durations: int
    wide: bool = False

    @property
    def bits(self) -> int:
        return 32 if self.wide else 16

    @property
    def per_row(self) -> int:
        return _WORDS * 64 // self.bits

    @property
    def passes(self) -> int:
        """Rows needed for all durations; the list of circles is walked once for each."""
        return -(-self.durations // self.per_row)

    @property
    def largest(self) -> int:
        """No count may reach this, and none does that must never be reached."""
        return (1 << (self.bits - 1)) - 1

    @property
    def flags(self) -> np.uint64:
        """The free bit of every lane."""
        return np.uint64(sum(1 << (self.bits * (i + 1) - 1) for i in range(64 // self.bits)))

    def pack(self, counts: Indices) -> Words:
        """u64[passes, n, 4] from i64[n, durations]; lanes without a duration are zero."""
        wide = np.zeros((counts.shape[0], self.passes * self.per_row), np.uint64)
        wide[:, : self.durations] = counts
        lanes = wide.reshape(counts.shape[0], self.passes, _WORDS, 64 // self.bits)
        shifts = np.arange(64 // self.bits, dtype=np.uint64) * np.uint64(self.bits)
        packed = (lanes << shifts).sum(axis=3, dtype=np.uint64)
        return np.ascontiguousarray(packed.transpose(1, 0, 2))

    @cached_property
    def steps(self) -> Words:
        """u64[passes, durations, 4]: what one case so many days ago adds to its area."""
        ago = np.arange(self.durations)
        return self.pack((ago[:, None] <= ago[None, :]).astype(np.int64))

    def empty(self, n_areas: int) -> Words:
        return np.zeros((self.passes, n_areas, _WORDS), np.uint64)


@kernel
def fill(lanes: Words, steps: Words, area: NDArray[np.int32], ago: NDArray[np.int32]) -> None:
    """Count cases anew: case i lies in `area[i]`, `ago[i]` days back; too long ago is left out."""
    lanes[:] = np.uint64(0)
    for i in range(area.size):
        back = ago[i]
        if back < steps.shape[1]:
            where = area[i]
            for p in range(steps.shape[0]):
                for w in range(4):
                    lanes[p, where, w] += steps[p, back, w]


@example
def _warm_up() -> None:
    layout = Layout(2)
    one = np.zeros(1, np.int32)
    fill(layout.empty(1), layout.steps, one, one)
