"""The likeliest tree and the clusters it falls into, each with how sure it is.

A tree of best guesses can bite its own tail where onsets in the wrong order are believed: then the
link whose next best costs least gives way.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.chains.infectors import Infectors

__all__ = ["Cluster", "Tree", "clusters", "most_likely"]

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One infector for each case, and how likely that is.

    Parameters
    ----------
    infector
        i32[n_cases]; -1 for somebody outside of the known cases.
    probability
        f64[n_cases] of that link.
    n_broken
        How many cycles had to be broken.
    """

    infector: I32
    probability: F64
    n_broken: int

    @property
    def source(self) -> I32:
        """The case each one's chain begins with, i32[n_cases]."""
        root = np.where(self.infector < 0, np.arange(self.infector.size), self.infector)
        while not np.array_equal(root, further := root[root]):
            root = further
        return root.astype(np.int32)

    @property
    def generation(self) -> I32:
        """How many links lie between a case and the first of its chain, i32[n_cases]."""
        depth = np.zeros(self.infector.size, np.int32)
        above = self.infector
        while np.any(known := above >= 0):
            depth += known
            above = np.where(known, self.infector[np.maximum(above, 0)], -1)
        return depth


def most_likely(found: Infectors) -> Tree:
    """Each case's likeliest infector, outside included; cycles broken at the least loss.

    In each cycle the case gives way that loses the least likelihood by taking its best infector
    elsewhere: in another tree, or outside of the known cases.
    """
    infector = found.best.copy()
    probability = _probability_of(found, infector)
    n_broken = 0
    while (cycles := _cycles(infector)).size:
        component = _components(infector)
        for start in cycles.tolist():
            case, instead, chance = _least_loss(found, infector, probability, component, start)
            infector[case], probability[case] = instead, chance
            n_broken += 1
            if instead >= 0:  # what hung together below this case now hangs on another tree
                component[component == component[case]] = component[instead]
    return Tree(infector, probability, n_broken)


def _probability_of(found: Infectors, infector: I32) -> F64:
    row_is_best = found.pairs.infector == infector[found.pairs.case]
    probability = found.outside.copy()
    probability[found.pairs.case[row_is_best]] = found.probability[row_is_best]
    return probability


def _cycles(infector: I32) -> I64:
    """One case of each cycle, the one with the lowest index."""
    n = infector.size
    walker = np.append(infector, -1)  # outside leads to itself: the last entry is reached by -1
    walker[n] = n
    walker = np.where(walker < 0, n, walker)
    reached = walker.copy()
    for _ in range(max(n, 2).bit_length()):
        reached = reached[reached]
    on_cycle = np.unique(reached[reached < n])
    seen: set[int] = set()
    starts = []
    for case in on_cycle.tolist():
        if case in seen:
            continue
        starts.append(case)
        while case not in seen:
            seen.add(case)
            case = int(infector[case])
    return np.array(starts, dtype=np.int64)


def _least_loss(
    found: Infectors, infector: I32, probability: F64, component: I64, start: int
) -> tuple[int, int, float]:
    """The case of a cycle that gives way, its other infector, and that link's probability."""
    best = (np.inf, start, -1, float(found.outside[start]))
    case = start
    while True:
        rows = slice(*found.pairs.offsets[case : case + 2].tolist())
        others, chances = found.pairs.infector[rows], found.probability[rows]
        elsewhere = component[others] != component[case]
        instead, chance = -1, float(found.outside[case])
        if elsewhere.any():
            top = int(np.argmax(np.where(elsewhere, chances, -1.0)))
            if chances[top] > chance:
                instead, chance = int(others[top]), float(chances[top])
        loss = probability[case] / max(chance, 1e-300)
        if loss < best[0]:
            best = (loss, case, instead, chance)
        case = int(infector[case])
        if case == start:
            return best[1:]


def _components(infector: I32) -> I64:
    """A number for each set of cases that hang together, whichever way the links point."""
    label = np.arange(infector.size)
    child = np.flatnonzero(infector >= 0)
    parent = infector[child]
    while True:
        lower = np.minimum(label[child], label[parent])
        after = label.copy()
        np.minimum.at(after, child, lower)
        np.minimum.at(after, parent, lower)
        after = after[after]
        if np.array_equal(after, label):
            return label
        label = after


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Cases that hang together in the likeliest tree.

    Parameters
    ----------
    members
        i32, rising.
    source
        The case its chain begins with.
    p_together
        The mean probability, over the other members, that their infector is in the cluster.
    p_source
        The probability that the source was infected from outside of the cluster.
    """

    members: I32
    source: int
    p_together: float
    p_source: float

    def __len__(self) -> int:
        return self.members.size


def clusters(found: Infectors, tree: Tree) -> list[Cluster]:
    """The clusters of a tree, largest first; a case alone is a cluster of one."""
    source = tree.source
    pairs = found.pairs
    case = pairs.case
    same = source[case] == source[pairs.infector]
    inside = np.bincount(case[same], found.probability[same], minlength=pairs.n_cases)
    order = np.argsort(source, kind="stable").astype(np.int32)
    bounds = np.flatnonzero(np.diff(source[order])) + 1
    made = []
    for members in np.split(order, bounds) if order.size else []:
        root = int(source[members[0]])
        others = members[members != root]
        together = float(inside[others].mean()) if others.size else 1.0
        made.append(Cluster(members, root, together, 1 - float(inside[root])))
    return sorted(made, key=lambda cluster: (-len(cluster), cluster.source))
