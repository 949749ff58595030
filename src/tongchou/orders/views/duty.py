"""The roster: who is on duty now, the month of a unit, filling it, swaps, and its holes."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongchou.orders import rights
from tongchou.orders.actions import duty as actions
from tongchou.orders.forms.common import in_our_time
from tongchou.orders.forms.duty import FillForm, RosterForm, SwapForm
from tongchou.orders.models import Roster, Shift
from tongchou.orders.queries import duty as queries
from tongchou.orders.views import common
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

#: What each readiness hole of a roster is called.
HOLES = {
    "empty": gettext_lazy("nobody is on the roster"),
    "leader": gettext_lazy("nobody leads the shift"),
    "left": gettext_lazy("holds no post there any more"),
    "twice": gettext_lazy("is on duty elsewhere at the same time"),
    "phone": gettext_lazy("has no duty phone"),
}


@login_required
@require_safe
def on_duty(request: HttpRequest) -> HttpResponse:
    """Who is on duty now, with the telephone: for whoever is out and needs somebody."""
    now = timezone.now()
    mine = common.scope(request, now)
    rows = [
        (shift, queries.people(shift), mine.sees(shift.area_path))
        for shift in queries.on_duty(mine, now=now)
    ]
    page = paging.numbered(rows, query=request.GET)
    uncovered = [hole for hole in queries.holes(queries.rosters(mine), now=now,
                 ahead=timedelta(minutes=1)) if hole.code == "empty"]  # fmt: skip
    context = {"now": now, "page": page, "rows": page.rows, "uncovered": uncovered}
    return shell.page(request, "orders/on_duty.html", context, fragment="orders/_on_duty.html")


@login_required
@require_safe
def rosters(request: HttpRequest) -> HttpResponse:
    """The rosters of one's areas, what waits to be handed over, and the holes of the next week."""
    now = timezone.now()
    mine = common.scope(request, now)
    found = queries.rosters(mine)
    holes = [(hole, HOLES[hole.code]) for hole in queries.holes(found, now=now)]
    page = paging.numbered(found, query=request.GET)
    context = {
        "now": now,
        "page": page,
        "holes": holes[:40],
        "n_holes": len(holes),
        "waiting": queries.waiting(mine, now=now)[:40],
        "may_write": bool(mine.roles & rights.ROSTER),
    }
    return shell.page(request, "orders/rosters.html", context)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a unit on duty round the clock."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    if not mine.roles & rights.ROSTER:
        raise PermissionDenied(_("Your post does not write rosters."))
    initial = {"from_on": timezone.localdate(now)}
    form = RosterForm(request.POST or None, scope=mine, initial=initial)

    def again(form: Any) -> HttpResponse:
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/roster_form.html", {"form": form}, status=status)

    if request.method != "POST":
        return again(form)
    return common.made(
        request,
        form,
        lambda: actions.open_roster(by=by, now=now, **form.facts),
        _url,
        _("The roster is open. Fill it now."),
        again,
    )


@login_required
@require_safe
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.roster_of(mine, pk)
    return shell.page(request, "orders/roster.html", _month(request, found, mine, now))


def _month(
    request: HttpRequest, found: Roster, mine: Scope, now: datetime, **more: Any
) -> dict[str, Any]:
    first = _first(request, now)
    last = actions.end_of_month(first)
    holes: dict[int, list[Any]] = {}
    every = queries.holes([found], now=now)
    for hole in every:
        if hole.shift is not None:
            holes.setdefault(hole.shift.pk, []).append((hole, HOLES[hole.code]))
    shifts = queries.month(found, first, last)
    may = common.may(mine, rights.ROSTER, found) and found.ended_on is None
    base: dict[str, Any] = {
        "roster": found,
        "now": now,
        "first": first,
        "before": first - timedelta(days=1),
        "after": last + timedelta(days=1),
        "shifts": [(shift, holes.get(shift.pk, [])) for shift in shifts],
        "present": next((s.pk for s in shifts if s.starts_at <= now < s.ends_at), None),
        "empty": [hole for hole in every if hole.code == "empty"],
        "may_write": may,
        "may_export": bool(mine.roles & rights.EXPORT),
        "swaps": [swap for shift in shifts for swap in shift.swaps.select_related("out", "into")],
    }
    if may:
        start = max(first, timezone.localdate(now))
        base["form"] = FillForm(
            able=queries.may_serve(found, at=now),
            initial={"first": start, "last": actions.end_of_month(start)},
        )
    return base | more


def _first(request: HttpRequest, now: datetime) -> date:
    """The first day of the month asked for by `?month=2022-07`; of this month otherwise."""
    text = request.GET.get("month", "")
    if not text:
        return timezone.localdate(now).replace(day=1)
    try:
        first = date.fromisoformat(f"{text[:7]}-01")
        in_our_time(first)
    except (ValueError, ValidationError) as error:
        raise BadRequest("Write the month as 2022-07.") from error
    return first


@login_required
@require_POST
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.roster_of(mine, pk)
    common.need(mine, rights.ROSTER, found)
    form = FillForm(request.POST, able=queries.may_serve(found, at=now))

    def again(form: Any) -> HttpResponse:
        context = _month(request, found, mine, now, form=form)
        return shell.page(request, "orders/roster.html", context, status=422)

    def do() -> Roster:
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        actions.fill(roster=found, first=first, last=last, teams=form.teams, by=by, now=now)
        return found

    done = _("Filled. Shifts that stood already were left as they were.")
    return common.made(request, form, do, _url, done, again)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.roster_of(mine, pk)
    common.need(mine, rights.ROSTER, found)
    do = lambda: actions.close_roster(roster=found, by=by, now=now)  # noqa: E731
    return common.attempt(request, reverse("orders:rosters"), do, _("The roster has ended."))


@login_required
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody in the place of another."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    shift = common.shift_of(mine, pk)
    if not queries.is_serving(shift, by):
        common.need(mine, rights.ROSTER, shift.roster)
    form = SwapForm(request.POST or None, shift=shift, now=now)

    def again(form: Any) -> HttpResponse:
        context = {"form": form, "shift": shift, "now": now}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/swap_form.html", context, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Shift:
        actions.swap(shift=shift, by=by, now=now, **form.facts)
        return shift

    return common.made(request, form, do, lambda s: _url(s.roster), _("Swapped."), again)


@login_required
@require_POST
def export_roster(request: HttpRequest, pk: int) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.roster_of(mine, pk)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export rosters."))
    want, first = export.wanted(request), _first(request, now)
    shifts = queries.month(found, first, actions.end_of_month(first))
    detail = {"rows": len(shifts), "reason": want.reason, "month": first}
    audit.record(verb="roster.export", subject=f"roster:{pk}", by=by, now=now, detail=detail)
    columns = [_("Begins"), _("Ends"), _("Leader"), _("Duty phone"), _("Duty staff")]
    cells = (
        (s.starts_at, s.ends_at, s.leader or "", s.leader.phone if s.leader else "",
         "; ".join(f"{u} {u.phone}".strip() for u in s.staff.all()))
        for s in shifts
    )  # fmt: skip
    return export.respond(want, "roster", columns, cells, now=now)


def _url(found: Roster) -> str:
    return reverse("orders:roster", args=[found.pk])
