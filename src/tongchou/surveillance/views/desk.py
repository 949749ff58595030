"""The desk: what is open, who is silent, what is doubtful in the data, and what it taught."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongchou.ledger.registry import stage_label
from tongchou.shell import views as shell
from tongchou.surveillance.models import DayRun
from tongchou.surveillance.queries import register, signals
from tongchou.surveillance.views import common
from tongchou.surveillance.views.signals import lines

#: Lines of each list on the desk; the lists have them all.
SHORT = 12
#: Precision is told from the signals of so many days.
TAUGHT_DAYS = 182


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    today = timezone.localdate(now)
    open_ones = signals.visible_to(mine).filter(passage__closed_at=None)
    rows = signals.most_urgent(open_ones, SHORT)
    silent = signals.open_silences(mine)
    context = {
        "now": now,
        "figures": [
            (figure, stage_label("signal", figure.stage))
            for figure in signals.by_stage(mine, now=now)
        ],
        "rows": lines(rows),
        "n_open": open_ones.count(),
        "silences": list(silent[:SHORT]),
        "n_silent": silent.count(),
        "findings": register.findings(mine, on=common.yesterday(now))[:SHORT],
        "run": DayRun.objects.filter(on__lte=today).order_by("-on").first(),
        "reporting": register.reporting(mine, common.yesterday(now)),
        "taught": signals.taught(mine, since=today - timedelta(days=TAUGHT_DAYS))[:SHORT],
        "names": signals.channel_names(),
        "area": common.top(mine),
        "yesterday": common.yesterday(now),
    }
    return shell.page(
        request, "surveillance/desk.html", context, fragment="surveillance/_desk.html"
    )
