"""Writing a scenario, in words or as text, and what was asked of it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.planning import known as knowing
from tongchou.planning import queries, rights
from tongchou.planning.actions import scenarios as actions
from tongchou.planning.actions import studies as asking
from tongchou.planning.composing import composed, plain
from tongchou.planning.errors import StaleScenario
from tongchou.planning.forms import (
    ScenarioForm,
    StudyForm,
    TextForm,
    books_known,
    courses_known,
    initial,
)
from tongchou.planning.models import Scenario
from tongchou.planning.views import common
from tongchou.shell import views as shell


@never_cache
@login_required
def build(request: HttpRequest) -> HttpResponse:
    """The builder, filled in from the state of the city."""
    looking = common.making(request, request.GET.get("area", ""))
    known = knowing.of(looking.area, now=looking.now)
    form = _builder(request, looking, known)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        text = composed(given, known)
        try:
            made = actions.write(
                title=given["title"], area=looking.area, text=text, answers=plain(given),
                known=known.facts(), by=looking.user, now=looking.now,
            )  # fmt: skip
            return shell.go(request, reverse("planning:scenario", args=[made.pk]))
        except StaleScenario as refusal:
            faults = refusal.faults
    context = {"looking": looking, "known": known, "form": form, "faults": faults}
    return _shown(request, "planning/build.html", context, form, faults)


@never_cache
@login_required
def as_text(request: HttpRequest) -> HttpResponse:
    """The same as text, for those who know the file; `?from=` begins with another scenario's."""
    looking = common.making(request, request.GET.get("area", ""))
    form = TextForm(request.POST or None, initial=_begun(request, looking))
    faults: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        known = knowing.of(looking.area, now=looking.now).facts()
        try:
            made = actions.write(
                **given, area=looking.area, known=known, by=looking.user, now=looking.now
            )
            return shell.go(request, reverse("planning:scenario", args=[made.pk]))
        except StaleScenario as refusal:
            faults = refusal.faults
    context = {"looking": looking, "form": form, "faults": faults}
    return _shown(request, "planning/as_text.html", context, form, faults)


@never_cache
@login_required
@require_safe
def scenario(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    return _scenario(request, looking, common.scenario(looking, pk), StudyForm())


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a study in the queue."""
    looking = common.at(request)
    found = common.scenario(looking, pk)
    looking, form = common.making(request, found.area_id), StudyForm(request.POST)
    if not form.is_valid():
        return _scenario(request, looking, found, form, status=422)
    study = asking.ask(scenario=found, **form.cleaned_data, by=looking.user, now=looking.now)
    return shell.go(request, reverse("planning:study", args=[study.pk]))


def _scenario(
    request: HttpRequest,
    looking: common.Looking,
    found: Scenario,
    form: StudyForm,
    *,
    status: int = 200,
) -> HttpResponse:
    studies = queries.studies(looking.scope).filter(scenario=found)[:50]
    context = {
        "looking": looking,
        "scenario": found,
        "studies": studies,
        "form": form,
        "lines": list(enumerate(found.text.splitlines(), 1)),
        "may_make": looking.scope.may(rights.MAKE, found.area.path),
        "now": looking.now,
    }
    return shell.page(request, "planning/scenario.html", context, status=status)


def _builder(request: HttpRequest, looking: common.Looking, known: knowing.Known) -> ScenarioForm:
    language = common.language()
    books = books_known(looking.now, language=language)
    begin = initial(looking.area, known, books)
    again = request.GET.get("from", "")
    if again.isdecimal():
        begin |= common.scenario(looking, int(again)).answers
    return ScenarioForm(
        request.POST or None,
        initial=begin,
        books=books,
        courses=courses_known(known.playbook, language=language),
    )


def _begun(request: HttpRequest, looking: common.Looking) -> dict[str, Any]:
    again = request.GET.get("from", "")
    if not again.isdecimal():
        return {}
    found = common.scenario(looking, int(again))
    return {"title": found.title, "text": found.text}


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], form: forms.Form, faults: Any
) -> HttpResponse:
    status = 422 if form.errors or faults else 200
    return shell.page(request, template, context, status=status)
