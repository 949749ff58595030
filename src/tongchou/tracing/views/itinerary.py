"""The itinerary of a case: its own page, a text read into it, and one stay at a time."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases.fields import city_of
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.shell import views as shell
from tongchou.staff.queries import Scope
from tongchou.tracing import actions, forms, itineraries, picture, proposals, rights
from tongchou.tracing.models import Investigation, ItineraryStay, StaySource
from tongchou.tracing.views import common

#: Two weeks have some sixty; nobody looks through a longer page row by row.
MOST_STAYS = 80


def url_of(found: Investigation, at: str = "") -> str:
    return reverse("tracing:itinerary", args=[found.pk]) + (f"#{at}" if at else "")


@login_required
@require_safe
def itinerary(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    context = page_of(request, found, mine, now)
    return shell.page(request, "tracing/itinerary.html", context)


@login_required
@require_POST
def add_stay(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    mine, found = _to_write(request, pk, now)
    form = forms.StayForm(request.POST, now=now, near=city_of(mine.paths), prefix="stay")
    if not form.is_valid():
        context = page_of(request, found, mine, now) | {"stay_form": form}
        return shell.page(request, "tracing/itinerary.html", context, status=422)
    by = common.user(request)
    return common.attempt(
        request,
        url_of(found, "stays"),
        lambda: actions.add_stay(investigation=found, stay=form.stay, by=by, now=now),
        _("Added."),
    )


@login_required
@never_cache
def change_stay(request: HttpRequest, pk: int, stay: int) -> HttpResponse:
    """The stay as a form in its place in the table, and what is typed there."""
    now = timezone.now()
    mine, found = _to_write(request, pk, now)
    wrong = get_object_or_404(ItineraryStay, pk=stay, investigation=found)
    wrong.investigation = found
    form = forms.ChangeStayForm(
        request.POST if request.method == "POST" else None,
        instance=wrong,
        now=now,
        near=city_of(mine.paths),
        prefix="change",
    )
    if request.method == "POST" and form.is_valid():
        return _change(request, found, wrong, form, now)
    context = page_of(request, found, mine, now) | {"editing": stay, "change_form": form}
    fragment, status = "tracing/_stays.html", 422 if form.is_bound else 200
    return shell.page(request, "tracing/itinerary.html", context, fragment=fragment, status=status)


@login_required
@require_POST
def remove_stay(request: HttpRequest, pk: int, stay: int) -> HttpResponse:
    now = timezone.now()
    _mine, found = _to_write(request, pk, now)
    wrong = get_object_or_404(ItineraryStay.every, pk=stay, investigation=found)
    wrong.investigation, by = found, common.user(request)
    return common.attempt(
        request,
        url_of(found, "taken-out"),
        lambda: actions.remove_stay(stay=wrong, by=by, now=now),
        _("Taken out. It can be brought back for a week."),
    )


@login_required
@require_POST
def restore_stay(request: HttpRequest, pk: int, stay: int) -> HttpResponse:
    now = timezone.now()
    _mine, found = _to_write(request, pk, now)
    gone = get_object_or_404(ItineraryStay.every, pk=stay, investigation=found)
    gone.investigation, by = found, common.user(request)
    return common.attempt(
        request,
        url_of(found, f"stay-{stay}"),
        lambda: actions.restore_stay(stay=gone, by=by, now=now),
        _("Brought back."),
    )


# --- a text ------------------------------------------------------------------------------------


@sensitive_post_parameters()
@login_required
@never_cache
def read_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste, look through, take. The text travels with the form and is stored nowhere."""
    now = timezone.now()
    mine, found = _to_write(request, pk, now)
    today = timezone.localdate(now)
    form = forms.ReadForm(request.POST if request.method == "POST" else None, today=today)
    reading = _reading(form, found, now)
    if reading is None:
        context = {"investigation": found, "case": found.case, "form": form, "now": now}
        status = 422 if form.is_bound else 200
        return shell.page(request, "tracing/itinerary_text.html", context, status=status)
    rows = _rows(request, reading, found, mine, now)
    taken = [row for row in rows if row.is_valid() and row.taken]
    if taken and not any(row.errors for row in rows):
        return _take(request, found, taken, now)
    return _looked_through(request, found, form, reading, rows, now)


def _reading(form: forms.ReadForm, found: Investigation, now: datetime) -> proposals.Reading | None:
    """The text read; None where it has to be mended or pasted in parts."""
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    reading = proposals.read(
        typed["text"], on=typed["on"], investigation=found, now=now, person=typed["person"]
    )
    if len(reading.proposals) > MOST_STAYS:
        words = _("The text tells of %(n)d stays. Paste it in parts of at most %(most)d.")
        form.add_error("text", words % {"n": len(reading.proposals), "most": MOST_STAYS})
        return None
    return reading


def _rows(
    request: HttpRequest,
    reading: proposals.Reading,
    found: Investigation,
    mine: Scope,
    now: datetime,
) -> list[forms.TakeForm]:
    data = request.POST if "take" in request.POST else None
    city = city_of((found.passage.area_path,)) or found.passage.area_path
    return [
        forms.TakeForm(data, proposal=proposal, city=city, now=now)
        for proposal in reading.proposals
    ]


def _looked_through(
    request: HttpRequest,
    found: Investigation,
    form: forms.ReadForm,
    reading: proposals.Reading,
    rows: list[forms.TakeForm],
    now: datetime,
) -> HttpResponse:
    tried = "take" in request.POST
    context = {
        "investigation": found,
        "case": found.case,
        "form": form,
        "reading": reading,
        "rows": rows,
        "wrong": [row for row in rows if row.errors],
        "nothing": tried and not any(row.taken for row in rows if row.is_valid()),
        "now": now,
    }
    status = 422 if tried else 200
    return shell.page(request, "tracing/itinerary_text.html", context, status=status)


def _take(
    request: HttpRequest, found: Investigation, rows: list[forms.TakeForm], now: datetime
) -> HttpResponse:
    try:
        done = actions.add_stays(
            investigation=found,
            stays=[row.stay for row in rows],
            source=StaySource.TEXT,
            by=common.user(request),
            now=now,
        )
    except LedgerError as refusal:
        return common.told(request, url_of(found), refusal, good=False)
    words = ngettext("%(n)d stay added.", "%(n)d stays added.", len(done.stays))
    said = words % {"n": len(done.stays)}
    if done.n_known:
        known = ngettext(
            "%(n)d stood in the itinerary already and was left as it is.",
            "%(n)d stood in the itinerary already and were left as they are.",
            done.n_known,
        )
        said += " " + known % {"n": done.n_known}
    return common.told(request, url_of(found, "stays"), said)


# --- what the views share ----------------------------------------------------------------------


def _to_write(request: HttpRequest, pk: int, now: datetime) -> tuple[Scope, Investigation]:
    mine = common.scope(request, now)
    found = common.investigation(mine, pk)
    common.need(mine, rights.TRACE, found.passage.area_path)
    return mine, found


def _change(
    request: HttpRequest,
    found: Investigation,
    wrong: ItineraryStay,
    form: forms.ChangeStayForm,
    now: datetime,
) -> HttpResponse:
    by = common.user(request)
    wrong.version = form.cleaned_data["version"]
    return common.attempt(
        request,
        url_of(found, f"stay-{wrong.pk}"),
        lambda: actions.change_stay(
            stay=wrong,
            changes=form.changes,
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
        ),
        _("Corrected."),
    )


def of(found: Investigation, now: datetime, *, drawn: bool = True) -> dict[str, Any]:
    """The stays with their timeline, wherever an itinerary is shown; not `drawn`, the table alone.

    A drawing takes longer than all the rest of the page.
    """
    rows = itineraries.rows(found)
    window = itineraries.window_of(found.case, book=policy.in_force(now), now=now)
    gaps = itineraries.gaps([row.stay for row in rows], window)
    return {
        "stays": rows,
        "window": window,
        "gaps": gaps,
        "gap_hours": sum(gap.hours for gap in gaps),
        "n_overlaps": sum(row.overlaps for row in rows),
        "timeline": picture.timeline(rows, window, gaps) if drawn else None,
    }


def page_of(
    request: HttpRequest, found: Investigation, mine: Scope, now: datetime
) -> dict[str, Any]:
    whole = not shell.wants_fragment(request)
    shown = of(found, now, drawn=whole)
    drawn, n_unplaced = picture.map_of(shown["stays"]) if whole else (None, 0)
    open_still = found.passage.closed_at is None
    may_edit = open_still and mine.may(rights.TRACE, found.passage.area_path)
    near = city_of(mine.paths)
    asked = {f"{name}_at": request.GET[name] for name in ("from", "to") if name in request.GET}
    return shown | {
        "investigation": found,
        "case": found.case,
        "now": now,
        "map": drawn,
        "n_unplaced": n_unplaced,
        "taken_out": itineraries.taken_out(found),
        "may_edit": may_edit,
        "asked": bool(asked) or "add" in request.GET,
        "here": shell.back_to(request, url_of(found)) if "next" in request.GET else url_of(found),
        "stay_form": forms.StayForm(now=now, near=near, prefix="stay", initial=asked)
        if may_edit
        else None,
    }
