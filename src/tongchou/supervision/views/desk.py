"""The desk: what is pressing, what is due, what units may contest."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.supervision import rights
from tongchou.supervision.models import Inspection
from tongchou.supervision.queries import evaluations, findings, inspections, notices
from tongchou.supervision.views import common
from tongchou.supervision.views.findings import lines as finding_lines
from tongchou.supervision.views.inspections import lines as inspection_lines

#: Lines of each list on the desk; the lists have them all.
SHORT = 10
#: Findings of so many days are looked through for what several units have wrong.
COMMON_DAYS = 90


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(
        request, "supervision/desk.html", _context(mine, now), fragment="supervision/_desk.html"
    )


def _context(mine: Scope, now: datetime) -> dict[str, Any]:
    open_ones = inspections.visible_to(mine).filter(passage__closed_at=None)
    late = inspections.listed(mine, inspections.Wanted(stage="planned", late=True), now=now)
    return {
        "now": now,
        "numbers": findings.numbers(mine, now=now),
        "n_planned": open_ones.count(),
        "n_late": late.count(),
        "inspections": inspection_lines(inspections.next_due(mine, SHORT)),
        "findings": finding_lines(findings.pressing(mine, SHORT, now=now)),
        "common": findings.common(mine, since=now - timedelta(days=COMMON_DAYS))[:5],
        "objections": list(evaluations.objections(mine).filter(passage__closed_at=None)[:SHORT]),
        "to_contest": list(evaluations.to_contest(mine, now=now)[:5]),
        "notices": list(notices.visible_to(mine).order_by("-id")[:5]),
        "may_plan": bool(mine.roles & rights.PLAN),
        "anything": Inspection.objects.exists(),
    }
