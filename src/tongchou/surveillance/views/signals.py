"""Signals: the list, the page of one with its channels and its way, and its acts."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.records import audit
from tongchou.shell import charts, export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.surveillance import acts, rights, watching, wording
from tongchou.surveillance.forms.signals import ActForm, FilterForm
from tongchou.surveillance.models import Signal
from tongchou.surveillance.queries import signals as queries
from tongchou.surveillance.views import common

#: Days of the channels shown before the first day of a signal.
BEFORE = 35


@login_required
@require_safe
def signals(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = FilterForm(request.GET, near=city_of(mine.paths))
    order = queries.ORDERS.get(request.GET.get("sort", ""), queries.ORDERS["-raised"])
    rows = queries.listed(mine, form.wanted, now=now)
    page = paging.keyset(rows, order=order, query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": lines(queries.dress(page.rows)),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(
        request, "surveillance/signals.html", context, fragment="surveillance/_signals.html"
    )


def lines(rows: list[Signal]) -> list[dict[str, Any]]:
    """Signals as the lists show them, each with its sentence and the name of its stage."""
    said = queries.sentences(rows)
    return [
        {
            "signal": row,
            "sentence": said.get(row.pk, ""),
            "stage": stage_label("signal", row.passage.stage),
            "due_at": getattr(row, "due_at", None),
        }
        for row in rows
    ]


@login_required
@require_POST
def export_signals(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export signals."))
    form, want = FilterForm(request.POST, near=city_of(mine.paths)), export.wanted(request)
    found = list(queries.dressed(queries.listed(mine, form.wanted, now=now)).order_by("id"))
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(verb="signal.export", subject="signals", by=by, now=now, detail=detail)
    return export.respond(want, "signals", _columns(), _cells(found), now=now)


def _columns() -> list[Any]:
    last = pgettext("early warning", "Last day")
    return [_("Number"), _("Area"), _("Code"), _("First day"), last, _("Stage"),
            _("Turned out to be"), _("Verified by"), _("Channels"), _("Methods"), _("Observed"),
            _("Expected"), _("p"), _("Statistic"), _("Says")]  # fmt: skip


def _cells(found: list[Signal]) -> Any:
    said = queries.sentences(found)
    for one in found:
        yield (
            one.number,
            one.area.name,
            one.area_id,
            one.first_on,
            one.last_on,
            stage_label("signal", one.passage.stage),
            one.get_closed_as_display(),
            one.get_verified_by_display(),
            " ".join(one.channels),
            " ".join(one.detectors),
            one.observed,
            one.expected,
            one.p,
            one.statistic,
            said.get(one.pk, ""),
        )


@login_required
@require_safe
def signal(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return shell.page(
        request, "surveillance/signal.html", _page(request, _get(mine, pk), mine, now)
    )


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("surveillance:signal", get_object_or_404(Signal, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)

    def refused(form: ActForm) -> HttpResponse:
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "surveillance/signal.html", context, status=422)

    subject = {"signal": found}
    return common.act(
        request, acts.SIGNAL_ACTS, to, subject, mine, now, page=_url(found), refused=refused
    )


def _get(mine: Scope, pk: int) -> Signal:
    rows = queries.dressed(queries.visible_to(mine))
    found: Signal = get_object_or_404(rows, pk=pk)
    return found


def _url(found: Signal) -> str:
    return reverse("surveillance:signal", args=[found.pk])


def _page(
    request: HttpRequest,
    found: Signal,
    mine: Scope,
    now: datetime,
    refused: ActForm | None = None,
) -> dict[str, Any]:
    names = queries.channel_names()
    evidence = list(found.evidence.order_by("-day"))
    return {
        "signal": found,
        "sentence": queries.sentence(found),
        "subject": queries.SUBJECTS.get(found.subject) or wording.called(found.subject, names),
        "now": now,
        "p": wording.chance(found.p),
        "stage": stage_label("signal", found.passage.stage),
        "leg": found.passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "offers": acts.offers(acts.SIGNAL_ACTS, found.passage, mine, refused=refused),
        "base": _url(found) + "act/",
        "days": [_day(row, names) for row in evidence],
        "parts": queries.parts(evidence[0].areas) if evidence else [],
        "charts": drawn(found),
        "way": timeline_context(found.passage, request, now),
    }


def _day(row: Any, names: dict[str, str]) -> dict[str, Any]:
    whole = sum(max(share["score"], 0.0) for share in row.shares) or 1.0
    shares = [
        share
        | {
            "name": wording.called(share["channel"], names),
            "part": max(share["score"], 0.0) / whole,
            "observed": wording.amount(share["observed"]),
            "expected": wording.amount(share["expected"]),
            # Below zero: the days before are an alarm already, whatever this day had brought.
            "bound": share["bound"] if (share["bound"] or 0) >= 0 else None,
            "p": wording.chance(share["p"]),
        }
        for share in row.shares
    ]
    return {"row": row, "shares": shares}


def drawn(found: Signal) -> list[dict[str, Any]]:
    """The channels of the signal's area around its days; the days it alarmed on are marked."""
    alarms: dict[str, list[Any]] = {}
    for row in found.evidence.filter(stands=True):
        for place, share in enumerate(row.shares):
            if share["alarm"] or place == 0:
                alarms.setdefault(share["channel"], []).append(row.day)
    n_days = (found.last_on - found.first_on).days + BEFORE
    last = found.last_on + timedelta(days=7)
    seen = watching.watched(found.area.path, last, n_days=n_days + 7, channels=found.channels[:6])
    return [
        {
            "id": f"signal-{one.channel.pk}",
            "name": str(one.channel),
            "chart": charts.watched(
                one.days,
                one.counts,
                what=str(one.channel),
                expected=one.expected,
                bound=one.bound,
                alarms=[day for day in alarms.get(one.channel.pk, []) if day in one.days],
                step=one.step,
                size="s",
            ),
        }
        for one in seen
    ]
