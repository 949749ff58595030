"""Clusters (聚集性疫情): cases held to belong together."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area, Place
from tongchou.cases.errors import HasEnded, Stale
from tongchou.cases.models import Case, Cluster
from tongchou.records import audit
from tongchou.staff.models import User


@transaction.atomic
def found(
    *,
    name: str,
    area: Area,
    found_on: date,
    cases: Iterable[Case],
    by: User,
    now: datetime,
    place: Place | None = None,
) -> Cluster:
    """Hold cases to belong together from now on."""
    cluster = Cluster.objects.create(name=name, area=area, place=place, found_on=found_on)
    audit.record(verb="cluster.found", subject=f"cluster:{cluster.pk}", by=by, now=now)
    for case in cases:
        join(cluster=cluster, case=case, by=by, now=now)
    return cluster


@transaction.atomic
def join(*, cluster: Cluster, case: Case, by: User, now: datetime) -> None:
    """Add a case. It leaves the cluster it was seen in, if any; of two desks one wins."""
    if cluster.closed_on is not None:
        raise HasEnded(_("This cluster is closed. Open a new one."))
    _set(case, cluster, by=by, now=now, verb="cluster.join", number=cluster.pk)


@transaction.atomic
def leave(*, case: Case, by: User, now: datetime) -> None:
    """Take a case out of its cluster."""
    if case.cluster_id is not None:
        _set(case, None, by=by, now=now, verb="cluster.leave", number=case.cluster_id)


@transaction.atomic
def close(*, cluster: Cluster, on: date, by: User, now: datetime) -> None:
    """No further case is expected."""
    if Cluster.objects.filter(pk=cluster.pk, closed_on=None).update(closed_on=on) != 1:
        raise HasEnded(_("This cluster is closed already."))
    cluster.closed_on = on
    audit.record(verb="cluster.close", subject=f"cluster:{cluster.pk}", by=by, now=now)


def _set(
    case: Case, cluster: Cluster | None, *, by: User, now: datetime, verb: str, number: int
) -> None:
    seen = Case.objects.filter(Q(cluster_id=case.cluster_id), pk=case.pk)
    changed = seen.update(cluster=cluster)
    if changed != 1:
        raise Stale(_("Somebody else moved this case between clusters just now. Look again."))
    case.cluster = cluster
    detail = {"case": case.pk}
    audit.record(verb=verb, subject=f"cluster:{number}", by=by, now=now, detail=detail)
