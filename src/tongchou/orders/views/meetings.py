"""Meetings: the list, calling one, its minutes, signing them and adding to them; and the print."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.orders import rights
from tongchou.orders.actions import meetings as actions
from tongchou.orders.actions.common import digest
from tongchou.orders.forms.decisions import MeetingFilterForm
from tongchou.orders.forms.meetings import AdditionForm, MeetingForm, MinutesForm
from tongchou.orders.models import Meeting
from tongchou.orders.queries import decisions as queries
from tongchou.orders.views import common
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope


@login_required
@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.seeing(request, now)
    form = MeetingFilterForm(request.GET)
    page = paging.keyset(_listed(mine, form), order=("-held_at", "-id"), query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "may_write": bool(mine.roles & rights.WRITE),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "orders/meetings.html", context, fragment="orders/_meetings.html")


def _listed(mine: Scope, form: MeetingFilterForm) -> Any:
    typed = form.cleaned_data if form.is_valid() else {}
    return queries.meetings(mine, search=typed.get("search", ""), state=typed.get("state", ""))


@login_required
@require_POST
def export_meetings(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export meetings."))
    want = export.wanted(request)
    found = list(_listed(mine, MeetingFilterForm(request.POST)).order_by("id"))
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(verb="meeting.export", subject="meetings", by=by, now=now, detail=detail)
    columns = [_("Number"), _("Title"), _("When"), _("Where"), _("Chair"), _("Called by"),
               pgettext("meeting", "Minutes"), _("Signed"), _("Decisions")]  # fmt: skip
    cells = (
        (one.number, one.title, one.held_at, one.place, one.chair, one.unit, one.minutes,
         one.signed_at, one.n_decisions)
        for one in found
    )  # fmt: skip
    return export.respond(want, "meetings", columns, cells, now=now)


@login_required
@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.seeing(request, now)
    found = common.meeting_of(mine, pk)
    return shell.page(request, "orders/meeting.html", _page(found, mine, now))


@login_required
@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as they go on paper (会议纪要)."""
    now = timezone.now()
    mine = common.seeing(request, now)
    found = common.meeting_of(mine, pk)
    context = _page(found, mine, now)
    rows = list(context["attendance"])
    context["present"] = [(row.unit, row.user or "") for row in rows if row.was_there]
    context["absent"] = [(row.unit, row.note) for row in rows if row.was_there is False]
    return shell.page(request, "orders/meeting_print.html", context)


def _page(found: Meeting, mine: Scope, now: datetime, **more: Any) -> dict[str, Any]:
    open_one = found.signed_at is None
    writes = common.may(mine, rights.WRITE, found)
    base: dict[str, Any] = {
        "meeting": found,
        "now": now,
        "agenda": found.agenda.order_by("number"),
        "attendance": found.attendance.select_related("unit", "user").order_by("unit__name", "id"),
        "decisions": queries.dressed(found.decisions.all()).order_by("id"),
        "additions": found.additions.select_related("by"),
        "may_write": open_one and writes,
        "may_minute": open_one and writes and found.held_at <= now,
        "may_sign": open_one and bool(found.minutes) and common.may(mine, rights.SIGN, found),
        "may_add": not open_one and writes,
        "addition_form": AdditionForm(),
        "intact": found.digest == digest(actions.text_of(found)) if found.digest else True,
    }
    if base["may_minute"]:
        initial = {"minutes": found.minutes}
        base["minutes_form"] = MinutesForm(meeting=found, now=now, initial=initial)
    return base | more


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    form = MeetingForm(request.POST or None, scope=mine, now=now)

    def again(form: Any) -> HttpResponse:
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/meeting_form.html", {"form": form}, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Meeting:
        common.need_unit(mine, rights.WRITE, form.cleaned_data["unit"])
        return actions.call(by=by, now=now, **form.facts)

    return common.made(request, form, do, _url, _("Called."), again)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.meeting_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    initial: dict[str, Any] = {
        name: getattr(found, name) for name in ("title", "unit", "held_at", "place", "chair")
    }
    initial["agenda"] = "\n".join(found.agenda.values_list("words", flat=True))
    initial["units"] = list(found.attendance.values_list("unit_id", flat=True))
    form = MeetingForm(
        request.POST or None, scope=mine, now=now, kept=found.unit_id, initial=initial
    )

    def again(form: Any) -> HttpResponse:
        context = {"form": form, "meeting": found}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/meeting_form.html", context, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Meeting:
        return actions.change(meeting=found, by=by, now=now, **form.facts)

    return common.made(request, form, do, _url, _("Saved."), again)


@login_required
@require_POST
def minute(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.meeting_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    form = MinutesForm(request.POST, meeting=found, now=now)

    def again(form: Any) -> HttpResponse:
        context = _page(found, mine, now, minutes_form=form)
        return shell.page(request, "orders/meeting.html", context, status=422)

    def do() -> Meeting:
        minutes = form.cleaned_data["minutes"]
        return actions.minute(meeting=found, minutes=minutes, there=form.there, by=by, now=now)

    return common.made(request, form, do, _url, _("Saved; somebody has to sign them."), again)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.meeting_of(mine, pk)
    common.need(mine, rights.SIGN, found)
    do = lambda: actions.sign(meeting=found, by=by, now=now)  # noqa: E731
    return common.attempt(request, _url(found), do, _("Signed; from here on they stand."))


@login_required
@require_POST
def add_to(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.meeting_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    form = AdditionForm(request.POST)

    def again(form: Any) -> HttpResponse:
        context = _page(found, mine, now, addition_form=form)
        return shell.page(request, "orders/meeting.html", context, status=422)

    def do() -> Meeting:
        actions.add(meeting=found, words=form.cleaned_data["words"], by=by, now=now)
        return found

    return common.made(request, form, do, _url, _("Added."), again)


def _url(found: Meeting) -> str:
    return reverse("orders:meeting", args=[found.pk])
