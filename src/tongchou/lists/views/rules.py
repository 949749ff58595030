"""The rules (制度): by when each stage of both lists is due, and how to put others forward."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Adoption
from tongchou.lists import rights
from tongchou.lists.actions import rules as actions
from tongchou.lists.forms.rules import RulesForm
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


def _chosen(request: HttpRequest, areas: list[Area]) -> Area:
    """The area asked for; without one the highest of one's own."""
    code = request.GET.get("area", "")
    found = next((each for each in areas if each.code == code), None if code else areas[:1] or None)
    if isinstance(found, list):
        found = found[0]
    if found is None:
        raise Http404(_("There is no such area among yours."))
    return found
