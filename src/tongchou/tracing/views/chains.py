"""The chains of the outbreak: who may have infected whom, and who must be asked next."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger import policy
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.tracing import actions, chain_picture, rights
from tongchou.tracing import chains as reckoning
from tongchou.tracing.errors import TracingError
from tongchou.tracing.forms.chains import ChainsForm
from tongchou.tracing.views import common

#: So many lines of the work list stand on the page; the table has them all.
SHORT = 12


@login_required
@require_safe
def chains(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = _form(request.GET, mine, now)
    context: dict[str, Any] = {"form": form, "now": now, "wanted": form.wanted}
    context |= _found(form, mine, now)
    found = context["chains"]
    if found is not None:
        context |= _shown(found, form, request.GET)
        context["may_store"] = bool(mine.roles & rights.TRACE)
    return shell.page(request, "tracing/chains.html", context)


@login_required
@require_safe
def of_case(request: HttpRequest, case: int) -> HttpResponse:
    """From a case to its place in the chains of its disease, however old it is."""
    one = common.case(common.scope(request, timezone.now()), case)
    query = {"disease": one.disease, "days": 0, "case": one.number}
    return shell.go(request, f"{reverse('tracing:chains')}?{urlencode(query)}")


@login_required
@require_POST
def store(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = _form(request.POST, mine, now)
    said: list[str] = []

    def do() -> None:
        found = _found(form, mine, now)["chains"]
        if found is None:
            raise TracingError(_("There is nothing to store."))
        done = actions.store_chains(
            chains=found, wanted=form.wanted, by=common.user(request), now=now
        )
        said.append(
            _("Stored for %(n)d cases. %(cut)d left as they were: the selection cuts them off.")
            % {"n": done.n_cases, "cut": done.n_cut}
            if done.n_cut
            else _("Stored for %(n)d cases; their pages show the same numbers.")
            % {"n": done.n_cases}
        )

    kept = {name: request.POST.get(name, "") for name in ("disease", "days", "area")}
    to = f"{reverse('tracing:chains')}?{urlencode(kept)}"
    return common.attempt(request, to, do, common.Later(said))


def _form(query: Any, mine: Scope, now: datetime) -> ChainsForm:
    return ChainsForm(
        query,
        book=policy.in_force(now),
        seen=reckoning.diseases(mine),
        near=city_of(mine.paths),
    )


def _found(form: ChainsForm, mine: Scope, now: datetime) -> dict[str, Any]:
    """The chains of what is wanted; None where there are no cases, or too many at once."""
    wanted = form.wanted
    law, known = reckoning.law_of(wanted.disease, now=now)
    cases = reckoning.chosen(mine, wanted, now=now)
    n_cases = cases.count()
    many = n_cases > reckoning.MOST_CASES
    return {
        "law": law,
        "law_title": law.title.of(get_language() or "en"),
        "law_known": known,
        "book": policy.in_force(now),
        "n_cases": n_cases,
        "too_many": many,
        "chains": None if many else reckoning.of(cases, law),
    }


def _shown(found: reckoning.Chains, form: ChainsForm, query: Any) -> dict[str, Any]:
    around = found.around(form.number) if form.number else None
    unexplained = found.unexplained()
    unknown = set(unexplained)
    shown = around or list(range(len(found)))
    if query.get("show") == "outside":
        here = set(shown)
        shown = [i for i in unexplained if i in here]
    elif not around:
        shown = unexplained + [i for i in reversed(shown) if i not in unknown]
    page: Any = paging.numbered(shown, query=query)
    law = found.found.offspring
    n_outside = len(unknown & set(around)) if around else len(unknown)
    return {
        "source": _("the cases and contacts of the ledger"),
        "k": {"value": _k(law.k), "low": _k(law.k_low), "high": _k(law.k_high)},
        "fewest": reckoning.FEWEST,
        "n_meetings": len(found.met.meetings),
        "n_outside_expected": sum(found.outside),
        "n_outside": n_outside,
        "n_shown": len(around or found.cases),
        "show": query.get("show", ""),
        "area": form["area"].value(),
        "stored_at": reckoning.stored_at(form.wanted.disease),
        "around": form.number if around else "",
        "missed": form.number if form.number and not around else "",
        "picture": chain_picture.draw(found, around, focus=form.number),
        "page": page,
        "rows": found.rows(page.rows),
        "work": found.rows(unexplained[:SHORT]),
        "n_work": len(unexplained),
        "suspects": found.suspects(),
        "spreaders": found.rows(found.spreaders()),
        "clusters": [(len(group), found.cases[group.source]) for group in found.clusters[:8]],
    }


def _k(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:.2g}"
