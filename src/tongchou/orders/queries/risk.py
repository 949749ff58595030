"""The risk that an order states is the drafter's word; here it is held against the records."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import TempoChoice, subtree
from tongchou.cases.models import Case, Classification
from tongchou.ledger import policy
from tongchou.orders import red_lines
from tongchou.orders.models import Measure, Risk
from tongchou.orders.queries import claims
from tongchou.orders.queries.duty import midnight

POSITIVE = (Classification.CONFIRMED, Classification.ASYMPTOMATIC)
#: Where the playbook does not say after how many days without a case an area is let go.
USUAL_DAYS = 14


@dataclass(frozen=True)
class Doubt:
    """What the records say against the risk that a measure states."""

    measure: int
    says: str


def found(paths: Iterable[str], *, since: datetime, now: datetime) -> list[tuple[str, datetime]]:
    """Where cases were found in these areas, each with the end of the day it was reported on."""
    here = Q(pk__in=[])
    for path in set(paths):
        here |= subtree(path, field="area_path")
    first, today = timezone.localdate(since), timezone.localdate(now)
    rows = Case.objects.filter(
        here, classification__in=POSITIVE, reported_on__gte=first, reported_on__lte=today
    )
    last: dict[str, Any] = {}
    for path, day in rows.values_list("area_path", "reported_on"):
        last[path] = max(day, last.get(path, day))
    return [(path, midnight(day + timedelta(days=1))) for path, day in sorted(last.items())]


def doubts(measures: Iterable[Measure], *, now: datetime) -> list[Doubt]:
    """Where the stated risk and the records part: cases there, and the tempo of the area."""
    known = [measure for measure in measures if measure.risk]
    if not known:
        return []
    days = red_lines.limits_of(policy.in_force(now)).control_days
    longest = max([USUAL_DAYS, *days.values()])
    paths = {claims.path_of(measure.area) for measure in known}
    cases = found(paths, since=now - timedelta(days=longest), now=now)
    return [one for measure in known for one in _doubts(measure, cases, days, now)]


def _doubts(measure: Measure, cases: Any, days: Any, now: datetime) -> list[Doubt]:
    path, told = claims.path_of(measure.area), []
    n = days.get(measure.risk, USUAL_DAYS)
    lately = now - timedelta(days=n)
    there = any(where.startswith(path) and at > lately for where, at in cases)
    facts = {"risk": measure.get_risk_display(), "area": measure.area, "n": n}
    if measure.risk == Risk.LOW and there:
        told.append(
            _("Stated as %(risk)s; the records hold a case in %(area)s of the last %(n)s days.")
        )
    if measure.risk != Risk.LOW and not there:
        told.append(
            _("Stated as %(risk)s; the records hold no case in %(area)s of the last %(n)s days.")
        )
    if measure.risk != Risk.LOW and measure.area.tempo == TempoChoice.PEACE:
        told.append(_("Stated as %(risk)s; %(area)s is at peace tempo."))
    return [Doubt(measure.number, says % facts) for says in told]
