"""Findings and the chain of whys: added one after the other, each an answer to the one before."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.lists.models import Cause
from tongchou.records import audit
from tongchou.reviews.actions.steps import must_be_open
from tongchou.reviews.errors import ReviewError, Stale
from tongchou.reviews.models import Finding, FindingKind, Review, Why
from tongchou.reviews.models.findings import DEEPEST
from tongchou.staff.models import User


@transaction.atomic
def find(
    *,
    review: Review,
    kind: str,
    what: str,
    by: User,
    now: datetime,
    step: str = "",
    delay_s: int | None = None,
) -> Finding:
    """Write down what held the response up, or what carried it.

    `step` is the stage or interval it is about, `delay_s` how far beyond its time that went.

    Raises
    ------
    ReviewError
        Without words, or with a kind that there is not.
    """
    must_be_open(review)
    if kind not in FindingKind.values or not what.strip():
        raise ReviewError(_("Say what was found, and whether it held things up or carried them."))
    Review.objects.select_for_update().get(pk=review.pk)  # two people's findings count up in turn
    last = review.findings.order_by("-number").values_list("number", flat=True).first() or 0
    finding = Finding.objects.create(
        review=review,
        number=last + 1,
        kind=kind,
        step=step[:80],
        what=what.strip()[:300],
        delay_s=delay_s,
        by=by,
        at=now,
    )
    _audit("review.find", finding, by=by, now=now, kind=kind, step=step)
    return finding


@transaction.atomic
def answer(
    *, finding: Finding, text: str, by: User, now: datetime, cause: str = "", after: int
) -> Why:
    """Answer the next why. With a `cause` the chain ends: that is what has to change.

    `after` is how many answers there were when the question was shown: of two people who answer
    at once, the second is told, because theirs answers another question.

    Raises
    ------
    Stale
        Where somebody else answered in the meantime.
    ReviewError
        Without words, with a cause that the list has not, or after the last why.
    """
    must_be_open(finding.review)
    if not text.strip():
        raise ReviewError(_("Answer the question: why was that so?"))
    if cause and cause not in Cause.values:
        raise ReviewError(_("Choose the cause from the list."))
    if after + 1 == DEEPEST and not cause:
        raise ReviewError(_("This is the fifth why: name the cause."))
    moved = Finding.objects.filter(
        pk=finding.pk, n_whys=after, cause="", withdrawn_at=None, n_whys__lt=DEEPEST
    ).update(n_whys=after + 1, cause=cause)
    if moved != 1:
        raise Stale(
            _("Somebody else answered in the meantime, or the chain has ended. Look again.")
        )
    try:
        with transaction.atomic():
            why = Why.objects.create(
                finding=finding, number=after + 1, answer=text.strip()[:300], by=by, at=now
            )
    except IntegrityError as error:
        raise Stale(_("Somebody else answered in the meantime. Look again.")) from error
    finding.n_whys, finding.cause = after + 1, cause
    _audit("review.why", finding, by=by, now=now, why=why.number, cause=cause)
    return why


@transaction.atomic
def withdraw(*, finding: Finding, by: User, now: datetime) -> None:
    """Take a finding back; it stays in the record, crossed out.

    Raises
    ------
    ReviewError
        Where it has led to something: that goes its own way and must keep its reason.
    """
    must_be_open(finding.review)
    if finding.consequences.exists():
        raise ReviewError(_("This finding has led to something already; it cannot be taken back."))
    Finding.objects.filter(pk=finding.pk, withdrawn_at=None).update(withdrawn_at=now)
    finding.withdrawn_at = now
    _audit("review.withdraw", finding, by=by, now=now)


def _audit(verb: str, finding: Finding, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject=f"review:{finding.review_id}",
        by=by,
        now=now,
        detail={"finding": finding.number, **detail},
    )
