"""Question 2: contacts of contacts, between a contact's first meeting with the case and quarantine.

One sweep over the place order marks everybody who was with anybody of a frontier: people and their
first minute, no pairs. Without limits one case reaches most of a city, so `sizes` says what each
limit would bring before anything is committed.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Pairs
from tongchou.epi.trace.day import DAY_MINUTES, I64, U8, U32, City
from tongchou.epi.trace.sweeping import NEVER, mark, marks_at, settle, stays_of, sweep_day
from tongchou.epi.trace.tables import Tables, tiny
from tongchou.kit.compiled import example, workers

I32 = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Frontier:
    """People whose own contacts are asked for, each once, from `since` until `until` (i64[n])."""

    person: U32
    since: I64
    until: I64

    @classmethod
    def of_contacts(cls, pairs: Pairs, until: I64 | int) -> "Frontier":
        """Each contact from its first meeting with any case.

        Parameters
        ----------
        until
            When each was taken into quarantine, by pair, i64[n]; or one minute for all.
        """
        ends = np.broadcast_to(np.asarray(until, np.int64), (len(pairs),))
        person, place = np.unique(pairs.person, return_inverse=True)
        since = np.full(person.size, np.iinfo(np.int64).max)
        last = np.full(person.size, np.iinfo(np.int64).min)
        np.minimum.at(since, place, pairs.first)
        np.maximum.at(last, place, ends)
        return cls(person.astype(np.uint32), since, last)


@dataclass(frozen=True, slots=True)
class Limit:
    """Which meetings count: at places of these kinds, for so many minutes at a stretch in a day."""

    kinds: tuple[str, ...] = ()
    min_minutes: int = 15

    @property
    def mask(self) -> int:
        return kinds.mask_of(self.kinds) if self.kinds else kinds.ALL


#: Up to so many people looking up their own stays is the faster way.
FEW = 4000

#: From the narrowest that is used to everything, for `sizes`.
LADDER = (
    Limit(("home", "care"), 60),
    Limit(("home", "care", "work", "school"), 240),
    Limit(("home", "care", "work", "school"), 60),
    Limit(("home", "care", "work", "school", "restaurant", "gathering", "leisure"), 60),
    Limit(),
)


@dataclass(frozen=True, eq=False)
class Reached:
    """People a sweep marked, ascending u32[n], and the first minute each was exposed, i64[n]."""

    person: U32
    first: I64

    def __len__(self) -> int:
        return self.person.size


def reached(
    city: City | Tables,
    frontier: Frontier,
    limit: Limit = Limit(),
    *,
    known: U32 | None = None,
    threads: int = 1,
    few: int = FEW,
) -> Reached:
    """Everybody who was with anybody of the frontier, but the frontier itself and those `known`.

    A stay that runs over midnight counts on each day for itself.

    Parameters
    ----------
    known
        People not to report: the cases, and who is in quarantine already; u32[k].
    threads
        The answer is the same with any number.
    few
        Up to so many people of the frontier their own stays are looked up; beyond, all rows are
        swept. The answer is the same.
    """
    tables = Tables.of(city)
    n_people = tables.city.n_people
    ours = np.zeros(n_people, np.bool_)
    ours[frontier.person] = True
    others = ~ours
    if known is not None:
        others[known] = False
    windows = np.empty((n_people, 2), np.int32)
    bound = np.iinfo(np.int32)
    windows[frontier.person, 0] = frontier.since.clip(bound.min, bound.max)
    windows[frontier.person, 1] = frontier.until.clip(bound.min, bound.max)
    first = np.full(n_people, NEVER, np.int32)
    fresh = np.empty(n_people + 1, np.int32)  # one more, for who is written but not kept
    if not frontier.person.size:
        return _answer(first)
    searched, left, n_left = _bits(ours), _bits(others), int(others.sum())
    runs = _runs(tables.kind, limit.mask)
    longest = tables.longest
    low, high = int(frontier.since.min()), int(frontier.until.max())
    pushed = frontier.person.size <= few
    threads = workers(threads)
    with ThreadPoolExecutor(threads) as pool:
        for day, base in enumerate(tables.starts.tolist()):
            if base >= high or base + DAY_MINUTES <= low or not n_left:
                continue
            place, least = tables.by_place[day], max(limit.min_minutes, 1)
            rare = frontier.person.size <= n_left
            if pushed:
                stays = _sorted(
                    stays_of(
                        tables.by_person[day], base, least, frontier.person, windows, limit.mask,
                        tables.kind,
                    )
                )  # fmt: skip
                look = partial(marks_at, place, least, left, tables.kind, longest)
                parts = _by_place(stays, threads)
            else:
                look = partial(
                    sweep_day, place, base=base, least=least, frontier=searched, left=left,
                    rare=rare, windows=windows, kind_of=tables.kind, longest=longest,
                )  # fmt: skip
                parts = _parts(tables, day, runs, threads)
            new = 0
            for marks in pool.map(look, parts):
                new = mark(marks, base, first, fresh, new)
            # Days are swept in order: who was reached today cannot be reached earlier any more.
            settle(fresh[:new], left)
            n_left -= new
    return _answer(first)


def sizes(
    city: City | Tables,
    frontier: Frontier,
    limits: Sequence[Limit] = LADDER,
    *,
    known: U32 | None = None,
    threads: int = 1,
) -> list[tuple[Limit, int]]:
    """How many people each limit would bring: to be shown before anybody commits to one."""
    tables = Tables.of(city)
    return [
        (limit, len(reached(tables, frontier, limit, known=known, threads=threads)))
        for limit in limits
    ]


def _answer(first: I32) -> Reached:
    person = np.flatnonzero(first != NEVER).astype(np.uint32)
    return Reached(person, first[person].astype(np.int64))


def _runs(kind: U8, mask: int) -> I64:
    """Stretches of places whose kinds count, i64[n, 2]; a city's places often come by kind."""
    wanted = np.zeros(kind.size + 2, np.bool_)
    wanted[1:-1] = (mask >> kind.astype(np.int64)) & 1
    return np.flatnonzero(wanted[1:] != wanted[:-1]).reshape(-1, 2).astype(np.int64)


def _sorted(stays: I64) -> I64:
    """By place and begin."""
    return stays[np.argsort(stays[:, 0] << 16 | stays[:, 1])]


def _by_place(stays: I64, threads: int) -> list[I64]:
    """Equal parts of sorted stays; a place stays whole."""
    if threads < 2 or not len(stays):
        return [stays]
    cuts = stays[[len(stays) * i // threads for i in range(1, threads)], 0]
    return np.split(stays, np.searchsorted(stays[:, 0], cuts))


def _parts(tables: Tables, day: int, runs: I64, threads: int) -> list[I64]:
    """The runs cut at places that have about equally many rows between them."""
    order = tables.city.days[day].by_place
    n = 4 * threads if threads > 1 else 1
    edges = np.searchsorted(order.offsets, [order.records.size * i // n for i in range(1, n)])
    cut = [runs.clip(low, high) for low, high in pairwise([0, *edges.tolist(), order.n_keys])]
    return [part[part[:, 0] < part[:, 1]] for part in cut]


def _bits(members: NDArray[np.bool_]) -> U32:
    """One bit per person: of a million people they fit into a core's own cache."""
    padded = np.zeros(-(-members.size // 32) * 32, np.bool_)
    padded[: members.size] = members
    return np.packbits(padded, bitorder="little").view("<u4").astype(np.uint32)


@example
def _warm_up() -> None:
    one = np.ones(1, np.int64)
    reached(tiny(), Frontier(np.zeros(1, np.uint32), 0 * one, 1440 * one))
