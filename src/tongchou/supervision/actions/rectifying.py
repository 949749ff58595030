"""Findings are mended by the unit, and checked by somebody else."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.lists.actions import problems
from tongchou.lists.models import FoundBy, Problem
from tongchou.staff.models import Unit, User
from tongchou.supervision.errors import SupervisionError
from tongchou.supervision.models import Finding
from tongchou.supervision.queries import findings as queries


def _said(note: str, ask: str) -> str:
    if len(note.strip()) < 2:
        raise SupervisionError(ask)
    return note.strip()[:200]


@transaction.atomic
def rectify(*, finding: Finding, note: str, by: User, now: datetime) -> Finding:
    """The unit says what it did about it."""
    note = _said(note, _("Say in some words what was done."))
    ledger.hand_over(passage=finding.passage, to="rectified", by=by, now=now, note=note)
    return finding


@transaction.atomic
def pass_it(*, finding: Finding, by: User, now: datetime, note: str = "") -> Finding:
    """Checked: it is mended."""
    _not_their_own(finding, by, now)
    ledger.hand_over(passage=finding.passage, to="passed", by=by, now=now, note=note)
    return finding


@transaction.atomic
def send_back(*, finding: Finding, note: str, by: User, now: datetime) -> Finding:
    """Checked: it is not mended. The unit has it again, with a new deadline."""
    _not_their_own(finding, by, now)
    note = _said(note, _("Say in some words what is still wrong."))
    ledger.hand_over(
        passage=finding.passage, to="found", by=by, now=now, note=note, unit=finding.unit_id
    )
    return finding


@transaction.atomic
def withdraw(*, finding: Finding, note: str, by: User, now: datetime) -> Finding:
    """It was no shortfall: it counts for nothing any more, and stays in the record."""
    _not_their_own(finding, by, now)
    note = _said(note, _("Say in some words why it was none."))
    ledger.hand_over(passage=finding.passage, to="withdrawn", by=by, now=now, note=note)
    return finding


def _not_their_own(finding: Finding, by: User, now: datetime) -> None:
    """Nobody checks the work of their own unit, or their own, whatever other post they hold."""
    if queries.is_own(finding, by, now):
        raise SupervisionError(_("Nobody checks what their own unit has mended."))
    if queries.mended_by(finding, by):
        raise SupervisionError(_("Who says it is mended cannot be who checks it."))


@transaction.atomic
def raise_common(
    *,
    findings: Sequence[Finding],
    title: str,
    what: str,
    area: Area,
    by: User,
    now: datetime,
    found_unit: Unit | None = None,
) -> Problem:
    """What several units have wrong is a problem of the system: it goes on the list of problems.

    The findings are its evidence, linked by their passages; each is still mended by its unit.
    """
    if len({finding.unit_id for finding in findings}) < 2:
        raise SupervisionError(_("One unit's finding is mended there; a problem takes two units."))
    return problems.raise_problem(
        title=title,
        what=what,
        area=area,
        found_by=FoundBy.INSPECTION,
        found_unit=found_unit,
        evidence=[finding.passage for finding in findings],
        by=by,
        now=now,
    )
