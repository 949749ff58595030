"""Contacts that are given as a graph and never change: for comparison with other models."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongchou.epi.spread.ways import N_LAYERS
from tongchou.kit.compiled import kernel

__all__ = ["Graph", "met_in_graph", "settle_in_graph"]

I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]


class Graph(NamedTuple):
    """Layers of edges over `n` people, each edge at both its ends.

    Attributes
    ----------
    age
        u8[n].
    start
        i32[7, n + 1]: neighbours of person i in a layer stand in `end` from start[layer, i] up to
        start[layer, i + 1].
    end
        i32[edge ends].
    """

    age: NDArray[np.uint8]
    start: I32
    end: I32

    @property
    def n(self) -> int:
        return int(self.age.size)

    @classmethod
    def from_edges(
        cls, n: int, edges: Mapping[int, tuple[ArrayLike, ArrayLike]], age: ArrayLike
    ) -> "Graph":
        """A graph from (p1, p2) arrays by layer number; an edge that stands twice counts twice.

        Raises ValueError where a person has more than 255 neighbours in a layer.
        """
        start = np.zeros((N_LAYERS, n + 1), np.int32)
        ends, filled = [], 0
        for layer in range(N_LAYERS):
            one, other = (np.asarray(side, np.int32) for side in edges.get(layer, ((), ())))
            sources = np.concatenate((one, other))
            degree = np.bincount(sources, minlength=n)
            if degree.max(initial=0) > 255:
                raise ValueError(f"layer {layer}: {degree.max()} neighbours; at most 255 are kept")
            start[layer, 0] = filled
            start[layer, 1:] = filled + np.cumsum(degree)
            order = np.argsort(sources, kind="stable")
            ends.append(np.concatenate((other, one))[order])
            filled += sources.size
        return cls(np.asarray(age, np.uint8), start, np.concatenate(ends))


@kernel
def met_in_graph(graph: Any, person: I32, layer: U8, rank: U8, n: int, met: I32) -> None:
    """Who stands at the other end of each contact, in a graph."""
    start, end = graph.start, graph.end
    for e in range(n):
        met[e] = start[layer[e], person[e]] + rank[e]
    for e in range(n):
        met[e] = end[met[e]]


@kernel
def settle_in_graph(slots: Any, meets: U8, graph: Any, lo: int, hi: int) -> None:
    """Fill in how many people each of these slots meets, layer by layer, in a graph."""
    start = graph.start
    for s in range(lo, hi):
        person = slots[s]["who"]
        for layer in range(meets.shape[1]):
            meets[s, layer] = start[layer, person + 1] - start[layer, person]
