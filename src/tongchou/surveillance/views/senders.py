"""Who sends counts by the API: machines, each with a token that is shown once."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.shell import views as shell
from tongchou.surveillance import rights
from tongchou.surveillance.actions import senders as actions
from tongchou.surveillance.forms.counts import SenderForm
from tongchou.surveillance.models import CountSender
from tongchou.surveillance.views import common


@login_required
def senders(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    _need(request)
    form, token = SenderForm(request.POST or None), ""
    if form.is_valid():
        if CountSender.objects.filter(name=form.cleaned_data["name"]).exists():
            form.add_error("name", _("There is a sender of this name already."))
        else:
            by = common.user(request)
            _sender, token = actions.add_sender(**form.cleaned_data, by=by, now=now)
            form = SenderForm()
    context = {
        "now": now,
        "form": form,
        "token": token,
        "senders": CountSender.objects.select_related("source", "made_by"),
    }
    status = 422 if form.errors else 200
    return shell.page(request, "surveillance/senders.html", context, status=status)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    _need(request)
    found = get_object_or_404(CountSender, pk=pk)
    actions.end_sender(sender=found, by=common.user(request), now=timezone.now())
    done = _("Nothing is taken from %(name)s any more.") % {"name": found}
    return common.told(request, reverse("surveillance:senders"), done)


def _need(request: HttpRequest) -> None:
    if not common.scope(request, timezone.now()).roles & rights.REGISTER:
        raise PermissionDenied(_("Your post does not keep the register."))
