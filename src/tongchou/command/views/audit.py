"""The audit, for data stewards: who did what to what, and the proof that nobody changed it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tongchou.command import proving, trail
from tongchou.command.forms import AuditForm
from tongchou.command.views import access
from tongchou.shell import views as shell
from tongchou.shell.paging import keyset
from tongchou.staff.roles import Role

#: Without a subject the search begins so long ago, unless the steward says otherwise.
LOOK_BACK = timedelta(days=7)


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    looking = access.need(request, Role.STEWARD)
    form = AuditForm(request.GET)
    sought = trail.Sought(**form.cleaned_data) if form.is_valid() else trail.Sought()
    begun = None
    if not sought.subject and not sought.since:
        begun = looking.now - LOOK_BACK
        sought = trail.Sought(**{**vars(sought), "since": begun})
    page = keyset(trail.events(sought), order=("-id",), query=request.GET)
    context = {
        "form": form,
        "page": page,
        "lines": trail.lines(page.rows),
        "begun": begun,
        "head": trail.head(),
        "proof": proving.last(),
        "now": looking.now,
    }
    return shell.page(request, "command/audit.html", context, fragment="command/_audit_list.html")


@login_required
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    looking = access.need(request, Role.STEWARD)
    proof = proving.begin(by=looking.user, now=looking.now)
    proving.step(proof, now=timezone.now())
    return redirect("command:audit")


@login_required
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    access.need(request, Role.STEWARD)
    proof = proving.last()
    if proof is not None:
        proof = proving.step(proof, now=timezone.now())
    context = {"proof": proof, "now": timezone.now()}
    return render(request, "command/_proof.html", context)
