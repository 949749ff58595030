"""The list of cases as a file: under pseudonyms, with a reason, and counted in the audit."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.cases import queries
from tongchou.cases.models import Case
from tongchou.cases.queries import Wanted
from tongchou.ledger.registry import stage_label
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import Scope

FIELDS = (
    "onset_on",
    "sampled_on",
    "diagnosed_on",
    "reported_on",
    "exposed_from",
    "exposed_to",
    "admitted_on",
    "outcome_on",
)


def columns() -> list[str]:
    """The heads of the file, in the reader's language."""
    dates = [str(Case._meta.get_field(name).verbose_name) for name in FIELDS]  # type: ignore[union-attr]
    return [
        _("number"),
        _("pseudonym"),
        _("sex"),
        _("age"),
        _("area code"),
        _("area"),
        _("disease"),
        _("classification"),
        _("severity"),
        _("how found"),
        *dates,
        _("clinical outcome"),
        _("stage"),
        _("due"),
    ]


@transaction.atomic
def rows(
    scope: Scope, wanted: Wanted, *, by: User, reason: str, now: datetime
) -> Iterator[list[Any]]:
    """The rows as filtered; that they were taken, how many and why stands in the audit."""
    cases = queries.dressed(queries.listed(scope, wanted, now=now).defer(None)).order_by(
        "-reported_on", "-id"
    )
    detail = {"rows": cases.count(), "reason": reason}
    audit.record(verb="case.export", subject="cases", by=by, now=now, detail=detail)
    return (_row(case) for case in cases.iterator(chunk_size=2000))


def _row(case: Any) -> list[Any]:
    passage = case.passage
    return [
        case.number,
        str(case.person),
        str(case.person.get_sex_display()),
        case.age,
        case.area_id,
        case.area.name,
        case.disease,
        str(case.get_classification_display()),
        str(case.get_severity_display()),
        str(case.get_found_by_display()),
        *(getattr(case, name) for name in FIELDS),
        str(case.get_outcome_display()),
        str(stage_label(passage.loop, passage.stage)) if passage else "",
        case.due_at,
    ]
