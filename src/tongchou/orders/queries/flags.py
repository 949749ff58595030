"""What speaks against an order: whom it strands, red lines, and what is stricter than above."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.orders import conflicts, layers, red_lines, wording
from tongchou.orders.measures import Claim
from tongchou.orders.models import FlagSort, Order
from tongchou.orders.queries import claims, risk
from tongchou.playbook import RedLine


@dataclass(frozen=True)
class Found:
    """One thing that speaks against an order: at which measure, with which of another order."""

    sort: FlagSort
    code: str
    measure: int
    says: str
    other_order: str = ""
    other_measure: int = 0
    clause: str = ""
    mends: str = ""  # by which measures the way is opened again

    @property
    def key(self) -> tuple[str, ...]:
        parts = (self.sort, self.code, self.measure, self.other_order, self.other_measure)
        return tuple(str(part) for part in parts)

    @property
    def sort_label(self) -> str:
        return str(FlagSort(self.sort).label)

    @property
    def is_red_line(self) -> bool:
        return self.sort == FlagSort.RED_LINE


def of(order: Order, *, now: datetime) -> list[Found]:
    """Everything that speaks against an order as it stands, red lines first."""
    own, others = claims.of(order), claims.beside(order)
    known = {claim.key: claim for claim in [*own, *others]}
    lines = {line.code: line for line in policy.in_force(now).red_lines}
    names = _area_names(known.values())
    return [
        *_red_lines(order, own, lines, now=now),
        *(
            _conflict(order, one, known, names)
            for one in conflicts.find([*own, *others], order=order.number)
        ),
        *(_stricter(one, known) for one in layers.find([*own, *others], order=order.number)),
    ]


def digest(found: Iterable[Found]) -> str:
    """Names a set of flags: a consent covers these and no others."""
    text = "\n".join("|".join(key) for key in sorted(one.key for one in found))
    return hashlib.sha256(text.encode()).hexdigest()


def unchecked(now: datetime) -> list[str]:
    """Red lines of the playbook in force that the program has no check for, in words."""
    lines = {line.code: line for line in policy.in_force(now).red_lines}
    return [_words(lines[code]) for code in red_lines.unchecked(tuple(lines))]


def numbers(found: Iterable[Found]) -> dict[str, int]:
    """The orders that flags name, by number, for links."""
    wanted = {one.other_order for one in found if one.other_order}
    return dict(Order.objects.filter(number__in=wanted).values_list("number", "pk"))


def _words(line: RedLine) -> str:
    return line.of(get_language() or "zh")


def _red_lines(
    order: Order, own: list[Claim], lines: Mapping[str, RedLine], *, now: datetime
) -> list[Found]:
    limits = red_lines.limits_of(policy.in_force(now))
    beside = claims.run_up(order)
    keeping = [c for c in own if c.kind in red_lines.MOVING]
    begin = min([c.from_at for c in [*keeping, *beside]], default=now)
    cases = risk.found({c.area for c in keeping}, since=begin, now=now) if keeping else []
    lengths = {c.key: (c, red_lines.held(c, [*own, *beside], cases=cases)) for c in own}
    found = red_lines.find(own, codes=tuple(lines), limits=limits, beside=beside, cases=cases)
    return [
        Found(
            FlagSort.RED_LINE,
            breach.code,
            breach.claim[1],
            _words(lines[breach.code]) + _in_a_row(breach, *lengths[breach.claim]),
            clause=lines[breach.code].clause or lines[breach.code].source[:120],
        )
        for breach in found
    ]


def _in_a_row(breach: red_lines.Breach, claim: Claim, held: timedelta) -> str:
    """How long it is with the measures beside it, where that is what makes it too long."""
    if breach.code != "longer_control" or held <= claim.lasts:
        return ""
    days = ceil(held / timedelta(days=1))
    return " " + ngettext(
        "(%(n)s day on end, with the measures before and after it)",
        "(%(n)s days on end, with the measures before and after it)",
        days,
    ) % {"n": days}


def _conflict(
    order: Order,
    one: conflicts.Conflict,
    known: Mapping[tuple[str, int], Claim],
    names: Mapping[str, str],
) -> Found:
    """The sentence, and the measure of the other order; of two of its own, the second."""
    mine, other = one.asked, one.taken
    if mine[0] != order.number:
        mine, other = other, mine
    says = _("%(whom)s: %(what)s, in %(area)s from %(begin)s to %(end)s") % {
        "whom": wording.groups(one.whom),
        "what": wording.WAYS[one.code],
        "area": names.get(one.area, one.area),
        "begin": f"{timezone.localtime(one.from_at):%m-%d %H:%M}",
        "end": f"{timezone.localtime(one.until):%m-%d %H:%M}",
    }
    return Found(
        FlagSort.CONFLICT,
        one.code,
        mine[1],
        says[:600],
        *other,
        clause=known[other].clause,
        mends=wording.mends(one.code),
    )


def _stricter(one: layers.Stricter, known: Mapping[tuple[str, int], Claim]) -> Found:
    upper = known[one.upper]
    says = str(wording.STRICTER[one.code])
    if "%(upper)s" in says:
        says = says % {"upper": wording.kind(upper.kind)}
    return Found(FlagSort.STRICTER, one.code, one.lower[1], says, *one.upper, clause=upper.clause)


def _area_names(known: Iterable[Claim]) -> dict[str, str]:
    paths = {path for claim in known for path in (claim.area, claim.place) if path}
    return dict(Area.objects.filter(Q(path__in=paths)).values_list("path", "name"))
