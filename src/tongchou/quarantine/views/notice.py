"""The person's own notice. Whoever holds its address may read it; it names nobody."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongchou.ledger.errors import LedgerError
from tongchou.quarantine import actions, forms, queries, wording
from tongchou.quarantine.models import Order

LANGUAGES = ("zh-hans", "en")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, token: str) -> HttpResponse:
    """Why, by which clause, until when, which tests, whom to call, and how to object."""
    now = timezone.now()
    wanted = request.GET.get("lang", "")
    language = wanted if wanted in LANGUAGES else translation.get_language() or LANGUAGES[0]
    with translation.override(language):
        orders = Order.objects.select_related("stay__passage", "stay__place__quarantine")
        order = get_object_or_404(orders, token=token)
        form = forms.AppealForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.appeal(order=order, text=form.cleaned_data["text"], by=None, now=now)
                return _closed(redirect(f"{request.path}?lang={language}#appeals"))
            except LedgerError as refusal:
                form.add_error(None, str(refusal))
        context = {
            "order": order,
            "now": now,
            "form": form,
            "lang": language,
            "ended": order.stay.passage.closed_at,
            "ends": queries.ends_in_words(order),
            "tests": order.tests.filter(dropped_at=None),
            "phone": queries.phone_of(order.stay),
            "appeals": order.appeals.order_by("-made_at"),
            "within": round(queries.appeal_within(now).total_seconds() / 3600),
            "title": _("Notice of quarantine"),
            "words": wording.of_order(order),
            "changes": order.changes.exclude(applied_at=None),
            "qr": _qr(request),
        }
        response = render(
            request, "quarantine/notice.html", context, status=422 if form.errors else 200
        )
    return _closed(response)


def _qr(request: HttpRequest) -> SafeString:
    """The address of this page for whoever holds it on paper."""
    code = segno.make(
        request.build_absolute_uri(request.path), error="m", boost_error=False, mask=4
    )
    return mark_safe(code.svg_inline(scale=3, svgclass="qr", lineclass=None))


def _closed(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser nor found by a search engine."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
