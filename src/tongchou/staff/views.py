"""Who answers for what; and for stewards and commanders: posts, units, users."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff import actions, queries
from tongchou.staff.errors import StaffError
from tongchou.staff.forms import PostForm, UnitForm, UserForm
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role
from tongchou.staff.signed_in import me

KEEPERS = (Role.STEWARD, Role.COMMANDER)


@login_required
def who(request: HttpRequest, code: str = "") -> HttpResponse:
    """Area by role; a cell that nobody fills is a readiness gap."""
    now = timezone.now()
    area = get_object_or_404(Area, pk=code) if code else areas.top()
    below = [area, *areas.children(area)] if area else []
    table = queries.who_answers(below, now=now)
    context = {
        "area": area,
        "above": Area.objects.filter(pk__in=area.codes).order_by("path") if area else [],
        "roles": Role.labels,
        "table": table,
        "n_gaps": sum(cell.empty for _area, cells in table for cell in cells),
        "now": now,
        "may_assign": bool(area) and _keeps(request, area),
    }
    return shell.page(request, "staff/who.html", context, fragment="staff/_who.html")


@login_required
@require_POST
def export_who(request: HttpRequest, code: str) -> HttpResponseBase:
    now = timezone.now()
    wanted = export.wanted(request)
    area = get_object_or_404(Area, pk=code)
    table = queries.who_answers([area, *areas.children(area)], now=now)
    rows = [[row.pk, row.name, *("、".join(cell.units) for cell in cells)] for row, cells in table]
    columns = [_("Code"), _("Area"), *(str(label) for label in Role.labels)]
    return export.respond(wanted, "who-answers", columns, rows, now=now)


@login_required
def posts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = queries.scope_of(request.user, now=now)
    shown = (
        queries.on_post(now)
        .filter(scope.q("area__path"))
        .select_related("user", "unit", "area")
        .order_by("area__path", "role", "id")
    )
    if wanted := request.GET.get("q", "").strip():
        shown = shown.filter(user__display_name__contains=wanted) | shown.filter(
            unit__name__contains=wanted
        )
    page = paging.numbered(shown, query=request.GET)
    context = {"page": page, "now": now, "q": wanted, "may_assign": _keeps(request)}
    return shell.page(request, "staff/posts.html", context, fragment="staff/_posts.html")


@login_required
def assign(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = PostForm(
        request.POST or None,
        initial={
            "from_at": timezone.localtime(now).strftime("%Y-%m-%dT%H:%M"),
            "area": request.GET.get("area", ""),
            "role": request.GET.get("role", ""),
        },
    )
    return _saved(request, form, _("Assign a post"), "staff:posts", actions.assign_post, now)


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("area"), pk=pk)
    _need(request, post.area)
    try:
        actions.end_post(post=post, by=me(request), now=timezone.now())
        messages.success(request, _("The post of %s has ended.") % post.user)
    except StaffError as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:posts")


@login_required
def add_unit(request: HttpRequest) -> HttpResponse:
    form = UnitForm(request.POST or None, initial={"area": request.GET.get("area", "")})
    now = timezone.now()
    return _saved(request, form, _("Add a unit"), "staff:units", actions.add_unit, now)


@login_required
def units(request: HttpRequest) -> HttpResponse:
    scope = queries.scope_of(request.user, now=timezone.now())
    shown = Unit.objects.filter(scope.q("area__path")).select_related("area", "parent")
    page = paging.numbered(shown.order_by("area__path", "name"), query=request.GET)
    return shell.page(request, "staff/units.html", {"page": page, "may_assign": _keeps(request)})


@login_required
def add_user(request: HttpRequest) -> HttpResponse:
    if not _keeps(request):
        raise PermissionDenied(_("Only stewards and commanders make accounts."))
    form = UserForm(request.POST or None)
    now = timezone.now()
    return _saved(request, form, _("Add a user"), "staff:users", actions.add_user, now)


@login_required
def users(request: HttpRequest) -> HttpResponse:
    if not _keeps(request):
        raise PermissionDenied(_("Only stewards and commanders see accounts."))
    page = paging.numbered(User.objects.order_by("username"), query=request.GET)
    return shell.page(request, "staff/users.html", {"page": page})


def _saved(
    request: HttpRequest, form: Any, title: str, to: str, act: Any, now: Any
) -> HttpResponse:
    """A form that is shown, refused or done; an action's refusal stands at the top of it."""
    if not _keeps(request):
        raise PermissionDenied(_("Only stewards and commanders change who is on post."))
    if request.method == "POST" and form.is_valid():
        if area := form.cleaned_data.get("area"):
            _need(request, area)
        try:
            act(**form.cleaned_data, by=me(request), now=now)
        except StaffError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(to)
    context = {"form": form, "form_title": title, "back": to}
    status = 422 if form.errors else 200
    return shell.page(request, "staff/form.html", context, status=status)


def _keeps(request: HttpRequest, area: Area | None = None) -> bool:
    scope = queries.scope_of(request.user, now=timezone.now())
    return scope.may(KEEPERS, area.path) if area else bool(scope.roles & set(KEEPERS))


def _need(request: HttpRequest, area: Area) -> None:
    if not _keeps(request, area):
        raise PermissionDenied(_("This area is outside your post."))
