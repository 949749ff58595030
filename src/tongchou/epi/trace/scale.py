"""Questions 1, 2 and 4 past one machine: one Ibis expression each, for DuckDB and Spark alike.

What people met at a place is decided at that place alone, so the visits may lie in as many pieces
as there are machines, split by place. Only the visits of the cases travel: they are fetched first
and handed to every piece. As one statement a planner may join the whole city before it looks at
the cases.

Nothing here is imported by the pages; it needs the extra `scale` (Ibis, and PySpark for Spark).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tongchou.epi.trace import kinds
from tongchou.epi.trace.day import DAY_MINUTES

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerValue, Table

__all__ = [
    "as_visits",
    "common_exposures",
    "contacts_of_cases",
    "contacts_of_contacts",
    "frontier",
    "materialised",
]

#: Stands for all days of the window together, as in `exposures`.
WHOLE = -1
#: So many places are named to the engine; more only make the statement long.
FEW = 4000
NOT_HOME = kinds.ALL & ~kinds.HOME.mask


def as_visits(twin: "Table") -> "Table":
    """The visits of the store's Parquet twins (person, place, s, e, kind), wide enough to add up.

    Whether a place is one room goes by its kind.
    """
    shared = [kind.number for kind in kinds.KINDS if kind.shared_room]
    wide = {name: twin[name].cast("int64") for name in ("person", "place", "kind", "s", "e")}
    return twin.select(**wide, shared=twin.kind.cast("int64").isin(shared))


def contacts_of_cases(
    connection: Any,
    visits: "Table",
    cases: "Table",
    *,
    min_minutes: int = 15,
    mask: int = kinds.ALL,
    longest: Sequence[int] | None = None,
    by_person: "Table | None" = None,
) -> "Table":
    """Who was with each case in its window.

    Parameters
    ----------
    connection
        An Ibis backend that holds both tables.
    visits
        person, place, kind, shared, s, e: minutes since 1970, half open, split at midnight, as
        `as_visits` makes them of the store's Parquet twins; best in order of place.
    cases
        number, person, since, until.
    mask
        The kinds of place that count, see `kinds.mask_of`.
    longest
        The longest stay by number of kind, in minutes; by default what `kinds` believes. A row
        that starts earlier than so long before a case's visit is not looked at.
    by_person
        The same visits in order of person, where the cases' own are looked up.

    Returns
    -------
    Table
        number, person, meetings, minutes, shared_minutes, first, last, kinds; not yet run.
    """
    own = visits if by_person is None else by_person
    mine = connection.to_pyarrow(_case_visits(own, cases, mask))
    return _pairs(_together(visits, mine, longest), min_minutes)


def frontier(pairs: "Table", *, until: int, quarantined: "Table | None" = None) -> "Table":
    """The contacts found by `contacts_of_cases`, for `contacts_of_contacts` to go on from.

    Each once (person, since, until): from the first meeting with any case to quarantine, that is
    `quarantined` (person, at), else to the minute `until`.
    """
    import ibis

    firsts = pairs.group_by("person").agg(since=pairs["first"].min())
    if quarantined is None:
        return firsts.mutate(until=ibis.literal(until, "int64"))
    held = quarantined.group_by(held="person").agg(at=quarantined["at"].min())
    return firsts.left_join(held, firsts.person == held.held).select(
        person=firsts.person,
        since=firsts.since,
        until=ibis.least(ibis.coalesce(held["at"], until), until).cast("int64"),
    )


def contacts_of_contacts(
    connection: Any,
    visits: "Table",
    frontier: "Table",
    known: "Table | None" = None,
    *,
    min_minutes: int = 60,
    mask: int = kinds.ALL,
    longest: Sequence[int] | None = None,
    by_person: "Table | None" = None,
) -> "Table":
    """Who was with anybody of the frontier, for so many minutes at a stretch in a day.

    Without limits of kind and minutes one case reaches most of a city: count the rows first.

    Parameters
    ----------
    visits
        As for `contacts_of_cases`.
    frontier
        person, since, until, each person once. Nobody of them is in the answer.
    known
        person: whom not to report besides, such as the cases.

    Returns
    -------
    Table
        person, first (minute of exposure); not yet run.
    """
    numbered = frontier.mutate(number=frontier.person)
    own = visits if by_person is None else by_person
    mine = connection.to_pyarrow(_case_visits(own, numbered, mask))
    met = _together(visits, mine, longest, max(min_minutes, 1))
    for people in (frontier, known):
        if people is not None:
            out = people.select(out=people.person).distinct()
            met = met.anti_join(out, met.person == out.out)
    return met.group_by("person").agg(first=met.f.min())


def common_exposures(
    connection: Any,
    visits: "Table",
    cases: "Table",
    *,
    min_cases: int = 2,
    mask: int = NOT_HOME,
    by_person: "Table | None" = None,
) -> "Table":
    """Places, and places on one day, where at least so many cases were inside their windows.

    These are the counts that `exposures` ranks by surprise. Two cases at one place count whether
    they met or not, for what they caught may have waited there; a stay of no length counts.

    Returns
    -------
    Table
        place, day (days since 1970; `WHOLE` for the whole window, from the first day of any case's
        to the last of any), cases, visitors: distinct people; not yet run.
    """
    import ibis

    ends = connection.to_pyarrow(cases.aggregate(low=cases.since.min(), high=cases.until.max()))
    low, high = (ends[name][0].as_py() or 0 for name in ("low", "high"))
    own = visits if by_person is None else by_person
    low, high = low // DAY_MINUTES, -(-high // DAY_MINUTES)
    seen = materialised(connection, _seen(own, cases, mask, low, high))
    per_day = seen.group_by("place", "day").agg(cases=seen.case_person.nunique())
    whole = seen.group_by("place").agg(cases=seen.case_person.nunique())
    whole = whole.select("place", day=ibis.literal(WHOLE, "int64"), cases="cases")
    crossed = per_day.union(whole).select("place", "day", cases=ibis._.cases.cast("int64"))
    found = connection.to_pyarrow(crossed.filter(crossed.cases >= min_cases))
    at = ibis.memtable(found).rename(at_place="place")
    visits = _at(visits, found["place"])
    day = _day(visits.s)
    there = visits.join(
        at,
        [
            visits.place == at.at_place,
            (at.day == day) | (at.day == WHOLE),
            day >= low,
            day < high,
        ],
    ).select(place=at.at_place, day=at.day, cases=at.cases, person=visits.person)
    return there.group_by("place", "day", "cases").agg(
        visitors=there.person.nunique().cast("int64")
    )


def materialised(connection: Any, expression: "Table") -> "Table":
    """The rows of a small expression, fetched: what a cluster hands to each of its machines."""
    import ibis

    return ibis.memtable(connection.to_pyarrow(expression))


def _seen(visits: "Table", cases: "Table", mask: int, low: int, high: int) -> "Table":
    """Which case was at which place on which day inside its window."""
    theirs = cases.select(case_person=cases.person, since=cases.since, until=cases.until)
    return (
        visits.join(
            theirs,
            [
                visits.person == theirs.case_person,
                visits.s < theirs.until,
                (visits.e > theirs.since) | (visits.s >= theirs.since),
                visits.kind.isin(_numbers(mask)),
            ],
        )
        .select(case_person=theirs.case_person, place=visits.place, day=_day(visits.s))
        .filter(lambda row: (row.day >= low) & (row.day < high))
        .distinct()
    )


def _case_visits(visits: "Table", cases: "Table", mask: int) -> "Table":
    """The visits of the cases, clipped to their windows, under names of their own."""
    import ibis

    theirs = cases.select(
        number=cases.number, case_person=cases.person, since=cases.since, until=cases.until
    )
    mine = visits.join(
        theirs,
        [
            visits.person == theirs.case_person,
            visits.s < theirs.until,
            visits.e > theirs.since,
        ],
    ).select(
        number=theirs.number,
        case_person=theirs.case_person,
        place=visits.place,
        day=_day(visits.s),
        kind=visits.kind,
        shared=visits.shared,
        mine_s=ibis.greatest(visits.s, theirs.since),
        mine_e=ibis.least(visits.e, theirs.until),
    )
    return mine.filter(mine.mine_e > mine.mine_s, mine.kind.isin(_numbers(mask)))


def _at(visits: "Table", places: Any) -> "Table":
    """The visits of some places: where they are few, engines skip what holds none of them."""
    wanted = places.unique()
    return visits.filter(visits.place.isin(wanted.to_pylist())) if len(wanted) <= FEW else visits


def _together(
    visits: "Table", fetched: Any, longest: Sequence[int] | None, least: int = 1
) -> "Table":
    """Each overlap of a case's visit with somebody else's, of at least so many minutes.

    Visits are split at midnight, so both lie in one day: place and day are what a cluster shuffles
    by, and the longest stay bounds how far back in the day it looks.
    """
    import ibis

    mine = ibis.memtable(fetched)
    visits = _at(visits, fetched["place"])
    if len(fetched):
        first, last = fetched["mine_s"].to_numpy().min(), fetched["mine_e"].to_numpy().max()
        visits = visits.filter(visits.s > int(first) - DAY_MINUTES, visits.s < int(last))
    bound = longest if longest is not None else kinds.max_minutes().tolist()
    at_most = mine.kind.cases(
        *((number, min(int(minutes), DAY_MINUTES)) for number, minutes in enumerate(bound)),
        else_=DAY_MINUTES,
    )
    ours = mine.mutate(earliest=mine.mine_s - at_most).rename(my_place="place", my_day="day")
    theirs = visits.select(
        person=visits.person, v_place=visits.place, v_day=_day(visits.s), s=visits.s, e=visits.e
    )
    return (
        theirs.join(
            ours,
            [
                theirs.v_place == ours.my_place,
                theirs.v_day == ours.my_day,
                theirs.person != ours.case_person,
                theirs.s < ours.mine_e,
                theirs.e > ours.mine_s,
                theirs.s > ours.earliest,
            ],
        )
        .select(
            number=ours.number,
            person=theirs.person,
            place=ours.my_place,
            kind=ours.kind,
            shared=ours.shared,
            f=ibis.greatest(theirs.s, ours.mine_s),
            l=ibis.least(theirs.e, ours.mine_e),
        )
        .filter(lambda met: met.l - met.f >= least)
    )


def _pairs(met: "Table", min_minutes: int) -> "Table":
    """One row per case and person; a meeting that goes on over midnight is one."""
    import ibis

    before = (
        met.filter(_at_midnight(met.l))
        .select(b_number="number", b_person="person", b_place="place", b_l="l")
        .distinct()
    )
    met = met.left_join(
        before,
        [
            met.number == before.b_number,
            met.person == before.b_person,
            met.place == before.b_place,
            met.f == before.b_l,
        ],
    )
    minutes = met.l - met.f
    found = met.group_by("number", "person").agg(
        meetings=ibis.ifelse(met.b_l.isnull(), 1, 0).sum().cast("int64"),
        minutes=minutes.sum().cast("int64"),
        shared_minutes=ibis.ifelse(met.shared, minutes, 0).sum().cast("int64"),
        first=met.f.min(),
        last=met.l.max(),
        # there is no bitwise or of a column on Spark: each kind adds its bit, if it was there
        kinds=sum(
            ibis.ifelse(met.kind == kind.number, kind.mask, 0).max().cast("int64")
            for kind in kinds.KINDS
        ),
    )
    return found.filter(found.minutes >= min_minutes)


def _numbers(mask: int) -> list[int]:
    return [kind.number for kind in kinds.in_mask(mask)]


def _day(minute: "IntegerValue") -> "IntegerValue":
    return (minute // DAY_MINUTES).cast("int64")


def _at_midnight(minute: "IntegerValue") -> "BooleanValue":
    return minute % DAY_MINUTES == 0
