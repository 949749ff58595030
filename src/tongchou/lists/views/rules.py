"""The rules (制度): by when each stage of both lists is due, and how to put others forward."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Adoption
from tongchou.lists import rights
from tongchou.lists.actions import rules as actions
from tongchou.lists.forms.rules import ReasonForm, RulesForm
from tongchou.lists.queries import rules as queries
from tongchou.lists.views import common
from tongchou.loops import Tempo
from tongchou.playbook.durations import format_duration
from tongchou.shell import views as shell


@login_required
def rules(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    book = policy.in_force(now)
    areas = queries.areas(scope)
    area = _chosen(request, areas)
    may_propose = scope.may(rights.PROPOSE, area.path)
    form = RulesForm(request.POST or None, book=book, path=area.path)
    context = {
        "now": now,
        "form": form,
        "book": book,
        "area": area,
        "areas": areas,
        "citywide": queries.citywide(area),
        "with_own": queries.with_own(book, areas),
        "ended": queries.ended_with_own(book, scope),
        "escalation_peace": format_duration(book.escalation.step(Tempo.PEACE)),
        "escalation_war": format_duration(book.escalation.step(Tempo.WAR)),
        "may_propose": may_propose,
        "proposals": Adoption.objects.filter(playbook__startswith="lists-")
        .select_related("proposed_by", "adopted_by")
        .order_by("-id")[:10],
    }
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return shell.page(request, "lists/rules.html", context, status=status)
    if not may_propose:
        raise PermissionDenied(_("Your post does not put rules forward."))
    try:
        made = actions.propose(
            area=area,
            times=form.times,
            reason=form.cleaned_data["reason"],
            by=common.user(request),
            now=now,
        )
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "lists/rules.html", context, status=422)
    done = _("Put forward. Somebody else has to adopt it; then it applies at once.")
    return common.told(request, reverse("command:proposal", args=[made.pk]), done)


@login_required
@require_POST
def take_out(request: HttpRequest, code: str) -> HttpResponse:
    """Put forward that an area that has ended has no hours of its own any more."""
    now = timezone.now()
    scope = common.scope(request, now)
    ended = queries.ended_with_own(policy.in_force(now), scope)
    area = next((each for each in ended if each.code == code), None)
    if area is None:
        raise Http404(_("There is no such area among yours."))
    if not scope.may(rights.PROPOSE, area.path):
        raise PermissionDenied(_("Your post does not put rules forward."))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return common.told(request, reverse("lists:rules"), form.fault, good=False)
    try:
        made = actions.propose_taking_out(
            area=area, reason=form.cleaned_data["reason"], by=common.user(request), now=now
        )
    except LedgerError as refusal:
        return common.told(request, reverse("lists:rules"), refusal, good=False)
    done = _("Put forward. Somebody else has to adopt it; then it applies at once.")
    return common.told(request, reverse("command:proposal", args=[made.pk]), done)


def _chosen(request: HttpRequest, areas: list[Area]) -> Area:
    """The area asked for; without one the highest of one's own."""
    code = request.GET.get("area", "")
    found = next((each for each in areas if each.code == code), None if code else areas[:1] or None)
    if isinstance(found, list):
        found = found[0]
    if found is None:
        raise Http404(_("There is no such area among yours."))
    return found
