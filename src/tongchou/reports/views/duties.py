"""Who owes a daily report, and at which hour it is true."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongchou.reports import actions, rights
from tongchou.reports.errors import ReportsError
from tongchou.reports.forms.daily import DutyForm
from tongchou.reports.models import Duty
from tongchou.reports.views import common
from tongchou.shell import paging
from tongchou.shell import views as shell


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    may = bool(rights.SET_HOURS & set(looking.scope.roles))
    form = DutyForm(request.POST or None, scope=looking.scope) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        looking.need(rights.SET_HOURS, form.cleaned_data["area"].path)
        try:
            actions.set_duty(**form.cleaned_data, by=looking.user, now=looking.now)
        except ReportsError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Set. The next report is laid out at that hour."))
            return shell.go(request, reverse("reports:hours"))
    standing = Duty.objects.filter(looking.scope.q("area__path"), to_on=None)
    page = paging.numbered(standing.select_related("area", "unit", "to"), query=request.GET)
    status = 422 if form is not None and form.errors else 200
    context = {"looking": looking, "form": form, "page": page, "may": may}
    return shell.page(request, "reports/hours.html", context, status=status)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    duty = get_object_or_404(Duty.objects.filter(looking.scope.q("area__path")), pk=pk)
    looking.need(rights.SET_HOURS, duty.area.path)
    actions.end_duty(duty=duty, by=looking.user, now=looking.now)
    messages.success(request, _("No report is owed there from tomorrow on."))
    return shell.go(request, reverse("reports:hours"))
