"""九不准: each red line of the playbook with the check that finds its breach in a measure.

The lines, their words and clauses stand in the playbook; here is only what each looks for. A line
without a check is told as such and never silently kept.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tongchou.orders.measures import (
    DRIVERS,
    IN_DAYS,
    PATIENTS,
    Claim,
    Group,
    Kind,
    common_area,
    leaves,
    within,
)
from tongchou.playbook import Playbook

K, G = Kind, Group
MOVING: Final = frozenset({K.STAY_HOME, K.NO_EXIT})
_HELD: Final = frozenset({K.STAY_HOME, K.NO_EXIT, *IN_DAYS})
_CLOSING: Final = frozenset(
    {K.WORK_OFF, K.SHOP_OFF, K.SCHOOL_OFF, K.TRANSPORT_OFF, K.OFFICE_OFF, K.CARE_OFF}
)
_BARRED: Final = frozenset({K.TEST, K.PASS, K.PERMIT, K.NO_ENTRY, K.CARE_OFF})
#: Let out for less than this and held again is held all along.
PAUSE: Final = timedelta(days=1)
#: An area, and until when cases were found there.
Cases = Sequence[tuple[str, datetime]]
#: Contacts and groups for whom the playbook itself says how many days.
RULES: Final[Mapping[Group, str]] = {
    G.CLOSE_CONTACTS: "close",
    G.SECONDARY_CONTACTS: "secondary",
    G.GENERAL_CONTACTS: "general",
}


@dataclass(frozen=True)
class Limits:
    """What the playbook lets an order do at most. Empty where it says nothing."""

    quarantine_days: Mapping[Group, int]  # 0: not to be quarantined at all
    control_days: Mapping[str, int]  # of an area, by its risk


def limits_of(book: Playbook) -> Limits:
    """The limits that stand in a playbook."""
    days = {
        group: sum(part.days for part in book.contact(tier).quarantine)
        for group, tier in RULES.items()
    }
    control = {name: zone.lift.clean_days for name, zone in book.zones.items() if zone.lift}
    return Limits(days, control)


@dataclass(frozen=True, order=True)
class Breach:
    """A measure beyond a red line."""

    code: str
    claim: tuple[str, int]


def _named(claim: Claim, groups: Collection[Group]) -> bool:
    """Whether the measure is for these groups by name, and not because they live there too."""
    return claim.touches <= frozenset(groups) and bool(claim.touches)


def _wider_area(claim: Claim, limits: Limits) -> bool:
    return claim.kind in MOVING and claim.risk == "low"


def _low_risk_restricted(claim: Claim, limits: Limits) -> bool:
    kinds = _HELD | {K.MUST_LEAVE, K.NO_ENTRY}
    return claim.kind in kinds and G.FROM_LOW_RISK in claim.touches


def _longer_control(claim: Claim, limits: Limits) -> bool:
    most = limits.control_days.get(claim.risk)
    return claim.kind in MOVING and most is not None and claim.lasts > timedelta(days=most)


def _more_people(claim: Claim, limits: Limits) -> bool:
    if claim.kind not in IN_DAYS:
        return False
    managed = {group for group, days in limits.quarantine_days.items() if days}
    return bool(claim.touches - managed - leaves(G.VISITORS, G.DRIVERS) - {G.STUDENTS})


def _longer_isolation(claim: Claim, limits: Limits) -> bool:
    most = [days for g, days in limits.quarantine_days.items() if days and g in claim.touches]
    return claim.kind in IN_DAYS and bool(most) and claim.amount > min(most)


def _care_refused(claim: Claim, limits: Limits) -> bool:
    if claim.kind == K.CARE_OFF:
        return bool(claim.touches & PATIENTS)
    return claim.kind in _BARRED and _named(claim, PATIENTS)


def _students_isolated(claim: Claim, limits: Limits) -> bool:
    return claim.kind in IN_DAYS and G.STUDENTS in claim.touches


def _checkpoints(claim: Claim, limits: Limits) -> bool:
    kinds = {K.NO_ENTRY, K.ROADS_OFF}
    return claim.kind in kinds and claim.risk != "high" and bool(claim.touches & DRIVERS)


def _places_closed(claim: Claim, limits: Limits) -> bool:
    return claim.kind in _CLOSING and claim.risk == "low"


Check = Callable[[Claim, Limits], bool]
CHECKS: Final[Mapping[str, Check]] = {
    "wider_area": _wider_area,
    "low_risk_restricted": _low_risk_restricted,
    "longer_control": _longer_control,
    "more_people": _more_people,
    "longer_isolation": _longer_isolation,
    "care_refused": _care_refused,
    "students_isolated": _students_isolated,
    "checkpoints": _checkpoints,
    "places_closed": _places_closed,
}


def find(
    claims: Iterable[Claim],
    *,
    codes: Collection[str],
    limits: Limits,
    beside: Iterable[Claim] = (),
    cases: Cases = (),
) -> tuple[Breach, ...]:
    """Every measure that is beyond one of these red lines.

    How long people are held is counted over all these measures and those `beside` them.
    """
    own = list(claims)
    every = [*own, *beside]
    known = [(code, CHECKS[code]) for code in codes if code in CHECKS]
    found = set()
    for claim in own:
        # Only its length matters here: as if one measure had held for as long as all of them do.
        whole = replace(claim, from_at=claim.until - held(claim, every, cases=cases))
        found |= {Breach(code, claim.key) for code, check in known if check(whole, limits)}
    return tuple(sorted(found))


def held(claim: Claim, every: Iterable[Claim], *, cases: Cases = ()) -> timedelta:
    """How long somebody whom this measure holds is held by it and by those that it adjoins.

    Of the same kind and stated risk, for the same people in the same area, in times that overlap
    or follow one another; whichever orders they stand in. After a case in the area it counts anew:
    a control ends so many days after the last one.

    Examples
    --------
    >>> day = datetime(2022, 7, 1), datetime(2022, 7, 8), datetime(2022, 7, 15)
    >>> home, who = Kind.STAY_HOME, frozenset({Group.RESIDENTS})
    >>> one = Claim("A", 1, home, who, "1/", day[0], day[1])
    >>> other = Claim("A", 2, home, who, "1/2/", day[1], day[2])
    >>> held(one, [one, other]).days
    14
    """
    if claim.kind not in MOVING:
        return claim.lasts
    same = [other for other in every if other.kind == claim.kind and other != claim]
    places = {claim.area} | {
        where for other in same if (where := common_area(claim.area, other.area)) is not None
    }
    since = max((at for path, at in cases if within(path, claim.area)), default=None)
    longest = timedelta()
    for where in places:
        there = [other for other in same if within(where, other.area)]
        for whom in claim.touches:
            chain = _chain(claim, [other for other in there if whom in other.touches])
            longest = max(longest, _together([c for c in chain if c.risk == claim.risk], since))
    return longest


def _chain(claim: Claim, others: Iterable[Claim]) -> list[Claim]:
    """The claim, and those that its time leads on to without a pause."""
    found, begin, end = [claim], claim.from_at, claim.until
    rest = sorted(others, key=lambda c: (c.from_at, c.until))
    while joined := [c for c in rest if c.from_at <= end + PAUSE and c.until >= begin - PAUSE]:
        found += joined
        begin = min(begin, *(c.from_at for c in joined))
        end = max(end, *(c.until for c in joined))
        rest = [c for c in rest if c not in joined]
    return found


def _together(claims: Sequence[Claim], since: datetime | None) -> timedelta:
    """How long these hold in all, from a moment on; hours that several cover are counted once."""
    total, reached = timedelta(), since
    for claim in sorted(claims, key=lambda c: c.from_at):
        begin = claim.from_at if reached is None else max(claim.from_at, reached)
        if claim.until > begin:
            total += claim.until - begin
            reached = claim.until
    return total


def unchecked(codes: Collection[str]) -> tuple[str, ...]:
    """Red lines of a playbook that no check here looks for."""
    return tuple(code for code in codes if code not in CHECKS)
