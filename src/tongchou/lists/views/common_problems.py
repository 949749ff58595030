"""Common problems: what may be the same, what a person has confirmed, and the page of one."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.areas.models import Area, Level
from tongchou.lists import rights
from tongchou.lists.actions import common as actions
from tongchou.lists.models import Likeness, Problem
from tongchou.lists.queries import common as queries
from tongchou.lists.queries import lists
from tongchou.lists.views import common
from tongchou.lists.views.tasks import dressed
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope

#: Groups shown at a time.
MOST = 20


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    groups = queries.groups(scope)
    newest = Likeness.objects.order_by("-found_at").values_list("found_at", flat=True).first()
    context = {
        "now": now,
        "groups": groups[:MOST],
        "n_groups": len(groups),
        "page": paging.keyset(
            queries.commons(scope), order=("-confirmed_at", "-id"), query=request.GET
        ),
        "looked_at": newest,
        "may_join": _may_join(scope),
    }
    return shell.page(request, "lists/common.html", context)


def _may_join(scope: Scope) -> bool:
    return bool(scope.roles & rights.JOIN)


@login_required
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = common.scope(request, now)
    found = get_object_or_404(queries.commons(scope), pk=pk)
    tasks = lists.dress_tasks(found.problem.tasks.all()).order_by("due_at", "id")
    context = {
        "now": now,
        "common": found,
        "problems": found.problems.select_related("area", "unit").order_by("area_path", "id"),
        "tasks": dressed(list(tasks), now),
        "may_join": _may_join(scope),
        "may_set": found.problem.open and bool(scope.roles & rights.SET),
    }
    return shell.page(request, "lists/common_one.html", context)


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Compare now, instead of waiting for the worker."""
    now = timezone.now()
    _need(request)
    n = actions.look(now=now)
    done = _("Compared: %(n)d new pairs that may be the same.") % {"n": n}
    return common.told(request, reverse("lists:common"), done)


@login_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Confirm the problems that are ticked as one, or reject the whole group."""
    now, scope = timezone.now(), _need(request)
    by, to = common.user(request), reverse("lists:common")
    group = _problems(scope, request.POST.getlist("group"))
    ticked = _problems(scope, request.POST.getlist("same"))
    if "reject" in request.POST:
        return common.attempt(
            request,
            to,
            lambda: actions.reject(problems=group, by=by, now=now),
            _("Remembered: these are not the same, and are not proposed together again."),
        )
    left_out = [each for each in group if each not in ticked]
    title = request.POST.get("title", "")
    return common.attempt(
        request,
        to,
        lambda: actions.confirm(
            problems=ticked, left_out=left_out, title=title, area=_top(ticked), by=by, now=now
        ),
        _("One common problem now. Set a task on it and pass it down to the counties."),
    )


@login_required
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    now, scope = timezone.now(), _need(request)
    problem = common.problem_of(scope, pk=pk)
    to = reverse("lists:problem", args=[pk])
    by = common.user(request)
    return common.attempt(
        request,
        to,
        lambda: actions.take_out(problem=problem, by=by, now=now),
        _("Taken out; it is not proposed for it again."),
    )


def _need(request: HttpRequest) -> Scope:
    scope = common.scope(request, timezone.now())
    if not _may_join(scope):
        raise PermissionDenied(_("A duty officer or commander decides what is the same."))
    return scope


def _problems(scope: Scope, keys: list[str]) -> list[Problem]:
    pks = [int(key) for key in keys if key.isdecimal()]
    rows = Problem.objects.filter(scope.q("area_path"), pk__in=pks)
    return list(rows.select_related("area", "passage", "common").order_by("pk"))


def _top(problems: list[Problem]) -> Area:
    """The city that the first of them lies in; the area at the top where there is no city."""
    codes = problems[0].area.codes if problems else []
    above = Area.objects.filter(pk__in=codes).order_by("level")
    return above.filter(level=Level.CITY).first() or above[0]
