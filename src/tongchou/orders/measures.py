"""What an order can do, as values: a closed list of measures, the people they touch, one claim.

Plain Python. Groups are sets of the smallest groups, so that whether two measures touch the same
people is a question about sets; "residents" holds the patients, drivers and workers among them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A measure. The first part demands, the second restricts, the third opens a way."""

    AT_WORK = "at_work"
    AT_SCHOOL = "at_school"
    TEST = "test"
    PASS = "pass"
    PERMIT = "permit"
    HOME_QUARANTINE = "home_quarantine"
    SITE_QUARANTINE = "site_quarantine"
    MUST_LEAVE = "must_leave"
    KEEP_SUPPLY = "keep_supply"

    STAY_HOME = "stay_home"
    NO_EXIT = "no_exit"
    NO_ENTRY = "no_entry"
    NO_STAY = "no_stay"
    TRANSPORT_OFF = "transport_off"
    ROADS_OFF = "roads_off"
    WORK_OFF = "work_off"
    SCHOOL_OFF = "school_off"
    SHOP_OFF = "shop_off"
    CARE_OFF = "care_off"
    TESTING_OFF = "testing_off"
    OFFICE_OFF = "office_off"
    NO_GATHERING = "no_gathering"

    CLOSED_LOOP = "closed_loop"
    SHUTTLE = "shuttle"
    DOOR_TESTING = "door_testing"
    DELIVERY = "delivery"
    CARE_LANE = "care_lane"
    FREIGHT_LANE = "freight_lane"
    ONLINE = "online"


K = Kind
DEMANDS: Final = frozenset(
    {K.AT_WORK, K.AT_SCHOOL, K.TEST, K.PASS, K.PERMIT, K.HOME_QUARANTINE, K.SITE_QUARANTINE,
     K.MUST_LEAVE, K.KEEP_SUPPLY}
)  # fmt: skip
RELIEFS: Final = frozenset(
    {K.CLOSED_LOOP, K.SHUTTLE, K.DOOR_TESTING, K.DELIVERY, K.CARE_LANE, K.FREIGHT_LANE, K.ONLINE}
)
RESTRICTIONS: Final = frozenset(Kind) - DEMANDS - RELIEFS
#: What binds somebody: it needs a clause, an end, a cost and somebody to appeal to.
BINDING: Final = DEMANDS | RESTRICTIONS
#: Whose `amount` is days of quarantine, and whose is hours for which a test is good.
IN_DAYS: Final = frozenset({K.HOME_QUARANTINE, K.SITE_QUARANTINE})
IN_HOURS: Final = frozenset({K.TEST})
#: What is fetched at a place that need not be where the demand holds.
WITH_PLACE: Final = frozenset({K.TEST, K.PASS, K.PERMIT})


class Group(StrEnum):
    """Whom a measure touches. The small ones below; the large ones are made of them."""

    DIALYSIS = "dialysis"
    BIRTH = "birth"
    EMERGENCY = "emergency"
    PUPILS = "pupils"
    STUDENTS = "students"
    WORKERS_HEALTH = "workers_health"
    WORKERS_SUPPLY = "workers_supply"
    WORKERS_TRANSPORT = "workers_transport"
    WORKERS_INDUSTRY = "workers_industry"
    WORKERS_OTHER = "workers_other"
    FREIGHT = "freight"
    PASSENGER_DRIVERS = "passenger_drivers"
    CLOSE_CONTACTS = "close_contacts"
    SECONDARY_CONTACTS = "secondary_contacts"
    GENERAL_CONTACTS = "general_contacts"
    FROM_RISK = "from_risk"
    FROM_LOW_RISK = "from_low_risk"
    OTHER_RESIDENTS = "other_residents"

    PATIENTS = "patients"
    WORKERS = "workers"
    DRIVERS = "drivers"
    ENTERPRISES = "enterprises"
    VISITORS = "visitors"
    RESIDENTS = "residents"
    EVERYBODY = "everybody"


G = Group
Leaves = frozenset[Group]
_PATIENTS: Final = frozenset({G.DIALYSIS, G.BIRTH, G.EMERGENCY})
_WORKERS: Final = frozenset(
    {G.WORKERS_HEALTH, G.WORKERS_SUPPLY, G.WORKERS_TRANSPORT, G.WORKERS_INDUSTRY, G.WORKERS_OTHER}
)
_DRIVERS: Final = frozenset({G.FREIGHT, G.PASSENGER_DRIVERS})
_VISITORS: Final = frozenset({G.FROM_RISK, G.FROM_LOW_RISK})
_CONTACTS: Final = frozenset({G.CLOSE_CONTACTS, G.SECONDARY_CONTACTS, G.GENERAL_CONTACTS})
_RESIDENTS: Final = _PATIENTS | _WORKERS | _CONTACTS | {G.PUPILS, G.STUDENTS, G.OTHER_RESIDENTS}
#: Made of what. A firm is its workers here: who closes the one sends the others home.
MADE_OF: Final[dict[Group, Leaves]] = {
    G.PATIENTS: _PATIENTS,
    G.WORKERS: _WORKERS,
    G.DRIVERS: _DRIVERS,
    G.ENTERPRISES: _WORKERS,
    G.VISITORS: _VISITORS,
    G.RESIDENTS: _RESIDENTS,
    G.EVERYBODY: _RESIDENTS | _DRIVERS | _VISITORS,
}
PATIENTS: Final = _PATIENTS
DRIVERS: Final = _DRIVERS


def leaves(*groups: str) -> Leaves:
    """The smallest groups that make up these."""
    found: set[Group] = set()
    for name in groups:
        group = Group(name)
        found |= MADE_OF.get(group, frozenset({group}))
    return frozenset(found)


@dataclass(frozen=True)
class Claim:
    """One measure of one order: what, for whom but for whom, where, and from when to when.

    Parameters
    ----------
    order
        What tells orders apart: the number, or any key.
    number
        Which measure of the order it is.
    area, place
        Paths. `place` is where a test, pass or permit is to be had, where that is elsewhere.
    risk
        Of the area as the order states it: "low", "medium", "high", or empty.
    amount
        Days of quarantine, or hours for which a test is good; 0 where it says none.
    level
        Of the issuer in the division tree: 1 province, 2 city, 3 district; larger is lower.
    """

    order: str
    number: int
    kind: Kind
    groups: frozenset[Group]
    area: str
    from_at: datetime
    until: datetime
    spares: frozenset[Group] = frozenset()
    place: str = ""
    risk: str = ""
    amount: int = 0
    clause: str = ""
    level: int = 0

    @property
    def touches(self) -> Leaves:
        """The smallest groups it is about, those it spares taken out."""
        return leaves(*self.groups) - leaves(*self.spares)

    @property
    def lasts(self) -> timedelta:
        return self.until - self.from_at

    @property
    def key(self) -> tuple[str, int]:
        return self.order, self.number


def within(inner: str, outer: str) -> bool:
    """Whether the area at `inner` is that at `outer`, or lies below it."""
    return inner.startswith(outer)


def common_area(a: str, b: str) -> str | None:
    """The smaller of two areas where one holds the other; None where they lie apart."""
    return a if within(a, b) else b if within(b, a) else None


def common_time(*claims: Claim) -> tuple[datetime, datetime] | None:
    """From when to when all of these hold; None where they never do together."""
    begin, end = max(c.from_at for c in claims), min(c.until for c in claims)
    return (begin, end) if begin < end else None
