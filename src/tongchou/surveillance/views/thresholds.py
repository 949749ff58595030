"""Thresholds: what stands, what it taught, and a new one shown before it is set."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.shell import charts
from tongchou.shell import views as shell
from tongchou.surveillance import detecting, limits, rights
from tongchou.surveillance.actions import thresholds as actions
from tongchou.surveillance.forms.thresholds import ReplayForm, SetForm
from tongchou.surveillance.models import Threshold
from tongchou.surveillance.queries import signals
from tongchou.surveillance.views import common


@login_required
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = _page(request, now)
    form = ReplayForm(request.GET) if "detector" in request.GET else ReplayForm()
    context["form"] = form
    if form.is_bound and form.is_valid():
        shown = _replayed(form, now)
        context |= {"shown": shown, "thin": shown is None}
        if shown is not None:
            context |= {"picture": _drawn(shown), "set_form": SetForm(initial=request.GET.dict())}
    return shell.page(request, "surveillance/thresholds.html", context)


@login_required
@require_POST
def set_threshold(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    if not mine.roles & rights.THRESHOLDS:
        raise PermissionDenied(_("Your post does not set thresholds."))
    form = SetForm(request.POST)
    shown = _replayed(form, now) if form.is_valid() else None
    if shown is None:
        context = _page(request, now) | {"form": ReplayForm(request.POST), "set_form": form}
        return shell.page(request, "surveillance/thresholds.html", context, status=422)
    reason, by = form.cleaned_data["reason"], common.user(request)
    actions.set_threshold(shown=shown, reason=reason, by=by, now=now)
    to = reverse("surveillance:thresholds")
    return common.told(request, to, _("Set; the next daily cycle goes by it."))


def _replayed(form: ReplayForm, now: datetime) -> limits.Replay | None:
    typed = form.cleaned_data
    channel, detector = typed["channel"], typed["detector"]
    last = common.yesterday(now)
    try:
        return limits.replay(channel, detector, per_week=typed["per_week"], last=last)
    except limits.TooThin:
        return None


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
        "defaults": sorted(detecting.LIMITS.items()),
        "taught": signals.taught(mine, since=since),
        "names": signals.channel_names(),
        "may_set": bool(mine.roles & rights.THRESHOLDS),
    }
