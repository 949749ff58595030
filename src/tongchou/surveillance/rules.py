"""What a count of a series may be: the rules that the page, the interface and every file share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tongchou.surveillance.models import Cadence, ChannelKind, Duty
from tongchou.surveillance.problems import Problem

#: Above this a series is asked for in one statement without naming each.
_MANY = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """`share` where a count is part of its denominator; flow beside a concentration is not."""

    site: str
    weekly: bool
    whole: bool
    share: bool
    from_on: date | None
    to_on: date | None

    def fault(
        self,
        day: date,
        value: int | float | Decimal,
        denominator: int | float | Decimal | None,
        *,
        today: date,
    ) -> Problem | None:
        """What is wrong with a count of this series, if anything."""
        last = day + timedelta(days=6) if self.weekly else day
        if day > today:
            return Problem("ahead", params={"value": str(day)})
        if value < 0 or (denominator is not None and denominator < 0):
            return Problem("negative", params={"value": str(value)})
        if self.whole and value != int(value):
            return Problem("fraction", params={"value": str(value)})
        if self.share and denominator is not None and value > denominator:
            said = {"value": str(value), "total": str(denominator)}
            return Problem("more_than_all", params=said)
        if (self.from_on and last < self.from_on) or (self.to_on and day > self.to_on):
            return Problem("not_on_duty", params={"site": self.site, "day": str(day)})
        return None


def rules_of(duties: Collection[int]) -> dict[int, Rule]:
    """The rule of each series."""
    asked = Duty.objects.all()
    if len(duties) <= _MANY:
        asked = asked.filter(pk__in=duties)
    rows = asked.values_list(
        "pk",
        "site__name",
        "channel__kind",
        "channel__cadence",
        "channel__denominator",
        "from_on",
        "to_on",
    )
    return {
        pk: Rule(
            site=name,
            weekly=cadence == Cadence.WEEKLY,
            whole=kind != ChannelKind.WASTEWATER,
            share=bool(out_of) and kind != ChannelKind.WASTEWATER,
            from_on=from_on,
            to_on=to_on,
        )
        for pk, name, kind, cadence, out_of, from_on, to_on in rows
    }
