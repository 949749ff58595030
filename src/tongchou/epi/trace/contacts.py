"""Question 1: who was where with these cases.

Of each place where a case was, only the rows are read that begin before the case left, and not
longer before it came than anybody stays there. The kernels are in `meeting`.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds, meeting
from tongchou.epi.trace.day import I64, U32, City
from tongchou.epi.trace.tables import Rows, Tables, tiny
from tongchou.kit.compiled import example, workers

#: A workspace keeps so many bytes of rows between two questions.
KEPT = 1 << 27


@dataclass(frozen=True, eq=False)
class Cases:
    """People whose meetings are asked for, each in its infectious window.

    Parameters
    ----------
    person
        u32[n]; a person may stand here more than once, each time as a case of its own.
    since, until
        Half open, in minutes since 1970 on the city's clock, i64[n].
    """

    person: U32
    since: I64
    until: I64

    def __len__(self) -> int:
        return self.person.size

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, int]]) -> "Cases":
        """From rows of (person, since, until)."""
        columns = np.array(list(rows), np.int64).reshape(-1, 3)
        return cls(columns[:, 0].astype(np.uint32), columns[:, 1].copy(), columns[:, 2].copy())

    @classmethod
    def none(cls) -> "Cases":
        return cls.of(())

    def part(self, first: int, stop: int) -> "Cases":
        """The cases from `first` up to `stop`."""
        return Cases(self.person[first:stop], self.since[first:stop], self.until[first:stop])


@dataclass(frozen=True, eq=False)
class Pairs:
    """One row per case and person who met, in order of case and of first meeting.

    Parameters
    ----------
    rows
        i32[n, 16]; the properties are views of its columns.
    """

    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def case(self) -> NDArray[np.int32]:
        """Index into `Cases`."""
        return self.rows[:, meeting.CASE]

    @property
    def person(self) -> NDArray[np.int32]:
        return self.rows[:, meeting.PERSON]

    @property
    def meetings(self) -> NDArray[np.int32]:
        """How often they met; one that runs over midnight is one."""
        return self.rows[:, meeting.MEETINGS]

    @property
    def minutes(self) -> NDArray[np.int32]:
        """Together, in all."""
        return self.rows[:, meeting.MINUTES]

    @property
    def shared_minutes(self) -> NDArray[np.int32]:
        """Of `minutes`, those in a shared room or vehicle."""
        return self.rows[:, meeting.SHARED]

    @property
    def first(self) -> NDArray[np.int32]:
        """Begin of the first meeting, minutes since 1970 on the city's clock."""
        return self.rows[:, meeting.FIRST]

    @property
    def last(self) -> NDArray[np.int32]:
        """End of the last meeting."""
        return self.rows[:, meeting.LAST]

    @property
    def kinds(self) -> NDArray[np.int32]:
        """The kinds of place where they met, as a mask."""
        return self.rows[:, meeting.KINDS]

    @property
    def minutes_by_kind(self) -> NDArray[np.uint16]:
        """u16[n, 16], by number of the kind; stops at 65,535 (45 days)."""
        return self.rows.view(np.uint16)[:, 2 * meeting.BY_KIND :]


def of_cases(
    city: City | Tables,
    cases: Cases,
    *,
    min_minutes: int = 15,
    mask: int = kinds.ALL,
    threads: int = 1,
) -> Pairs:
    """Everybody who was at the same place at the same time as a case in its window.

    A pair counts from one whole minute; kept are those of at least `min_minutes` in all.

    Parameters
    ----------
    mask
        The kinds of place that count, see `kinds.mask_of`.
    threads
        The answer is the same with any number.
    """
    tables = Tables.of(city)

    def gather(some: Cases) -> Rows:
        return gathered(tables, some, tables.by_place, mask=mask, min_minutes=min_minutes)

    return Pairs(spread(gather, cases, threads))


def spread(gather: Callable[[Cases], Rows], cases: Cases, threads: int) -> Rows:
    """Hand the cases out to threads in equal parts, and put the parts back in order."""
    parts = min(workers(threads), len(cases))
    if parts < 2:
        return gather(cases)
    edges = [len(cases) * i // parts for i in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        found = list(pool.map(lambda ends: gather(cases.part(*ends)), pairwise(edges)))
    for rows, first in zip(found, edges, strict=False):
        rows[:, meeting.CASE] += first
    return np.concatenate(found)


def gathered(
    tables: Tables,
    cases: Cases,
    by_key: I64,
    *,
    mask: int,
    min_minutes: int,
    min_meetings: int = 1,
    least: int = 1,
    key_of: U32 | None = None,
) -> Rows:
    """The rows of `Pairs`, with a workspace of the tables that grows where it does not suffice."""
    longest = tables.longest
    if key_of is None:
        key_of = tables.no_keys
    else:  # people of every kind of place are in one row
        longest = np.full_like(longest, longest.max())
    space = tables.borrow()
    case, n = 0, 0
    rows = space.rows
    while True:
        ended, case, n = meeting.pairs_of(
            cases.person, cases.since, cases.until, case, n,
            tables.starts, tables.by_person, by_key, key_of, tables.kind, tables.shared,
            longest, mask, max(least, 1), min_minutes, min_meetings,
            space.meetings, space.table, space.scratch, rows,
        )  # fmt: skip
        if ended == meeting.DONE:
            break
        if ended == meeting.MORE_MEETINGS:
            space.grow()
        else:
            # Memory that is never touched costs nothing, so growing by much is cheap.
            larger = np.empty((rows.shape[0] * 8, meeting.ROW), np.int32)
            larger[:n] = rows[:n]
            rows = larger
    found = rows[:n]
    if found.nbytes <= KEPT:  # fresh memory costs more than a copy: keep what is in use already
        space.rows, found = rows, found.copy()
    tables.give_back(space)
    return found


@example
def _warm_up() -> None:
    of_cases(tiny(), Cases.of([(0, 0, 1440)]))
