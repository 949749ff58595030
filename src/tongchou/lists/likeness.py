"""Which texts read alike: character 2- and 3-grams, weighed by how rare they are, and the cosine.

Chinese has no spaces between words, so runs of characters take their place. Only rare grams bring
two texts together as candidates, so that memory stays with the number of texts and not with its
square; the cosine of a candidate pair is then taken over all grams.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NO_LETTER = re.compile(r"[\W\d_]+")

#: The rarest grams of a text by which it is found, and how common one of them may be.
N_KEYS = 24
MOST_COMMON = 64
#: Candidates share at least as many of these.
MIN_SHARED = 2
#: Texts compared at a time.
BLOCK = 2048

#: What the same cause, and evidence from the same stage of the same loop, add to what is missing.
CAUSE, EVIDENCE = 0.15, 0.15


def plain(text: str) -> str:
    """Letters and characters only, in one form: numbers and marks say nothing about likeness."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text).lower())


def alike(
    texts: Sequence[str], groups: Sequence[int], *, least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of texts of different groups whose cosine is at least `least`.

    Parameters
    ----------
    texts
        In any language; they are made `plain` first.
    groups
        One number per text; texts of the same group (county) are never paired.

    Returns the first index, the second (always larger) and the cosine of each pair.

    Examples
    --------
    >>> one, other, score = alike(["转运车辆不足，等待超过两小时", "夜间转运车辆不足，等待超两小时",
    ...     "采样点排队过长"], [1, 2, 3], least=0.3)
    >>> one.tolist(), other.tolist()
    ([0], [1])
    """
    if len(texts) < 2:
        return _nothing()
    weights = _weights([plain(text) for text in texts])
    keys = _keys(weights)
    team = np.asarray(groups, dtype=np.int64)
    found = [_block(weights, keys, team, begin, least) for begin in range(0, len(texts), BLOCK)]
    one, other, score = (np.concatenate(part) for part in zip(*found, strict=True))
    return one, other, score


def combined(text: float, *, same_cause: bool, same_evidence: bool) -> float:
    """The likeness of two problems: of their texts, and of what they are about."""
    return text + (1 - text) * (CAUSE * same_cause + EVIDENCE * same_evidence)


def _nothing() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    none = np.zeros(0, dtype=np.int64)
    return none, none, np.zeros(0)


def _weights(texts: Sequence[str]) -> Any:
    """A sparse matrix of texts by grams: tf-idf, every row of length one."""
    from scipy import sparse

    codes, owners = _grams(texts)
    vocabulary, columns = np.unique(codes, return_inverse=True)
    shape = (len(texts), max(len(vocabulary), 1))
    counts = sparse.csr_matrix((np.ones(len(codes)), (owners, columns)), shape=shape)
    counts.sum_duplicates()
    n_texts_with = np.bincount(counts.indices, minlength=shape[1])
    rarity = np.log((1 + len(texts)) / (1 + n_texts_with)) + 1
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    squares = np.asarray(counts.multiply(counts).sum(axis=1)).ravel()
    length = np.sqrt(squares, out=np.ones_like(squares), where=squares > 0)
    counts.data /= np.repeat(length, np.diff(counts.indptr))
    return counts


def _grams(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every gram of every text as one number, and whose it is; 21 bits to a character."""
    points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype="<u4").astype(np.int64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    codes, owners = [], []
    for n in (2, 3):
        if len(points) < n:
            continue
        last = len(points) - n + 1
        inside = owner[:last] == owner[n - 1 :]  # a gram does not run from one text into the next
        code = np.zeros(last, dtype=np.int64)
        for step in range(n):
            code = (code << 21) | points[step : step + last]
        codes.append(code[inside])
        owners.append(owner[:last][inside])
    if not codes:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(codes), np.concatenate(owners)


def _keys(weights: Any) -> Any:
    """Of each text its heaviest grams that are shared, but not by too many: ones, by which it is
    found."""
    from scipy import sparse

    n_texts_with = np.bincount(weights.indices, minlength=weights.shape[1])
    shared = n_texts_with[weights.indices]
    useful = (shared > 1) & (shared <= max(MOST_COMMON, 2))
    rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))[useful]
    columns, heavy = weights.indices[useful], weights.data[useful]
    order = np.lexsort((columns, -heavy, rows))
    rows, columns = rows[order], columns[order]
    starts = np.searchsorted(rows, np.arange(weights.shape[0]))
    rank = np.arange(len(rows)) - starts[rows]
    kept = rank < N_KEYS
    ones = np.ones(int(kept.sum()), dtype=np.int32)
    return sparse.csr_matrix((ones, (rows[kept], columns[kept])), shape=weights.shape)


def _block(
    weights: Any, keys: Any, team: NDArray[np.int64], begin: int, least: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The pairs whose first text lies in one block."""
    shared = (keys[begin : begin + BLOCK] @ keys.T).tocoo()
    one, other = shared.row.astype(np.int64) + begin, shared.col.astype(np.int64)
    kept = (shared.data >= MIN_SHARED) & (other > one) & (team[one] != team[other])
    one, other = one[kept], other[kept]
    if not len(one):
        return _nothing()
    cosine = np.concatenate(
        [
            np.asarray(
                weights[one[at : at + 20_000]]
                .multiply(weights[other[at : at + 20_000]])
                .sum(axis=1)
            ).ravel()
            for at in range(0, len(one), 20_000)
        ]
    )
    near = cosine >= least
    return one[near], other[near], cosine[near]
