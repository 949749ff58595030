"""The day's reports: who owes one, which came, which are late; and the list as a file."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.records import audit
from tongchou.reports import queries, rights
from tongchou.reports.forms.daily import ListForm
from tongchou.reports.views import common
from tongchou.shell import export, paging
from tongchou.shell import views as shell

ORDER = ("-on", "area_path", "id")


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    area = common.area_of(request, looking)
    form = ListForm(request.GET)
    wanted = form.wanted(area if "area" in request.GET else None)
    found = queries.listed(looking.scope, wanted, now=looking.now)
    today = timezone.localdate(looking.now)
    context = {
        "looking": looking, "area": area, "now": looking.now, "form": form,
        "page": paging.keyset(found, order=ORDER, query=request.GET),
        "days": _days(area.path, today, looking.now) if area else [],
        "may_export": bool(rights.EXPORT & set(looking.scope.roles)),
    }  # fmt: skip
    return shell.page(request, "reports/desk.html", context, fragment="reports/_list.html")


def _days(path: str, today: date, now: Any) -> list[queries.Came]:
    return [queries.came(path, today - timedelta(days=n), now=now) for n in (0, 1)]


@login_required
@require_POST
def as_file(request: HttpRequest) -> HttpResponseBase:
    looking = common.at(request)
    top = looking.top
    looking.need(rights.EXPORT, top.path if top else "")
    want = export.wanted(request)
    wanted = ListForm(request.POST).wanted(None)
    found: QuerySet[Any] = queries.listed(looking.scope, wanted, now=looking.now)
    audit.record(
        verb="daily_report.export", subject=f"area:{top.pk if top else ''}", by=looking.user,
        now=looking.now, detail={"reason": want.reason, "format": want.format},
    )  # fmt: skip
    columns = (_("number"), _("of"), _("day"), _("stage"), _("due"), _("in the hands of"))
    rows = (
        (r.number, r.of, r.on, r.passage.stage, r.due_at, r.unit_name)
        for r in found.order_by(*ORDER).iterator(chunk_size=1000)
    )
    return export.respond(want, "daily-reports", columns, rows, now=looking.now)
