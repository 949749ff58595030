"""Evaluations: asked for, computed by the worker, shown, contested, published and then frozen."""

import hashlib
import logging
import time
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.staff.models import Unit, User
from tongchou.supervision import evaluating
from tongchou.supervision.errors import SupervisionError, TooEarly
from tongchou.supervision.models import Evaluation, Figures, State
from tongchou.supervision.queries import counted, evaluations

log = logging.getLogger("tongchou.worker")

#: A worker that has been at one for so long was killed.
LOST: Final = timedelta(minutes=15)
#: Units have so long to contest what they are shown, and never less than the least.
OBJECTION_DAYS: Final = 5
LEAST_DAYS: Final = 1
#: The ledger of longer periods is compared year by year.
MOST_DAYS: Final = 366


@transaction.atomic
def ask(
    *, area: Area, from_on: date, until_on: date, by: User, now: datetime, least: int = 0
) -> Evaluation:
    """Ask for an evaluation; the worker computes it, and nobody but supervision sees it yet.

    Raises
    ------
    SupervisionError
        Where the period is none.
    """
    judged = evaluations.judged_at(until_on, now)
    if until_on < from_on or judged <= evaluations.start_of(from_on):
        raise SupervisionError(_("The period ends before it begins, or has not begun."))
    if (until_on - from_on).days >= MOST_DAYS:
        raise SupervisionError(_("A year at most; compare longer times year by year."))
    least = max(least, evaluating.LEAST)
    made = Evaluation.objects.create(
        area=area,
        area_path=area.path,
        from_on=from_on,
        until_on=until_on,
        criteria={"least": least, "judged_at": judged.isoformat(), "interval": 0.95,
                  "verdict": 0.998},
        by=by,
        at=now,
    )  # fmt: skip
    _tell(made, "evaluation.ask", by, now, {"least": least})
    return made


def run_waiting(*, now: datetime) -> str:
    """Compute the oldest evaluation that waits; for the worker. Run twice, or killed: no harm."""
    waits = Evaluation.objects.filter(revision__lt=F("wanted")).exclude(state=State.PUBLISHED)
    free = Q(started_at=None) | Q(started_at__lt=now - LOST)
    for one in waits.filter(free).order_by("id")[:1]:
        if waits.filter(free, pk=one.pk).update(started_at=now):
            return _compute(one, now)
    return "0"


def _compute(one: Evaluation, now: datetime) -> str:
    try:
        made = compute(evaluation=one, now=now)
    except Exception as failure:
        log.exception("evaluation %s failed", one)
        # Tried again when the claim has lapsed; the page says why meanwhile.
        Evaluation.objects.filter(pk=one.pk).update(
            fault=f"{type(failure).__name__}: {failure}"[:300]
        )
        return f"{one}: {failure}"
    return f"{one}: {made} units"


@transaction.atomic
def compute(*, evaluation: Evaluation, now: datetime) -> int:
    """Write the revision that is wanted; returns how many units it has."""
    began = time.monotonic()
    wanted = Evaluation.objects.values_list("wanted", flat=True).get(pk=evaluation.pk)
    period = evaluations.period_of(evaluation)
    of, nobody = counted.count(period)
    found = evaluations.found(period)
    names = dict(Unit.objects.filter(pk__in={*of, *found}).values_list("pk", "name"))
    rows = evaluating.lines(of, found, names, least=evaluation.criteria["least"])
    Figures.objects.bulk_create((_row(evaluation, wanted, line) for line in rows), batch_size=500)
    took = int((time.monotonic() - began) * 1000)
    facts: dict[str, Any] = {
        "revision": wanted,
        "computed_at": now,
        "started_at": None,
        "fault": "",
        "took_ms": took,
        "totals": evaluating.totals(of, nobody),
    }
    Evaluation.objects.filter(pk=evaluation.pk).update(**facts)
    Evaluation.objects.filter(pk=evaluation.pk, state=State.WAITING).update(state=State.COMPUTED)
    evaluation.refresh_from_db()
    _tell(evaluation, "evaluation.compute", None, now, {"revision": wanted, "units": len(rows)})
    return len(rows)


def _row(evaluation: Evaluation, revision: int, line: evaluating.Line) -> Figures:
    compared = line.compared
    return Figures(
        evaluation=evaluation, revision=revision, unit_id=line.unit, name=line.name,
        n_legs=compared.n, n_in_time=compared.in_time, expected=compared.expected,
        enough=compared.verdict != "few", ratio=compared.ratio, low=compared.low,
        high=compared.high, verdict=compared.verdict, detail=line.detail,
    )  # fmt: skip


@transaction.atomic
def show(
    *, evaluation: Evaluation, by: User, now: datetime, days: int = OBJECTION_DAYS
) -> Evaluation:
    """Show each unit its own figures; from now on it may contest them.

    Raises
    ------
    TooEarly
        Where they are not computed yet.
    """
    until = now + timedelta(days=max(days, LEAST_DAYS))
    ready = Evaluation.objects.filter(
        pk=evaluation.pk, state=State.COMPUTED, revision__gte=F("wanted")
    )
    if not ready.update(state=State.SHOWN, shown_at=now, objections_until=until):
        raise TooEarly(_("These figures are not computed yet, or the units have them already."))
    evaluation.refresh_from_db()
    _tell(evaluation, "evaluation.show", by, now, {"until": until})
    return evaluation


@transaction.atomic
def publish(*, evaluation: Evaluation, by: User, now: datetime) -> Evaluation:
    """Freeze and publish what stands, with its digest.

    Raises
    ------
    TooEarly
        While units may still contest, an objection waits, or a ruling is not yet counted in.
    """
    held = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    _may_publish(held, now)
    snapshot = frozen(held)
    facts = {
        "state": State.PUBLISHED,
        "published_by": by,
        "published_at": now,
        "snapshot": snapshot,
        "digest": hashlib.sha256(snapshot.encode()).hexdigest(),
    }
    Evaluation.objects.filter(pk=held.pk).update(**facts)
    evaluation.refresh_from_db()
    _tell(evaluation, "evaluation.publish", by, now, {"digest": facts["digest"]})
    return evaluation


def _may_publish(held: Evaluation, now: datetime) -> None:
    if held.state != State.SHOWN or held.objections_until is None:
        raise TooEarly(_("Units see their figures first; then they are published."))
    if now < held.objections_until:
        raise TooEarly(
            _("Units may contest their figures until %(until)s.")
            % {"until": f"{held.objections_until:%F %R}"}
        )
    waiting = held.objections.filter(passage__closed_at=None).count()
    if waiting:
        raise TooEarly(_("%(n)d objections wait for a ruling.") % {"n": waiting})
    if held.stale:
        raise TooEarly(_("A ruling is being counted in. Try again in a moment."))


def frozen(evaluation: Evaluation) -> str:
    """Everything that is published, as the one text it can have."""
    rows = evaluations.figures(evaluation).order_by("unit_id")
    rulings = evaluation.objections.order_by("id")
    return audit.canonical(
        {
            "evaluation": str(evaluation),
            "area": evaluation.area_id,
            "from": evaluation.from_on,
            "until": evaluation.until_on,
            "criteria": evaluation.criteria,
            "revision": evaluation.revision,
            "totals": evaluation.totals,
            "units": [
                {"unit": row.unit_id, "name": row.name, "n": row.n_legs, "in_time": row.n_in_time,
                 "expected": round(row.expected, 6), "ratio": row.ratio, "low": row.low,
                 "high": row.high, "verdict": row.verdict, **row.detail}
                for row in rows
            ],
            "objections": [
                {"number": one.number, "unit": one.unit_id, "stage": one.passage.stage,
                 "ruling": one.ruling}
                for one in rulings.select_related("passage")
            ],
        }
    )  # fmt: skip


def verify(evaluation: Evaluation) -> bool:
    """Whether what was published is what stands in the record."""
    return hashlib.sha256(evaluation.snapshot.encode()).hexdigest() == evaluation.digest


def _tell(
    evaluation: Evaluation, verb: str, by: User | None, now: datetime, detail: dict[str, Any]
) -> None:
    subject = f"evaluation:{evaluation.pk}"
    audit.record(verb=verb, subject=subject, by=by, now=now, detail=detail)
