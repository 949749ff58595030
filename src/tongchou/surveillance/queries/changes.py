"""What changed since yesterday, as the desk must know it: counts, days, signals, sentinels."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from tongchou.staff.queries import Scope
from tongchou.surveillance.models import (
    Count,
    CountImport,
    DayRun,
    Finding,
    RunState,
    Signal,
    Silence,
    Threshold,
)
from tongchou.surveillance.queries import signals


@dataclass(frozen=True)
class Changes:
    """Everything that was written since `since`; each is a short list with its number."""

    since: datetime
    raised: list[Signal]
    extended: list[Signal]
    ended: list[Signal]
    silent: list[Silence]
    heard: list[Silence]
    revised: list[Count]
    n_revised: int
    n_counts: int
    imports: list[CountImport]
    reopened: list[DayRun]
    findings: list[Finding]
    thresholds: list[Threshold]

    @property
    def nothing(self) -> bool:
        return not any(
            (self.raised, self.extended, self.ended, self.silent, self.heard, self.n_revised,
             self.n_counts, self.reopened, self.findings, self.thresholds)
        )  # fmt: skip


#: So many of each are listed; the rest is a number.
MOST = 30


def since(scope: Scope, moment: datetime) -> Changes:
    mine = signals.dressed(signals.visible_to(scope))
    on = (moment + timedelta(hours=1)).date()
    silences = signals.dressed_silences(Silence.objects.filter(scope.q("area_path")))
    counts = _counts(scope, moment)
    revised = counts.filter(revision__gt=1)
    return Changes(
        moment,
        list(mine.filter(raised_at__gte=moment)[:MOST]),
        list(mine.filter(raised_at__lt=moment, last_on__gte=on, passage__closed_at=None)[:MOST]),
        list(mine.filter(passage__closed_at__gte=moment)[:MOST]),
        list(silences.filter(raised_at__gte=moment)[:MOST]),
        list(silences.filter(closed_at__gte=moment)[:MOST]),
        list(revised.select_related("duty__site", "duty__channel").order_by("-reported_at")[:MOST]),
        revised.count(),
        counts.count(),
        list(CountImport.objects.filter(at__gte=moment).select_related("source")[:MOST]),
        list(DayRun.objects.filter(reopened_at__gte=moment, state=RunState.REOPENED)[:MOST]),
        list(
            Finding.objects.filter(found_at__gte=moment, gone_at=None)
            .filter(scope.q("area__path"))
            .select_related("source", "channel", "area")[:MOST]
        ),
        list(Threshold.objects.filter(set_at__gte=moment).select_related("channel", "set_by")),
    )


def _counts(scope: Scope, moment: datetime) -> QuerySet[Count]:
    rows = Count.objects.filter(reported_at__gte=moment, current=True)
    return rows.filter(scope.q("duty__site__area__path"))
