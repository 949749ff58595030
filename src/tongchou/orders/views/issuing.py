"""What is done with an order: checking, signing, issuing, answering, and its end."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongchou.orders import rights
from tongchou.orders.actions import issuing
from tongchou.orders.forms.common import ReasonForm
from tongchou.orders.forms.orders import ConsentForm, EndForm, VersionForm
from tongchou.orders.models import EndingSort, Order
from tongchou.orders.views import common


@login_required
@require_POST
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """One of the acts of an order, by the version the desk saw."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.order_of(mine, pk)
    wanted = ACTS.get(what)
    if wanted is None:
        raise Http404
    roles, do, done = wanted
    common.need(mine, roles, found)
    here = reverse("orders:order", args=[pk])
    return common.attempt(request, here, lambda: do(request, found, by, now), done)


def _version(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0


def _check(request: HttpRequest, found: Order, by: Any, now: Any) -> object:
    return issuing.check(order=found, version=_version(request), by=by, now=now)


def _ask(request: HttpRequest, found: Order, by: Any, now: Any) -> object:
    return issuing.ask_consent(
        order=found, reason=common.reason_of(ReasonForm(request.POST)), by=by, now=now
    )


def _sign(request: HttpRequest, found: Order, by: Any, now: Any) -> object:
    form = ConsentForm(request.POST)
    wanted = form.cleaned_data["consent"] if form.is_valid() else 0
    waiting = get_object_or_404(found.consents, pk=wanted)
    return issuing.sign_consent(consent=waiting, by=by, now=now)


def _issue(request: HttpRequest, found: Order, by: Any, now: Any) -> object:
    return issuing.issue(order=found, version=_version(request), by=by, now=now)


def _end(request: HttpRequest, found: Order, by: Any, now: Any) -> object:
    form = EndForm(request.POST)
    form.fields["sort"].required = False
    reason = common.reason_of(form)
    sort = form.cleaned_data["sort"] or EndingSort.ENDED
    return issuing.end(order=found, sort=sort, reason=reason, by=by, now=now)


Done = tuple[Any, Callable[[HttpRequest, Order, Any, Any], object], Any]
ACTS: dict[str, Done] = {
    "check": (rights.WRITE, _check, gettext_lazy("Checked.")),
    "ask": (rights.SIGN, _ask, gettext_lazy("Asked. Somebody else has to sign it.")),
    "sign": (rights.SIGN, _sign, gettext_lazy("Signed. It may go out.")),
    "issue": (rights.SIGN, _issue, gettext_lazy("Issued. Every unit has to acknowledge it.")),
    "end": (rights.SIGN, _end, gettext_lazy("Ended. Its receipts are void.")),
}


@login_required
@require_POST
def receipt(request: HttpRequest, pk: int, receipt: int, what: str) -> HttpResponse:
    """Acknowledge, object, or answer an objection: by the unit that answers now."""
    now = timezone.now()
    mine, by = common.scope(request, now), common.user(request)
    found = common.order_of(mine, pk)
    row = get_object_or_404(found.receipts.select_related("passage", "order"), pk=receipt)
    common.need_leg(mine, row.passage)
    said = lambda: common.reason_of(ReasonForm(request.POST, prefix=f"r{row.pk}"))  # noqa: E731
    here = reverse("orders:order", args=[pk])
    if what == "acknowledge":
        done, do = _("Acknowledged."), lambda: issuing.acknowledge(receipt=row, by=by, now=now)
    elif what == "object":
        done = _("Said. The issuer has to answer.")
        do = lambda: issuing.object_to(receipt=row, reason=said(), by=by, now=now)  # noqa: E731
    elif what == "uphold":
        done = _("Answered: the order stands.")
        do = lambda: issuing.uphold(receipt=row, reason=said(), by=by, now=now)  # noqa: E731
    else:
        raise Http404
    return common.attempt(request, here, do, done)
