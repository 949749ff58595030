"""Handing a list in, looking through it, running it, and what came of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.errors import CaseError
from tongchou.intake import actions, pages, queries, returned
from tongchou.intake.errors import IntakeError
from tongchou.intake.fields import Kind
from tongchou.intake.forms import UploadForm
from tongchou.intake.models import Import
from tongchou.people.errors import PeopleError
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.staff.roles import Role

MAY = frozenset({Role.STEWARD})


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    _user, scope, _now = _steward(request)
    page = paging.keyset(queries.visible(scope), order=("-id",), query=request.GET)
    return shell.page(request, "intake/history.html", {"page": page})


@never_cache
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    user, scope, now = _steward(request)
    form = UploadForm(request.POST or None, request.FILES or None, near=pages.near(scope))
    if request.method == "POST" and form.is_valid():
        if not scope.may(MAY, form.cleaned_data["area"].path):
            form.add_error("area", _("You are not on post there."))
        else:
            of = pages.received(form.cleaned_data, by=user, now=now)
            return shell.go(request, reverse("intake:one", args=[of.pk]))
    if request.method != "POST":
        form.initial["area"] = pages.top(scope)
    status = 422 if form.errors else 200
    return shell.page(request, "intake/upload.html", {"form": form}, status=status)


@never_cache
@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    of, _user, now = _seen(request, pk)
    context: dict[str, Any] = {"of": of, "beside": of.next.first() or of.after}
    context |= pages.of(of, request.GET, now=now)
    return shell.page(request, "intake/one.html", context, fragment="intake/_refused.html")


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    of, _user, _now = _seen(request, pk)
    response = shell.page(request, "intake/_progress.html", {"of": of})
    if not of.waits:
        response["HX-Redirect"] = reverse("intake:one", args=[of.pk])
    return response


@login_required
@require_POST
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    of, user, now = _seen(request, pk)
    return _tried(request, of, lambda: actions.queue(of=of, by=user, now=now))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    of, user, now = _seen(request, pk)
    return _tried(request, of, lambda: actions.withdraw(of=of, by=user, now=now))


@login_required
@require_POST
def accept(request: HttpRequest, pk: int, refusal: int) -> HttpResponse:
    of, user, now = _seen(request, pk)
    row = get_object_or_404(of.refusals, pk=refusal)
    return _tried(
        request,
        of,
        lambda: actions.accept(refusal=row, by=user, now=now),
        said=_("Taken over."),
    )


@login_required
@require_POST
def refused_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as the sheet they came from; they may name people, so it is recorded."""
    of, user, now = _seen(request, pk)
    want = export.wanted(request)
    writer = returned.as_xlsx if want.format == "xlsx" else returned.as_csv
    content = writer(of, language=get_language() or "en")
    detail = {"rows": of.n_refused, "reason": want.reason, "format": want.format}
    subject = f"import:{of.pk}"
    audit.record(verb="intake.export", subject=subject, by=user, now=now, detail=detail)
    return _file(content, export.file_name(f"refused-{of.pk}", want.format, now=now))


@login_required
@require_safe
def template_file(request: HttpRequest, name: str) -> HttpResponse:
    from tongchou.intake import template  # brings openpyxl, slow to import

    _steward(request)
    if name == "tongchou-template.xlsx":
        return _file(template.as_xlsx(), name)
    for kind in (Kind.CASE, Kind.CONTACT):
        if name == f"tongchou-template-{kind}.csv":
            return _file(template.as_csv(kind), name)
    raise Http404


def _file(content: bytes, name: str) -> HttpResponse:
    kind = export.XLSX if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _tried(request: HttpRequest, of: Import, act: Any, *, said: str = "") -> HttpResponse:
    try:
        act()
    except (IntakeError, CaseError, PeopleError) as error:
        messages.error(request, str(error))
    else:
        if said:
            messages.success(request, said)
    return shell.go(request, reverse("intake:one", args=[of.pk]))


def _steward(request: HttpRequest) -> tuple[User, Scope, datetime]:
    """Who asks, if lists are handed in by their post."""
    now, user = timezone.now(), request.user
    assert isinstance(user, User)
    scope = scope_of(user, now=now)
    if not scope.roles & MAY:
        raise PermissionDenied(_("Data stewards import lists."))
    return user, scope, now


def _seen(request: HttpRequest, pk: int) -> tuple[Import, User, datetime]:
    user, scope, now = _steward(request)
    of = get_object_or_404(queries.visible(scope), pk=pk)
    if not scope.may(MAY, of.area.path):
        raise PermissionDenied(_("You are not on post there."))
    return of, user, now
