"""One report: read, printed, carried off as a file, and held against what the records say today."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tongchou.ledger.views import timeline_context
from tongchou.records import audit
from tongchou.reports import document, formats, queries
from tongchou.reports.facts import catalogue
from tongchou.reports.forms.daily import CorrectForm, ReasonForm, WordsForm
from tongchou.reports.models import Report
from tongchou.reports.views import common
from tongchou.reports.views.rows import may_open
from tongchou.shell import views as shell


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.report(looking, pk)
    return shell.page(request, "reports/report.html", page_of(request, looking, found))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("reports:report", get_object_or_404(Report, passage=pk).pk)


@login_required
@require_safe
def as_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    looking = common.at(request)
    found = common.report(looking, pk)
    if kind not in formats.KINDS:
        raise Http404
    signed = queries.last_signed(found)
    language = request.GET.get("lang") or get_language() or "zh"
    made = formats.made(kind, found, signed, language)
    audit.record(
        verb="daily_report.file", subject=f"daily_report:{found.pk}", by=looking.user,
        now=looking.now, detail={"format": kind},
    )  # fmt: skip
    answer = HttpResponse(made, content_type=formats.KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{kind}"'
    return answer


@login_required
@require_safe
def since(request: HttpRequest, pk: int) -> HttpResponse:
    """What has changed in the records since it was signed; asked for by the page by itself."""
    looking = common.at(request)
    found = common.report(looking, pk)
    signed = queries.last_signed(found)
    if signed is None:
        raise Http404
    rows = queries.since_signed(found, signed, now=looking.now, language=get_language() or "en")
    context = {"report": found, "rows": rows, "now": looking.now}
    return shell.page(request, "reports/since.html", context, fragment="reports/_since.html")


def page_of(request: HttpRequest, looking: common.Looking, found: Report) -> dict[str, Any]:
    """Everything the page of a report shows."""
    signed = queries.last_signed(found)
    stage = found.passage.stage
    may = common.may_act(looking, found)
    shown = signed if stage != "due" else None  # what was returned is a draft again
    content = queries.content_of(found, shown)
    corrections = queries.corrections(shown)
    may_correct = shown is not None and queries.may_correct(found, looking.scope)
    return {
        "looking": looking,
        "report": found,
        "now": looking.now,
        "stage": stage,
        "signed": shown,
        "whole": queries.is_whole(shown) if shown else None,
        "document": document.of(
            content, get_language() or "en", digest=shown.digest if shown else "",
            corrections=corrections,
        ),
        "corrections": corrections,
        "leg": found.passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "returned": found.passage.handoffs.filter(stage="signed", outcome="due").last(),
        "may_sign": may and stage == "due",
        "may_excuse": stage == "due"
        and queries.may_excuse(found, looking.scope, now=looking.now),
        "may_receive": may and stage == "signed",
        "words": WordsForm(report=found) if may and stage == "due" else None,
        "reason": ReasonForm(),
        "closed": _closed(found, looking),
        "correct": CorrectForm(signed=shown) if may_correct and shown else None,
        "kinds": list(formats.KINDS),
        "way": timeline_context(found.passage, request, looking.now),
    }  # fmt: skip


def _closed(found: Report, looking: common.Looking) -> frozenset[str]:
    """The numbers whose rows are not for this reader: told, without a link."""
    return frozenset(
        measure.key
        for measure in catalogue.MEASURES
        if not may_open(looking.scope, measure, found.unit, found.area)
    )
