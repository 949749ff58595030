"""The page of one stay and everything that is done on it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.acts import seen
from tongchou.ledger.views import timeline_context
from tongchou.quarantine import actions, forms, offers, queries, rights, wording
from tongchou.quarantine.loops import STAGES
from tongchou.quarantine.models import Stay, SwabResult
from tongchou.quarantine.plan import local_day
from tongchou.quarantine.views import common
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

TONES = {"awaiting_transfer": "info", "in_facility": "accent", "at_home": "accent",
         "absent": "bad", "ill": "bad", "released": "ok"}  # fmt: skip


@never_cache
@login_required
@require_safe
def stay(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    return _show(request, common.stay(mine, pk), mine, now)


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    mine = common.scope(request, timezone.now())
    found = get_object_or_404(queries.visible(mine), passage=pk)
    return redirect("quarantine:stay", found.pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    wanted = offers.act_for(found, to)
    if wanted is None:
        text = _("This stay has moved on. Look at where it is now.")
        return common.told(request, common.url_of(found), text, good=False)
    form = wanted.form(request.POST, stay=found, mine=mine, by=by, now=now, prefix=to)
    if not form.is_valid():
        return _show(request, found, mine, now, refused=form)
    if not queries.may_act(mine, found, to):
        raise PermissionDenied(_("Your post does not sign this hand-over."))
    typed = dict(form.cleaned_data)

    def do() -> None:
        seen(found.passage, typed.pop("leg"))
        wanted.verb(stay=found, by=by, now=now, **typed)

    return common.attempt(request, common.url_of(found), do, wanted.done)


@login_required
@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.ASSIGN, found)
    form = forms.AssignForm(request.POST, stay=found, mine=mine, by=by, now=now, prefix="assign")
    if not form.is_valid() or found.passage.stage != "awaiting_transfer":
        return _show(request, found, mine, now, assign=form)
    place = form.cleaned_data["place"]

    def do() -> None:
        seen(found.passage, form.cleaned_data["leg"])
        actions.assign(stay=found, place=place, by=by, now=now)

    return common.attempt(request, common.url_of(found), do, _("The site sees them coming."))


# --- another end -------------------------------------------------------------------------------


@login_required
@require_POST
def propose(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for another last day (`change`) or for a release out of turn (`release`)."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.PROPOSE, found)
    if kind not in PROPOSALS:
        raise Http404
    form_class, verb = PROPOSALS[kind]
    form = form_class(request.POST, stay=found, mine=mine, by=by, now=now, prefix=kind)
    if not form.is_valid():
        return _show(request, found, mine, now, **{kind: form})

    def do() -> None:
        seen(found.passage, form.cleaned_data["leg"])
        verb(order=found.order, by=by, now=now, **form.wish)

    done = _("Stored. Outside the playbook it waits for a second person's signature.")
    return common.attempt(request, common.url_of(found), do, done)


PROPOSALS: dict[str, tuple[Any, Any]] = {
    "change": (forms.ChangeForm, actions.propose_change),
    "release": (forms.OutOfTurnForm, actions.propose_release),
}


@login_required
@require_POST
def decide_change(request: HttpRequest, pk: int, change: int) -> HttpResponse:
    """Sign what somebody else asked for, or turn it down; one's own may be taken back."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    asked = get_object_or_404(found.order.changes.select_related("order__stay__passage"), pk=change)
    signs = "confirm" in request.POST
    if signs or asked.proposed_by_id != by.pk:
        common.need(mine, rights.SIGN, found)
    verb = actions.confirm_change if signs else actions.refuse_change
    done = _("Signed and done.") if signs else _("Turned down. The order stays as it was.")
    return common.attempt(
        request, common.url_of(found), lambda: verb(change=asked, by=by, now=now), done
    )


# --- tests, checks, appeals --------------------------------------------------------------------


@login_required
@require_POST
def record_test(request: HttpRequest, pk: int, test: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.CHECK, found)
    due = get_object_or_404(found.order.tests.select_related("order__stay__passage"), pk=test)
    result = request.POST.get("result", "")
    return common.attempt(
        request,
        common.url_of(found),
        lambda: actions.record_test(test=due, result=result, by=by, now=now),
        _("Result stored."),
    )


@login_required
@require_POST
def record_check(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.CHECK, found)
    form = forms.CheckForm(request.POST, prefix="check")
    if not form.is_valid():
        return _show(request, found, mine, now, check=form)
    typed = form.cleaned_data
    return common.attempt(
        request,
        common.url_of(found),
        lambda: actions.record_health_check(stay=found, by=by, now=now, **typed),
        _("Stored."),
    )


@login_required
@require_POST
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person told somebody at the desk."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.APPEAL, found)
    form = forms.AppealForm(request.POST, prefix="appeal")
    if not form.is_valid():
        return _show(request, found, mine, now, appeal=form)
    text = form.cleaned_data["text"]
    return common.attempt(
        request,
        common.url_of(found),
        lambda: actions.appeal(order=found.order, text=text, by=by, now=now),
        _("Written down. Somebody else decides it."),
    )


@login_required
@require_POST
def decide_appeal(request: HttpRequest, pk: int, appeal: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.stay(mine, pk)
    common.need(mine, rights.SIGN, found)
    made = get_object_or_404(found.order.appeals.select_related("order"), pk=appeal)
    form = forms.DecideForm(request.POST, prefix="decide")
    if not form.is_valid():
        return _show(request, found, mine, now, decide=form)
    return common.attempt(
        request,
        common.url_of(found),
        lambda: actions.decide_appeal(appeal=made, by=by, now=now, **form.cleaned_data),
        _("Answered. If it was upheld, the order still has to be changed."),
    )


# --- the page ----------------------------------------------------------------------------------


def _show(
    request: HttpRequest,
    found: Stay,
    mine: Scope,
    now: datetime,
    *,
    refused: forms.ActForm | None = None,
    **bound: Any,
) -> HttpResponse:
    """The page; forms that were refused stand in it as they were typed, with status 422."""
    by, is_open = common.user(request), found.passage.closed_at is None
    asked: dict[str, Any] = {"stay": found, "mine": mine, "by": by, "now": now}
    managed = is_open and found.passage.stage in offers.MANAGED
    waiting = found.order.changes.filter(applied_at=None, refused_at=None).exists()
    why_not = queries.hindrances(found, now=now) if managed else []
    blank: dict[str, Any] = {}
    waits = is_open and found.passage.stage == "awaiting_transfer"
    if waits and common.may(mine, rights.ASSIGN, found):
        blank["assign"] = forms.AssignForm(**asked, prefix="assign")
    if is_open and not waiting and common.may(mine, rights.PROPOSE, found):
        blank["change"] = forms.ChangeForm(**asked, prefix="change")
        if why_not:
            blank["release"] = forms.OutOfTurnForm(**asked, prefix="release")
    if is_open and common.may(mine, rights.CHECK, found):
        blank["check"] = forms.CheckForm(prefix="check", initial={"on": local_day(now)})
    if is_open and common.may(mine, rights.APPEAL, found):
        blank["appeal"] = forms.AppealForm(prefix="appeal")
    if common.may(mine, rights.SIGN, found):
        blank["decide"] = forms.DecideForm(prefix="decide")
    context = {
        "stay": found,
        "order": found.order,
        "stage_label": STAGES.get(found.passage.stage, found.passage.stage),
        "tone": TONES.get(found.passage.stage, "quiet"),
        "now": now,
        "today": local_day(now),
        "ends": queries.ends_in_words(found.order),
        "words": wording.of_order(found.order),
        "misplaced": queries.misplaced(found, now=now),
        "hindrances": why_not,
        "days": queries.days(found, now=now),
        "results": SwabResult.choices,
        "offers": offers.offers(found, mine, by=by, now=now, refused=refused),
        "forms": blank | bound,
        "changes": found.order.changes.select_related("proposed_by", "confirmed_by"),
        "appeals": found.order.appeals.select_related("made_by", "decided_by"),
        "contacts": found.order.contacts.all(),
        "may_sign": common.may(mine, rights.SIGN, found),
        "timeline": timeline_context(found.passage, request, now),
    }
    status = 422 if refused or bound else 200
    return shell.page(request, "quarantine/stay.html", context, status=status)
