"""Reads of signals and silences, each inside the reader's areas; and what closed signals teach."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tongchou.areas.models import Area, subtree
from tongchou.cases.queries import at_stage, inside, open_legs
from tongchou.staff.queries import Scope
from tongchou.surveillance import wording
from tongchou.surveillance.found import CLUSTER, EVIDENCE
from tongchou.surveillance.models import TRUE_RISES, Channel, Evidence, Signal, Silence

ORDERS = {
    "-raised": ("-raised_at", "-id"),
    "raised": ("raised_at", "id"),
    "-statistic": ("-statistic", "-id"),
    "-last": ("-last_on", "-id"),
}
SUBJECTS = {EVIDENCE: _("all channels together"), CLUSTER: _("cluster of areas")}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty means everything."""

    search: str = ""
    area_path: str = ""
    stage: str = ""
    channel: str = ""
    detector: str = ""
    closed_as: str = ""
    late: bool = False
    since: date | None = None
    until: date | None = None


def visible_to(scope: Scope) -> QuerySet[Signal]:
    return Signal.objects.filter(inside(scope, "signal"))


def listed(scope: Scope, wanted: Wanted, *, now: datetime) -> QuerySet[Signal]:
    """Bare rows of the list: a page is cut from them first and dressed afterwards."""
    found = visible_to(scope)
    if wanted.search:
        digits = "".join(c for c in wanted.search if c.isdigit())
        by_number = Q(pk=int(digits)) if digits and len(digits) < 12 else Q()
        found = found.filter(by_number | Q(area__name__icontains=wanted.search.strip()))
    if wanted.area_path:
        found = found.filter(subtree(wanted.area_path, field="area_path"))
    if wanted.stage:
        found = found.filter(at_stage("signal", wanted.stage))
    if wanted.channel:
        # Kept as a list in JSON: a short name stands in quotes there, on every database.
        found = found.filter(channels__icontains=f'"{wanted.channel}"')
    if wanted.detector:
        found = found.filter(detectors__icontains=f'"{wanted.detector}"')
    if wanted.closed_as:
        found = found.filter(closed_as=wanted.closed_as)
    if wanted.since:
        found = found.filter(last_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(first_on__lte=wanted.until)
    if wanted.late:
        late = open_legs(scope, "signal").filter(due_at__lte=now)
        found = found.filter(passage_id__in=late.values("passage_id"))
    return found


def dressed(signals: QuerySet[Signal]) -> QuerySet[Signal]:
    """Signals with area, passage, and `due_at`, `owner`, `unit_name` of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        signals.select_related("area", "passage", "claimed_by", "follows")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"), owner=F("leg__owner"), unit_name=F("leg__unit__name"))
    )


def dress(rows: Sequence[Signal]) -> list[Signal]:
    """A page of rows, dressed, in the same order."""
    found = dressed(Signal.objects.filter(pk__in=[row.pk for row in rows])).in_bulk()
    return [found[row.pk] for row in rows]


def most_urgent(signals: QuerySet[Signal], n: int) -> list[Signal]:
    """The first to act on, dressed: by deadline."""
    found = dressed(signals).order_by(F("leg__due_at").asc(), "id")
    return list(found[:n])


def channel_names() -> dict[str, str]:
    """The names of the channels in the reader's language, by short name."""
    return {channel.pk: str(channel) for channel in Channel.objects.all()}


def sentences(signals: Iterable[Signal]) -> dict[int, str]:
    """What each signal says, from its newest day that stands; two statements however many."""
    rows = {signal.pk: signal for signal in signals}
    names = channel_names()
    newest: dict[int, Evidence] = {}
    for row in Evidence.objects.filter(signal_id__in=rows).order_by("stands", "day"):
        newest[row.signal_id] = row
    return {
        pk: wording.sentence(newest[pk], area=signal.area.name, channels=names)
        for pk, signal in rows.items()
        if pk in newest
    }


def sentence(signal: Signal) -> str:
    return sentences([signal]).get(signal.pk, "")


def open_silences(scope: Scope) -> QuerySet[Silence]:
    """Sentinels that are silent now, longest first."""
    rows = Silence.objects.filter(scope.q("area_path"), closed_at=None)
    return dressed_silences(rows).order_by("first_on", "id")


def dressed_silences(silences: QuerySet[Silence]) -> QuerySet[Silence]:
    """Silences with site, channel, and `due_at`, `unit_name` of the open leg."""
    open_leg = FilteredRelation(
        "passage__handoffs", condition=Q(passage__handoffs__done_at__isnull=True)
    )
    return (
        silences.select_related("duty__site__area", "duty__site__unit", "duty__channel", "passage")
        .annotate(leg=open_leg)
        .annotate(due_at=F("leg__due_at"), unit_name=F("leg__unit__name"))
    )


@dataclass(frozen=True)
class Figure:
    """One figure of the desk: signals at a stage, and how many of them are late."""

    stage: str
    n: int
    late: int


def by_stage(scope: Scope, *, now: datetime) -> list[Figure]:
    legs = open_legs(scope, "signal").values_list("stage")
    found = dict(legs.annotate(n=Count("id")).values_list("stage", "n"))
    late = dict(legs.filter(due_at__lte=now).annotate(n=Count("id")).values_list("stage", "n"))
    return [
        Figure(stage, found.get(stage, 0), late.get(stage, 0))
        for stage in ("raised", "claimed", "verified")
    ]


@dataclass(frozen=True)
class Taught:
    """What the signals of a channel and a method turned out to be, in counts."""

    channel: str
    detector: str
    confirmed: int
    true_rise: int
    false: int
    open: int

    @property
    def settled(self) -> int:
        return self.confirmed + self.true_rise + self.false

    @property
    def right(self) -> int:
        """How many of those settled told of people who were ill."""
        return self.confirmed + self.true_rise

    @property
    def precision(self) -> float | None:
        """The share that was right; None, not zero, while nothing is settled."""
        return self.right / self.settled if self.settled else None


def taught(scope: Scope, *, since: date | None = None) -> list[Taught]:
    """Precision per channel and method, from the signals of these areas, the fullest first.

    A signal counts once for each pair that alarmed in it.
    """
    rows = visible_to(scope)
    if since:
        rows = rows.filter(last_on__gte=since)
    facts = {pk: (stage, closed_as) for pk, stage, closed_as in
             rows.values_list("pk", "passage__stage", "closed_as")}  # fmt: skip
    pairs: dict[int, set[tuple[str, str]]] = defaultdict(set)
    evidence = Evidence.objects.filter(signal__in=rows).values_list(
        "signal_id", "detectors", "shares"
    )
    for pk, detectors, shares in evidence.iterator(chunk_size=2000):
        pairs[pk] |= _pairs(detectors, shares)
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for pk, found in pairs.items():
        for pair in found:
            counts[pair][_verdict(*facts[pk])] += 1
    lines = [
        Taught(channel, detector, n["confirmed"], n["true_rise"], n["false"], n["open"])
        for (channel, detector), n in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.settled, line.channel, line.detector))


def _pairs(detectors: Sequence[str], shares: Sequence[dict[str, Any]]) -> set[tuple[str, str]]:
    found = {
        (share["channel"], detector)
        for share in shares
        if share["alarm"]
        for detector in share["detectors"] or detectors
    }
    if not found and shares:
        found = {(shares[0]["channel"], detector) for detector in detectors}
    return found


def _verdict(stage: str, closed_as: str) -> str:
    if stage == "confirmed":
        return "confirmed"
    if stage != "closed":
        return "open"
    return "true_rise" if closed_as in TRUE_RISES else "false"


def parts(areas: Iterable[str]) -> list[Area]:
    """The small areas of a cluster, in the order of the tree."""
    return list(Area.objects.filter(pk__in=list(areas)).order_by("path"))
