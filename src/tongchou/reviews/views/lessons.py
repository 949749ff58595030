"""Lessons: what was learned, what changed, and whether the next positives showed it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.forms import diseases
from tongchou.ledger import policy
from tongchou.records import audit
from tongchou.reviews import intervals, rights, wording
from tongchou.reviews.actions import lessons as actions
from tongchou.reviews.forms.lessons import ChangeForm, LessonForm, WithdrawForm
from tongchou.reviews.models import Lesson, Origin
from tongchou.reviews.queries import lessons as queries
from tongchou.reviews.views import common
from tongchou.reviews.views.review import finding_of
from tongchou.shell import export, paging
from tongchou.shell import views as shell

#: Each lesson with a change is measured when it is shown.
ON_A_PAGE = 20


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    origin = request.GET.get("origin", "")
    origin = origin if origin in Origin.values else ""
    rows = queries.listed(looking.scope, origin=origin)
    cut = paging.keyset(rows, order=("-at", "-id"), query=request.GET, size=ON_A_PAGE)
    book = policy.in_force(looking.now)
    context = {
        "looking": looking,
        "now": looking.now,
        "page": cut,
        "rows": [queries.shown(each, book=book, now=looking.now) for each in cut.rows],
        "origins": Origin.choices,
        "origin": origin,
        "may_learn": bool(looking.scope.roles & rights.LEARN),
        "may_export": bool(looking.scope.roles & rights.EXPORT),
    }
    return shell.page(request, "reviews/lessons.html", context)


@login_required
@require_safe
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = _lesson(looking, pk)
    return shell.page(request, "reviews/lesson.html", _page(looking, found))


def _page(looking: common.Looking, found: Lesson, form: Any = None) -> dict[str, Any]:
    book = policy.in_force(looking.now)
    return {
        "looking": looking,
        "now": looking.now,
        "shown": queries.shown(found, book=book, now=looking.now),
        "lesson": found,
        "days": queries.DAYS,
        "may_change": looking.may(rights.LEARN, found.area),
        "form": form or _change_form(looking, found),
        "withdraw_form": WithdrawForm(prefix="withdraw"),
    }


def _change_form(looking: common.Looking, found: Lesson, data: Any = None) -> ChangeForm:
    initial = {
        name: getattr(found, name)
        for name in ("interval", "task", "adoption", "changed_on", "changed_note")
    }
    return ChangeForm(
        data, initial=initial, scope=looking.scope, intervals=_intervals(looking), prefix="change"
    )


def _intervals(looking: common.Looking) -> list[tuple[str, Any]]:
    book = policy.in_force(looking.now)
    return [(each.name, each.label) for each in intervals.measured_by(book)]


def _lesson(looking: common.Looking, pk: int) -> Lesson:
    found: Lesson = get_object_or_404(queries.listed(looking.scope), pk=pk)
    return found


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Enter a lesson: of our own, or from elsewhere with the source."""
    looking = common.at(request)
    if not looking.scope.roles & rights.LEARN:
        raise PermissionDenied(_("Your post does not enter lessons."))
    asked = request.GET.get("finding", "") or request.POST.get("finding", "")
    number = asked if asked.isdecimal() and len(asked) < 19 else ""
    finding = finding_of(looking, int(number)) if number else None
    form = LessonForm(
        request.POST or None,
        initial=_initial(finding),
        scope=looking.scope,
        intervals=_intervals(looking),
        diseases=diseases(policy.in_force(looking.now)),
        near=looking.near,
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        context = {"form": form, "finding": finding}
        return shell.page(request, "reviews/new_lesson.html", context, status=status)
    given = form.cleaned_data
    if not looking.may(rights.LEARN, given["area"]):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    return common.attempt(
        request,
        reverse("reviews:lessons"),
        lambda: actions.learn(**given, finding=finding, by=looking.user, now=looking.now),
        _("The lesson is entered."),
    )


def _initial(finding: Any) -> dict[str, Any]:
    if finding is None:
        return {}
    led = finding.consequences.all()
    return {
        "title": finding.what[:120],
        "learned": finding.whys.order_by("-number").values_list("answer", flat=True).first(),
        "area": finding.review.area,
        "interval": "" if "." in finding.step else finding.step,
        "task": next((each.task for each in led if each.task), None),
        "adoption": next((each.adoption for each in led if each.adoption), None),
    }


@login_required
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = _lesson(looking, pk)
    _may_change(looking, found)
    form = _change_form(looking, found, request.POST)
    if not form.is_valid():
        context = _page(looking, found, form)
        return shell.page(request, "reviews/lesson.html", context, status=422)
    return common.attempt(
        request,
        reverse("reviews:lesson", args=[pk]),
        lambda: actions.change(lesson=found, **form.cleaned_data, by=looking.user, now=looking.now),
        _("Written down."),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = _lesson(looking, pk)
    _may_change(looking, found)
    form = WithdrawForm(request.POST, prefix="withdraw")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return common.attempt(
        request,
        reverse("reviews:lessons") if reason else reverse("reviews:lesson", args=[pk]),
        lambda: actions.withdraw(lesson=found, reason=reason, by=looking.user, now=looking.now),
        _("Withdrawn; it stays in the record."),
    )


def _may_change(looking: common.Looking, found: Lesson) -> None:
    if not looking.may(rights.LEARN, found.area):
        raise PermissionDenied(_("Only those who answer for the area change its lessons."))


@login_required
@require_POST
def export_lessons(request: HttpRequest) -> HttpResponseBase:
    looking = common.at(request)
    common.exporting(looking)
    want, book = export.wanted(request), policy.in_force(looking.now)
    found = [
        queries.shown(each, book=book, now=looking.now) for each in queries.listed(looking.scope)
    ]
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(
        verb="lesson.export", subject="lessons", by=looking.user, now=looking.now, detail=detail
    )
    columns = [_("Lesson"), _("What was learned"), _("From where"), pgettext("lesson", "Place"),
               _("Source"), _("Area"), _("Changed on"), _("Interval"), _("n before"),
               _("median before (days)"), _("n after"), _("median after (days)"),
               _("shift (days)"), pgettext("shift", "from"), pgettext("shift", "to"),
               _("Verdict")]  # fmt: skip
    return export.respond(want, "lessons", columns, map(_cells, found), now=looking.now)


def _cells(shown: queries.Shown) -> list[Any]:
    one, shift = shown.lesson, shown.shift
    sides = [
        value
        for side in (shown.before, shown.after)
        for value in ((side.n, _in_days(side.median_s)) if side else (None, None))
    ]
    return [
        one.title, one.learned, one.get_origin_display(), one.place, one.source, one.area.name,
        shown.changed_on, shown.interval.label if shown.interval else "", *sides,
        *((_in_days(value) for value in (shift.by, shift.low, shift.high)) if shift
          else (None, None, None)),
        str(wording.VERDICTS[shown.verdict]),
    ]  # fmt: skip


def _in_days(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 86400, 2)
