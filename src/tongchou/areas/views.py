"""The division tree, one area, and its places."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas import actions, queries
from tongchou.areas.forms import CountsForm, PlaceForm
from tongchou.areas.models import Area, Boundary, Level, Place, PlaceKind, subtree
from tongchou.shell import charts, frame, paging
from tongchou.shell import views as shell

#: Places on an area's own page; the rest are one click away.
SHOWN = 50


@login_required
def tree(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()
    found = queries.search(wanted).select_related("parent", "successor") if wanted else None
    page = paging.numbered(found, query=request.GET) if found is not None else None
    context = {"q": wanted, "page": page, "areas": queries.children(None)}
    return shell.page(request, "areas/tree.html", context, fragment="areas/_found.html")


@login_required
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """The parts of one area, for opening a branch in place."""
    area = get_object_or_404(Area, pk=code)
    return shell.page(request, "areas/_branch.html", {"areas": queries.children(area)})


@login_required
def area(request: HttpRequest, code: str) -> HttpResponse:
    here = get_object_or_404(Area.objects.select_related("successor", "parent"), pk=code)
    context = {
        "area": here,
        "above": Area.objects.filter(pk__in=here.codes).exclude(pk=code).order_by("path"),
        "parts": queries.children(here),
        "places": queries.places(here)[:SHOWN],
        "n_places": queries.places(here).count(),
        "predecessors": here.predecessors.order_by("path"),
        "map": _map(here),
        "may_keep": bool(KEEPERS & (frame.of(request).roles or frozenset())),
    }
    return shell.page(request, "areas/area.html", context)


@login_required
def counts(request: HttpRequest, code: str) -> HttpResponse:
    here = get_object_or_404(Area, pk=code)
    _keeps(request)
    form = CountsForm(
        request.POST or None, initial={"population": here.population, "households": here.households}
    )
    if request.method == "POST" and form.is_valid():
        actions.set_counts(area=here, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("areas:area", here.pk)
    back = reverse("areas:area", args=[here.pk])
    context = {"form": form, "form_title": here.name, "back": back, "back_label": here.name}
    return shell.page(request, "areas/form.html", context, status=422 if form.errors else 200)


def _map(here: Area) -> charts.Chart | None:
    """The outlines of the parts, or of the area itself; none where none is known."""
    if here.level >= Level.STREET:
        return None
    outlines = Boundary.objects.select_related("area")
    shown = list(outlines.filter(area__parent=here, area__ended_on=None)) or list(
        outlines.filter(area=here)
    )
    if not shown:
        return None
    return charts.districts_map(
        [
            {"properties": {"adcode": b.area_id, "name": b.area.name}, "geometry": b.geometry}
            for b in shown
        ],
        {b.area_id: b.area.population for b in shown},
        what=_("Residents"),
        urls={b.area_id: reverse("areas:area", args=[b.area_id]) for b in shown},
    )


@login_required
def add_place(request: HttpRequest) -> HttpResponse:
    return _place(request, PlaceForm(request.POST or None, initial=request.GET.dict()), None)


@login_required
def edit_place(request: HttpRequest, pk: int) -> HttpResponse:
    place = get_object_or_404(Place, pk=pk)
    initial = {"area": place.area_id}
    form = PlaceForm(request.POST or None, initial=initial, instance=Place.objects.get(pk=pk))
    return _place(request, form, place)


#: Who enters places. Areas lie below staff and cannot ask for posts; the frame can be asked.
KEEPERS = frozenset({"steward", "commander", "duty_officer"})


def _keeps(request: HttpRequest) -> None:
    if not KEEPERS & (frame.of(request).roles or frozenset()):
        raise PermissionDenied(_("Stewards, commanders and duty officers enter places."))


def _place(request: HttpRequest, form: PlaceForm, place: Place | None) -> HttpResponse:
    _keeps(request)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if place:
            actions.update_place(place=place, by=request.user, now=now, **form.cleaned_data)
        else:
            actions.add_place(by=request.user, now=now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("areas:places")
    context = {
        "form": form,
        "form_title": place or _("Add a place"),
        "back": reverse("areas:places"),
        "back_label": _("Places"),
    }
    return shell.page(request, "areas/form.html", context, status=422 if form.errors else 200)


@login_required
def places(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    shown = Place.objects.select_related("area").order_by("area__path", "name")
    if kind in PlaceKind.values:
        shown = shown.filter(kind=kind)
    area = Area.objects.filter(pk=request.GET.get("area", "")).first()
    if area is not None:
        shown = shown.filter(subtree(area.path, field="area__path"))
    if wanted := request.GET.get("q", "").strip():
        shown = shown.filter(name__contains=wanted)
    page = paging.numbered(shown, query=request.GET)
    context = {"page": page, "kinds": PlaceKind.choices, "kind": kind, "q": wanted, "area": area}
    return shell.page(request, "areas/places.html", context, fragment="areas/_places.html")
