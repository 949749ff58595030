"""One review: what the system laid out, what people found, the steps, the report on paper."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger import policy
from tongchou.ledger.models import Passage
from tongchou.ledger.registry import stage_label
from tongchou.ledger.turns import area_names, page_of
from tongchou.ledger.views import timeline_context
from tongchou.records import audit
from tongchou.reviews import drawing, effects, rights, telling, wording
from tongchou.reviews.actions import opening, steps
from tongchou.reviews.acts import acts_at
from tongchou.reviews.forms.reviews import BeginForm, FindForm, JudgeForm, WhyForm
from tongchou.reviews.intervals import Measured
from tongchou.reviews.models import Finding, Review
from tongchou.reviews.queries import register, together
from tongchou.reviews.queries.laying_out import Layout, lay_out
from tongchou.reviews.views import common
from tongchou.shell import export
from tongchou.shell import views as shell
from tongchou.surveillance.acts import offers
from tongchou.surveillance.forms.signals import ActForm
from tongchou.surveillance.views import common as desks

#: Of many cases so many stand on the page; the file has them all.
SHOWN = 100


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    # By the key of the passage itself: a number that no key can be is then not found.
    passage = get_object_or_404(Passage, pk=pk)
    return redirect("reviews:review", get_object_or_404(Review, passage=passage).pk)


@login_required
@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    looking = common.at(request)
    found = common.review(looking, pk)
    return shell.page(request, "reviews/review.html", page(request, looking, found))


def page(
    request: HttpRequest, looking: common.Looking, found: Review, **refused: Any
) -> dict[str, Any]:
    """What the page of a review shows; `refused` has forms that were not filled in right."""
    book = policy.in_force(looking.now)
    writes = looking.may(rights.WRITE, found.area)
    open_ = found.passage.stage in ("opened", "analysed")
    context: dict[str, Any] = {
        "review": found,
        "looking": looking,
        "now": looking.now,
        "stage": stage_label("review", found.passage.stage),
        "leg": register.open_leg(found),
        "offers": offers(
            acts_at(found), found.passage, looking.scope, refused=refused.pop("act", None)
        ),
        "base": reverse("reviews:review", args=[found.pk]) + "act/",
        "lacking": steps.what_is_lacking(found) if open_ and writes else [],
        "may_write": writes and open_,
        "may_export": bool(looking.scope.roles & rights.EXPORT),
        "way": timeline_context(found.passage, request, looking.now),
        "whole": steps.is_whole(found) if found.accepted_at else None,
        "judge_form": JudgeForm(
            initial={"judgement": found.judgement, "version": found.version}, prefix="judge"
        ),
    }
    if found.case_id is not None:
        (layout,) = lay_out([found.case_id], book=book, now=looking.now)
        context |= _of_case(layout, looking)
        names = [step.name for step in (*layout.bottlenecks, *layout.enablers)]
    else:
        shown = together.of_review(found, book=book, now=looking.now)
        context |= _of_many(shown)
        names = [step.name for step in (*shown.bottlenecks, *shown.enablers)]
        names += [spread.interval.name for spread in shown.spreads if spread.n]
    choices = [(name, wording.step(name)) for name in dict.fromkeys(names)]
    context["find_form"] = FindForm(steps=choices, prefix="find")
    context["findings"] = [
        {
            "finding": finding,
            "why_form": WhyForm(initial={"after": finding.n_whys}, prefix=f"why-{finding.pk}"),
            "led": [effects.of(each) for each in finding.consequences.all()],
        }
        for finding in register.findings(found)
    ]
    return context | refused


def _of_case(layout: Layout, looking: common.Looking) -> dict[str, Any]:
    names = area_names(leg.area_path for leg in layout.legs)
    return {
        "layout": layout,
        "record": layout.record,
        "drawing": drawing.timeline(layout),
        "measured": [m for m in layout.measured if _said(m)],
        "unknown": [m for m in layout.measured if not _said(m)],
        "seven": [m for m in layout.measured if m.interval.name in ("detect", "notify", "respond")],
        "legs": [
            {
                "leg": leg,
                "words": wording.step(f"{leg.loop}.{leg.stage}"),
                "outcome": stage_label(leg.loop, leg.outcome) if leg.outcome else "",
                "area": names.get(leg.area_path, ""),
                "late": max(0, leg.late_by(looking.now)),
                "page": page_of(leg.loop, leg.passage),
            }
            for leg in layout.legs
        ],
        "causes": [(each, page_of(each.loop, each.passage)) for each in layout.record.causes],
        "met": [
            (met, wording.tier(met.tier), wording.way_met(met.way)) for met in layout.record.met
        ],
    }


def _said(m: Measured) -> bool:
    return m.taken_s is not None or m.waiting or m.backwards_s is not None


def _of_many(shown: together.Together) -> dict[str, Any]:
    boxes, ticks = drawing.boxes_of(shown.spreads)
    return {
        "together": shown,
        "boxes": boxes,
        "ticks": ticks,
        "box_height": drawing.TOP + len(boxes) * drawing.LANE + 16,
        "box_left": drawing.LEFT,
        "box_width": drawing.WIDTH,
        "cases": shown.layouts[:SHOWN],
        "n_more": max(0, shown.n - SHOWN),
        "n_unopened": shown.n
        - Review.objects.filter(case_id__in=[layout.record.pk for layout in shown.layouts]).count(),
    }


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    looking = common.at(request)
    found = common.review(looking, pk)

    def refused(form: ActForm) -> HttpResponse:
        context = page(request, looking, found, act=form)
        return shell.page(request, "reviews/review.html", context, status=422)

    return desks.act(
        request, acts_at(found), to, {"review": found}, looking.scope, looking.now,
        page=reverse("reviews:review", args=[pk]), refused=refused,
    )  # fmt: skip


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report (复盘报告): as it was accepted, or as it stands now."""
    looking = common.at(request)
    found = common.review(looking, pk)
    facts = found.facts or telling.told(found, now=looking.now)
    context = {
        "review": found,
        "facts": facts,
        "now": looking.now,
        "intervals": list(facts["intervals"].items()),
        "may_export": bool(looking.scope.roles & rights.EXPORT),
        "whole": steps.is_whole(found) if found.accepted_at else None,
    }
    return shell.page(request, "reviews/report.html", context)


@login_required
@require_safe
def earlier(request: HttpRequest, pk: int) -> HttpResponse:
    """What the visits would have found a day earlier; for those who may ask them."""
    from tongchou.reviews.queries.visits import earlier_by_visits

    looking = common.at(request)
    found = common.review(looking, pk)
    context = {"answer": earlier_by_visits(found, looking.user, now=looking.now)}
    return shell.page(request, "reviews/_earlier.html", context)


@login_required
@require_POST
def as_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The hand-offs of one positive, or the intervals of many, for a spreadsheet."""
    looking = common.at(request)
    found, want = common.review(looking, pk), export.wanted(request)
    common.exporting(looking)
    audit.record(
        verb="review.export", subject=f"review:{pk}", by=looking.user, now=looking.now,
        detail={"reason": want.reason, "format": want.format},
    )  # fmt: skip
    book = policy.in_force(looking.now)
    if found.case_id is not None:
        (layout,) = lay_out([found.case_id], book=book, now=looking.now)
        return export.respond(want, found.number, *_hand_offs(layout), now=looking.now)
    shown = together.of_review(found, book=book, now=looking.now)
    return export.respond(want, found.number, *_cases(shown), now=looking.now)


def _hand_offs(layout: Layout) -> tuple[list[Any], list[list[Any]]]:
    columns = [_("Loop"), _("Stage"), _("Owner"), _("Unit"), _("Opened"), _("Due"),
               pgettext("hand-off", "Done"), pgettext("hand-off", "Outcome"),
               _("Late by (hours)"), _("Clause")]  # fmt: skip
    rows = [
        [leg.loop, leg.stage, leg.owner, leg.unit, leg.opened_at, leg.due_at, leg.done_at,
         leg.outcome, round(max(0, leg.late_by(layout.at)) / 3600, 2), leg.clause]
        for leg in layout.legs
    ]  # fmt: skip
    return columns, rows


def _cases(shown: together.Together) -> tuple[list[Any], list[list[Any]]]:
    names = [spread.interval for spread in shown.spreads]
    columns = [_("Case"), _("Area"), _("How found"), _("Onset"), _("Reported"), _("Confirmed"),
               *(f"{each.label} ({_('days')})" for each in names)]  # fmt: skip
    rows = [
        [record.number, record.area, record.found_by, record.onset_on, record.reported_on,
         record.confirmed, *(None if m.days is None else round(m.days, 2) for m in one.measured)]
        for one in shown.layouts
        for record in (one.record,)
    ]  # fmt: skip
    return columns, rows


@login_required
@require_POST
def facts(request: HttpRequest, pk: int) -> HttpResponse:
    """The facts as JSON: what `tongchou review --json` prints; with a reason, as every export."""
    looking = common.at(request)
    found = common.review(looking, pk)
    common.exporting(looking)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:200]
    audit.record(
        verb="review.export", subject=f"review:{pk}", by=looking.user, now=looking.now,
        detail={"reason": reason, "format": "json"},
    )  # fmt: skip
    told = found.facts or telling.told(found, now=looking.now)
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """A review of a cluster or a campaign."""
    from tongchou.cases.forms import diseases

    looking = common.at(request)
    common.must_write(looking)
    form = BeginForm(
        request.POST or None,
        initial={"cluster": request.GET.get("cluster")},
        scope=looking.scope,
        diseases=diseases(policy.in_force(looking.now)),
        near=looking.near,
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return shell.page(request, "reviews/begin.html", {"form": form}, status=status)
    given = form.cleaned_data
    made = opening.begin(**given, by=looking.user, now=looking.now)
    return desks.told(request, reverse("reviews:review", args=[made.pk]), _("Begun."))


@login_required
@require_POST
def open_each(request: HttpRequest, pk: int) -> HttpResponse:
    """A review for every positive of this one that has none, such as those of a closed list."""
    looking = common.at(request)
    found = common.review(looking, pk)
    common.writing(looking, found)
    cases = list(together.cases_of(found).values_list("pk", flat=True))
    n = opening.open_many(cases=cases, by=looking.user, now=looking.now)
    text = _("%(n)d reviews opened.") % {"n": n}
    return desks.told(request, reverse("reviews:review", args=[pk]), text)


def finding_of(looking: common.Looking, pk: int) -> Finding:
    """A finding of a review that they may read."""
    found: Finding = get_object_or_404(
        Finding.objects.select_related(
            "review__passage", "review__area__successor", "review__case__passage"
        ),
        pk=pk,
        review__in=register.visible_to(looking.scope),
    )
    return found
