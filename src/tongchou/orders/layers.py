"""层层加码: a lower level that asks more than the level above asks for the same thing.

Compared measure by measure: the same kind for the same people and area, asked longer, more often or
of more people; or a kind that goes further on the same ladder.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from tongchou.orders.measures import IN_DAYS, IN_HOURS, Claim, Kind, common_time, within

K = Kind
#: From mild to hard: a step further up than the level above is more than it asked.
LADDERS: Final = (
    (K.TEST, K.HOME_QUARANTINE, K.SITE_QUARANTINE),
    (K.TEST, K.NO_ENTRY),
    (K.PASS, K.NO_ENTRY),
    (K.NO_GATHERING, K.NO_EXIT, K.STAY_HOME),
    (K.PERMIT, K.WORK_OFF),
)


@dataclass(frozen=True, order=True)
class Stricter:
    """In which way a measure of a lower level goes beyond one above: further, more, longer,
    wider."""

    code: str
    lower: tuple[str, int]
    upper: tuple[str, int]


def find(claims: Iterable[Claim], *, order: str = "") -> tuple[Stricter, ...]:
    """Every measure of a lower level that is stricter than one above it; with `order` only its own.

    Levels of 0 are unknown and compared with nobody.
    """
    known = sorted(set(claims), key=lambda c: (c.key, c.kind))
    return tuple(
        sorted(
            {
                Stricter(code, lower.key, upper.key)
                for lower in known
                if not order or lower.order == order
                for upper in known
                if 0 < upper.level < lower.level and _same_matter(lower, upper)
                for code in _beyond(lower, upper)
            }
        )
    )


def _same_matter(lower: Claim, upper: Claim) -> bool:
    return (
        within(lower.area, upper.area)
        and bool(lower.touches & upper.touches)
        and common_time(lower, upper) is not None
    )


def _beyond(lower: Claim, upper: Claim) -> Iterator[str]:
    if lower.kind != upper.kind:
        if any(
            upper.kind in ladder
            and lower.kind in ladder
            and ladder.index(lower.kind) > ladder.index(upper.kind)
            for ladder in LADDERS
        ):
            yield "further"
        return
    if lower.amount and upper.amount:
        if lower.kind in IN_DAYS and lower.amount > upper.amount:
            yield "more"
        if lower.kind in IN_HOURS and lower.amount < upper.amount:
            yield "more"
    if lower.until > upper.until:
        yield "longer"
    if lower.touches - upper.touches:
        yield "wider"
