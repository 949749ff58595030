"""The desk: what waits, what lags, clusters nobody has reviewed, and the newest lessons."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger.registry import stage_label
from tongchou.records import audit
from tongchou.reviews import rights, wording
from tongchou.reviews.forms.reviews import FilterForm
from tongchou.reviews.models import Review
from tongchou.reviews.queries import lessons, register
from tongchou.reviews.templatetags.reviews import cause_words
from tongchou.reviews.views import common
from tongchou.shell import export, paging
from tongchou.shell import views as shell

#: Lines of each list on the desk; the lists have them all.
SHORT = 12


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    mine, now = looking.scope, looking.now
    context = {
        "looking": looking,
        "now": now,
        "figures": [
            (figure, stage_label("review", figure.stage))
            for figure in register.by_stage(mine, now=now)
        ],
        "rows": lines(register.most_urgent(mine, SHORT)),
        "unreviewed": register.clusters_without(mine)[:SHORT],
        "causes": register.by_cause(mine, register.Wanted(), now=now)[:6],
        "lessons": lessons.listed(mine)[:6],
    }
    return shell.page(request, "reviews/desk.html", context, fragment="reviews/_desk.html")


@login_required
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    looking = common.at(request)
    form = FilterForm(request.GET, near=looking.near)
    order = register.ORDERS.get(request.GET.get("sort", ""), register.ORDERS["-opened"])
    rows = register.listed(looking.scope, form.wanted, now=looking.now)
    page = paging.keyset(rows, order=order, query=request.GET)
    context = {
        "looking": looking,
        "now": looking.now,
        "form": form,
        "page": page,
        "rows": lines(register.dress(page.rows)),
        "may_export": bool(looking.scope.roles & rights.EXPORT),
    }
    return shell.page(request, "reviews/reviews.html", context, fragment="reviews/_reviews.html")


def lines(rows: list[Review]) -> list[dict[str, Any]]:
    """Reviews as the lists show them, with the name of their stage and of what they are."""
    return [
        {
            "review": row,
            "stage": stage_label("review", row.passage.stage),
            "due_at": getattr(row, "due_at", None),
            "n_findings": getattr(row, "n_findings", 0),
        }
        for row in rows
    ]


@login_required
@require_POST
def export_reviews(request: HttpRequest) -> HttpResponseBase:
    looking = common.at(request)
    common.exporting(looking)
    form, want = FilterForm(request.POST, near=looking.near), export.wanted(request)
    rows = register.listed(looking.scope, form.wanted, now=looking.now)
    found = list(register.dressed(rows).order_by("id").prefetch_related("findings"))
    detail = {"rows": len(found), "reason": want.reason}
    audit.record(
        verb="review.export", subject="reviews", by=looking.user, now=looking.now, detail=detail
    )
    columns = [_("Number"), _("Of what"), _("Case or title"), _("Disease"), _("Area"), _("Code"),
               _("Opened"), _("Stage"), _("Due"), _("Findings"), _("Causes"),
               _("Delay in hours"), _("Accepted"), _("Judgement")]  # fmt: skip
    return export.respond(want, "reviews", columns, map(_cells, found), now=looking.now)


def _cells(row: Review) -> list[Any]:
    standing = [each for each in row.findings.all() if each.withdrawn_at is None]
    delay = [each.delay_s for each in standing if each.delay_s is not None]
    return [
        row.number, row.get_kind_display(), row.case.number if row.case else row.title,
        row.disease, row.area.name, row.area_id, row.opened_at,
        stage_label("review", row.passage.stage), getattr(row, "due_at", None), len(standing),
        "; ".join(str(cause_words(each.cause)) for each in standing if each.cause),
        round(sum(delay) / 3600, 1) if delay else None, row.accepted_at, row.judgement,
    ]  # fmt: skip


@login_required
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Which cause delays most, and where; and which hand-off, by the ledger alone."""
    looking = common.at(request)
    form = FilterForm(request.GET, near=looking.near)
    wanted, mine, now = form.wanted, looking.scope, looking.now
    context = {
        "looking": looking,
        "now": now,
        "form": form,
        "causes": register.by_cause(mine, wanted, now=now),
        "by_cause": register.cause_and_place(mine, wanted, now=now),
        "by_stage": register.stage_and_place(mine, wanted, now=now),
        "may_export": bool(mine.roles & rights.EXPORT),
    }
    return shell.page(request, "reviews/statistics.html", context)


@login_required
@require_POST
def export_statistics(request: HttpRequest) -> HttpResponseBase:
    looking = common.at(request)
    common.exporting(looking)
    form, want = FilterForm(request.POST, near=looking.near), export.wanted(request)
    mine, now = looking.scope, looking.now
    tables = (
        (_("cause"), register.cause_and_place(mine, form.wanted, now=now), cause_words),
        (_("hand-off"), register.stage_and_place(mine, form.wanted, now=now), wording.step),
    )
    audit.record(
        verb="review.export", subject="review statistics", by=looking.user, now=now,
        detail={"reason": want.reason},
    )  # fmt: skip
    rows = [
        [kind, area.name, area.pk, str(words(column)), round(value / 3600, 1)]
        for kind, table, words in tables
        for area, values in table.rows
        for column, value in zip(table.columns, values, strict=True)
        if value
    ]
    columns = [pgettext("statistics", "By"), _("Area"), _("Code"), pgettext("statistics", "What"),
               _("Delay in hours")]  # fmt: skip
    return export.respond(want, "delays", columns, rows, now=now)
