"""Switching the tempo of an area: the preview, the order, and the orders so far."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongchou.command import actions, activation, queries
from tongchou.command.errors import CommandRefused, NothingToChange
from tongchou.command.forms import ActivationForm
from tongchou.command.models import Activation
from tongchou.command.views import access
from tongchou.loops import Tempo
from tongchou.shell import views as shell
from tongchou.shell.moments import spell
from tongchou.shell.paging import keyset


@login_required
def activate(request: HttpRequest, code: str) -> HttpResponse:
    """What would move; and the order itself, for a commander of the area."""
    looking = access.at(request, code)
    if request.method == "POST":
        return _order(request, looking)
    other = Tempo.PEACE if looking.area.tempo == Tempo.WAR else Tempo.WAR
    wanted = request.GET.get("tempo", "")
    tempo = wanted if wanted in tuple(Tempo) else str(other)
    return _preview(request, looking, ActivationForm(initial={"tempo": tempo}), tempo)


def _order(request: HttpRequest, looking: access.Looking) -> HttpResponse:
    form = ActivationForm(request.POST)
    if not form.is_valid():
        tempo = form.cleaned_data.get("tempo") or str(Tempo.WAR)
        return _preview(request, looking, form, tempo, status=422)
    try:
        done = actions.activate(
            area=looking.area, by=looking.user, now=timezone.now(), **form.cleaned_data
        )
    except NothingToChange as told:
        messages.info(request, str(told))
    except CommandRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _done(done))
    return redirect("command:area", looking.area.code)


def _done(done: Activation) -> str:
    told = {
        "area": done.area,
        "tempo": done.get_tempo_to_display(),
        "areas": done.n_areas,
        "legs": done.n_legs,
        "gaps": done.n_gaps_closed,
    }
    return (
        _(
            "%(area)s is at %(tempo)s tempo: %(areas)d areas switched, %(legs)d deadlines moved, "
            "%(gaps)d gaps closed because they are no longer due."
        )
        % told
    )


def _preview(
    request: HttpRequest,
    looking: access.Looking,
    form: ActivationForm,
    tempo: str,
    status: int = 200,
) -> HttpResponse:
    seen = activation.preview(area=looking.area, tempo=tempo, now=looking.now)
    context = {
        "looking": looking,
        "area": looking.area,
        "crumbs": queries.crumbs(looking.area, looking.scope),
        "seen": seen,
        "step_before": spell(seen.step_before),
        "step_after": spell(seen.step_after),
        "form": form,
        "other": str(Tempo.PEACE if tempo == Tempo.WAR else Tempo.WAR),
    }
    return shell.page(request, "command/activate.html", context, status=status)


@login_required
@require_safe
def history(request: HttpRequest, code: str) -> HttpResponse:
    looking = access.at(request, code)
    page = keyset(queries.activations(looking.area), order=("-at", "-id"), query=request.GET)
    context = {
        "looking": looking,
        "area": looking.area,
        "crumbs": queries.crumbs(looking.area, looking.scope),
        "page": page,
    }
    return shell.page(request, "command/activations.html", context)
