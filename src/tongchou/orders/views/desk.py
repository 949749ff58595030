"""The desk: what waits here, what holds now, what ends soon, and who is on duty."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongchou.ledger.registry import stage_label
from tongchou.orders import rights
from tongchou.orders.queries import decisions, duty, orders, standing
from tongchou.orders.views import common
from tongchou.orders.views.orders import lines
from tongchou.shell import views as shell
from tongchou.staff import reach
from tongchou.staff.queries import Scope

#: Lines of each list on the desk; the lists have them all.
SHORT = 8


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    context = _context(mine, now)
    return shell.page(request, "orders/desk.html", context, fragment="orders/_desk.html")


def _context(mine: Scope, now: datetime) -> dict[str, Any]:
    area = common.top(mine)
    sees = bool(mine.roles & rights.SEE)
    holding = standing.orders_in_force(area.path if area else "-", now=now)
    receipts = list(orders.unanswered(mine).order_by("order_id")[:SHORT])
    log = decisions.visible_to(mine)
    return {
        "now": now,
        "area": area,
        "sees": sees,
        "may_write": bool(mine.roles & rights.WRITE),
        "receipts": [
            (r, stage_label("order_receipt", r.passage.stage)) for r in receipts if r.passage
        ],
        "drafts": lines(_drafts(mine, now), now) if sees else [],
        "holding": lines(list(orders.dressed(holding).order_by("-issued_at", "-id")[:SHORT]), now),
        "n_holding": holding.count(),
        "ending": list(standing.ending_soon(area, now=now)[:SHORT]) if sees and area else [],
        "moved": decisions.moved_ones(mine)[:SHORT] if sees else [],
        "questions": list(log.filter(decided_at=None, dropped_at=None)[:SHORT]) if sees else [],
        "n_in_force": log.filter(passage__closed_at=None, decided_at__isnull=False).count(),
        "shifts": [
            (shift, mine.sees(shift.area_path)) for shift in duty.on_duty(mine, now=now)[:SHORT]
        ],
        "waiting": list(duty.waiting(mine, now=now)[:SHORT]),
        "holes": duty.holes(duty.rosters(mine), now=now)[:SHORT] if sees else [],
    }


def _drafts(mine: Scope, now: datetime) -> list[Any]:
    rows = orders.dressed(orders.visible_to(mine)).filter(issued_at=None, dropped_at=None)
    return list(rows.filter(reach.of(mine)).order_by("-id")[:SHORT])
