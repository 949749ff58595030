"""What people do to a report: write, sign, receive, send back, excuse, correct."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.reports import actions, queries
from tongchou.reports.errors import NotSaid, Outdated
from tongchou.reports.forms.daily import CorrectForm, ReasonForm, WordsForm
from tongchou.reports.models import Report
from tongchou.reports.views import common
from tongchou.reports.views.report import page_of
from tongchou.shell import views as shell


@login_required
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the words, and sign at once where that button was pressed."""
    looking, found = common.acting(request, pk)
    form = WordsForm(request.POST, report=found)
    if not form.is_valid():
        return _again(request, looking, found, form)
    try:
        actions.edit(report=found, **form.cleaned_data, by=looking.user, now=looking.now)
    except Outdated as refusal:
        form.add_error(None, str(refusal))
        return _again(request, looking, found, form)
    if "sign" not in request.POST:
        return common.attempt(request, found, lambda: None, _("Saved."))
    return common.attempt(request, found, lambda: _sign(looking, found), _("Signed. It is frozen."))


def _sign(looking: common.Looking, found: Report) -> None:
    actions.sign(report=found, version=found.version, by=looking.user, now=looking.now)


def _again(
    request: HttpRequest, looking: common.Looking, found: Report, form: WordsForm
) -> HttpResponse:
    """The form with what was typed; whoever was slower sees the other's words above their own."""
    fresh = common.report(looking, found.pk)
    typed = request.POST.copy()
    typed["version"] = str(fresh.version)
    form.data = typed
    context = page_of(request, looking, fresh) | {"words": form, "theirs": fresh}
    return shell.page(request, "reports/report.html", context, status=422)


@login_required
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    looking, found = common.acting(request, pk)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadRequest("Which version was seen is not said.")

    def do() -> None:
        actions.sign(report=found, version=int(version), by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Signed. It is frozen."))


@login_required
@require_POST
def lay_anew(request: HttpRequest, pk: int) -> HttpResponse:
    looking, found = common.acting(request, pk)

    def do() -> None:
        actions.lay_anew(report=found, by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Counted again, for the same moment."))


@login_required
@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    looking, found = common.acting(request, pk)

    def do() -> None:
        actions.receive(report=found, by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Received."))


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    looking, found = common.acting(request, pk)

    def do() -> None:
        actions.send_back(report=found, reason=_reason(request), by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Returned; it is due again."))


@login_required
@require_POST
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """By the level above, though the report is in the hands of whoever owes it."""
    looking = common.at(request)
    found = common.report(looking, pk)
    if not queries.may_excuse(found, looking.scope, now=looking.now):
        raise PermissionDenied(_("Whoever owes a report does not excuse it; the level above does."))

    def do() -> None:
        actions.excuse(report=found, reason=_reason(request), by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Excused; the reason stays in the record."))


def _reason(request: HttpRequest) -> str:
    """The reason that was typed; refused in the form's own words."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise NotSaid(" ".join(str(each) for each in form.errors["reason"]))
    return str(form.cleaned_data["reason"])


@login_required
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.report(looking, pk)
    if not queries.may_correct(found, looking.scope):
        raise PermissionDenied(_("Only whose report it is corrects it."))
    signed = queries.last_signed(found)
    if signed is None or found.passage.stage == "due":
        raise PermissionDenied(_("What is not signed is edited, not corrected."))
    form = CorrectForm(request.POST, signed=signed)
    if not form.is_valid():
        for error in form.errors.values():
            messages.error(request, " ".join(str(each) for each in error))
        return shell.go(request, request.path.replace("correct/", ""))

    def do() -> None:
        actions.correct(signed=signed, **form.cleaned_data, by=looking.user, now=looking.now)

    return common.attempt(request, found, do, _("Corrected. What was signed stays as it was."))
