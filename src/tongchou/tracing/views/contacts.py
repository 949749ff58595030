"""The page of one contact and what is done on it; listing one, or a pasted table."""

import base64
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.cases.fields import city_of
from tongchou.cases.models import Case, Contact
from tongchou.cases.pasting import MOST_ROWS, sent
from tongchou.cases.queries import may_sign
from tongchou.kit.tables import Unreadable
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.views import timeline_context
from tongchou.people.errors import PeopleError
from tongchou.shell import export
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.tracing import actions, acts, checks, forms, pages, pasting, queries, rights
from tongchou.tracing.views import common


def url_of(contact: Contact) -> str:
    return reverse("tracing:contact", args=[contact.pk])


@login_required
@require_safe
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.contact(mine, pk)
    return shell.page(request, "tracing/contact.html", _page(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("tracing:contact", get_object_or_404(Contact, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found, wanted = common.contact(mine, pk), acts.contact_act(to)
    if wanted is None or found.passage is None:
        raise Http404
    form = wanted.form(request.POST, prefix=to)
    if not form.is_valid():
        context = _page(request, found, mine, now, refused=form)
        return shell.page(request, "tracing/contact.html", context, status=422)

    def do() -> None:
        assert wanted is not None and found.passage is not None
        seen(found.passage, form.cleaned_data["leg"])
        if not may_sign(mine, found.passage, to):
            raise PermissionDenied(_("Your post does not sign this hand-over."))
        typed, by = form.cleaned_data, common.user(request)
        acts.perform(wanted, typed, found.passage, contact=found, by=by, now=now)

    return common.attempt(request, url_of(found), do, wanted.done)


@login_required
@require_POST
def set_tier(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.contact(mine, pk)
    common.need(mine, rights.TRACE, found.area_path)
    form = forms.TierForm(request.POST, prefix="tier")
    if not form.is_valid():
        return common.told(request, url_of(found), _("Choose a tier."), good=False)
    found.tier = form.cleaned_data["seen"]
    tier, by = form.cleaned_data["tier"], common.user(request)
    return common.attempt(
        request,
        url_of(found),
        lambda: actions.set_tier(contact=found, tier=tier, by=by, now=now),
        _("Stored. An order that stands is planned anew."),
    )


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.contact(mine, pk)
    common.need(mine, rights.MOVE, found.area_path)
    form = forms.MoveForm(request.POST, prefix="move")
    if not form.is_valid():
        context = _page(request, found, mine, now) | {"move_form": form}
        return shell.page(request, "tracing/contact.html", context, status=422)
    typed, by = form.cleaned_data, common.user(request)

    def do() -> None:
        if found.passage is not None:
            seen(found.passage, typed["leg"])
        actions.move(contact=found, area=typed["area"], by=by, now=now, note=typed["note"])

    return common.attempt(request, url_of(found), do, _("Handed to the other area."))


# --- listing -----------------------------------------------------------------------------------


@never_cache
@login_required
def list_one(request: HttpRequest, case: int) -> HttpResponse:
    """A contact of a case, typed in; after it the form is empty again for the next."""
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    common.need(mine, rights.TRACE, of.area_path)
    form = _contact_form(request.POST or None, of, mine, now)
    if request.method == "POST" and form.is_valid() and _listed(request, form, now):
        again = reverse("tracing:list_one", args=[of.pk])
        return shell.go(request, again if "another" in request.POST else _investigation_url(of))
    context = {"case": of, "form": form, "now": now}
    status = 422 if form.errors else 200
    return shell.page(request, "tracing/list_one.html", context, status=status)


@never_cache
@login_required
def paste(request: HttpRequest, case: int) -> HttpResponse:
    """A table: shown row by row first, and stored when it is sent again with `store`."""
    now = timezone.now()
    mine = common.scope(request, now)
    of = common.case(mine, case)
    common.need(mine, rights.TRACE, of.area_path)
    context: dict[str, Any] = {"case": of, "now": now, "most": MOST_ROWS}
    if request.method != "POST":
        context["form"] = forms.PasteForm()
        return shell.page(request, "tracing/paste.html", context)
    source, form = sent(request, forms.PasteForm)
    context["form"] = form
    if source is None:
        return shell.page(request, "tracing/paste.html", context, status=422)
    try:
        context["preview"] = preview = _read(source, of, mine, now)
    except Unreadable as error:
        form.add_error(None, str(error))
        return shell.page(request, "tracing/paste.html", context, status=422)
    if "store" in request.POST and _stored(request, preview, now):
        return shell.go(request, _investigation_url(of))
    context["source"] = base64.b64encode(source).decode("ascii")
    return shell.page(request, "tracing/paste.html", context)


@login_required
@require_POST
def paste_template(request: HttpRequest) -> HttpResponseBase:
    """An empty table with the right heads; no personal data, so no reason is asked for."""
    want = export.Wanted(request.POST.get("format", "xlsx"), "")
    return export.respond(want, "contact-list", pasting.COLUMNS.template(), [], now=timezone.now())


def _read(source: bytes, case: Case, mine: Scope, now: datetime) -> pasting.Preview:
    around = queries.circumstances(now)
    near = city_of(mine.paths)
    return pasting.read(source, case=case, around=around, near=near, year=around.today.year)


def _stored(request: HttpRequest, preview: pasting.Preview, now: datetime) -> bool:
    """Store what is not refused, all or nothing, and say what became of every row."""
    try:
        done = actions.list_many(entries=preview.made, by=common.user(request), now=now)
    except (LedgerError, PeopleError) as refusal:
        messages.error(request, str(refusal))
        return False
    numbers = {
        "read": len(preview.lines),
        "new": done.n_new,
        "joined": done.n_joined,
        "same": done.n_unchanged,
        "refused": preview.n_refused,
    }
    messages.success(
        request,
        _(
            "%(read)d read = %(new)d new + %(joined)d known, met anew + %(same)d unchanged "
            "+ %(refused)d refused."
        )
        % numbers,
    )
    return True


def _listed(request: HttpRequest, form: forms.ContactForm, now: datetime) -> bool:
    """List the contact of a valid form; the reason goes into the form where it is refused."""
    try:
        done = actions.list_contact(entry=form.entry, by=common.user(request), now=now)
    except (LedgerError, PeopleError) as refusal:
        form.add_error(None, str(refusal))
        return False
    number = {"number": done.contact.number}
    if done.contact.became_case_id:
        messages.info(request, _("%(number)s is a case already: listed for the chain.") % number)
    elif done.unchanged:
        messages.info(request, _("%(number)s was on the list already.") % number)
    elif not done.managed:
        words = _("%(number)s: listed for the record; the playbook asks nothing of this tier.")
        messages.info(request, words % number)
    elif done.is_new:
        messages.success(request, _("Listed: %(number)s.") % number)
    else:
        messages.success(request, _("%(number)s: known, met anew.") % number)
    for finding in form.to_mend:
        messages.warning(request, f"{finding.says} {finding.mend}")
    return True


def _contact_form(data: Any, case: Case, mine: Scope, now: datetime) -> forms.ContactForm:
    around: checks.Circumstances = queries.circumstances(now)
    return forms.ContactForm(
        data, case=case, around=around, near=city_of(mine.paths), initial={"area": case.area}
    )


def _investigation_url(case: Case) -> str:
    found = pages.investigation_of(case)
    if found is not None:
        return reverse("tracing:investigation", args=[found.pk]) + "#contacts"
    return reverse("cases:case", args=[case.pk])


def _page(
    request: HttpRequest,
    found: Contact,
    mine: Scope,
    now: datetime,
    refused: forms.ActForm | None = None,
) -> dict[str, Any]:
    (row,) = pages.rows([found], now=now)
    passage = found.passage
    is_open = passage is not None and passage.closed_at is None
    return {
        "contact": found,
        "now": now,
        "row": row,
        "met": found.exposures.select_related("case", "through").order_by("-last_on", "id"),
        "met_by": found.passed_on.select_related("contact").order_by("id"),
        "hands": pages.hands(found),
        "others": found.person.contacts.exclude(pk=found.pk).select_related("passage"),
        "offers": acts.contact_offers(found, mine, refused=refused),
        "timeline": timeline_context(passage, request, now) if passage else None,
        "tier_form": forms.TierForm(initial={"seen": found.tier, "tier": found.tier}, prefix="tier")
        if mine.may(rights.TRACE, found.area_path) and (is_open or passage is None)
        else None,
        "move_form": forms.MoveForm(
            initial={"leg": passage.n_legs if passage else 1}, prefix="move"
        )
        if is_open and mine.may(rights.MOVE, found.area_path)
        else None,
    }
