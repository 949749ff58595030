"""The page of an investigation, made for a phone: facts, itinerary, contacts, report."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.cases.fields import city_of
from tongchou.cases.queries import may_sign
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.tracing import actions, acts, forms, itineraries, pages, queries, rights
from tongchou.tracing.models import Investigation
from tongchou.tracing.views import common, itinerary


def url_of(found: Investigation, at: str = "") -> str:
    return reverse("tracing:investigation", args=[found.pk]) + (f"#{at}" if at else "")


@login_required
@require_safe
def investigation(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    return shell.page(request, "tracing/investigation.html", _page(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("tracing:investigation", get_object_or_404(Investigation, passage=pk).pk)


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    common.need(mine, rights.TRACE, found.passage.area_path)
    by = common.user(request)
    return common.attempt(
        request,
        url_of(found),
        lambda: actions.take_lead(investigation=found, by=by, now=now),
        _("You lead this investigation."),
    )


@login_required
@require_POST
def core_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Records the core facts where they are due, and corrects them afterwards."""
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    common.need(mine, rights.FACTS, found.passage.area_path)
    form = _facts_form(request.POST, found, mine, now)
    if form.is_valid():
        try:
            _write_facts(request, found, form, mine, now)
        except LedgerError as refusal:
            form.add_error(None, str(refusal))
        else:
            return common.told(request, url_of(found), _("Stored."))
    found = common.investigation(mine, pk)
    context = _page(request, found, mine, now) | {"facts_form": form}
    return shell.page(request, "tracing/investigation.html", context, status=422)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    form = forms.SubmitForm(request.POST, prefix="report")
    if not form.is_valid():
        context = _page(request, found, mine, now) | {"report_form": form}
        return shell.page(request, "tracing/investigation.html", context, status=422)
    typed = form.cleaned_data

    def do() -> None:
        seen(found.passage, typed["leg"])
        _need_signer(mine, found, "submitted")
        found.version = typed["version"]
        actions.submit_report(
            investigation=found,
            report=typed["report"],
            conclusion=typed["conclusion"],
            by=common.user(request),
            now=now,
        )

    return common.attempt(request, url_of(found), do, _("Handed to the CDC."))


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found, wanted = common.investigation(mine, pk), acts.investigation_act(to)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, prefix=to)
    if not form.is_valid():
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "tracing/investigation.html", context, status=422)

    def do() -> None:
        assert wanted is not None
        seen(found.passage, form.cleaned_data["leg"])
        _need_signer(mine, found, to)
        typed, by = form.cleaned_data, common.user(request)
        acts.perform(wanted, typed, found.passage, investigation=found, by=by, now=now)

    return common.attempt(request, url_of(found), do, wanted.done)


# --- fragments of the case page ----------------------------------------------------------------


@login_required
@require_safe
def itinerary_panel(request: HttpRequest, case: int) -> HttpResponse:
    now = timezone.now()
    found = pages.investigation_of(common.case(common.scope(request, now), case))
    context = {
        "investigation": found,
        "stage": stage_label(found.passage.loop, found.passage.stage) if found else "",
        "now": now,
        **(itinerary.of(found, now) if found else {}),
    }
    return shell.page(
        request, "tracing/panel.html", context, fragment="tracing/_itinerary_panel.html"
    )


@login_required
@require_safe
def contacts_panel(request: HttpRequest, case: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    met = list(queries.of_case(of)[:200])
    context = {
        "case": of,
        "rows": pages.rows(met, now=now),
        "n_contacts": queries.of_case(of).count(),
        "may_list": mine.may(rights.TRACE, of.area_path),
        "now": now,
        "panel": "tracing/_contacts_panel.html",
    }
    return shell.page(
        request, "tracing/panel.html", context, fragment="tracing/_contacts_panel.html"
    )


# --- what the views share ----------------------------------------------------------------------


def _write_facts(
    request: HttpRequest,
    found: Investigation,
    form: forms.CoreFactsForm,
    mine: Scope,
    now: datetime,
) -> None:
    typed, by = form.cleaned_data, common.user(request)
    seen(found.passage, typed["leg"])
    found.version, found.case.version = typed["version"], typed["case_version"]
    if found.passage.stage in ("opened", "unreachable"):
        _need_signer(mine, found, "core_known", beside=rights.TRACE)
        actions.record_core_facts(investigation=found, facts=form.facts, by=by, now=now)
    else:
        common.need(mine, rights.TRACE, found.passage.area_path)
        actions.amend(investigation=found, facts=form.facts, by=by, now=now)


def _need_signer(
    mine: Scope, found: Investigation, to: str, beside: frozenset[Any] = frozenset()
) -> None:
    """Who is awaited signs; tracers record facts whoever found the case again."""
    if may_sign(mine, found.passage, to) or (beside and mine.may(beside, found.passage.area_path)):
        return
    raise PermissionDenied(_("Your post does not sign this hand-over."))


def _facts_form(data: Any, found: Investigation, mine: Scope, now: datetime) -> forms.CoreFactsForm:
    return forms.CoreFactsForm(
        data,
        investigation=found,
        book=policy.in_force(now),
        today=timezone.localtime(now).date(),
        near=city_of(mine.paths),
        prefix="facts",
    )


def _page(
    request: HttpRequest,
    found: Investigation,
    mine: Scope,
    now: datetime,
    refused: forms.ActForm | None = None,
) -> dict[str, Any]:
    passage, case = found.passage, found.case
    may_trace = passage.closed_at is None and mine.may(rights.TRACE, passage.area_path)
    may_write = passage.closed_at is None and mine.may(rights.FACTS, passage.area_path)
    met = list(queries.of_case(case)[:300])
    return {
        "investigation": found,
        "case": case,
        "now": now,
        "stage": stage_label(passage.loop, passage.stage),
        "leg": passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "offers": acts.investigation_offers(found, mine, refused=refused),
        "facts_form": _facts_form(None, found, mine, now) if may_write else None,
        "facts_due": passage.stage in ("opened", "unreachable"),
        "report_form": _report_form(found, mine),
        **itinerary.of(found, now),
        "may_edit": may_trace,
        "here": url_of(found, "itinerary"),
        "taken_out": itineraries.taken_out(found),
        "rows": pages.rows(met, now=now),
        "n_contacts": queries.of_case(case).count(),
        "may_trace": may_trace,
        "way": timeline_context(passage, request, now),
    }


def _report_form(found: Investigation, mine: Scope) -> forms.SubmitForm | None:
    if not may_sign(mine, found.passage, "submitted"):
        return None
    return forms.SubmitForm(
        initial={
            "report": found.report,
            "conclusion": found.conclusion,
            "version": found.version,
            "leg": found.passage.n_legs,
        },
        prefix="report",
    )
