"""Gaps and hand-offs, from the ledger: what is late, what was closed, and how high it climbed."""

from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tongchou.ledger import registry
from tongchou.ledger.models import Gap, Handoff, Notice, Rung
from tongchou.reports.facts.base import Ground, Measure
from tongchou.reports.facts.custody import open_at

GAP_UNIT = "handoff__unit"  # who answered for the leg; `Gap.unit` is whom it has climbed to


def gaps_open(ground: Ground) -> QuerySet[Gap]:
    return Gap.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=ground.at), raised_at__lt=ground.at
    )


def _by_rung(ground: Ground) -> QuerySet[Gap]:
    """The rung a gap had reached: as it is now if it has not climbed since, or as was told then."""
    told = (
        Notice.objects.filter(gap=OuterRef("pk"), at__lt=ground.at)
        .order_by()
        .values("gap")
        .annotate(top=Max("rung"))
        .values("top")
    )
    then = Coalesce(Subquery(told), Value(0), output_field=IntegerField())
    rung = Case(When(climbed_at__lt=ground.at, then=F("rung")), default=then)
    return gaps_open(ground).annotate(rung_at=rung)


def _raised(ground: Ground) -> QuerySet[Gap]:
    return Gap.objects.filter(raised_at__gte=ground.since, raised_at__lt=ground.at)


def _closed(ground: Ground) -> QuerySet[Gap]:
    return Gap.objects.filter(closed_at__gte=ground.since, closed_at__lt=ground.at)


def _late(ground: Ground) -> QuerySet[Handoff]:
    return open_at(ground).filter(due_at__lt=ground.at)


def _unowned(ground: Ground) -> QuerySet[Handoff]:
    return open_at(ground).filter(unit=None)


def _done(ground: Ground) -> QuerySet[Handoff]:
    done = Handoff.objects.filter(done_at__gte=ground.since, done_at__lt=ground.at)
    in_time = Case(When(done_at__lte=F("due_at"), then=Value("in_time")), default=Value("late"))
    return done.annotate(timely=in_time)


def loop_name(code: str) -> Any:
    known = {item.loop.name: item.label for item in registry.every()}
    return known.get(code, code)


def rung_name(code: int) -> Any:
    return Rung(code).label if code in Rung.values else code


def timely_name(code: str) -> Any:
    return _("in time") if code == "in_time" else _("late")


MEASURES = (
    Measure(
        "gaps.open", "gaps", _("Open gaps by loop"),
        _("Hand-offs that came due, were seen to be late by the sweep, and were not done."),
        gaps_open,
        ngettext_lazy("%(n)s gap is open%(more)s.", "%(n)s gaps are open%(more)s.", "n"),
        _("No gap is open."),
        unit=GAP_UNIT, split="loop", names=loop_name,
    ),
    Measure(
        "gaps.rungs", "gaps", _("Open gaps by rung"),
        _("The open gaps by the level they had climbed to."),
        _by_rung,
        ngettext_lazy("How high %(n)s open gap has climbed%(more)s.",
                      "How high the %(n)s open gaps have climbed%(more)s.", "n"),
        unit=GAP_UNIT, split="rung_at", names=rung_name,
        compared=False,
    ),
    Measure(
        "gaps.raised", "gaps", _("Gaps raised in 24 hours"),
        _("Gaps that the sweep raised in these 24 hours."),
        _raised,
        ngettext_lazy("%(n)s gap was raised in 24 hours%(more)s.",
                      "%(n)s gaps were raised in 24 hours%(more)s.", "n"),
        _("No gap was raised in 24 hours."),
        unit=GAP_UNIT, split="loop", names=loop_name, flow=True,
    ),
    Measure(
        "gaps.closed", "gaps", _("Gaps closed in 24 hours"),
        _("Gaps closed in these 24 hours, by a late hand-over or because nothing is due."),
        _closed,
        ngettext_lazy("%(n)s gap was closed in 24 hours%(more)s.",
                      "%(n)s gaps were closed in 24 hours%(more)s.", "n"),
        _("No gap was closed in 24 hours."),
        unit=GAP_UNIT, split="loop", names=loop_name, flow=True,
    ),
    Measure(
        "legs.late", "gaps", _("Hand-offs past their deadline"),
        _("Hand-offs that were open and past their deadline, whether a gap was raised or not."),
        _late,
        ngettext_lazy("%(n)s open hand-off is past its deadline%(more)s.",
                      "%(n)s open hand-offs are past their deadline%(more)s.", "n"),
        _("No open hand-off is past its deadline."),
        unit="unit",
    ),
    Measure(
        "legs.done", "gaps", _("Hand-offs done in 24 hours"),
        _("Hand-offs that were done in these 24 hours, by whether their deadline was kept."),
        _done,
        ngettext_lazy("%(n)s hand-off was done in 24 hours%(more)s.",
                      "%(n)s hand-offs were done in 24 hours%(more)s.", "n"),
        _("No hand-off was done in 24 hours."),
        unit="unit", split="timely", names=timely_name, flow=True,
    ),
    Measure(
        "legs.unowned", "capacity", _("Hand-offs nobody answers for"),
        _("Open hand-offs for which no unit is on duty."),
        _unowned,
        ngettext_lazy("%(n)s open hand-off has nobody who answers for it%(more)s.",
                      "%(n)s open hand-offs have nobody who answers for them%(more)s.", "n"),
        _("Every open hand-off has somebody who answers for it."),
    ),
)  # fmt: skip
