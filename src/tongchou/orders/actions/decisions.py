"""Decisions: put forward with options, decided until a day, and when that comes decided again.

What was decided is never changed. A correction is a new decision in the place of the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.lists.actions import tasks
from tongchou.lists.models import Task
from tongchou.orders.actions.common import (
    check_lives,
    check_signer,
    digest,
    moment,
    need,
    number,
    placed,
    plain,
)
from tongchou.orders.errors import NotNow, OrdersError
from tongchou.orders.loops import DECISION
from tongchou.orders.models import Decision, Meeting, Option
from tongchou.planning.models import Study
from tongchou.records import audit
from tongchou.staff.models import Unit, User
from tongchou.surveillance.models import Signal, Threshold


@dataclass(frozen=True)
class Offered:
    """One option as it is put on the table."""

    words: str
    cost: str = ""
    study: Study | None = None
    plan: int | None = None


@dataclass(frozen=True)
class Verdict:
    """What was decided: by whom, why, until when, and what would change it.

    `chosen` is the number of an option; 0 where it is none of them.
    """

    decided: str
    reason: str
    until: datetime
    trigger: str
    decided_by: User
    chosen: int = 0
    signal: Signal | None = None
    threshold: Threshold | None = None


@transaction.atomic
def put_forward(
    *,
    question: str,
    unit: Unit,
    options: Sequence[Offered],
    by: User,
    now: datetime,
    area: Area | None = None,
    background: str = "",
    meeting: Meeting | None = None,
    follows: Decision | None = None,
    corrects: Decision | None = None,
) -> Decision:
    """Put a question with its options on the table; nothing is decided by it."""
    area = area or unit.area
    check_lives(area)
    need({"question": question}, [("question", _("the question"))])
    plain(question, background)
    decision = Decision.objects.create(
        number=number("D", area),
        question=question.strip()[:200],
        background=background.strip(),
        unit=unit,
        area=area,
        area_path=area.path,
        meeting=meeting,
        proposed_by=by,
        proposed_at=now,
        follows=follows,
        corrects=corrects,
    )
    _offer(decision, options)
    _audit("decision.put_forward", decision, by=by, now=now)
    return decision


@transaction.atomic
def change(
    *, decision: Decision, options: Sequence[Offered] | None, by: User, now: datetime, **facts: Any
) -> Decision:
    """Change a question that nobody has decided yet; `options` replace those on the table."""
    plain(*facts.values())
    _still_open(decision, **placed(facts))
    if options is not None:
        decision.options.all().delete()
        _offer(decision, options)
    _audit("decision.change", decision, by=by, now=now, fields=sorted(facts))
    return decision


@transaction.atomic
def drop(*, decision: Decision, by: User, now: datetime, reason: str = "") -> Decision:
    """Take a question back before it is decided."""
    plain(reason)
    _still_open(decision, dropped_at=now)
    _audit("decision.drop", decision, by=by, now=now, reason=reason)
    return decision


@transaction.atomic
def decide(*, decision: Decision, verdict: Verdict, by: User, now: datetime) -> Decision:
    """Decide. From here on nothing of it changes, and its unit answers for its end.

    Raises
    ------
    OrdersError
        Where something is unsaid, the end lies in the past, or the name under it may not decide.
    NotNow
        Where it was decided or taken back already.
    """
    now = ledger.whole_second(now)
    need(
        vars(verdict),
        [
            ("decided", _("what was decided")),
            ("reason", _("the reason")),
            ("trigger", _("what would change it")),
        ],
    )
    plain(verdict.decided, verdict.reason, verdict.trigger)
    if verdict.until <= now:
        raise OrdersError(_("Its end lies in the past. Say until when it holds from now on."))
    check_signer(verdict.decided_by, decision.unit, decision.area, now=now)
    policy.steady()
    # The row is taken first: of two who decide at once the second is told so.
    open_ones = Decision.objects.select_for_update().filter(decided_at=None, dropped_at=None)
    if open_ones.filter(pk=decision.pk).first() is None:
        raise NotNow(_("It was decided or taken back already. Reload to see how."))
    if verdict.chosen and not decision.options.filter(number=verdict.chosen).update(chosen=True):
        raise OrdersError(_("There is no option %(n)s.") % {"n": verdict.chosen})
    decision.options.update(frozen=True)
    passage = ledger.start(
        loop=DECISION,
        area=decision.area,
        title=f"{decision.number} {decision.question}",
        by=by,
        now=now,
        timed_from=verdict.until,
        unit=decision.unit_id,
        caused_by=_cause(decision),
    )
    facts = vars(verdict) | {"recorded_by": by, "decided_at": now, "passage": passage}
    del facts["chosen"]
    for name, value in facts.items():
        setattr(decision, name, value)
    _still_open(decision, **facts, digest=digest(text_of(decision)))
    _audit("decision.decide", decision, by=by, now=now, digest=decision.digest)
    return decision


@transaction.atomic
def renew(*, decision: Decision, verdict: Verdict, by: User, now: datetime) -> Decision:
    """Decide the same question again; the new decision follows the old one, which ends."""
    again = _again(decision, follows=decision, by=by, now=now)
    ledger.hand_over(passage=_in_force(decision), to="renewed", by=by, now=now, note=again.number)
    return decide(decision=again, verdict=verdict, by=by, now=now)


@transaction.atomic
def correct(*, decision: Decision, verdict: Verdict, by: User, now: datetime) -> Decision:
    """Put another decision in the place of one that was written down wrongly."""
    again = _again(decision, corrects=decision, by=by, now=now)
    ledger.hand_over(passage=_in_force(decision), to="corrected", by=by, now=now, note=again.number)
    return decide(decision=again, verdict=verdict, by=by, now=now)


@transaction.atomic
def lapse(*, decision: Decision, reason: str, by: User, now: datetime) -> Decision:
    """Let it end, and say why it is not needed any more."""
    return _end(decision, "lapsed", reason, by=by, now=now)


@transaction.atomic
def revoke(*, decision: Decision, reason: str, by: User, now: datetime) -> Decision:
    """Take it back before its end, because what it rested on has changed."""
    return _end(decision, "revoked", reason, by=by, now=now)


@transaction.atomic
def set_task(
    *, decision: Decision, goal: str, measure: str, due_at: datetime, unit: Unit, by: User,
    now: datetime,
) -> Task:  # fmt: skip
    """A task that springs from the decision; whoever decided accepts it."""
    return tasks.set_task(
        goal=goal,
        measure=measure,
        due_at=due_at,
        unit=unit,
        issuer=decision.unit,
        by=by,
        now=now,
        source="decision",
        document=decision.number,
        caused_by=_in_force(decision),
    )


def text_of(decision: Decision) -> dict[str, Any]:
    """What was decided, as plain values in one order."""
    assert decision.decided_at is not None and decision.until is not None
    return {
        "number": decision.number,
        "question": decision.question,
        "background": decision.background,
        "options": [
            [row.number, row.words, row.cost, row.study_id, row.plan, row.chosen]
            for row in decision.options.order_by("number")
        ],
        "decided": decision.decided,
        "reason": decision.reason,
        "trigger": decision.trigger,
        "until": moment(decision.until),
        "decided_at": moment(decision.decided_at),
        "decided_by": decision.decided_by_id,
        "unit": decision.unit_id,
    }


def _cause(decision: Decision) -> Any:
    before = decision.follows or decision.corrects
    return before.passage if before else None


def _again(decision: Decision, *, by: User, now: datetime, **chain: Decision) -> Decision:
    options = [Offered(o.words, o.cost, o.study, o.plan) for o in decision.options.all()]
    return put_forward(
        question=decision.question,
        background=decision.background,
        unit=decision.unit,
        area=decision.area.successor if decision.area.ended_on else decision.area,
        options=options,
        by=by,
        now=now,
        **chain,  # type: ignore[arg-type]
    )


def _in_force(decision: Decision) -> Any:
    if decision.passage is None:
        raise NotNow(_("It has not been decided yet."))
    return decision.passage


def _end(decision: Decision, to: str, reason: str, *, by: User, now: datetime) -> Decision:
    need({"reason": reason}, [("reason", _("the reason"))])
    plain(reason)
    ledger.hand_over(passage=_in_force(decision), to=to, by=by, now=now, note=reason.strip())
    _audit(f"decision.{to}", decision, by=by, now=now, reason=reason.strip())
    return decision


def _offer(decision: Decision, options: Sequence[Offered]) -> None:
    plain(*(text for each in options for text in (each.words, each.cost)))
    Option.objects.bulk_create(
        Option(
            decision=decision,
            number=place,
            words=each.words.strip()[:300],
            cost=each.cost.strip()[:200],
            study=each.study,
            plan=each.plan,
        )
        for place, each in enumerate((o for o in options if o.words.strip()), start=1)
    )


def _still_open(decision: Decision, **facts: Any) -> None:
    """Write these where it is still a question, in one statement."""
    facts = facts or {"question": decision.question}
    open_ones = Decision.objects.filter(pk=decision.pk, decided_at=None, dropped_at=None)
    if open_ones.update(**facts) != 1:
        raise NotNow(_("It was decided or taken back already. Reload to see how."))
    for name, value in facts.items():
        setattr(decision, name, value)


def _audit(verb: str, decision: Decision, *, by: User, now: datetime, **detail: Any) -> None:
    detail["number"] = decision.number
    audit.record(verb=verb, subject=f"decision:{decision.pk}", by=by, now=now, detail=detail)
