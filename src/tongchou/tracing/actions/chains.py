"""Storing who may have infected whom, for all cases of the chain view at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.cases import linking
from tongchou.records import audit
from tongchou.staff.models import User
from tongchou.staff.queries import scope_of
from tongchou.tracing import rights
from tongchou.tracing.chains import Chains, Wanted
from tongchou.tracing.errors import TracingError

#: Less than this is not stored; what is missing to one is shown as left open.
LEAST = 0.001


@dataclass(frozen=True)
class Stored:
    """How many cases were written, with how many rows; and how many were left as they were."""

    n_cases: int
    n_rows: int
    n_elsewhere: int
    n_cut: int


@transaction.atomic
def store_chains(*, chains: Chains, wanted: Wanted, by: User, now: datetime) -> Stored:
    """Store the probabilities of every case of the selection that `by` answers for.

    They take the place of what the chain view, or the case page, reckoned before; what a list of
    pairs named stays. A case that met others which the selection leaves out keeps what it has:
    its true source may be among those.

    Raises
    ------
    TracingError
        Where none of the cases can be stored.
    """
    scope = scope_of(by, now=now)
    rows: dict[int, list[tuple[int | None, float]]] = {}
    n_elsewhere = n_cut = 0
    for row in chains.rows(range(len(chains))):
        if not scope.may(rights.TRACE, row.case.area_path):
            n_elsewhere += 1
        elif row.n_beyond:
            n_cut += 1
        else:
            given = [(one.case.pk, one.probability) for one in row.candidates]
            rows[row.case.pk] = [(pk, p) for pk, p in [*given, (None, row.outside)] if p >= LEAST]
    if not rows:
        raise TracingError(
            _("Nothing was stored: the selection cuts off whom these cases met. Widen it.")
            if n_cut
            else _("Only the tracers and the CDC of this area store probabilities.")
        )
    n_rows = linking.set_many(
        rows=rows,
        method=linking.BY_CHAINS,
        replaces=[linking.BY_SERIAL_INTERVAL],
        by=by,
        now=now,
    )
    audit.record(
        verb="chains.store",
        subject=f"disease:{wanted.disease}",
        by=by,
        now=now,
        detail={
            "days": wanted.days,
            "area": wanted.area_path,
            "cases": len(rows),
            "rows": n_rows,
            "elsewhere": n_elsewhere,
            "cut": n_cut,
        },
    )
    return Stored(len(rows), n_rows, n_elsewhere, n_cut)
