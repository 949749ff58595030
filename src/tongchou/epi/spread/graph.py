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
        i32[7 n + 1]: neighbours of person i in a layer stand in `end` from start[7 i + layer] up
        to start[7 i + layer + 1]. Everything of a person stands side by side: one look in memory.
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
        places, ends = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
        for layer in range(N_LAYERS):
            one, other = (np.asarray(side, np.int32) for side in edges.get(layer, ((), ())))
            places.append(np.concatenate((one, other)).astype(np.int64) * N_LAYERS + layer)
            ends.append(np.concatenate((other, one)))
        place = np.concatenate(places)
        degree = np.bincount(place, minlength=n * N_LAYERS)
        if degree.max(initial=0) > 255:
            layer = int(degree.argmax()) % N_LAYERS
            raise ValueError(f"layer {layer}: {degree.max()} neighbours; at most 255 are kept")
        start = np.zeros(n * N_LAYERS + 1, np.int32)
        start[1:] = np.cumsum(degree)
        order = np.argsort(place, kind="stable")
        return cls(np.asarray(age, np.uint8), start, np.concatenate(ends)[order])


@kernel
def met_in_graph(graph: Any, person: I32, layer: U8, rank: U8, n: int, met: I32) -> None:
    """Who stands at the other end of each contact, in a graph."""
    start, end = graph.start, graph.end
    for e in range(n):
        met[e] = start[np.int64(person[e]) * N_LAYERS + layer[e]] + rank[e]
    for e in range(n):
        met[e] = end[met[e]]


@kernel
def settle_in_graph(slots: Any, meets: U8, graph: Any, lo: int, hi: int) -> None:
    """Fill in how many people each of these slots meets, layer by layer, in a graph."""
    start = graph.start
    for s in range(lo, hi):
        place = np.int64(slots[s]["who"]) * N_LAYERS
        for layer in range(N_LAYERS):
            meets[s, layer] = start[place + layer + 1] - start[place + layer]
