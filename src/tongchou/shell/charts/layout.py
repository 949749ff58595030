"""Where the nodes of a graph stand. No dice: the same graph is drawn the same way every time."""

from collections.abc import Mapping, Sequence
from statistics import fmean as mean

Places = dict[str, tuple[float, float]]


def layers(ids: Sequence[str], edges: Sequence[tuple[str, str]], *, sweeps: int = 12) -> Places:
    """Sources on the left, each node one step right of its farthest source.

    A circle (A names B, B names A) is cut where the first node in the given order closes it.
    """
    depth = _depths(ids, edges)
    return columns({i: float(depth[i]) for i in ids}, edges, order=ids, sweeps=sweeps)


def columns(
    x: Mapping[str, float],
    edges: Sequence[tuple[str, str]],
    *,
    order: Sequence[str],
    sweeps: int = 12,
) -> Places:
    """Nodes at given places across (a day, a depth), stacked so that lines cross little.

    Each sweep sorts a column by the mean height of the neighbours (the barycentre rule).
    """
    near: dict[str, list[str]] = {i: [] for i in order}
    for a, b in edges:
        near[a].append(b)
        near[b].append(a)
    groups: dict[float, list[str]] = {}
    for i in order:
        groups.setdefault(x[i], []).append(i)
    y = {i: k - (len(g) - 1) / 2 for g in groups.values() for k, i in enumerate(g)}
    keys = sorted(groups)
    for sweep in range(sweeps):
        for key in keys if sweep % 2 == 0 else reversed(keys):
            group = groups[key]
            aim = {i: mean([y[n] for n in near[i]]) if near[i] else y[i] for i in group}
            group.sort(key=lambda i: aim[i])
            middle = mean([aim[i] for i in group])
            for k, i in enumerate(group):
                y[i] = middle + k - (len(group) - 1) / 2
    return {i: (x[i], -y[i]) for i in order}


def _depths(ids: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    after: dict[str, list[str]] = {i: [] for i in ids}
    for a, b in edges:
        if a != b:
            after[a].append(b)
    kept, state = _without_circles(ids, after)
    depth = dict.fromkeys(ids, 0)
    for i in state:  # parents before children
        for child in kept[i]:
            depth[child] = max(depth[child], depth[i] + 1)
    return depth


def _without_circles(
    ids: Sequence[str], after: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    """The edges without those that close a circle, and an order in which parents come first."""
    kept: dict[str, list[str]] = {i: [] for i in ids}
    done: list[str] = []
    seen: dict[str, bool] = {}  # True while on the path
    has_parent = {b for targets in after.values() for b in targets}
    for start in sorted(ids, key=lambda i: i in has_parent):  # roots first, else as given
        if start in seen:
            continue
        seen[start] = True
        path = [(start, iter(after[start]))]
        while path:
            node, rest = path[-1]
            for child in rest:
                if seen.get(child):
                    continue  # closes a circle
                kept[node].append(child)
                if child not in seen:
                    seen[child] = True
                    path.append((child, iter(after[child])))
                    break
            else:
                seen[node] = False
                done.append(node)
                path.pop()
    return kept, done[::-1]


def forces(ids: Sequence[str], edges: Sequence[tuple[str, str]], *, rounds: int = 200) -> Places:
    """A spring layout (Fruchterman and Reingold 1991) from a spiral; for up to some 400 nodes."""
    n = len(ids)
    if n < 2:
        return dict.fromkeys(ids, (0.0, 0.0))
    index = {i: k for k, i in enumerate(ids)}
    import numpy as np  # a tenth of the time until the first page

    turn = np.arange(n) * 2.399963  # the golden angle spreads them evenly
    place = np.column_stack([np.cos(turn), np.sin(turn)]) * np.sqrt(np.arange(n) + 1)[:, None]
    pairs = np.array([(index[a], index[b]) for a, b in edges if a != b], dtype=int).reshape(-1, 2)
    for step in range(rounds):
        gap = place[:, None] - place[None]
        far = np.maximum((gap**2).sum(axis=2), 1e-6)
        push = (gap / far[..., None]).sum(axis=1)
        pull = np.zeros_like(place)
        if len(pairs):
            along = place[pairs[:, 0]] - place[pairs[:, 1]]
            along *= np.sqrt((along**2).sum(axis=1, keepdims=True))
            np.add.at(pull, pairs[:, 0], -along)
            np.add.at(pull, pairs[:, 1], along)
        move = push + pull - 0.05 * place
        size = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        place += move / size * np.minimum(size, 0.6 * np.sqrt(n) * (1 - step / rounds) + 0.01)
    return {i: (float(place[k, 0]), float(place[k, 1])) for i, k in index.items()}
