"""Thresholds: what stands, what it taught, and a new one shown before it is set."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.shell import charts
from tongchou.shell import views as shell
from tongchou.surveillance import alarms, limits, rights
from tongchou.surveillance.actions import replays as actions
from tongchou.surveillance.actions import thresholds as setting
from tongchou.surveillance.forms.thresholds import ReplayForm, SetForm
from tongchou.surveillance.models import ReplayRun, ReplayState, Threshold
from tongchou.surveillance.queries import signals
from tongchou.surveillance.views import common


@login_required
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    context = _page(request, timezone.now()) | {"form": ReplayForm()}
    return shell.page(request, "surveillance/thresholds.html", context)


@login_required
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Have history replayed in the background."""
    now = timezone.now()
    form = ReplayForm(request.POST)
    if not form.is_valid():
        context = _page(request, now) | {"form": form}
        return shell.page(request, "surveillance/thresholds.html", context, status=422)
    run = actions.ask(
        **form.cleaned_data, last=common.yesterday(now), by=common.user(request), now=now
    )
    return shell.go(request, reverse("surveillance:replayed", args=[run.pk]))


@never_cache
@login_required
@require_safe
def replayed(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    context = _page(request, timezone.now()) | _shown(run) | {"set_form": SetForm()}
    return shell.page(request, "surveillance/thresholds.html", context)


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    run = _run(pk)
    response = shell.page(request, "surveillance/_replay.html", {"run": run})
    if not run.waits:
        response["HX-Redirect"] = reverse("surveillance:replayed", args=[run.pk])
    return response


@login_required
@require_POST
def set_threshold(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, run = common.scope(request, now), _run(pk)
    if not mine.roles & rights.THRESHOLDS:
        raise PermissionDenied(_("Your post does not set thresholds."))
    form, shown = SetForm(request.POST), _shown(run)
    if not form.is_valid() or "shown" not in shown:
        context = _page(request, now) | shown | {"set_form": form}
        return shell.page(request, "surveillance/thresholds.html", context, status=422)
    reason, by = form.cleaned_data["reason"], common.user(request)
    setting.set_threshold(shown=shown["shown"], reason=reason, by=by, now=now)
    to = reverse("surveillance:thresholds")
    return common.told(request, to, _("Set; the next daily cycle goes by it."))


def _run(pk: int) -> ReplayRun:
    found: ReplayRun = get_object_or_404(ReplayRun.objects.select_related("channel"), pk=pk)
    return found


def _shown(run: ReplayRun) -> dict[str, Any]:
    """What the page has of a replay; the form asks the same again."""
    asked = {"channel": run.channel_id, "detector": run.detector, "per_week": run.per_week}
    context: dict[str, Any] = {"run": run, "form": ReplayForm(initial=asked)}
    if run.state == ReplayState.DONE and run.facts is not None:
        shown = limits.from_facts(run.facts, run.channel)
        context |= {"shown": shown, "picture": _drawn(shown)}
    return context


def _drawn(shown: limits.Replay) -> Any:
    return charts.lines(
        [week.begin for week in shown.weeks],
        {
            _("with the new limit"): [week.n for week in shown.weeks],
            _("with the one in force"): [week.n_now for week in shown.weeks],
        },
        what=_("week from"),
        level=(shown.per_week, _("wanted a week")),
    )


def _page(request: HttpRequest, now: datetime) -> dict[str, Any]:
    mine = common.scope(request, now)
    since = timezone.localdate(now) - timedelta(days=365)
    newest: dict[tuple[str, str], Threshold] = {}
    for row in Threshold.objects.select_related("channel", "set_by").order_by("set_at", "id"):
        newest[row.channel_id or "", row.detector] = row
    return {
        "now": now,
        "standing": list(newest.values()),
        "earlier": Threshold.objects.select_related("channel", "set_by")[:20],
        "defaults": sorted(alarms.LIMITS.items()),
        "taught": signals.taught(mine, since=since),
        "names": signals.channel_names(),
        "may_set": bool(mine.roles & rights.THRESHOLDS),
    }
