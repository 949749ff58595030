"""The sentinel register, and counts coming in: typed on a phone, or as a file."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.shell import paging
from tongchou.shell import views as shell
from tongchou.staff.models import Unit
from tongchou.staff.queries import Scope
from tongchou.surveillance import actions, channels, profiles, rights
from tongchou.surveillance.errors import BadCounts, SurveillanceError
from tongchou.surveillance.forms.counts import (
    CountsForm,
    FilterForm,
    SiteForm,
    UploadForm,
    WhenForm,
)
from tongchou.surveillance.models import Count, Duty, Site, Source
from tongchou.surveillance.queries import register
from tongchou.surveillance.views import common


@login_required
@require_safe
def sentinels(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine, day = common.scope(request, now), common.yesterday(now)
    form = FilterForm(request.GET, near=city_of(mine.paths))
    found = register.listed(mine, form.wanted, day=day)
    page = paging.keyset(found, order=("source_id", "code"), query=request.GET)
    context = {
        "now": now,
        "day": day,
        "form": form,
        "page": page,
        "rows": register.rows(page.rows, day=day),
        "reporting": register.reporting(mine, day),
        "may_register": bool(mine.roles & rights.REGISTER),
    }
    return shell.page(
        request, "surveillance/sentinels.html", context, fragment="surveillance/_sentinels.html"
    )


@login_required
def add(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    if not mine.roles & rights.REGISTER:
        raise PermissionDenied(_("Your post does not keep the register."))
    _own_source()
    units = Unit.objects.filter(mine.q("area__path")).order_by("name")
    form = SiteForm(request.POST or None, units=units, near=city_of(mine.paths))
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return shell.page(request, "surveillance/add_site.html", {"form": form}, status=status)
    common.need(mine, rights.REGISTER, form.cleaned_data["area"].path)
    site = _register(form.cleaned_data, common.user(request), now)
    return common.told(
        request,
        reverse("surveillance:sentinels"),
        _("%(site)s is in the register.") % {"site": site},
    )


def _own_source() -> Source:
    """The city's own sentinels, where nobody has entered a source yet."""
    made, _new = Source.objects.get_or_create(
        slug="sentinels", defaults={"name": "本市哨点", "name_en": "The city's own sentinels"}
    )
    channels.stand()
    return made


def _register(typed: dict[str, Any], by: Any, now: datetime) -> Site:
    owes = typed.pop("channels")
    duty = {"due": typed.pop("due"), "working_days": typed.pop("working_days")}
    site = actions.register_site(**typed, by=by, now=now)
    for channel in owes:
        actions.set_duty(site=site, channel=channel, by=by, now=now, **duty)
    return site


@login_required
@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Who is to report: straight to the one site, else the list of those that owe."""
    now = timezone.now()
    mine = common.scope(request, now)
    day = _day(request, now)
    mine_to_fill = register.visible_to(mine).filter(duties__isnull=False).distinct()
    site = mine_to_fill.filter(pk=request.GET.get("site") or 0).first()
    if site is None and mine_to_fill.count() == 1:
        site = mine_to_fill.get()
    if site is not None:
        return shell.page(request, "surveillance/enter.html", _entry(mine, site, day, now))
    owing = register.owed(mine, day).values("site_id")
    sites = list(mine_to_fill.filter(pk__in=owing).order_by("area__path", "code")[:300])
    context = {
        "now": now,
        "day": day,
        "rows": sorted(register.rows(sites, day=day), key=lambda row: -row.n_missing),
        "form": WhenForm(sites=mine_to_fill, initial={"day": day}),
    }
    return shell.page(request, "surveillance/enter_list.html", context)


@login_required
@require_POST
def store(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, day = common.scope(request, now), _day(request, now)
    site = get_object_or_404(register.visible_to(mine).select_related("area"), pk=pk)
    common.need(mine, rights.COUNT, site.area.path)
    context = _entry(mine, site, day, now, data=request.POST)
    form = context["form"]
    if not form.is_valid() or not _stored(form, common.user(request), now):
        return shell.page(request, "surveillance/enter.html", context, status=422)
    done = ngettext("%(n)d count of %(site)s stored.", "%(n)d counts of %(site)s stored.",
                    len(form.rows)) % {"n": len(form.rows), "site": site}  # fmt: skip
    return common.told(request, reverse("surveillance:enter") + f"?day={day}", done)


def _stored(form: CountsForm, by: Any, now: datetime) -> bool:
    reason = form.cleaned_data.get("reason", "")
    try:
        actions.report_counts(rows=form.rows, by=by, now=now, reason=reason)
    except BadCounts as refusal:
        for place, problem in refusal.faults:
            words = f"{getattr(problem, 'reason', problem)} {getattr(problem, 'mend', '')}"
            form.add_error(f"value-{form.rows[place].duty_id}", words)
        return False
    return True


def _entry(mine: Scope, site: Site, day: date, now: datetime, data: Any = None) -> dict[str, Any]:
    duties = list(
        Duty.objects.filter(site=site, channel__cadence="daily")
        .select_related("channel", "site")
        .order_by("channel_id")
    )
    counts = Count.objects.filter(duty__in=duties, day=day, current=True)
    stored = {count.duty_id: count for count in counts.select_related("reported_by")}
    return {
        "now": now,
        "site": site,
        "day": day,
        "form": CountsForm(data, duties=duties, day=day, stored=stored),
        "n_stored": len(stored),
        "may_enter": mine.may(rights.COUNT, site.area.path),
        "when": WhenForm(
            sites=register.visible_to(mine).filter(duties__isnull=False).distinct(),
            initial={"site": site, "day": day},
        ),
    }


def _day(request: HttpRequest, now: datetime) -> date:
    asked = request.POST.get("day") or request.GET.get("day") or ""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return common.yesterday(now)
    return min(day, timezone.localdate(now))


@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """A file of the city's own sentinels: every row stored, or shown with what is wrong with it."""
    now = timezone.now()
    mine = common.scope(request, now)
    if not mine.roles & rights.REGISTER:
        raise PermissionDenied(_("Your post does not take in files of counts."))
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "now": now, "done": None}
    if form.is_valid():
        try:
            context["done"] = _take_in(form.cleaned_data["file"], common.user(request), now)
        except (SurveillanceError, ValueError) as refusal:
            form.add_error("file", str(refusal))
    done = context["done"]
    if done is not None:
        context["refusals"] = _refusals(done)
    status = 422 if form.is_bound and form.errors else 200
    return shell.page(request, "surveillance/upload.html", context, status=status)


def _take_in(file: Any, by: Any, now: datetime) -> Any:
    _own_source()
    profile = profiles.load("template")
    return actions.import_counts(file=file, name=file.name, profile=profile, by=by, now=now)


def _refusals(done: Any) -> list[dict[str, Any]]:
    from tongchou.surveillance.problems import Problem

    found = []
    for row in done.refusals.all()[:200] if done.pk else []:
        problem = Problem(row.code, row.column, row.params)
        found.append({"row": row, "reason": problem.reason, "mend": problem.mend})
    return found
