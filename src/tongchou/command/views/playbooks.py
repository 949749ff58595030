"""Playbooks: reading, comparing, putting forward, and putting in force by a second person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.command import actions, books, queries, tonight
from tongchou.command.errors import CommandRefused
from tongchou.command.forms import ProposalForm
from tongchou.command.views import access
from tongchou.ledger.errors import LedgerError, Outrun
from tongchou.ledger.models import Adoption
from tongchou.shell import views as shell
from tongchou.shell.paging import keyset


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    looking = access.at(request)
    page = keyset(queries.proposals(), order=("-id",), query=request.GET)
    context = {
        "in_force": books.in_force(looking.now),
        "shelf": books.shelf(now=looking.now),
        "page": page,
        "may_propose": queries.may_propose(looking.user, now=looking.now),
        "now": looking.now,
    }
    return shell.page(request, "command/playbooks.html", context)


@login_required
@require_safe
def show(request: HttpRequest, ref: str) -> HttpResponse:
    looking = access.at(request)
    book = _find(ref, looking)
    search = request.GET.get("q", "").strip()[:80]
    context = {
        "book": book,
        "title": book.playbook.title.of(_language()),
        "sections": books.sections(book.playbook, language=_language(), search=search),
        "search": search,
        "now": looking.now,
    }
    return shell.page(request, "command/playbook.html", context, fragment="command/_rules.html")


@login_required
@require_safe
def text(request: HttpRequest, ref: str) -> HttpResponse:
    """The playbook as a file, to change and put forward again."""
    book = _find(ref, access.at(request))
    name = f"{book.playbook.id}.toml"
    return HttpResponse(
        book.playbook.text,
        content_type="application/toml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    looking = access.at(request)
    a = _find(request.GET.get("a", "now"), looking)
    b = _find(request.GET.get("b", "now"), looking)
    found = list(books.differences(a.playbook, b.playbook, language=_language()))
    context = {
        "a": a,
        "b": b,
        "shelf": books.shelf(now=looking.now),
        "proposals": list(queries.proposals()[:50]),
        "changes": [each for each in found if not each.only_provenance],
        "provenance": [each for each in found if each.only_provenance],
    }
    return shell.page(request, "command/compare.html", context)


@login_required
def propose(request: HttpRequest) -> HttpResponse:
    looking = access.at(request)
    if not queries.may_propose(looking.user, now=looking.now):
        messages.error(
            request, _("Only the CDC or a commander of a whole city proposes a playbook.")
        )
        return redirect("command:playbooks")
    if request.method != "POST":
        form = ProposalForm(language=_language(), initial={"shipped": request.GET.get("ref", "")})
        return _asked(request, form)
    form = ProposalForm(request.POST, request.FILES, language=_language())
    if not form.is_valid():
        return _asked(request, form, status=422)
    given = form.cleaned_data
    adoption = actions.propose(
        text=given["playbook"], reason=given["reason"], by=looking.user, now=timezone.now()
    )
    messages.success(request, _("Put forward. Somebody else has to adopt it."))
    return redirect("command:proposal", adoption.pk)


def _asked(request: HttpRequest, form: ProposalForm, status: int = 200) -> HttpResponse:
    language = _language()
    faults = [(each, each.reason(language), each.mend(language)) for each in form.faults]
    context = {"form": form, "faults": faults}
    return shell.page(request, "command/propose.html", context, status=status)


@login_required
@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """What a proposal says, what differs, and what it would change tonight."""
    looking = access.at(request)
    adoption = get_object_or_404(queries.proposals(), pk=pk)
    book, current = books.of(adoption, now=looking.now), books.in_force(looking.now)
    waits, outrun = adoption.adopted_at is None and adoption.withdrawn_at is None, ""
    if waits:
        try:
            book = books.as_adopted(adoption, now=looking.now)
        except Outrun as refusal:
            outrun = str(refusal)
    base = books.replaced(adoption) if adoption.adopted_at else current
    found = list(books.differences(base.playbook, book.playbook, language=_language()))
    rules = queries.may_rule(looking.user, now=looking.now)
    mine = adoption.proposed_by_id == looking.user.pk
    seen = None
    if waits and not outrun:
        seen = tonight.preview(looking.area, current.playbook, book.playbook, now=looking.now)
    context = {
        "adoption": adoption,
        "book": book,
        "base": base,
        "waits": waits,
        "outrun": outrun,
        "seen": {"seen": book.playbook.digest},
        "laid_over": waits and not outrun and book.playbook.digest != adoption.digest,
        "changes": [each for each in found if not each.only_provenance],
        "n_provenance": sum(1 for each in found if each.only_provenance),
        "tonight": seen,
        "days": abs(seen.days_given_back) if seen else 0,
        "may_adopt": waits and not outrun and rules and not mine,
        "may_withdraw": waits and (rules or mine),
        "mine": mine,
        "now": looking.now,
    }
    return shell.page(request, "command/proposal.html", context)


@login_required
@require_POST
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    looking = access.at(request)
    adoption = get_object_or_404(Adoption, pk=pk)
    try:
        seen = request.POST.get("seen", "")
        done = actions.adopt(adoption=adoption, by=looking.user, now=timezone.now(), seen=seen)
    except (CommandRefused, LedgerError) as refusal:
        messages.error(request, str(refusal))
    else:
        orders = done.replanned.n_extended + done.replanned.n_shortened
        messages.success(
            request,
            _(
                "In force now: %(legs)d deadlines moved, %(gaps)d gaps closed, %(orders)d orders "
                "got another end."
            )
            % {"legs": done.retimed.n_legs, "gaps": done.retimed.n_gaps_closed, "orders": orders},
        )
    return redirect("command:proposal", pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    looking = access.at(request)
    adoption = get_object_or_404(Adoption, pk=pk)
    try:
        actions.withdraw(adoption=adoption, by=looking.user, now=timezone.now())
    except (CommandRefused, LedgerError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect("command:playbooks")


def _find(ref: str, looking: access.Looking) -> books.Book:
    try:
        return books.find(ref, now=looking.now)
    except books.NoSuchBook as error:
        raise Http404(_("There is no such playbook.")) from error


def _language() -> str:
    return get_language() or "en"
