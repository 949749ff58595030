"""Investigations on the spot: of an area and a reason, where no case is known yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases import grouping
from tongchou.cases.actions import day
from tongchou.cases.models import Case, Cluster
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.people.fields import Sealed
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User
from tongchou.tracing.errors import NotComplete, Stale
from tongchou.tracing.loops import FIELD_INVESTIGATION
from tongchou.tracing.models import FieldInvestigation


@transaction.atomic
def open_field(
    *,
    area: Area,
    reason: str,
    by: User | None,
    now: datetime,
    caused_by: Passage | None = None,
    cluster: Cluster | None = None,
) -> FieldInvestigation:
    """Somebody must go and look. One per cause, however often it is asked for.

    Raises
    ------
    NotComplete
        Without a reason: whoever is sent out must know what to look for.
    """
    if not reason.strip():
        raise NotComplete(_("Say why: whoever is sent out must know what to look for."))
    if caused_by is not None:
        known = FieldInvestigation.objects.filter(passage__caused_by=caused_by).first()
        if known is not None:
            return known
    (pk,) = reserve_ids(FieldInvestigation, 1)
    passage = ledger.start(
        loop=FIELD_INVESTIGATION,
        area=area,
        title=f"F-{pk:06d} · {area.name}",
        by=by,
        now=now,
        caused_by=caused_by,
    )
    days = policy.in_force(now).retention.personal_data_days
    return FieldInvestigation.objects.create(
        pk=pk,
        area=area,
        area_path=area.path,
        passage=passage,
        reason=reason.strip()[:400],
        cluster=cluster,
        opened_at=passage.opened_at,
        destroy_on=day(now) + timedelta(days=days),
    )


@transaction.atomic
def report_field(
    *,
    field: FieldInvestigation,
    to: str,
    report: str,
    by: User,
    now: datetime,
    cases: Sequence[Case] = (),
) -> FieldInvestigation:
    """The tracers hand over what they found: `cases_found` with the cases, or `no_event`.

    Raises
    ------
    NotComplete
        Where cases were found and none is named, or the report is empty.
    """
    if not report.strip():
        raise NotComplete(_("Say what was looked at and what was found."))
    if to == "cases_found" and not cases:
        raise NotComplete(_("Name the cases by their numbers; report those that are new first."))
    ledger.hand_over(passage=field.passage, to=to, by=by, now=now)
    found = FieldInvestigation.objects.filter(pk=field.pk, version=field.version)
    if found.update(report=field.sealed(report), version=field.version + 1) != 1:
        raise Stale(_("Somebody else changed this investigation meanwhile. Look again."))
    field.report, field.version = report, field.version + 1
    field.cases.set(cases if to == "cases_found" else ())
    if field.cluster is not None and field.cluster.closed_on is None and to == "cases_found":
        for case in cases:
            if case.cluster_id is None:
                grouping.join(cluster=field.cluster, case=case, by=by, now=now)
    detail = {"to": to, "cases": sorted(case.number for case in cases)}
    audit.record(
        verb="field.report",
        subject=f"field_investigation:{field.pk}",
        by=by,
        now=now,
        detail=detail,
    )
    return field


@transaction.atomic
def accept_field(
    *, field: FieldInvestigation, by: User, now: datetime, note: str = ""
) -> FieldInvestigation:
    """The CDC is content with the report."""
    ledger.hand_over(passage=field.passage, to="accepted", by=by, now=now, note=note)
    return field


@transaction.atomic
def return_field(
    *, field: FieldInvestigation, reason: str, by: User, now: datetime
) -> FieldInvestigation:
    """The CDC sends the report back with what is missing."""
    if not reason.strip():
        raise NotComplete(_("Say what is missing."))
    ledger.hand_over(passage=field.passage, to="opened", by=by, now=now, note=reason)
    return field


@transaction.atomic
def destroy_field_due(*, now: datetime) -> int:
    """Empty the reports whose day has come; how many."""
    due = FieldInvestigation.objects.filter(destroy_on__lte=day(now), destroyed_at=None)
    emptied = due.update(report=Sealed(""), destroyed_at=now)
    if emptied:
        detail = {"reports": emptied}
        audit.record(
            verb="tracing.destroy", subject="field_investigations", by=None, now=now, detail=detail
        )
    return emptied
