"""Who answers for what; and for stewards and commanders: posts, units, users."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.shell import export, paging
from tongchou.shell import views as shell
from tongchou.staff import actions, queries
from tongchou.staff.errors import StaffError
from tongchou.staff.forms import OwnForm, PasswordForm, PostForm, ProfileForm, UnitForm, UserForm
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role
from tongchou.staff.signed_in import me

KEEPERS = (Role.STEWARD, Role.COMMANDER)


@login_required
def who(request: HttpRequest, code: str = "") -> HttpResponse:
    """Area by role; a cell that nobody fills is a readiness gap."""
    now = timezone.now()
    area = get_object_or_404(Area, pk=code) if code else areas.top()
    table = _answering(request, area, now)
    context = {
        "area": area,
        "above": Area.objects.filter(pk__in=area.codes).order_by("path") if area else [],
        "table": table.only_gaps() if "gaps" in request.GET else table,
        "n_gaps": table.n_gaps,
        "roles": Role.choices,
        "role": request.GET.get("role", ""),
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
    table = _answering(request, area, now)
    rows = [[row.pk, row.name, *("、".join(c.units) for c in cells)] for row, cells in table.rows]
    columns = [_("Code"), _("Area"), *(str(role.label) for role in table.roles)]
    detail = {"reason": wanted.reason, "rows": len(rows), "format": wanted.format}
    audit.record(
        verb="staff.export_who", subject=f"area:{code}", by=me(request), now=now, detail=detail
    )
    return export.respond(wanted, "who-answers", columns, rows, now=now)


def _answering(request: HttpRequest, area: Area | None, now: datetime) -> queries.Answering:
    below = [area, *areas.children(area)] if area else []
    asked = request.POST or request.GET
    return queries.answering(below, role=asked.get("role", ""), now=now)


@login_required
def here(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers in one area, for that area's own page."""
    now = timezone.now()
    table = queries.answering([get_object_or_404(Area, pk=code)], now=now)
    ((area, cells),) = table.rows
    context = {"area": area, "cells": list(zip(table.roles, cells, strict=True))}
    return shell.page(request, "staff/_here.html", context)


@login_required
def posts(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    state = request.GET.get("state", "now")
    shown = queries.posts(queries.scope_of(request.user, now=now), state=state, now=now)
    if wanted := request.GET.get("q", "").strip():
        shown = shown.filter(
            Q(user__display_name__contains=wanted)
            | Q(user__username__contains=wanted)
            | Q(unit__name__contains=wanted)
        )
    page = paging.numbered(shown, query=request.GET)
    context = {"page": page, "now": now, "q": wanted, "state": state, "may_assign": _keeps(request)}
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
            "user": request.GET.get("user", ""),
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
def edit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.select_related("area"), pk=pk)
    _need(request, unit.area)
    initial = {name: getattr(unit, name) for name in UnitForm.Meta.fields}
    form = UnitForm(request.POST or None, initial=initial, instance=Unit(pk=unit.pk))
    act = partial(actions.update_unit, unit=unit)
    return _saved(request, form, unit.name, "staff:units", act, timezone.now())


@login_required
def units(request: HttpRequest) -> HttpResponse:
    scope = queries.scope_of(request.user, now=timezone.now())
    shown = Unit.objects.filter(scope.q("area__path")).select_related("area", "parent")
    if wanted := request.GET.get("q", "").strip():
        shown = shown.filter(name__contains=wanted)
    page = paging.numbered(shown.order_by("area__path", "name"), query=request.GET)
    context = {"page": page, "q": wanted, "may_assign": _keeps(request)}
    return shell.page(request, "staff/units.html", context)


@login_required
def add_user(request: HttpRequest) -> HttpResponse:
    form = UserForm(request.POST or None)
    now = timezone.now()
    return _saved(request, form, _("Add a user"), "staff:users", actions.add_user, now)


@login_required
def users(request: HttpRequest) -> HttpResponse:
    if not _keeps(request):
        raise PermissionDenied(_("Only stewards and commanders see accounts."))
    shown = User.objects.order_by("username")
    if wanted := request.GET.get("q", "").strip():
        shown = shown.filter(Q(username__contains=wanted) | Q(display_name__contains=wanted))
    page = paging.numbered(shown, query=request.GET)
    return shell.page(request, "staff/users.html", {"page": page, "q": wanted})


@login_required
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its posts, what it is called, and the ways to shut it out or let it in."""
    account = _account(request, pk)
    held = account.posts.select_related("unit", "area").order_by("-from_at")
    initial = {name: getattr(account, name) for name in ProfileForm.Meta.fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        actions.update_user(user=account, by=me(request), now=now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("staff:user", pk)
    context = {"account": account, "posts": held, "form": form, "password": PasswordForm()}
    return shell.page(request, "staff/user.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def set_password(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    form = PasswordForm(request.POST)
    if form.is_valid():
        password = form.cleaned_data["password"]
        actions.set_password(user=account, password=password, by=me(request), now=timezone.now())
        messages.success(request, _("The new password counts from now on."))
    else:
        messages.error(request, " ".join(map(str, form.errors.get("password", []))))
    return redirect("staff:user", pk)


@login_required
@require_POST
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut an account out, or let it in again (`let_in`)."""
    account = _account(request, pk)
    act = actions.unblock_user if "let_in" in request.POST else actions.block_user
    try:
        act(user=account, by=me(request), now=timezone.now())
        messages.success(request, _("Saved."))
    except StaffError as refusal:
        messages.error(request, str(refusal))
    return redirect("staff:user", pk)


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What a user sees of themselves: posts, duty phone, password and second factor."""
    now = timezone.now()
    mine = me(request)
    initial = {name: getattr(mine, name) for name in OwnForm.Meta.fields}
    form = OwnForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.update_user(user=mine, email=mine.email, by=mine, now=now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("staff:profile")
    held = queries.on_post(now).filter(user=mine).select_related("unit", "area")
    context = {"form": form, "posts": held.order_by("level", "id")}
    return shell.page(request, "staff/profile.html", context, status=422 if form.errors else 200)


def _account(request: HttpRequest, pk: int) -> User:
    """An account whose posts all lie in the reader's area: a district cannot block the city."""
    account = get_object_or_404(User, pk=pk)
    scope = queries.scope_of(request.user, now=timezone.now())
    if not scope.roles & set(KEEPERS):
        raise PermissionDenied(_("Only stewards and commanders see accounts."))
    if not queries.answers_to(account, scope):
        raise PermissionDenied(_("This user has posts outside your area."))
    return account


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
