"""Leads on persons: the desk, noting one or a table of them, the page of one, its acts."""

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.cases.pasting import MOST_ROWS, sent
from tongchou.kit.tables import Unreadable
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.people.errors import PeopleError
from tongchou.records import audit
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.surveillance import acts, lead_acts, pasting, rights
from tongchou.surveillance.actions import leads as actions
from tongchou.surveillance.forms.leads import LeadForm
from tongchou.surveillance.forms.signals import ActForm
from tongchou.surveillance.loops import LEAD_NAMES, LEAD_STAGES, LEADS
from tongchou.surveillance.models import Lead, Site
from tongchou.surveillance.queries import leads as queries
from tongchou.surveillance.views import common
from tongchou.tracing.forms import PasteForm


@login_required
@require_safe
def leads(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    kind = request.GET.get("kind", "")
    stage = request.GET.get("stage", "open")
    wanted = queries.Wanted(
        kind if kind in LEADS else "", stage if stage in ("", *LEAD_STAGES) else "open"
    )
    page = paging.keyset(
        queries.listed(mine, wanted), order=("-noted_on", "-id"), query=request.GET
    )
    context = {
        "now": now,
        "wanted": wanted,
        "page": page,
        "rows": [(lead, stage_label(lead.passage.loop, lead.passage.stage))
                 for lead in queries.dress(page.rows)],
        "figures": [(f, LEAD_NAMES[f.kind]) for f in queries.figures(mine, now=now)],
        "kinds": [(kind, LEAD_NAMES[kind]) for kind in queries.kinds(mine)],
        "may_note": [(kind, LEAD_NAMES[kind]) for kind in LEADS if mine.roles & rights.NOTE[kind]],
        "purchases": _purchases(mine, now),
    }  # fmt: skip
    return shell.page(
        request, "surveillance/leads.html", context, fragment="surveillance/_leads.html"
    )


def _purchases(mine: Scope, now: datetime) -> bool:
    """Whether purchases are followed up at the top of what this reader sees."""
    area = common.top(mine)
    return area is not None and actions.purchases_followed(area, now=now)


@login_required
def note(request: HttpRequest, kind: str) -> HttpResponse:
    now = timezone.now()
    mine = _may_note(request, kind, now)
    form = _form(request.POST or None, kind, mine, now)
    context = {"form": form, "kind": kind, "name": LEAD_NAMES[kind]}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return shell.page(request, "surveillance/note_lead.html", context, status=status)
    common.need(mine, rights.NOTE[kind], form.cleaned_data["area"].path)
    try:
        lead = actions.note(noted=form.noted, by=common.user(request), now=now)
    except (LedgerError, PeopleError) as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "surveillance/note_lead.html", context, status=422)
    to = reverse("surveillance:lead", args=[lead.pk])
    return common.told(request, to, _("Noted: %(number)s.") % {"number": lead.number})


@login_required
def paste(request: HttpRequest, kind: str) -> HttpResponse:
    """A table of leads; shown with each row's verdict first, and stored when that was looked at."""
    now = timezone.now()
    mine = _may_note(request, kind, now)
    context: dict[str, Any] = {"kind": kind, "name": LEAD_NAMES[kind], "most": MOST_ROWS}
    if request.method != "POST":
        return shell.page(request, "surveillance/paste_leads.html", context | {"form": PasteForm()})
    source, context["form"] = sent(request, PasteForm)
    if source is None:
        return shell.page(request, "surveillance/paste_leads.html", context, status=422)
    try:
        context["preview"] = preview = pasting.read(
            source, kind=kind, sites=_sites(mine), near=city_of(mine.paths),
            today=timezone.localdate(now),
        )  # fmt: skip
    except Unreadable as error:
        context["form"].add_error(None, str(error))
        return shell.page(request, "surveillance/paste_leads.html", context, status=422)
    for one in preview.made:
        common.need(mine, rights.NOTE[kind], one.area.path)
    if "store" in request.POST and _stored(request, preview, now):
        return shell.go(request, reverse("surveillance:leads") + f"?kind={kind}")
    context["source"] = base64.b64encode(source).decode("ascii")
    return shell.page(request, "surveillance/paste_leads.html", context)


def _stored(request: HttpRequest, preview: pasting.Preview, now: datetime) -> bool:
    try:
        done = actions.note_many(noted=preview.made, by=common.user(request), now=now)
    except (LedgerError, PeopleError) as refusal:
        messages.error(request, str(refusal))
        return False
    words = _("%(read)d read = %(new)d new + %(known)d known + %(refused)d refused.") % {
        "read": len(preview.lines),
        "new": len(done.new),
        "known": len(done.known),
        "refused": preview.n_refused,
    }
    messages.success(request, words)
    return True


@login_required
@require_safe
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)
    # Who looked at a lead on a person stands in the audit, as with an identity.
    subject = f"lead:{found.pk}"
    audit.record(verb="lead.look", subject=subject, by=common.user(request), now=now)
    return shell.page(request, "surveillance/lead.html", _page(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("surveillance:lead", get_object_or_404(Lead, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = _get(mine, pk)

    def refused(form: ActForm) -> HttpResponse:
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "surveillance/lead.html", context, status=422)

    there = reverse("surveillance:lead", args=[found.pk])
    return common.act(
        request, lead_acts.LEAD_ACTS, to, {"lead": found}, mine, now, page=there, refused=refused
    )


def _get(mine: Scope, pk: int) -> Lead:
    rows = queries.visible_to(mine).select_related(
        "area", "person", "site", "case", "passage__caused_by"
    )
    found: Lead = get_object_or_404(rows, pk=pk)
    return found


def _may_note(request: HttpRequest, kind: str, now: datetime) -> Scope:
    if kind not in LEADS:
        raise Http404
    mine = common.scope(request, now)
    if not mine.roles & rights.NOTE[kind]:
        raise PermissionDenied(_("Your post does not note such leads."))
    return mine


def _sites(mine: Scope) -> Any:
    return Site.objects.filter(mine.q("area__path"))


def _form(data: Any, kind: str, mine: Scope, now: datetime) -> LeadForm:
    initial = {"noted_on": timezone.localdate(now)}
    return LeadForm(data, kind=kind, sites=_sites(mine), near=city_of(mine.paths), initial=initial)


def _page(
    request: HttpRequest, found: Lead, mine: Scope, now: datetime, refused: ActForm | None = None
) -> dict[str, Any]:
    offers = acts.offers(lead_acts.LEAD_ACTS, found.passage, mine, refused=refused)
    for offer in offers:
        if "on" in offer.form.fields and not offer.form.is_bound:
            offer.form.initial["on"] = timezone.localdate(now)
    return {
        "lead": found,
        "name": LEAD_NAMES[found.kind],
        "now": now,
        "stage": stage_label(found.passage.loop, found.passage.stage),
        "leg": found.passage.handoffs.filter(done_at=None).select_related("unit").first(),
        "offers": offers,
        "base": reverse("surveillance:lead", args=[found.pk]) + "act/",
        "way": timeline_context(found.passage, request, now),
    }
