"""The rules (制度): by when each stage of both lists is due, and how to put others forward."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.models import Adoption
from tongchou.lists import rights
from tongchou.lists.actions import rules as actions
from tongchou.lists.forms.rules import RulesForm
from tongchou.lists.views import common
from tongchou.loops import Tempo
from tongchou.playbook.durations import format_duration
from tongchou.shell import views as shell


@login_required
def rules(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    book = policy.in_force(now)
    may_propose = bool(scope.roles & rights.PROPOSE)
    form = RulesForm(request.POST or None, book=book)
    context = {
        "now": now,
        "form": form,
        "book": book,
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
    units = common.units_of(scope)
    try:
        made = actions.propose(
            hours=form.hours,
            reason=form.cleaned_data["reason"],
            whose=units[0].area.name,
            by=common.user(request),
            now=now,
        )
    except LedgerError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(request, "lists/rules.html", context, status=422)
    done = _("Put forward. Somebody else has to adopt it; then it applies at once.")
    return common.told(request, reverse("command:proposal", args=[made.pk]), done)
