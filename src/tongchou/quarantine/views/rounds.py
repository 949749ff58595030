"""What is done for a whole group at once: a bus, a round of tests, the morning's temperatures."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tongchou.quarantine import actions, forms, queries, rights
from tongchou.quarantine.actions.stays import Bulk
from tongchou.quarantine.models import DueTest, Stay, SwabResult
from tongchou.quarantine.plan import local_day
from tongchou.quarantine.views import common
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

#: One page of the desk; whoever sends more has not used it.
MOST = 500


@login_required
@require_POST
def receive_many(request: HttpRequest) -> HttpResponse:
    """Check in a whole bus, or say which site it is bound for."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    form = forms.BusForm(request.POST, mine=mine, by=by, now=now)
    if not form.is_valid():
        return _back(request, None, _("Choose the site first."))
    place, ticked = form.cleaned_data["place"], _ticked(request, mine)
    if "assign" in request.POST:
        chosen = [stay for stay in ticked if common.may(mine, rights.ASSIGN, stay)]
        done = actions.assign_many(stays=chosen, place=place, by=by, now=now)
        return _back(request, done, _("%(n)s people are bound for there."))
    rooms = [
        (stay, request.POST.get(f"room-{stay.pk}", "").strip()[:20])
        for stay in _signed_by(mine, ticked, "in_facility")
    ]
    done = actions.receive_many(
        arrivals=rooms, place=place, by=by, now=now, signer=form.cleaned_data["signer"]
    )
    return _back(request, done, _("%(n)s people are received."))


@login_required
@require_POST
def release_many(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    chosen = _signed_by(mine, _ticked(request, mine), "released")
    done = actions.release_many(stays=chosen, by=by, now=now)
    return _back(request, done, _("%(n)s people are released."))


@login_required
@require_POST
def move_home_many(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    chosen = _signed_by(mine, _ticked(request, mine), "at_home")
    done = actions.move_home_many(stays=chosen, by=by, now=now)
    return _back(request, done, _("%(n)s people are at home now."))


@login_required
@require_POST
def record_tests(request: HttpRequest) -> HttpResponse:
    """The results of a round; `rest` is what those have of whom nothing was said."""
    now = timezone.now()
    mine = common.scope(request, now)
    _may_check(mine)
    due = queries.due_tests(queries.open_stays(mine), now=now)
    results = []
    for test in due.filter(pk__in=_keys(request, "test")):
        result = request.POST.get(f"result-{test.pk}") or request.POST.get("rest", "")
        if result in SwabResult.values:
            results.append((test, result))
    done = actions.record_tests(results=results, by=common.user(request), now=now)
    return _back(request, done, _("%(n)s results are stored."))


@login_required
@require_POST
def record_checks(request: HttpRequest) -> HttpResponse:
    """The morning round. A row that says nothing stays missed."""
    now = timezone.now()
    mine = common.scope(request, now)
    _may_check(mine)
    said, refused = [], []
    for stay in queries.open_stays(mine).filter(pk__in=_keys(request, "stay")):
        typed = request.POST.get(f"t-{stay.pk}", "").strip()
        symptoms = request.POST.getlist(f"s-{stay.pk}")
        try:
            degrees = Decimal(typed.replace(",", ".")) if typed else None
        except InvalidOperation:
            refused.append((stay, _("“%(typed)s” is no temperature.") % {"typed": typed[:20]}))
            continue
        if degrees is not None or symptoms:
            said.append((stay, degrees, symptoms))
    by = common.user(request)
    done = actions.record_health_checks(checks=said, on=local_day(now), by=by, now=now)
    done.refused += refused
    return _back(request, done, _("%(n)s people are written down."))


def _ticked(request: HttpRequest, mine: Scope) -> list[Stay]:
    """The stays that were ticked, as the page showed them: a stale page is told so."""
    legs = dict(tick.split(":", 1) for tick in request.POST.getlist("stay")[:MOST] if ":" in tick)
    keys = [int(key) for key in legs if key.isdigit()]
    found = list(queries.open_stays(mine).filter(pk__in=keys))
    for stay in found:
        leg = legs[str(stay.pk)]
        stay.passage.n_legs = int(leg) if leg.isdigit() else 0
    return found


def _keys(request: HttpRequest, name: str) -> list[int]:
    return [int(key) for key in request.POST.getlist(name)[:MOST] if key.isdigit()]


def _signed_by(mine: Scope, stays: Iterable[Stay], to: str) -> list[Stay]:
    """Those whose hand-over this user signs; a page that only looks cannot act."""
    ticked = list(stays)
    signed = [stay for stay in ticked if queries.may_act(mine, stay, to)]
    if ticked and not signed:
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    return signed


def _may_check(mine: Scope) -> None:
    if not mine.roles & rights.CHECK:
        raise PermissionDenied(_("Your post does not do this here."))


def _back(request: HttpRequest, done: Bulk | None, words: str) -> HttpResponse:
    """Say how many were done, and of each that was refused why."""
    if done is None:
        messages.error(request, words)
    else:
        if done.n_done:
            messages.success(request, words % {"n": done.n_done})
        for item, why in done.refused[:10]:
            messages.error(request, f"{_subject(item)}: {why}")
        if (more := len(done.refused) - 10) > 0:
            text = ngettext("%(n)s more was refused.", "%(n)s more were refused.", more)
            messages.error(request, text % {"n": more})
        if not done.n_done and not done.refused:
            messages.info(request, _("Nothing was chosen, so nothing was changed."))
    return shell.go(request, shell.back_to(request, reverse("quarantine:desk")))


def _subject(item: Any) -> str:
    """Whom a refusal is about, by pseudonym."""
    first = item[0] if isinstance(item, tuple) else item
    order = first.order if isinstance(first, Stay | DueTest) else None
    return str(order.person) if order else ""
