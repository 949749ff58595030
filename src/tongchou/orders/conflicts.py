"""合成谬误: two orders, each sensible by itself, that together leave somebody no way.

A demand needs a way to do it, and another order takes that way for the same people, place and time.
`WAYS` is the whole of the rule; a line is a sentence. What opens the way again mends it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tongchou.orders.measures import (
    Claim,
    Group,
    Kind,
    Leaves,
    common_area,
    common_time,
    leaves,
    within,
)

K, G = Kind, Group


@dataclass(frozen=True)
class Way:
    """One line of the table: who is asked `asked` cannot do it where `taken` holds.

    Parameters
    ----------
    code
        Names the line; `wording.WAYS` says it in both languages.
    mended
        What opens the way again where it holds for all of them, everywhere and all the time.
    only
        The line is about these groups alone.
    at_place
        The way leads to the place where the thing is had, not to where the demand holds.
    below
        What closes a part of the area shuts in those who live there; closing the whole of it, or
        more, leaves them their way inside.
    """

    code: str
    asked: frozenset[Kind]
    taken: frozenset[Kind]
    mended: frozenset[Kind] = frozenset()
    only: Leaves = frozenset()
    at_place: bool = False
    below: bool = False


def _way(
    code: str,
    asked: Iterable[Kind],
    taken: Iterable[Kind],
    mended: Iterable[Kind] = (),
    *,
    only: Collection[Group] = (),
    at_place: bool = False,
    below: bool = False,
) -> Way:
    kinds = frozenset(asked), frozenset(taken), frozenset(mended)
    return Way(code, *kinds, leaves(*only), at_place, below)


WAYS: Final = (
    # to be at work, one has to leave home and compound, come in, ride, and find the place open
    _way("work_from_home", [K.AT_WORK], [K.STAY_HOME, K.HOME_QUARANTINE], [K.CLOSED_LOOP]),
    _way("work_out", [K.AT_WORK], [K.NO_EXIT], [K.CLOSED_LOOP], below=True),
    _way("work_in", [K.AT_WORK], [K.NO_ENTRY], [K.CLOSED_LOOP]),
    _way("work_ride", [K.AT_WORK], [K.TRANSPORT_OFF], [K.SHUTTLE, K.CLOSED_LOOP]),
    _way("work_shut", [K.AT_WORK, K.KEEP_SUPPLY], [K.WORK_OFF]),
    _way("school_from_home", [K.AT_SCHOOL], [K.STAY_HOME, K.HOME_QUARANTINE]),
    _way("school_shut", [K.AT_SCHOOL], [K.SCHOOL_OFF]),
    # a test, a pass or a permit has to be had somewhere, and one has to get there
    _way("test_shut", [K.TEST], [K.TESTING_OFF], [K.DOOR_TESTING], at_place=True),
    _way("test_from_home", [K.TEST], [K.STAY_HOME, K.HOME_QUARANTINE], [K.DOOR_TESTING]),
    _way("test_in", [K.TEST], [K.NO_ENTRY], [K.DOOR_TESTING], at_place=True),
    _way("pass_shut", [K.PASS, K.PERMIT], [K.OFFICE_OFF], [K.ONLINE], at_place=True),
    _way("pass_in", [K.PASS, K.PERMIT], [K.NO_ENTRY], [K.ONLINE], at_place=True),
    _way("pass_from_home", [K.PASS, K.PERMIT], [K.STAY_HOME], [K.ONLINE]),
    # who must bring goods has to come in
    _way("supply_in", [K.KEEP_SUPPLY], [K.NO_ENTRY, K.ROADS_OFF], [K.FREIGHT_LANE]),
    _way("supply_staff", [K.KEEP_SUPPLY], [K.STAY_HOME], [K.CLOSED_LOOP]),
    # may not leave and may not stay
    _way("leave_out", [K.MUST_LEAVE], [K.NO_EXIT, K.STAY_HOME, K.HOME_QUARANTINE]),
    _way("leave_ride", [K.MUST_LEAVE], [K.TRANSPORT_OFF, K.ROADS_OFF], [K.SHUTTLE]),
    _way("stay_nowhere", [K.NO_EXIT, K.STAY_HOME, K.HOME_QUARANTINE], [K.NO_STAY]),
    _way("two_quarantines", [K.HOME_QUARANTINE], [K.SITE_QUARANTINE]),
    # what nobody orders and everybody needs: food, and care for those who cannot wait
    _way("food", [K.STAY_HOME, K.NO_EXIT], [K.SHOP_OFF], [K.DELIVERY]),
    _way("care", [K.STAY_HOME, K.NO_EXIT], [K.CARE_OFF], [K.CARE_LANE], only=[G.PATIENTS]),
    _way("care_ride", [K.TRANSPORT_OFF], [K.ROADS_OFF], [K.CARE_LANE], only=[G.PATIENTS]),
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Conflict:
    """Who is stranded: by which line, between which two measures, who, where and when."""

    code: str
    asked: tuple[str, int]
    taken: tuple[str, int]
    area: str
    from_at: datetime
    until: datetime
    whom: tuple[Group, ...] = field(compare=True, default=())


def find(claims: Iterable[Claim], *, order: str = "") -> tuple[Conflict, ...]:
    """Every way that one claim needs and another takes, in an order of its own.

    With `order` only those that it has a part in.

    Whichever order the claims come in, the answer is the same; measures that lie in areas apart,
    or never hold at the same time, are no conflict.

    Examples
    --------
    >>> from datetime import datetime
    >>> day = datetime(2022, 7, 1), datetime(2022, 7, 8)
    >>> work = Claim("A", 1, Kind.AT_WORK, frozenset({Group.WORKERS_SUPPLY}), "1/", *day)
    >>> shut = Claim("B", 1, Kind.STAY_HOME, frozenset({Group.RESIDENTS}), "1/2/", *day)
    >>> [(one.code, one.area) for one in find([work, shut])]
    [('work_from_home', '1/2/')]
    >>> loop = Claim("B", 2, Kind.CLOSED_LOOP, frozenset({Group.WORKERS_SUPPLY}), "1/2/", *day)
    >>> find([work, shut, loop])
    ()
    """
    known = sorted(set(claims), key=lambda c: (c.key, c.kind, c.area, c.from_at, c.until))
    by_kind: dict[Kind, list[Claim]] = {}
    for claim in known:
        by_kind.setdefault(claim.kind, []).append(claim)
    found = {
        conflict
        for way in WAYS
        for asked in _of(by_kind, way.asked)
        for taken in _of(by_kind, way.taken)
        if not order or order in (asked.order, taken.order)
        for conflict in _between(way, asked, taken, list(_of(by_kind, way.mended)))
    }
    return tuple(sorted(found))


def _of(by_kind: dict[Kind, list[Claim]], kinds: frozenset[Kind]) -> Iterator[Claim]:
    for kind in sorted(kinds):
        yield from by_kind.get(kind, ())


def _between(way: Way, asked: Claim, taken: Claim, reliefs: list[Claim]) -> Iterator[Conflict]:
    if asked == taken:
        return
    whom = asked.touches & taken.touches
    if way.only:
        whom &= way.only
    where = _where(way, asked, taken)
    when = common_time(asked, taken)
    if not whom or where is None or when is None:
        return
    whom -= _opened(where, when, reliefs)
    if whom:
        yield Conflict(way.code, asked.key, taken.key, where, *when, tuple(sorted(whom)))


def _where(way: Way, asked: Claim, taken: Claim) -> str | None:
    if way.at_place:
        return common_area(asked.place or asked.area, taken.area)
    if way.below and (not within(taken.area, asked.area) or taken.area == asked.area):
        return None
    return common_area(asked.area, taken.area)


def _opened(where: str, when: tuple[datetime, datetime], reliefs: list[Claim]) -> Leaves:
    """For whom the way is open all the same: everywhere there, and all the time."""
    found: set[Group] = set()
    for each in reliefs:
        if within(where, each.area) and each.from_at <= when[0] and each.until >= when[1]:
            found |= each.touches
    return frozenset(found)
