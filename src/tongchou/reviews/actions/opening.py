"""Every positive opens a review: at once by the wiring, and many at a time where a list came in.

A case that came with a closed list is history and has no passage: no desk is asked to review it.
Its review is laid out all the same when somebody looks, alone or with others, and is opened only
where a person asks for it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.models import Case, Cluster
from tongchou.ledger import actions as ledger
from tongchou.ledger import bulk
from tongchou.ledger.bulk import Subject
from tongchou.records.bulk import bulk_load, reserve_ids
from tongchou.reviews.errors import ReviewError
from tongchou.reviews.loops import REVIEW
from tongchou.reviews.models import Kind, Review
from tongchou.reviews.queries.reading import POSITIVE
from tongchou.staff.models import User

#: So many are opened in one transaction.
CHUNK = 2000
_COLUMNS = (
    "id", "kind", "passage_id", "case_id", "title", "disease", "area_id", "area_path", "opened_at",
    "judgement", "version", "digest",
)  # fmt: skip


def open_review(*, case: Case, by: User | None, now: datetime) -> Review | None:
    """Open the review of a positive; the one it has already, or None where it is none."""
    if case.classification not in POSITIVE:
        return None
    if known := Review.objects.filter(case=case).first():
        return known
    try:
        with transaction.atomic():
            return _open(case, by=by, now=now)
    except IntegrityError:  # the worker was quicker
        return Review.objects.get(case=case)


def _open(case: Case, *, by: User | None, now: datetime) -> Review:
    (pk,) = reserve_ids(Review, 1)
    passage = ledger.start(
        loop=REVIEW,
        area=case.area,
        title=title(pk, case.number),
        by=by,
        now=now,
        caused_by=case.passage,
    )
    return Review.objects.create(
        pk=pk,
        passage=passage,
        case=case,
        disease=case.disease,
        area=case.area,
        area_path=case.area_path,
        opened_at=passage.opened_at,
    )


def title(pk: int, of: str) -> str:
    """How a review stands in inboxes: its number and the case's; never an identity."""
    return f"R-{pk:06d} · {of}"


def open_due(*, now: datetime) -> str:
    """Open what no chain has: positives read in from a list, still under way; for the worker.

    Twice is once, and a run that was killed goes on where it stopped.
    """
    n = 0
    while found := _without_review(under_way=True):
        n += open_many(cases=found, by=None, now=now)
    return f"opened {n} reviews" if n else ""


def _without_review(*, under_way: bool) -> list[int]:
    cases = Case.objects.filter(classification__in=POSITIVE, review=None)
    if under_way:
        cases = cases.filter(passage__isnull=False, passage__closed_at=None)
    return list(cases.order_by("id").values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def open_many(*, cases: Sequence[int], by: User | None, now: datetime) -> int:
    """Open the reviews of these cases, a few statements in all; those that have one are left."""
    rows = list(
        Case.objects.filter(pk__in=cases, classification__in=POSITIVE, review=None)
        .order_by("reported_on", "id")
        .values_list("pk", "number", "disease", "area_id", "area_path", "passage_id")
    )
    ids = reserve_ids(Review, len(rows)) if rows else []
    subjects = [
        Subject(area, path, title(pk, number), caused_by=passage)
        for pk, (_case, number, _disease, area, path, passage) in zip(ids, rows, strict=True)
    ]
    passages = bulk.start_many(loop=REVIEW, subjects=subjects, by=by, now=now)
    opened = ledger.whole_second(now)
    bulk_load(
        Review,
        _COLUMNS,
        (
            (pk, Kind.CASE.value, passage, case, "", disease, area, path, opened, "", 1, "")
            for pk, passage, (case, _number, disease, area, path, _caused) in zip(
                ids, passages, rows, strict=True
            )
        ),
    )
    return len(rows)


@transaction.atomic
def begin(
    *,
    area: Area,
    title: str,
    by: User,
    now: datetime,
    cluster: Cluster | None = None,
    since: date | None = None,
    until: date | None = None,
    disease: str = "",
) -> Review:
    """Begin a review of many: of a cluster, or of what was reported in an area on some days.

    Raises
    ------
    ReviewError
        Without a title, or without either a cluster or both days.
    """
    if not title.strip():
        raise ReviewError(_("Give the review a title."))
    if cluster is None and (since is None or until is None or until < since):
        raise ReviewError(_("Choose a cluster, or the first and the last day of the campaign."))
    (pk,) = reserve_ids(Review, 1)
    passage = ledger.start(
        loop=REVIEW, area=area, title=f"R-{pk:06d} · {title.strip()}", by=by, now=now
    )
    return Review.objects.create(
        pk=pk,
        kind=Kind.CLUSTER if cluster else Kind.CAMPAIGN,
        passage=passage,
        cluster=cluster,
        title=title.strip()[:120],
        disease=disease,
        since=None if cluster else since,
        until=None if cluster else until,
        area=area,
        area_path=area.path,
        opened_at=passage.opened_at,
    )
