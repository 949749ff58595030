"""From a playbook to what the simulator runs: the same file that operations run.

Policy comes from the playbook, what it leaves open (behaviour, capacity) from `usual` or the
caller. Delays are the playbook's deadlines until somebody has measured them (`delays`).
"""

from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from tongchou.epi.spread.course import LAYERS, Course
from tongchou.epi.spread.course_reading import course_from
from tongchou.epi.spread.policy import Policy, Response
from tongchou.planning.delays import NOTHING, Measured, delay_of
from tongchou.planning.usual import USUAL
from tongchou.playbook import ContactRule, NoSuchRule, Playbook

__all__ = ["course_of", "policy_of"]

M = TypeVar("M")

_SAME: Final = (
    "testing", "antigen", "rounds", "isolation", "zones", "work", "schools", "gatherings",
    "checkpoints",
)  # fmt: skip


def course_of(book: Playbook, code: str = "") -> Course:
    """The natural history of a disease; without a code, of the one the playbook is written for.

    Raises
    ------
    LookupError
        Where the playbook names no disease, or holds no course of it; the message says which
        there are.
    """
    code = code or book.main_disease or ""
    if code not in book.courses:
        there = ", ".join(book.courses) or "none"
        asked = f"no course of {code!r}" if code else "no main_disease, and none was named"
        raise LookupError(f"Playbook {book.id} has {asked}. Courses it has: {there}.")
    return course_from(code, book.course(code).numbers())


def policy_of(book: Playbook, *, usual: Policy = USUAL, measured: Measured = NOTHING) -> Policy:
    """What a playbook does, in peace and at war.

    Parameters
    ----------
    usual
        What the playbook leaves open. Of measures it does not name, as `[response.zones]` may be
        missing, everything comes from here.
    measured
        How long hand-offs have really taken; they count in both tempos.
    """
    said = book.response
    return replace(
        usual,
        peace=_in_tempo(book, "peace", usual.peace, measured),
        war=_in_tempo(book, "war", usual.war, measured),
        stages=_told(usual.stages, said.stages, "war"),
        vaccination=_told(usual.vaccination, said.vaccination, "war"),
    )


def _in_tempo(book: Playbook, tempo: str, usual: Response, measured: Measured) -> Response:
    said = book.response
    told = {name: _told(getattr(usual, name), getattr(said, name), tempo) for name in _SAME}
    response = replace(usual, **told)
    return replace(
        response,
        tracing=_tracing(book, tempo, response, measured),
        quarantine=_quarantine(book, response),
        isolation=_isolation(book, tempo, response, measured),
        zones=_zones(book, response),
        masks=_masks(book, tempo, response),
        arrivals=_arrivals(book, response),
    )


def _told(options: M, said: Any, tempo: str) -> M:
    """The options of a measure, with what the playbook says of the fields of the same name."""
    if said is None:
        return options
    known = {each.name for each in fields(options)}  # type: ignore[arg-type]
    rules = ((key, rule) for key, rule in said if rule is not None and key in known)
    told = {key: rule.in_(tempo) if hasattr(rule, "in_") else rule.value for key, rule in rules}
    return replace(options, **told)  # type: ignore[type-var]


def _tracing(book: Playbook, tempo: str, response: Response, measured: Measured) -> Any:
    close, second = book.contact("close"), book.contact("secondary")
    delay = delay_of(book, tempo, "tracing.delay_days", measured)
    found = response.tracing.completeness if close.managed else (0.0,) * len(LAYERS)
    return replace(
        response.tracing,
        completeness=found,
        secondary=response.tracing.secondary if second.managed else 0.0,
        look_back_days=close.look_back_days,
        delay_days=(delay.days,) * len(LAYERS),
    )


def _quarantine(book: Playbook, response: Response) -> Any:
    close, second = book.contact("close"), book.contact("secondary")
    return replace(
        response.quarantine,
        facility_days=_held(close, "facility"),
        home_days=_held(close, "home"),
        secondary_facility_days=_held(second, "facility"),
        secondary_home_days=_held(second, "home"),
        test_days=close.test_days,
    )


def _held(rule: ContactRule, site: str) -> int:
    """Days in one kind of place; who is only monitored may go out, and is not held."""
    stay = (part for part in rule.quarantine if part.kind == "quarantine" and part.site == site)
    return sum(part.days for part in stay)


def _isolation(book: Playbook, tempo: str, response: Response, measured: Measured) -> Any:
    options, said = response.isolation, book.response.isolation
    at_home = said is not None and said.site is not None and said.site.in_(tempo) == "home"
    path = "isolation.transfer_days" + (".home" if at_home else "")
    options = replace(options, transfer_days=delay_of(book, tempo, path, measured).days)
    if not at_home:
        return options
    return replace(
        options,
        household=options.home_household,
        outside=options.home_outside,
        beds=0.0,
    )


def _zones(book: Playbook, response: Response) -> Any:
    """Opened as `zone.*.lift` says; where no zone can be lifted, none may be drawn."""
    if book.response.zones is None:
        return response.zones
    days = _clean_days(book)
    if not days:
        return replace(response.zones, trigger_cases=0)
    levels = ("lockdown_days", "control_days", "precaution_days")
    opening: dict[str, Any] = dict(zip(levels, [*days, 0, 0], strict=False))
    return replace(response.zones, **opening)


def _clean_days(book: Playbook) -> list[int]:
    """Clean days after which each level is lifted, from the highest zone down."""
    days: list[int] = []
    lower = {zone.lift.to for zone in book.zones.values() if zone.lift}
    name = next((each for each in book.zones if each not in lower), None)
    while name is not None and (lift := book.zones[name].lift) and len(days) < len(book.zones):
        days.append(lift.clean_days)
        name = lift.to
    return days


def _masks(book: Playbook, tempo: str, response: Response) -> Any:
    said = book.response.masks
    asked = said is None or said.required is None or said.required.in_(tempo)
    return response.masks if asked else replace(response.masks, share=0.0)


def _arrivals(book: Playbook, response: Response) -> Any:
    try:
        rule = book.group("entrant")
    except NoSuchRule:
        return response.arrivals
    return replace(
        response.arrivals,
        quarantine_days=_held(rule, "facility"),
        home_days=_held(rule, "home"),
        test_days=rule.test_days,
    )
