"""The words of measures, groups and flags, as choices of a form and as sentences of a page."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tongchou.orders.conflicts import WAYS as WAYS_TABLE
from tongchou.orders.measures import DEMANDS, RELIEFS, RESTRICTIONS, Group, Kind

K, G = Kind, Group

KINDS: dict[Kind, Any] = {
    K.AT_WORK: _("must be at work"),
    K.AT_SCHOOL: _("must be at school"),
    K.TEST: _("must show a negative test"),
    K.PASS: _("must carry a pass"),
    K.PERMIT: _("must have a permit"),
    K.HOME_QUARANTINE: _("quarantine at home"),
    K.SITE_QUARANTINE: _("quarantine at a site"),
    K.MUST_LEAVE: _("must leave the area"),
    K.KEEP_SUPPLY: _("must keep up supplies"),
    K.STAY_HOME: _("may not leave home"),
    K.NO_EXIT: _("may not leave the area"),
    K.NO_ENTRY: _("may not enter the area"),
    K.NO_STAY: _("may not stay there"),
    K.TRANSPORT_OFF: _("public transport suspended"),
    K.ROADS_OFF: _("roads closed to traffic"),
    K.WORK_OFF: _("workplaces closed"),
    K.SCHOOL_OFF: _("schools closed"),
    K.SHOP_OFF: _("shops and markets closed"),
    K.CARE_OFF: _("clinics and care suspended"),
    K.TESTING_OFF: _("testing points closed"),
    K.OFFICE_OFF: _("service counters closed"),
    K.NO_GATHERING: _("no gatherings"),
    K.CLOSED_LOOP: _("working in a closed loop is allowed"),
    K.SHUTTLE: _("taken there and back"),
    K.DOOR_TESTING: _("tested at the door"),
    K.DELIVERY: _("goods brought to the door"),
    K.CARE_LANE: _("green lane to care"),
    K.FREIGHT_LANE: _("green lane for goods"),
    K.ONLINE: _("handled online"),
}
KIND_CHOICES: list[tuple[str, Any]] = [(kind.value, KINDS[kind]) for kind in Kind]
#: For the form: what demands, what restricts, what opens a way.
KIND_GROUPS: list[tuple[Any, list[tuple[str, Any]]]] = [
    (title, [(kind.value, KINDS[kind]) for kind in Kind if kind in kinds])
    for title, kinds in (
        (_("demands"), DEMANDS),
        (_("restricts"), RESTRICTIONS),
        (_("opens a way"), RELIEFS),
    )
]

GROUPS: dict[Group, Any] = {
    G.EVERYBODY: _("everybody"),
    G.RESIDENTS: _("residents"),
    G.WORKERS: _("all workers"),
    G.WORKERS_HEALTH: _("health workers"),
    G.WORKERS_SUPPLY: _("workers of food and supply"),
    G.WORKERS_TRANSPORT: _("workers of transport"),
    G.WORKERS_INDUSTRY: _("workers of industry"),
    G.WORKERS_OTHER: _("other workers"),
    G.ENTERPRISES: _("enterprises"),
    G.PATIENTS: _("patients who cannot wait"),
    G.DIALYSIS: _("dialysis patients"),
    G.BIRTH: _("women giving birth"),
    G.EMERGENCY: _("emergency patients"),
    G.PUPILS: _("pupils"),
    G.STUDENTS: _("students going home"),
    G.DRIVERS: _("all drivers"),
    G.FREIGHT: _("freight drivers"),
    G.PASSENGER_DRIVERS: _("drivers of passengers"),
    G.VISITORS: _("all visitors"),
    G.FROM_RISK: _("people from risk areas"),
    G.FROM_LOW_RISK: _("people from low-risk areas"),
    G.CLOSE_CONTACTS: _("close contacts"),
    G.SECONDARY_CONTACTS: _("secondary contacts"),
    G.GENERAL_CONTACTS: _("general contacts"),
    G.OTHER_RESIDENTS: _("other residents"),
}
GROUP_CHOICES: list[tuple[str, Any]] = [(group.value, label) for group, label in GROUPS.items()]

#: One sentence for each line of `conflicts.WAYS`.
WAYS: dict[str, Any] = {
    "work_from_home": _("must be at work, yet may not leave home"),
    "work_out": _("must be at work, yet the place where they live is shut"),
    "work_in": _("must be at work, yet may not come in"),
    "work_ride": _("must be at work, yet nothing runs that takes them there"),
    "work_shut": _("must work, yet the workplace is closed"),
    "school_from_home": _("must be at school, yet may not leave home"),
    "school_shut": _("must be at school, yet it is closed"),
    "test_shut": _("must show a test, yet the testing point is closed"),
    "test_from_home": _("must show a test, yet may not leave home to get one"),
    "test_in": _("must show a test, yet may not go where it is taken"),
    "pass_shut": _("must have a paper, yet the counter that gives it is closed"),
    "pass_in": _("must have a paper, yet may not go where it is given"),
    "pass_from_home": _("must have a paper, yet may not leave home to fetch it"),
    "supply_in": _("must bring supplies, yet may not come in"),
    "supply_staff": _("must keep up supplies, yet the staff may not leave home"),
    "leave_out": _("must leave, yet may not go out"),
    "leave_ride": _("must leave, yet nothing takes them away"),
    "stay_nowhere": _("may not leave, and may not stay"),
    "two_quarantines": _("must be in quarantine at home and at a site at once"),
    "food": _("may not go out, and the shops are closed"),
    "care": _("may not go out, and there is no care where they are"),
    "care_ride": _("cannot reach a hospital: nothing runs and the roads are closed"),
}
STRICTER: dict[str, Any] = {
    "further": _("goes further than the level above: “%(upper)s”"),
    "more": _("asks more than the level above"),
    "longer": _("lasts longer than at the level above"),
    "wider": _("is for more people than at the level above"),
}


def mends(code: str) -> str:
    """The measures that open the way again, for a line of `conflicts.WAYS`."""
    way = next(way for way in WAYS_TABLE if way.code == code)
    return _now(", ").join(str(KINDS[kind]) for kind in sorted(way.mended))


def groups(names: Iterable[str]) -> str:
    """Groups as a page lists them."""
    separator = _now(", ")
    return separator.join(str(GROUPS[Group(name)]) for name in names)


def kind(name: str) -> str:
    return str(KINDS[Kind(name)])
