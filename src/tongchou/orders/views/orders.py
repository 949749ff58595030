"""Orders: the list, what holds in an area, the page of one, drafting, and its print."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.areas.models import Area
from tongchou.ledger import turns
from tongchou.ledger.models import Handoff
from tongchou.ledger.registry import stage_label
from tongchou.orders import rights, wording
from tongchou.orders.actions import drafts, issuing
from tongchou.orders.actions.common import digest
from tongchou.orders.forms.common import ReasonForm
from tongchou.orders.forms.orders import EndForm, FilterForm, MeasureForm, OrderForm
from tongchou.orders.models import Measure, Order, OrderKind, Receipt
from tongchou.orders.queries import claims, flags, risk
from tongchou.orders.queries import orders as queries
from tongchou.orders.views import common
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope


@login_required
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    form = FilterForm(request.GET, near=common.near(mine))
    rows = queries.listed(mine, form.wanted, now=now)
    page = paging.keyset(rows, order=("-id",), query=request.GET)
    context = {
        "now": now,
        "form": form,
        "page": page,
        "rows": lines(page.rows, now),
        "may_write": bool(mine.roles & rights.WRITE),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "orders/orders.html", context, fragment="orders/_orders.html")


def lines(rows: list[Any], now: datetime) -> list[dict[str, Any]]:
    """Dressed orders as the lists show them, each with its state in words."""
    states = [queries.state(row, now) for row in rows]
    return [
        {
            "order": row,
            "state": state,
            "label": queries.STATES[state],
            "tone": queries.TONES.get(state, "quiet"),
        }
        for row, state in zip(rows, states, strict=True)
    ]


@login_required
@require_POST
def export_orders(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    if not mine.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export orders."))
    form, want = FilterForm(request.POST, near=common.near(mine)), export.wanted(request)
    found = list(queries.listed(mine, form.wanted, now=now).order_by("id"))
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(verb="order.export", subject="orders", by=by, now=now, detail=detail)
    columns = [
        _("Number"),
        pgettext("order", "Document number"),
        _("Title"),
        _("Issued by"),
        _("Area"),
        _("State"),
        _("Issued"),
        _("From"),
        _("Until"),
        pgettext("order", "Goes to"),
        _("Received"),
        _("Measures"),
    ]
    return export.respond(want, "orders", columns, _cells(found, now), now=now)


def _cells(found: list[Any], now: datetime) -> Any:
    for one in found:
        measures = [wording.kind(m.kind) for m in one.measures.all()]
        yield (
            one.number, one.reference, one.title, one.unit, one.area,
            queries.STATES[queries.state(one, now)], one.issued_at, one.begins, one.ends,
            one.n_units, one.n_received, "; ".join(measures),
        )  # fmt: skip


@login_required
@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """What holds now in an area, measure by measure, and by which order and clause."""
    now = timezone.now()
    mine = common.scope(request, now)
    area = _area(request, mine)
    rows = list(claims.in_force([area.path], now=now)) if area else []
    rows.sort(key=lambda measure: (measure.area_path, measure.kind, measure.until))
    context = {
        "now": now,
        "area": area,
        "rows": [_measure(row) for row in rows],
        "above": Area.objects.filter(pk__in=area.codes).order_by("level") if area else [],
        "below": Area.objects.filter(parent=area, ended_on=None) if area else [],
    }
    return shell.page(request, "orders/in_force.html", context)


def _area(request: HttpRequest, mine: Scope) -> Area | None:
    code = request.GET.get("area", "")
    found = Area.objects.filter(pk=code).first() if code.isalnum() else None
    return found if found is not None and mine.sees(found.path) else common.top(mine)


@login_required
@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.order_of(mine, pk)
    return shell.page(request, "orders/order.html", context_of(request, found, mine, now))


@login_required
@require_safe
def printed(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as it goes on paper: head, number, text, measures, signature, date."""
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.order_of(mine, pk)
    return shell.page(request, "orders/order_print.html", context_of(request, found, mine, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("orders:order", get_object_or_404(Receipt, passage=pk).order_id)


def _measure(measure: Measure) -> dict[str, Any]:
    area = measure.area
    return {
        "measure": measure,
        "kind": wording.kind(measure.kind),
        "groups": wording.groups(measure.groups),
        "spares": wording.groups(measure.spares),
        "merged": area.successor if area.ended_on and area.successor else None,
    }


def context_of(
    request: HttpRequest, found: Any, mine: Scope, now: datetime, **more: Any
) -> dict[str, Any]:
    """What the page and the print of an order show."""
    state = queries.state(found, now)
    draft = found.issued_at is None and found.dropped_at is None
    sees = bool(mine.roles & rights.SEE)
    live = state in ("draft", "checked", "coming", "in_force") and sees
    spoken = flags.of(found, now=now) if live else []
    measures = list(found.measures.select_related("area__successor", "place"))
    kept = list(found.flags.filter(at_issue=True).select_related("other_order"))
    own_user = common.user(request)
    consents = found.consents.filter(version=found.version)
    consent = consents.filter(flags=flags.digest(spoken)).first() if spoken else None
    base: dict[str, Any] = {
        "order": found,
        "now": now,
        "state": state,
        "label": queries.STATES[state],
        "tone": queries.TONES.get(state, "quiet"),
        "rows": [_measure(m) for m in measures],
        "doubts": risk.doubts(measures, now=now) if live else [],
        "flags": spoken,
        "links": flags.numbers(spoken),
        "red": any(one.is_red_line for one in spoken),
        "unchecked": flags.unchecked(now) if draft else [],
        "kept": kept,
        "consent": consent,
        "consents": list(found.consents.select_related("asked_by", "signed_by")),
        "receipts": _receipts(found, mine),
        "draft": draft,
        "may_write": draft and common.may(mine, rights.WRITE, found),
        "may_sign": common.may(mine, rights.SIGN, found),
        "drafted_it": found.drafted_by_id == own_user.pk,
        "asked_it": consent is not None and consent.asked_by_id == own_user.pk,
        "reason_form": ReasonForm(),
        "end_form": EndForm(),
        "intact": found.digest == digest(issuing.text_of(found)) if found.digest else True,
    }
    return base | more


def _receipts(found: Order, mine: Scope) -> list[dict[str, Any]]:
    """Each unit it goes to, with where that stands; two queries, however many units."""
    rows = found.receipts.select_related("unit__area", "passage").order_by("unit__area_id", "id")
    legs: dict[int, list[Handoff]] = {}
    every = Handoff.objects.filter(passage__order_receipt__order=found).select_related("done_by")
    for leg in every.order_by("passage_id", "number"):
        legs.setdefault(leg.passage_id, []).append(leg)
    return [_receipt(row, legs.get(row.passage_id or 0, []), mine) for row in rows]


def _receipt(row: Receipt, legs: list[Handoff], mine: Scope) -> dict[str, Any]:
    leg = next((each for each in legs if each.done_at is None), None)
    return {
        "receipt": row,
        "stage": stage_label("order_receipt", row.passage.stage) if row.passage else "",
        "mine": leg is not None and turns.may_sign(leg, mine),
        "leg": leg,
        "said": next((each for each in reversed(legs) if each.note), None),
        "form": ReasonForm(prefix=f"r{row.pk}"),
    }


# --- drafting ------------------------------------------------------------------------------------


@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A new draft."""
    now = timezone.now()
    mine, by = common.seeing(request, now), common.user(request)
    decision = request.GET.get("decision", "")
    initial = {"kind": OrderKind.ORDER, "decision": decision if decision.isdecimal() else None}
    form = OrderForm(request.POST or None, scope=mine, now=now, initial=initial)

    def again(form: Any) -> HttpResponse:
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/order_form.html", {"form": form}, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Order:
        common.need_unit(mine, rights.WRITE, form.cleaned_data["unit"])
        return drafts.draft(by=by, now=now, **form.facts)

    done = _("Drafted. Now add what it asks, measure by measure.")
    return common.made(request, form, do, _url, done, again)


@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = _draft(mine, pk)
    names = ("kind", "title", "reference", "unit", "text", "appeal", "decision")
    initial = {name: getattr(found, name) for name in names}
    initial["units"] = list(found.receipts.values_list("unit_id", flat=True))
    form = OrderForm(request.POST or None, scope=mine, now=now, kept=found.unit_id, initial=initial)

    def again(form: Any) -> HttpResponse:
        context = {"form": form, "order": found}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/order_form.html", context, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Order:
        return drafts.change(order=found, by=by, now=now, **form.facts)

    return common.made(request, form, do, _url, _("Saved as a new version of the draft."), again)


@login_required
def measure(request: HttpRequest, pk: int, number: int = 0) -> HttpResponse:
    """A measure of a draft: a new one, or one that is there already."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = _draft(mine, pk)
    there = get_object_or_404(found.measures, number=number) if number else None
    initial = MeasureForm.typed(there) if there else {"area": found.area, "from_at": now}
    form = MeasureForm(request.POST or None, near=common.near(mine), initial=initial)

    def again(form: Any) -> HttpResponse:
        context = {"form": form, "order": found, "measure": there}
        status = 422 if form.is_bound else 200
        return shell.page(request, "orders/measure_form.html", context, status=status)

    if request.method != "POST":
        return again(form)

    def do() -> Order:
        typed = form.cleaned_data
        if not mine.may(rights.WRITE, typed["area"].path):
            raise PermissionDenied(_("This is outside the areas you answer for."))
        if there:
            drafts.change_measure(measure=there, by=by, now=now, **typed)
        else:
            drafts.add_measure(order=found, by=by, now=now, **typed)
        return found

    return common.made(request, form, do, _url, _("Saved. What speaks against it is below."), again)


@login_required
@require_POST
def drop_measure(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = _draft(mine, pk)
    there = get_object_or_404(found.measures, number=number)
    return common.attempt(
        request,
        _url(found),
        lambda: drafts.drop_measure(measure=there, by=by, now=now),
        _("Taken out."),
    )


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = _draft(mine, pk)
    return common.attempt(
        request,
        _url(found),
        lambda: drafts.drop(order=found, by=by, now=now),
        _("Thrown away; it stays in the list of those."),
    )


def _draft(mine: Scope, pk: int) -> Order:
    found = common.order_of(mine, pk)
    common.need(mine, rights.WRITE, found)
    if found.issued_at or found.dropped_at:
        raise PermissionDenied(_("Nothing of it changes any more."))
    return found


def _url(found: Order) -> str:
    return reverse("orders:order", args=[found.pk])
