"""The steps of a review: analysed, submitted, accepted or sent back, dropped with its case."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Level
from tongchou.cases.models import Case, Classification
from tongchou.ledger import actions as ledger
from tongchou.ledger.models import Passage
from tongchou.records import audit
from tongchou.reviews.errors import NotReady, Settled, Stale
from tongchou.reviews.models import FindingKind, Kind, Review
from tongchou.reviews.telling import told
from tongchou.staff.models import Post, User
from tongchou.staff.queries import on_post
from tongchou.staff.roles import Role


@transaction.atomic
def judge(*, review: Review, judgement: str, by: User, now: datetime) -> Review:
    """Write what all of it comes to.

    Raises
    ------
    Stale
        Where somebody else wrote since `review` was loaded.
    Settled
        Where it was submitted, accepted or dropped.
    """
    must_be_open(review)
    changed = Review.objects.filter(pk=review.pk, version=review.version).update(
        judgement=judgement.strip()[:4000], version=review.version + 1
    )
    if changed != 1:
        raise Stale(
            _("Somebody else changed this review in the meantime. Your text was not stored.")
        )
    review.judgement, review.version = judgement.strip()[:4000], review.version + 1
    _audit("review.judge", review, by=by, now=now)
    return review


@transaction.atomic
def analyse(*, review: Review, by: User, now: datetime, note: str = "") -> Review:
    """Where it went slowly, and what carried it, has been looked at."""
    ledger.hand_over(passage=review.passage, to="analysed", by=by, now=now, note=note)
    return review


@transaction.atomic
def submit(*, review: Review, by: User, now: datetime, note: str = "") -> Review:
    """Hand it to the headquarters.

    Raises
    ------
    NotReady
        Without a judgement, or with a bottleneck whose cause or consequence is missing.
    """
    if lacking := what_is_lacking(review):
        raise NotReady(" ".join(lacking))
    unit = headquarters(review, now=now)
    ledger.hand_over(
        passage=review.passage,
        to="submitted",
        by=by,
        now=now,
        note=note,
        unit=unit.unit_id if unit else None,
    )
    return review


def headquarters(review: Review, *, now: datetime) -> Post | None:
    """The duty officer of the district, or of what lies above it: a street reviews no CDC."""
    posts = on_post(now).filter(
        role=Role.DUTY_OFFICER, area_id__in=_codes(review), level__lte=Level.DISTRICT
    )
    return posts.order_by("-level", "id").first()


def _codes(review: Review) -> list[str]:
    """The areas from the top down to the review's, or to the one that it was merged into."""
    return (review.area.successor or review.area).codes


def what_is_lacking(review: Review) -> list[str]:
    """What has to be written before the review can be submitted."""
    lacking = []
    if not review.judgement:
        lacking.append(_("Write the judgement first: what all of it comes to."))
    standing = review.findings.filter(withdrawn_at=None, kind=FindingKind.BOTTLENECK)
    for finding in standing.filter(cause=""):
        lacking.append(_("Finding %(n)s has no cause yet: go on asking why.") % _n(finding))
    for finding in standing.filter(consequences=None):
        lacking.append(_("Finding %(n)s has led to nothing yet.") % _n(finding))
    return lacking


def _n(finding: Any) -> dict[str, int]:
    return {"n": finding.number}


@transaction.atomic
def accept(*, review: Review, by: User, now: datetime, note: str = "") -> Review:
    """The headquarters holds it to be right; what it says is written down and stays.

    Raises
    ------
    NotReady
        Where the same person submitted it, there is a headquarters and `by` is not of it, or the
        case has been discarded.
    """
    if discarded(review):
        raise NotReady(_("The case was discarded: there is nothing to accept. Drop the review."))
    if (there := headquarters(review, now=now)) is not None:
        officers = on_post(now).filter(user=by, role=Role.DUTY_OFFICER, level__lte=there.level)
        if not officers.filter(area_id__in=_codes(review)).exists():
            raise NotReady(_("The headquarters of the district accepts reviews, not the street."))
    before = review.passage.handoffs.filter(outcome="submitted").order_by("-number").first()
    if before is not None and before.done_by_id == by.pk:
        raise NotReady(_("You submitted this review; somebody else has to accept it."))
    facts = told(review, now=now)
    ledger.hand_over(passage=review.passage, to="accepted", by=by, now=now, note=note)
    text = audit.canonical(facts)
    digest = hashlib.sha256(text.encode()).hexdigest()
    Review.objects.filter(pk=review.pk).update(
        facts=facts, digest=digest, accepted_at=review.passage.closed_at
    )
    review.facts, review.digest, review.accepted_at = facts, digest, review.passage.closed_at
    _audit("review.accept", review, by=by, now=now, digest=digest)
    return review


def is_whole(review: Review) -> bool:
    """Whether an accepted review still is what was accepted."""
    text = audit.canonical(review.facts or {})
    return hashlib.sha256(text.encode()).hexdigest() == review.digest


@transaction.atomic
def send_back(*, review: Review, by: User, now: datetime, note: str) -> Review:
    """The headquarters wants more; the reason goes with it.

    Raises
    ------
    NotReady
        Without a reason.
    """
    if not note.strip():
        raise NotReady(_("Say what has to be looked at again."))
    ledger.hand_over(passage=review.passage, to="analysed", by=by, now=now, note=note.strip())
    return review


@transaction.atomic
def drop(*, review: Review, by: User, now: datetime, note: str) -> Review:
    """There is nothing to review after all; the reason goes with it.

    Raises
    ------
    NotReady
        Without a reason, or while its case has not been discarded.
    """
    if not note.strip():
        raise NotReady(_("Say why there is nothing to review."))
    if not may_drop(review):
        raise NotReady(_("The case still stands. Its review is dropped when it is discarded."))
    ledger.hand_over(passage=review.passage, to="dropped", by=by, now=now, note=note.strip())
    return review


def may_drop(review: Review) -> bool:
    """Whether it may be left: of many by anybody's reason, of a case only where it was none."""
    return review.kind != Kind.CASE or discarded(review)


def discarded(review: Review) -> bool:
    """Whether the case of this review was none, as it is stored now."""
    none = Case.objects.filter(pk=review.case_id or 0, classification=Classification.DISCARDED)
    return none.exists()


def drop_of(*, case: Case, by: User, now: datetime, note: str) -> None:
    """The case was none: its review, if it has not been accepted, is dropped with it."""
    review = Review.objects.select_related("passage").filter(case=case).first()
    if review is not None and review.passage.closed_at is None:
        drop(review=review, by=by, now=now, note=note)


def follow(case: Case, *, by: User, now: datetime) -> None:
    """The case went to another area: its review, if it has not been handed in, goes with it."""
    review = Review.objects.select_related("passage__area").filter(case=case).first()
    if review is None or review.passage.stage not in ("opened", "analysed"):
        return
    if review.area_id != case.area_id:
        ledger.move(passage=review.passage, area=case.area, by=by, now=now)
        Review.objects.filter(pk=review.pk).update(area=case.area, area_path=case.area_path)


def must_be_open(review: Review) -> None:
    """Refuse to write in a review that has been handed in.

    Raises
    ------
    Settled
        Where it was submitted, accepted or dropped.
    """
    stage = Passage.objects.values_list("stage", flat=True).get(pk=review.passage_id)
    if stage not in ("opened", "analysed"):
        raise Settled(_("This review has been handed in; nothing in it can be changed now."))


def _audit(verb: str, review: Review, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(verb=verb, subject=f"review:{review.pk}", by=by, now=now, detail=detail)
