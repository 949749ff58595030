"""Orders as claims: what holds at a moment, and what may meet a draft.

An area that was merged is read as what it became, so that its orders go on being seen.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tongchou.areas.models import Area, subtree
from tongchou.orders import red_lines
from tongchou.orders.measures import Claim, Group, Kind
from tongchou.orders.models import Measure, Order

#: So far back and ahead measures are looked at for how long they keep people in together.
LONG = timedelta(days=60)


def path_of(area: Area) -> str:
    """The path of an area, or of what it was merged into."""
    return area.successor.path if area.ended_on and area.successor else area.path


def claim(measure: Measure) -> Claim:
    """A measure as the rules read it."""
    return Claim(
        order=measure.order.number,
        number=measure.number,
        kind=Kind(measure.kind),
        groups=frozenset(Group(name) for name in measure.groups),
        spares=frozenset(Group(name) for name in measure.spares),
        area=path_of(measure.area),
        place=path_of(measure.place) if measure.place else "",
        risk=measure.risk,
        from_at=measure.from_at,
        until=measure.until,
        amount=measure.amount,
        clause=measure.clause,
        level=measure.order.unit.area.level,
    )


def dressed() -> QuerySet[Measure]:
    """Measures with what `claim` reads, in one query."""
    return Measure.objects.select_related(
        "order__unit__area", "area__successor", "place__successor"
    ).order_by("order_id", "number")


def of(order: Order) -> list[Claim]:
    """The claims of one order, draft or not."""
    return [claim(measure) for measure in dressed().filter(order=order)]


def going_on(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Those of orders that were issued and have neither ended nor been withdrawn."""
    return measures.filter(order__issued_at__isnull=False, order__ending=None)


def in_force(paths: Iterable[str], *, now: datetime) -> QuerySet[Measure]:
    """What holds now in these areas: orders for them, for parts of them, and from above."""
    return going_on(dressed()).filter(_near(paths), from_at__lte=now, until__gt=now)


def beside(order: Order) -> list[Claim]:
    """The claims of other orders that hold somewhere and some time where this one would."""
    own = of(order)
    if not own:
        return []
    begin, end = min(c.from_at for c in own), max(c.until for c in own)
    paths = {path for c in own for path in (c.area, c.place) if path}
    found = going_on(dressed()).filter(_near(paths), from_at__lt=end, until__gt=begin)
    return [claim(measure) for measure in found.exclude(order=order)]


def run_up(order: Order) -> list[Claim]:
    """What keeps people in where this order would, before, beside and after it.

    Orders that were lifted count until they were.
    """
    own = [c for c in of(order) if c.kind in red_lines.MOVING]
    if not own:
        return []
    begin, end = min(c.from_at for c in own) - LONG, max(c.until for c in own) + LONG
    rows = dressed().select_related("order__ending").filter(
        _near({c.area for c in own}),
        kind__in=red_lines.MOVING, order__issued_at__isnull=False,
        from_at__lt=end, until__gt=begin,
    ).exclude(order=order)  # fmt: skip
    return [c for c in map(_lived, rows) if c.until > c.from_at]


def _lived(measure: Measure) -> Claim:
    """A measure until it ended, which may have been before its time."""
    found = claim(measure)
    ending = getattr(measure.order, "ending", None)
    return replace(found, until=min(found.until, ending.at)) if ending else found


def _near(paths: Iterable[str]) -> Q:
    """Areas at, below or above these; and those merged into one of them."""
    near, above = Q(pk__in=[]), set()
    for path in paths:
        near |= subtree(path, field="area_path") | subtree(path, field="area__successor__path")
        near |= subtree(path, field="place__path")
        above |= set(path.strip("/").split("/"))
    return near | Q(area_id__in=above) | Q(area__successor_id__in=above) | Q(place_id__in=above)
