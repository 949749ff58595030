"""The desk, the list of contacts, the pool of those not found, and the list checks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.cases.queries import may_sign
from tongchou.ledger.errors import LedgerError
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.tracing import acts, checks, exporting, forms, pages, queries, rights
from tongchou.tracing.views import common


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    due = paging.keyset(
        queries.investigations_due(mine), order=("due_at", "id"), query=request.GET, size=30
    )
    context = {
        "now": now,
        "page": due,
        "figures": pages.figures(mine, now=now),
        "missing": queries.missing(queries.not_found_pool(mine)[:8]),
        "n_missing": queries.not_found_pool(mine).count(),
    }
    return shell.page(request, "tracing/desk.html", context, fragment="tracing/_desk.html")


@login_required
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = forms.FilterForm(request.GET, near=city_of(mine.paths))
    page = pages.cut(mine, form.wanted, query=request.GET, now=now)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": pages.rows(queries.dress(page.rows), now=now),
        "may_export": bool(mine.roles & rights.EXPORT),
        "group_acts": [a for a in acts.CONTACT_ACTS if a.to in ("notified", "not_found")],
    }
    return shell.page(request, "tracing/contacts.html", context, fragment="tracing/_contacts.html")


@login_required
@require_POST
def export_contacts(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine = common.scope(request, now)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export contacts."))
    form = forms.FilterForm(request.POST, near=city_of(mine.paths))
    want = export.wanted(request)
    rows = exporting.rows(mine, form.wanted, by=common.user(request), reason=want.reason, now=now)
    return export.respond(want, "contacts", exporting.columns(), rows, now=now)


@login_required
@require_POST
def act_on_many(request: HttpRequest) -> HttpResponse:
    """One act for everybody ticked. Each counts by itself: who has moved on is told of."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    act = acts.contact_act(request.POST.get("to", ""))
    if act is None or not act.plain:
        raise BadRequest("This is done one by one.")
    chosen = _chosen(request)
    done, refused = 0, []
    for contact in queries.visible_to(mine).filter(pk__in=chosen).select_related("passage"):
        passage = contact.passage
        try:
            if passage is None or not may_sign(mine, passage, act.to):
                raise LedgerError(_("not yours to sign, or not at this stage"))
            wish = {"leg": chosen[contact.pk], "note": ""}
            acts.perform(act, wish, passage, contact=contact, by=by, now=now)
            done += 1
        except LedgerError as refusal:
            refused.append(f"{contact.number}: {refusal}")
    if done:
        text = ngettext("%(n)d contact: %(done)s", "%(n)d contacts: %(done)s", done)
        messages.success(request, text % {"n": done, "done": act.done})
    for text in refused[:10]:
        messages.error(request, text)
    if not chosen:
        messages.warning(request, _("Nobody was ticked."))
    return shell.go(request, shell.back_to(request, reverse("tracing:contacts")))


def _chosen(request: HttpRequest) -> dict[int, int]:
    """Contact and leg of each tick, `17:2`."""
    found = {}
    for tick in request.POST.getlist("contact"):
        contact, _colon, leg = tick.partition(":")
        if contact.isdigit() and leg.isdigit():
            found[int(contact)] = int(leg)
    return found


@login_required
@require_safe
def not_found(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    pool = queries.not_found_pool(common.scope(request, now))
    page = paging.keyset(pool, order=("opened_at", "id"), query=request.GET)
    context = {"now": now, "page": page, "missing": queries.missing(page.rows)}
    return shell.page(request, "tracing/not_found.html", context, fragment="tracing/_missing.html")


@login_required
@require_safe
def list_checks(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    only = request.GET.get("check", "")
    only = only if only in checks.CHECKS else ""
    found = queries.check_all(common.scope(request, now), now=now, only=only)
    context: dict[str, Any] = {
        "now": now,
        "found": found,
        "only": only,
        "counts": pages.check_counts(found),
    }
    return shell.page(request, "tracing/checks.html", context)
