"""A review as plain facts: for `tongchou review --json`, for files, and for what is frozen.

Names of keys are English whatever the reader's language; what is unknown is null. No identity of
anybody is in it.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tongchou.cases.models import Case
from tongchou.ledger import policy
from tongchou.reviews.models import Finding, Review
from tongchou.reviews.queries import together
from tongchou.reviews.queries.laying_out import Layout, Step, lay_out

#: Bumped when a key changes its meaning.
VERSION = 1


def told(review: Review, *, now: datetime) -> dict[str, Any]:
    """Everything that a review says at `now`: laid out, found, judged."""
    book = policy.in_force(now)
    head = {
        "version": VERSION,
        "review": review.number,
        "kind": review.kind,
        "stage": review.passage.stage,
        "area": review.area_id,
        "opened_at": when(review.opened_at),
        "true_at": when(now),
        "playbook": book.id,
        "judgement": review.judgement,
        "findings": findings(review.findings.all()),
    }
    if review.case_id is not None:
        (layout,) = lay_out([review.case_id], book=book, now=now)
        return head | of_layout(layout)
    return head | of_many(together.of_review(review, book=book, now=now))


def of_case(case: Case, *, now: datetime) -> dict[str, Any]:
    """The same of a case that no review has been opened for, such as one of a closed list."""
    book = policy.in_force(now)
    (layout,) = lay_out([case.pk], book=book, now=now)
    head = {"version": VERSION, "review": None, "true_at": when(now), "playbook": book.id}
    return head | of_layout(layout)


def of_layout(layout: Layout) -> dict[str, Any]:
    """What the system lays out of one positive."""
    record, now = layout.record, layout.at
    return {
        "case": record.number,
        "disease": record.disease,
        "case_area": record.area_path.strip("/").rpartition("/")[2],
        "classification": record.classification,
        "found_by": record.found_by,
        "found_as_contact_of": [
            {
                "case": met.case_number,
                "contact": met.contact,
                "tier": met.tier,
                "way": met.way,
                "listed_on": when(met.listed_on),
                "first_on": when(met.first_on),
                "last_on": when(met.last_on),
            }
            for met in record.met
        ],
        "caused_by": [
            {"loop": cause.loop, "title": cause.title, "opened_at": when(cause.opened_at)}
            for cause in record.causes
        ],
        "exposure_window": {
            "from": when(layout.window.since),
            "to": when(layout.window.until),
            "basis": layout.window.basis or None,
            "incubation_max_days": layout.window.incubation_max_days,
        },
        "moments": {name: when(moment) for name, moment in layout.moments.items()},
        "chances_to_find": [
            {"on": when(chance.on), "way": chance.way, "detail": chance.detail}
            for chance in layout.chances
        ],
        "intervals": {
            each.interval.name: {
                "from": each.interval.since,
                "to": each.interval.until,
                "seconds": each.taken_s,
                "days": each.days,
                "counted_in_days": each.in_days,
                "within_seconds": _seconds(each.interval.within),
                "in_time": each.in_time,
                "waiting": each.waiting,
                "backwards_seconds": each.backwards_s,
                "contradicts": each.contradicts,
            }
            for each in layout.measured
        },
        "hand_offs": [
            {
                "loop": leg.loop,
                "stage": leg.stage,
                "owner": leg.owner,
                "unit": leg.unit or None,
                "opened_at": when(leg.opened_at),
                "due_at": when(leg.due_at),
                "done_at": when(leg.done_at),
                "outcome": leg.outcome or None,
                "late_seconds": max(0, leg.late_by(now)),
                "gap_climbed_to": leg.rung,
                "clause": leg.clause or None,
            }
            for leg in layout.legs
        ],
        "delay_seconds": layout.delay_s if layout.legs else None,
        "bottlenecks": [_step(step) for step in layout.bottlenecks],
        "enablers": [_step(step) for step in layout.enablers],
        "onward": {"n": record.onward.n, "n_cases": record.onward.n_cases},
        "a_day_earlier": None
        if layout.earlier is None
        else {name: _plain(value) for name, value in asdict(layout.earlier).items()},
    }


def of_many(found: "together.Together") -> dict[str, Any]:
    """What the system lays out of many positives together."""
    return {
        "n_cases": found.n,
        "cases": [layout.record.number for layout in found.layouts],
        "found_by": dict(found.found_by),
        "intervals": {
            spread.interval.name: {
                "n": spread.n,
                "n_unknown": spread.n_unknown,
                "n_waiting": spread.n_waiting,
                "n_too_late": spread.n_too_late,
                "n_backwards": spread.n_backwards,
                "n_in_time": spread.n_in_time,
                "median_seconds": spread.median_s,
                "quartiles_seconds": [spread.low_s, spread.high_s],
                "range_seconds": [spread.least_s, spread.most_s],
                "within_seconds": _seconds(spread.interval.within),
            }
            for spread in found.spreads
        },
        "bottlenecks": [_step(step) for step in found.bottlenecks],
        "enablers": [_step(step) for step in found.enablers],
    }


def findings(rows: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings with their whys and what they led to; crossed-out ones stay, marked."""
    return [
        {
            "number": finding.number,
            "kind": finding.kind,
            "step": finding.step or None,
            "what": finding.what,
            "delay_seconds": finding.delay_s,
            "whys": [why.answer for why in finding.whys.all()],
            "cause": finding.cause or None,
            "withdrawn": finding.withdrawn_at is not None,
            "led_to": [
                {
                    "kind": led.kind,
                    "problem": led.problem.number if led.problem else None,
                    "task": led.task.number if led.task else None,
                    "playbook": led.adoption.playbook if led.adoption else None,
                    "rule": led.path or None,
                    "reason": led.note or None,
                }
                for led in finding.consequences.select_related("problem", "task", "adoption")
            ],
        }
        for finding in rows
    ]


def when(moment: datetime | date | None) -> str | None:
    """A moment in the city's clock, or a day; null where nobody knows."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment).isoformat()
    return moment.isoformat() if moment else None


def _step(step: Step) -> dict[str, Any]:
    facts = asdict(step)
    if step.share is not None:
        facts["share"] = round(step.share, 4)
    return facts


def _plain(value: Any) -> Any:
    return when(value) if isinstance(value, date) else value


def _seconds(within: Any) -> int | None:
    return None if within is None else int(within.total_seconds())
