"""Findings, whys, and what they lead to."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger import policy
from tongchou.playbook import Playbook
from tongchou.reviews import effects, wording
from tongchou.reviews.actions import consequences, findings, steps
from tongchou.reviews.forms.reviews import (
    FindForm,
    JudgeForm,
    NotedForm,
    ProblemForm,
    ProposalForm,
    TaskForm,
    WhyForm,
)
from tongchou.reviews.models import Consequence, Finding, Led, Review
from tongchou.reviews.queries import register, together
from tongchou.reviews.queries.laying_out import lay_out
from tongchou.reviews.views import common
from tongchou.reviews.views.review import finding_of, page
from tongchou.shell import views as shell
from tongchou.surveillance.views.common import told


def _back(review: int, finding: Finding | None = None) -> str:
    anchor = f"#finding-{finding.pk}" if finding else "#findings"
    return reverse("reviews:review", args=[review]) + anchor


@login_required
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.review(looking, pk)
    common.writing(looking, found)
    form = JudgeForm(request.POST, prefix="judge")
    if not form.is_valid():
        context = page(request, looking, found, judge_form=form)
        return shell.page(request, "reviews/review.html", context, status=422)
    found.version = form.cleaned_data["version"]
    text = form.cleaned_data["judgement"]
    return common.attempt(
        request,
        reverse("reviews:review", args=[pk]) + "#judgement",
        lambda: steps.judge(review=found, judgement=text, by=looking.user, now=looking.now),
        _("Written down."),
    )


@login_required
@require_POST
def find(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.review(looking, pk)
    common.writing(looking, found)
    step = request.POST.get("find-step", "")
    known = [(step, step)] if wording.is_known(step) else []
    form = FindForm(request.POST, prefix="find", steps=known)
    if not form.is_valid():
        context = page(request, looking, found, find_form=form)
        return shell.page(request, "reviews/review.html", context, status=422)
    given = form.cleaned_data
    delay = delay_of(found, given["step"], looking) if given["kind"] == "bottleneck" else None
    return common.attempt(
        request,
        _back(pk),
        lambda: findings.find(
            review=found, **given, delay_s=delay, by=looking.user, now=looking.now
        ),
        _("Written down. Now ask why."),
    )


def delay_of(found: Review, step: str, looking: common.Looking) -> int | None:
    """How late the step was, by the layout of this moment; None where nobody can say."""
    if not step:
        return None
    book = policy.in_force(looking.now)
    if found.case_id is not None:
        (layout,) = lay_out([found.case_id], book=book, now=looking.now)
        rows = layout.bottlenecks
    else:
        shown = together.of_review(found, book=book, now=looking.now)
        rows = shown.bottlenecks
    return next((row.excess_s for row in rows if row.name == step), None)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    finding = finding_of(looking, pk)
    common.writing(looking, finding.review)
    form = WhyForm(request.POST, prefix=f"why-{pk}")
    here = _back(finding.review_id, finding)
    if not form.is_valid():
        reason = next(iter(form.errors.values()))[0]
        return told(request, here, reason, good=False)
    return common.attempt(
        request,
        here,
        lambda: findings.answer(
            finding=finding, **form.cleaned_data, by=looking.user, now=looking.now
        ),
        _("Written down."),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    finding = finding_of(looking, pk)
    common.writing(looking, finding.review)
    return common.attempt(
        request,
        _back(finding.review_id),
        lambda: findings.withdraw(finding=finding, by=looking.user, now=looking.now),
        _("Taken back; it stays in the record."),
    )


@login_required
def lead(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What a finding leads to: its form, and what is done with it."""
    looking = common.at(request)
    finding = finding_of(looking, pk)
    common.writing(looking, finding.review)
    if kind not in Led.values:
        raise Http404
    form = _form(kind, request.POST or None, finding, looking)
    if request.method == "POST" and form.is_valid():
        try:
            _do(kind, form.cleaned_data, finding, looking)
        except common.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            back = _back(finding.review_id, finding)
            return told(request, back, _("Done; it stands beside the finding."))
    context = {
        "finding": finding,
        "review": finding.review,
        "kind": Led(kind),
        "form": form,
        "looking": looking,
        "current": policy.in_force(looking.now),
    }
    status = 422 if request.method == "POST" else 200
    return shell.page(request, "reviews/lead.html", context, status=status)


def _form(kind: str, data: Any, finding: Finding, looking: common.Looking) -> forms.Form:
    last = finding.whys.order_by("-number").values_list("answer", flat=True).first()
    if kind == Led.PROBLEM:
        initial = {"title": finding.what[:120], "what": last or finding.what}
        return ProblemForm(data, initial=initial | {"area": finding.review.area})
    if kind == Led.TASK:
        return TaskForm(data, scope=looking.scope)
    if kind == Led.PROPOSAL:
        book = policy.in_force(looking.now)
        path = _rule_of(finding, book) if "." in finding.step else ""
        language = common.language()
        return ProposalForm(
            data, book=book, language=language, initial={"path": path, "reason": last}
        )
    return NotedForm(data)


def _rule_of(finding: Finding, book: Playbook) -> str:
    """The path of the time that the step had: its area's own, or the city's."""
    for code in reversed(finding.review.area.codes):
        own = f"area.{code}.deadlines.{finding.step}"
        if own in book.rules:
            return own
    return f"deadlines.{finding.step}"


def _do(kind: str, given: dict[str, Any], finding: Finding, looking: common.Looking) -> None:
    who: dict[str, Any] = {"finding": finding, "by": looking.user, "now": looking.now}
    if kind == Led.PROBLEM:
        consequences.raise_problem(**given, **who)
    elif kind == Led.TASK:
        due_at = consequences.day_end(given.pop("due_on"), looking.now)
        consequences.set_task(**given, due_at=due_at, **who)
    elif kind == Led.PROPOSAL:
        part = given.pop("part").strip()
        given["path"] += f".{part}" if part else ""
        consequences.propose_change(**given, **who)
    else:
        consequences.note(**given, **who)


@login_required
@require_POST
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the model run today's playbook and the proposal."""
    looking = common.at(request)
    found = get_object_or_404(
        Consequence.objects.select_related("finding__review__area", "adoption"),
        pk=pk,
        finding__review__in=register.visible_to(looking.scope),
    )
    common.writing(looking, found.finding.review)
    return common.attempt(
        request,
        _back(found.finding.review_id, found.finding),
        lambda: consequences.ask_effect(consequence=found, by=looking.user, now=looking.now),
        _("The model runs both; the result comes here."),
    )


@login_required
@require_safe
def effect_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """What the model said, or how far it is; asked for again until it is done."""
    looking = common.at(request)
    found = get_object_or_404(
        Consequence.objects.select_related("before__scenario", "after__scenario", "adoption"),
        pk=pk,
        finding__review__in=register.visible_to(looking.scope),
    )
    context = {"led": effects.of(found), "words": wording}
    return shell.page(request, "reviews/_effect.html", context)
