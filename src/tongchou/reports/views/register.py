"""Who asks for which report: the register, a new request, its answer, and the catalogue."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongchou.ledger import turns
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.views import timeline_context
from tongchou.records import audit
from tongchou.reports import actions, matching, queries, rights
from tongchou.reports.errors import ReportsError
from tongchou.reports.facts import catalogue
from tongchou.reports.forms.register import AnswerForm, AskForm
from tongchou.reports.models import Request
from tongchou.reports.views import common
from tongchou.shell import export, paging
from tongchou.shell import views as shell


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    found = queries.requests_in(looking.scope)
    answered = list(found.filter(passage__stage="answered_by_link"))
    minutes, n_timed = queries.minutes_spared(answered)
    context = {
        "looking": looking, "now": looking.now,
        "page": paging.keyset(found, order=("-asked_on", "-id"), query=request.GET),
        "n_answered": len(answered), "n_timed": n_timed, "hours": round(minutes / 60, 1),
        "may_export": bool(rights.EXPORT & set(looking.scope.roles)),
    }  # fmt: skip
    return shell.page(request, "reports/register.html", context, fragment="reports/_register.html")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    form = AskForm(request.POST or None, initial={"area": looking.top})
    if request.method == "POST" and form.is_valid():
        typed = form.facts()
        if not looking.scope.sees(typed["area"].path):
            raise PermissionDenied(_("This is outside the areas you answer for."))
        found = actions.ask(**typed, by=looking.user, now=looking.now)
        messages.success(request, _("Entered. The duty officer answers it."))
        return shell.go(request, reverse("reports:request", args=[found.pk]))
    context = {"looking": looking, "form": form}
    status = 422 if form.errors else 200
    return shell.page(request, "reports/ask.html", context, status=status)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    return _page(request, looking, _get(looking, pk), None)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("reports:request", get_object_or_404(Request, passage=pk).pk)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = _get(looking, pk)
    if not _may(looking, found):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    form = AnswerForm(request.POST, request=found)
    if not form.is_valid():
        return _page(request, looking, found, form, status=422)
    try:
        _answer(form, found, looking)
    except (ReportsError, LedgerError) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, looking, found, form, status=422)
    messages.success(request, _("Answered."))
    return shell.go(request, reverse("reports:request", args=[found.pk]))


def _answer(form: AnswerForm, found: Request, looking: common.Looking) -> None:
    to, reason = form.cleaned_data["answer"], form.cleaned_data["reason"]
    by, now = looking.user, looking.now
    if to == "answered_by_link":
        actions.answer_by_link(request=found, same=form.same, by=by, now=now, reason=reason)
    elif to == "granted":
        actions.grant(request=found, reason=reason, by=by, now=now)
    else:
        actions.refuse(request=found, reason=reason, by=by, now=now)


@login_required
@require_safe
def catalogue_page(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    context = {"looking": looking, "sections": list(catalogue.by_section())}
    return shell.page(request, "reports/catalogue.html", context)


@login_required
@require_POST
def as_file(request: HttpRequest) -> HttpResponseBase:
    looking = common.at(request)
    top = looking.top
    looking.need(rights.EXPORT, top.path if top else "")
    want = export.wanted(request)
    audit.record(
        verb="report_request.export", subject=f"area:{top.pk if top else ''}", by=looking.user,
        now=looking.now, detail={"reason": want.reason, "format": want.format},
    )  # fmt: skip
    columns = (
        _("number"), _("report"), _("who asks"), _("basis"), _("numbers"), _("how often"),
        _("until"), _("asked on"), _("answer"), _("reason"),
    )  # fmt: skip
    found = queries.requests_in(looking.scope).order_by("-asked_on", "-id")
    rows = (
        (r.number, r.title, r.asked_by, r.basis, r.n_numbers, r.get_frequency_display(),
         r.until, r.asked_on, r.passage.stage, r.reason)
        for r in found.iterator(chunk_size=1000)
    )  # fmt: skip
    return export.respond(want, "report-requests", columns, rows, now=looking.now)


def _get(looking: common.Looking, pk: int) -> Request:
    found: Request = get_object_or_404(queries.requests_in(looking.scope), pk=pk)
    return found


def _may(looking: common.Looking, found: Request) -> bool:
    leg = found.passage.handoffs.filter(done_at=None).first()
    return leg is not None and turns.may_sign(leg, looking.scope)


def _page(
    request: HttpRequest, looking: common.Looking, found: Request, form: Any, status: int = 200
) -> HttpResponse:
    entries = catalogue.entries()
    likely = matching.matched(found.others)
    if form is None and _may(looking, found):
        form = AnswerForm(request=found)
    context = {
        "looking": looking, "found": found, "form": form, "now": looking.now,
        "numbers": [entries[key] for key in found.keys if key in entries],
        "others": [(word, entries.get(likely.get(word, ""))) for word in found.others],
        "alike": queries.alike(found, looking.scope),
        "way": timeline_context(found.passage, request, looking.now),
    }  # fmt: skip
    return shell.page(request, "reports/request.html", context, status=status)
