"""The decision log: the list, a question with its options, deciding it, and deciding it again."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger.registry import stage_label
from tongchou.ledger.views import timeline_context
from tongchou.orders import rights
from tongchou.orders.actions import decisions as actions
from tongchou.orders.actions.common import digest
from tongchou.orders.forms.common import ReasonForm, called_units
from tongchou.orders.forms.decisions import FilterForm, QuestionForm, TaskForm, VerdictForm
from tongchou.orders.models import Decision
from tongchou.orders.queries import decisions as queries
from tongchou.orders.views import common
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

#: A decision is proposed to hold so long; the day is typed over.
USUAL = timedelta(days=7)
#: What may be decided anew of one in force, and what is said then.
AGAIN = {
    "renew": (actions.renew, gettext_lazy("Decided again.")),
    "correct": (actions.correct, gettext_lazy("Corrected; the old entry stays in the log.")),
}
ENDS = {
    "lapse": (actions.lapse, gettext_lazy("It ends, and the log says why.")),
    "revoke": (actions.revoke, gettext_lazy("Revoked.")),
}


@login_required
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.seeing(request, now)
    form = FilterForm(request.GET, near=common.near(mine))
    rows = queries.listed(mine, form.wanted, now=now)
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": [(row, state_label(row)) for row in page.rows],
        "may_write": bool(mine.roles & rights.WRITE),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "orders/decisions.html", context, fragment="orders/_decisions.html")


def state_label(decision: Decision) -> Any:
    if decision.dropped_at:
        return _("taken back")
    if decision.passage is None:
        return _("to be decided")
    return stage_label("decision", decision.passage.stage)


@login_required
@require_POST
def export_decisions(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export decisions."))
    form, want = FilterForm(request.POST, near=common.near(mine)), export.wanted(request)
    found = list(queries.listed(mine, form.wanted, now=now).order_by("id"))
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(verb="decision.export", subject="decisions", by=by, now=now, detail=detail)
    columns = [
        _("Number"),
        pgettext("decision", "Question"),
        _("Area"),
        _("State"),
        _("Decided"),
        _("Reason"),
        _("Decided by"),
        _("Decided at"),
        _("Until"),
        _("What would change it"),
    ]
    cells = (
        (one.number, one.question, one.area, state_label(one), one.decided, one.reason,
         one.decided_by or "", one.decided_at, one.until, one.trigger)
        for one in found
    )  # fmt: skip
    return export.respond(want, "decisions", columns, cells, now=now)


@login_required
@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.seeing(request, now)
    found = common.decision_of(mine, pk)
    return shell.page(request, "orders/decision.html", _page(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("orders:decision", get_object_or_404(Decision, passage=pk).pk)


def _page(
    request: HttpRequest, found: Any, mine: Scope, now: datetime, **more: Any
) -> dict[str, Any]:
    in_force = found.passage is not None and found.passage.closed_at is None
    answers = in_force and common.may_sign(mine, found.passage)
    told = queries.consequences(found)
    base: dict[str, Any] = {
        "decision": found,
        "now": now,
        "state": state_label(found),
        "told": told,
        "names": _names(told),
        "leg": found.passage.handoffs.filter(done_at=None).first() if found.passage else None,
        "over": in_force and found.until <= now,
        "moved": in_force and queries.has_moved(found),
        "tasks": queries.tasks_of(found) if found.passage else [],
        "orders": found.orders.order_by("-id"),
        "way": timeline_context(found.passage, request, now) if found.passage else None,
        "may_write": found.is_open and common.may(mine, rights.WRITE, found),
        "may_decide": found.is_open and common.may(mine, rights.RECORD, found),
        "may_set": in_force and common.may(mine, rights.WRITE, found),
        "answers": answers,
        "reason_form": ReasonForm(),
        "later": found.followed_by.order_by("id").first(),
        "mended": getattr(found, "corrected_by", None),
        "intact": found.digest == digest(actions.text_of(found)) if found.digest else True,
    }
    if base["may_decide"]:
        base["form"] = VerdictForm(
            decision=found, scope=mine, now=now, initial={"until": _usual_end(now)}
        )
    if base["may_set"]:
        base["task_form"] = TaskForm(units=called_units(mine, now=now))
    return base | more


def _names(told: list[queries.Told]) -> list[tuple[str, list[Any]]]:
    """The planner's numbers as a table: a row per number, a column per option."""
    names: dict[str, str] = {}
    for one in told:
        for line in one.lines:
            names.setdefault(line.name, f"{line.label} {f'({line.unit})' if line.unit else ''}")
    return [
        (label, [next((x.number for x in one.lines if x.name == name), None) for one in told])
        for name, label in names.items()
    ]


def _usual_end(now: datetime) -> datetime:
    return timezone.localtime(now + USUAL).replace(minute=0, second=0, microsecond=0)


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a question forward."""
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    meeting = request.GET.get("meeting", "")
    initial = {"meeting": meeting if meeting.isdecimal() else None}
    form = QuestionForm(request.POST or None, scope=mine, now=now, initial=initial)

    def again(form: Any) -> HttpResponse:
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/question_form.html", {"form": form}, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Decision:
        common.need_unit(mine, rights.WRITE, form.cleaned_data["unit"])
        return actions.put_forward(options=form.options, by=by, now=now, **form.facts)

    return common.made(request, form, do, _url, _("Put forward."), again)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    initial = QuestionForm.typed(found)
    form = QuestionForm(
        request.POST or None, scope=mine, now=now, kept=found.unit_id, initial=initial
    )

    def again(form: Any) -> HttpResponse:
        context = {"form": form, "decision": found}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/question_form.html", context, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Decision:
        return actions.change(decision=found, options=form.options, by=by, now=now, **form.facts)

    return common.made(request, form, do, _url, _("Saved."), again)


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    do = lambda: actions.drop(decision=found, by=by, now=now)  # noqa: E731
    return common.attempt(request, _url(found), do, _("Taken back; nothing was decided."))


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    common.need(mine, rights.RECORD, found)
    form = VerdictForm(request.POST, decision=found, scope=mine, now=now)

    def again(form: Any) -> HttpResponse:
        context = _page(request, common.decision_of(mine, pk), mine, now, form=form)
        return shell.page(request, "orders/decision.html", context, status=422)

    def do() -> Decision:
        return actions.decide(decision=found, verdict=form.verdict, by=by, now=now)

    done = _("Decided. Its end is in the inbox of the unit that answers for it.")
    return common.made(request, form, do, _url, done, again)


@login_required
def again(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Decide one that is in force anew: because its end has come, or because it was wrong."""
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    if what not in AGAIN:
        raise Http404
    common.need_leg(mine, found.passage)
    verb, done = AGAIN[what]
    chosen = found.options.filter(chosen=True).values_list("number", flat=True).first()
    initial = {
        name: getattr(found, name) for name in ("decided", "reason", "trigger", "decided_by")
    }
    initial |= {"until": _usual_end(now), "chosen": chosen or 0}
    form = VerdictForm(request.POST or None, decision=found, scope=mine, now=now, initial=initial)

    def show(form: Any) -> HttpResponse:
        context = {"form": form, "decision": found, "what": what, "now": now}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/decide_again.html", context, status=status)

    if request.method != "POST":
        return show(form)

    def do() -> Decision:
        return verb(decision=found, verdict=form.verdict, by=by, now=now)

    return common.made(request, form, do, _url, done, show)


@login_required
@require_POST
def end(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Let it lapse, or revoke it: with a reason, by the unit that answers for it."""
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    if what not in ENDS:
        raise Http404
    common.need_leg(mine, found.passage)
    verb, done = ENDS[what]

    def do() -> Decision:
        reason = common.reason_of(ReasonForm(request.POST))
        return verb(decision=found, reason=reason, by=by, now=now)

    return common.attempt(request, _url(found), do, done)


@login_required
@require_POST
def set_task(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    found = common.decision_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    form = TaskForm(request.POST, units=called_units(mine, now=now))

    def again(form: Any) -> HttpResponse:
        context = _page(request, found, mine, now, task_form=form)
        return shell.page(request, "orders/decision.html", context, status=422)

    def do() -> Decision:
        actions.set_task(decision=found, by=by, now=now, **form.cleaned_data)
        return found

    return common.made(request, form, do, _url, _("Set. The unit has it in its inbox."), again)


def _url(found: Decision) -> str:
    return reverse("orders:decision", args=[found.pk])
