"""Who infected whom among ten thousand cases: sparse pairs against the full square of dates.

The square is Wallinga and Teunis' own method in NumPy. It knows no contacts, so besides its time
and memory it is asked how often it is right.
"""

import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bench import Row

N_CASES, N_CONTACTS = 10_000, 110
MEAN, SD = 7.0, 3.0
SETS = 3


def run(*, scale: float = 1.0) -> list[Row]:
    from tongchou.epi.chains import infectors  # noqa: F401  to be warmed up
    from tongchou.epi.chains.intervals import serial_interval
    from tongchou.kit import compiled

    compiled.warm_up()
    interval = serial_interval("gamma", mean=MEAN, sd=SD)
    n = max(int(N_CASES * scale), 50)
    took: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for seed in range(SETS):
        truth, city = outbreak(np.random.default_rng(seed), n, interval)
        sparse, square = partial(by_pairs, interval, *city), partial(by_square, interval, city[0])
        (found, tree), own = timed(sparse)
        chance, anchor = timed(square)
        took.append((own, anchor))
        known = truth >= 0
        right.append(
            (
                float(np.mean(tree.infector[known] == truth[known])),
                float(np.mean(chance.argmax(axis=1)[known] == truth[known])),
            )
        )
        n_pairs, rounds = len(found.pairs), found.n_rounds
        if seed == SETS - 1:
            del found, tree, chance
            own_mb, anchor_mb = peak(sparse), peak(square)
    own, anchor = (float(np.median(column)) for column in zip(*took, strict=True))
    ours, theirs = (float(np.mean(column)) for column in zip(*right, strict=True))
    cases, pairs = f"{n:,} cases", f"{n_pairs:,} pairs, {rounds} rounds, contacts known"
    name = f"chains, {cases}"
    return [
        Row(f"{name}: time", "numba", "two seconds", 2.0, own, own / 2.0, "<= 1", "s", pairs),
        Row(
            f"{name}: time against the square",
            "numba",
            "dense Wallinga-Teunis, NumPy",
            anchor,
            own,
            own / anchor,
            "<= 1",
            "s",
            "rounds, prior and tree included",
        ),
        Row(
            f"{name}: memory",
            "numba",
            "dense Wallinga-Teunis, NumPy",
            anchor_mb,
            own_mb,
            own_mb / anchor_mb,
            "<= 0.1",
            "MB",
            "peak above the input",
        ),
        Row(
            f"{name}: infector named rightly",
            "numba",
            "dense Wallinga-Teunis, NumPy",
            theirs,
            ours,
            ours / max(theirs, 1e-9),
            "",
            "share",
            "it knows the contacts, the square only dates",
        ),
    ]


def by_pairs(interval: Any, onset: Any, source: Any, target: Any, minutes: Any) -> tuple[Any, Any]:
    """What the product does."""
    from tongchou.epi.chains import trees
    from tongchou.epi.chains.infectors import infer
    from tongchou.epi.chains.pairs import Pairs, hazard

    pairs = Pairs.of(onset, source, target, hazard(minutes, per_hour=0.01))
    found = infer(pairs, interval)
    return found, trees.most_likely(found)


def by_square(interval: Any, onset: Any) -> np.ndarray:
    """Wallinga and Teunis: every case by every case, from dates alone."""
    days = onset[:, None] - onset[None, :] - interval.first
    outside = (days < 0) | (days >= interval.pmf.size)
    days[outside] = interval.pmf.size
    chance = np.append(interval.pmf, 0.0)[days]
    np.fill_diagonal(chance, 0.0)
    chance /= np.maximum(chance.sum(axis=1, keepdims=True), 1e-300)
    return chance


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    before = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - before


def peak(call: Callable[[], Any]) -> float:
    """Megabytes at the highest, above what was there before."""
    tracemalloc.start()
    call()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 1e6


def outbreak(
    rng: np.random.Generator, n: int, interval: Any
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """True infectors (-1 for the first ten), and onsets, pairs both ways round and minutes.

    Offspring are overdispersed (k = 0.3); besides the true one every case met many others
    whose onsets lie near its own, most of them more briefly.
    """
    onset, truth, k, mean = [0.0] * 10, [-1] * 10, 0.3, 2.0
    case = 0
    while len(onset) < n:
        if case == len(onset):  # it died out: somebody brings it in again
            onset.append(onset[-1] + 1)
            truth.append(-1)
        for days in interval.sample(rng, rng.poisson(rng.gamma(k, mean / k))).tolist():
            onset.append(onset[case] + max(days, 1))
            truth.append(case)
        case += 1
    day, infector = np.array(onset[:n], dtype=np.int64), np.array(truth[:n], dtype=np.int64)
    order = np.argsort(day, kind="stable")
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    near = place[:, None] + np.rint(rng.normal(0, n / 8, (n, N_CONTACTS))).astype(np.int64)
    other = order[np.clip(near, 0, n - 1)].ravel()
    case_of = np.repeat(np.arange(n), N_CONTACTS)
    met = other != case_of
    known = np.flatnonzero(infector >= 0)
    source = np.concatenate((other[met], infector[known]))
    target = np.concatenate((case_of[met], known))
    minutes = np.concatenate(
        (rng.lognormal(3.5, 1.0, int(met.sum())), rng.lognormal(5.0, 1.0, known.size))
    )
    return infector, (day, source, target, minutes)
