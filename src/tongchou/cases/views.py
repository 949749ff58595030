"""The list of cases, reporting one, its page, and everything that is done on it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.cases import (
    actions,
    documents,
    exporting,
    fields,
    forms,
    graphs,
    grouping,
    linking,
    pages,
    panels,
    queries,
    rights,
)
from tongchou.cases.acts import ACTS, offers, perform, seen
from tongchou.cases.models import Case, Document
from tongchou.cases.reporting import report_somebody
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.ledger.views import timeline_context
from tongchou.people.errors import PeopleError
from tongchou.people.models import Person
from tongchou.people.queries import visible as visible_people
from tongchou.shell import charts, export, paging
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of


@login_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = scope_of(_user(request), now=now)
    form = _filter_form(request.GET, scope, now)
    page = pages.cut(scope, form.wanted, query=request.GET, now=now)
    context = {
        "form": form,
        "page": page,
        "rows": pages.rows(queries.dress(page.rows)),
        "now": now,
        "may_report": bool(scope.roles & rights.REPORT),
        "may_export": bool(scope.roles & rights.EXPORT),
    }
    return shell.page(request, "cases/list.html", context, fragment="cases/_list.html")


@login_required
@require_POST
def export_cases(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    scope = scope_of(_user(request), now=now)
    if not scope.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export cases."))
    form = _filter_form(request.POST, scope, now)
    want = export.wanted(request)
    rows = exporting.rows(scope, form.wanted, by=_user(request), reason=want.reason, now=now)
    return export.respond(want, "cases", exporting.columns(), rows, now=now)


@login_required
@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Suggestions for a field in which an area is typed."""
    text = next(iter(request.GET.values()), "")
    found = fields.suggestions(str(text)) if len(str(text)) > 0 else []
    return shell.page(request, "cases/_areas.html", {"areas": found})


@never_cache
@login_required
def report(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = scope_of(_user(request), now=now)
    if not scope.roles & rights.REPORT:
        raise PermissionDenied(_("Your post does not report cases."))
    person = _person(request, scope)
    form = forms.ReportForm(
        request.POST or None,
        book=policy.in_force(now),
        today=actions.day(now),
        near=fields.city_of(scope.paths),
        person=person,
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and (case := _reported(request, form, scope, now))
    ):
        messages.success(request, _("Reported: %(number)s.") % {"number": case.number})
        here = queries.visible_to(scope).filter(pk=case.pk).exists()
        to = reverse("cases:case", args=[case.pk]) if here else reverse("cases:list")
        return shell.go(request, to)
    status = 422 if form.errors else 200
    return shell.page(request, "cases/report.html", {"form": form, "person": person}, status=status)


@login_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    return shell.page(request, "cases/case.html", _page(request, found, scope, now))


@login_required
@require_safe
def by_passage(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("cases:case", get_object_or_404(Case, passage=pk).pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    if to not in ACTS:
        raise Http404
    form = ACTS[to].form(request.POST, case=found, today=actions.day(now), prefix=to)
    if not form.is_valid():
        context = _page(request, found, scope, now, refused=form)
        return shell.page(request, "cases/case.html", context, status=422)
    try:
        if found.passage is not None:
            seen(found.passage, form.cleaned_data["leg"])
            if not queries.may_sign(scope, found.passage, to):
                raise PermissionDenied(_("Your post does not sign this hand-over."))
        perform(ACTS[to], found, form.cleaned_data, by=_user(request), now=now)
    except LedgerError as refusal:
        return _told(request, found, str(refusal), good=False)
    return _told(request, found, ACTS[to].done)


@login_required
@require_POST
def classify(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.CLASSIFY, found)
    form = forms.ClassifyForm(request.POST, prefix="classify")
    if not form.is_valid():
        context = _page(request, found, scope, now) | {"classify_form": form}
        return shell.page(request, "cases/case.html", context, status=422)
    found.classification = form.cleaned_data.pop("seen")
    return _try(
        request,
        found,
        lambda: actions.classify(case=found, by=_user(request), now=now, **form.cleaned_data),
        _("Classified."),
    )


@never_cache
@login_required
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.CORRECT, found)
    book = policy.in_force(now)
    form = forms.FactsForm(request.POST or None, instance=found, book=book, today=actions.day(now))
    if request.method == "POST" and form.is_valid():
        found.version = form.cleaned_data["version"]
        try:
            actions.update_facts(case=found, changes=form.changes, by=_user(request), now=now)
        except LedgerError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected."))
            return shell.go(request, reverse("cases:case", args=[pk]))
    status = 422 if form.errors else 200
    return shell.page(request, "cases/correct.html", {"case": found, "form": form}, status=status)


@login_required
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.MOVE, found)
    form = forms.MoveForm(request.POST, prefix="move")
    if not form.is_valid():
        context = _page(request, found, scope, now) | {"move_form": form}
        return shell.page(request, "cases/case.html", context, status=422)
    typed = form.cleaned_data

    def hand_on() -> None:
        if found.passage is not None:
            seen(found.passage, typed["leg"])
        actions.move(case=found, area=typed["area"], by=_user(request), now=now, note=typed["note"])

    return _try(request, found, hand_on, _("Handed to the other area. You keep sight of it."))


@login_required
@require_POST
def cluster(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.LINK, found)
    form = forms.ClusterForm(request.POST, clusters=queries.clusters(scope), prefix="cluster")
    if not form.is_valid():
        return _told(request, found, " ".join(str(e) for e in form.errors.values()), good=False)
    typed = form.cleaned_data

    def group() -> None:
        if typed["name"]:
            grouping.found(
                name=typed["name"],
                area=found.area,
                found_on=actions.day(now),
                cases=[found],
                by=_user(request),
                now=now,
            )
        elif typed["cluster"]:
            grouping.join(cluster=typed["cluster"], case=found, by=_user(request), now=now)
        else:
            grouping.leave(case=found, by=_user(request), now=now)

    return _try(request, found, group, _("Stored."))


@login_required
@require_safe
def clusters(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    scope = scope_of(_user(request), now=now)
    page = paging.numbered(pages.clusters(scope), query=request.GET)
    return shell.page(request, "cases/clusters.html", {"page": page, "now": now})


@login_required
@require_POST
def close_cluster(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    scope = scope_of(_user(request), now=now)
    group = get_object_or_404(queries.clusters(scope).select_related("area"), pk=pk)
    if not scope.may(rights.LINK, group.area.path):
        raise PermissionDenied(_("Your post does not close clusters here."))
    try:
        grouping.close(cluster=group, on=actions.day(now), by=_user(request), now=now)
        messages.success(request, _("Closed."))
    except LedgerError as refusal:
        messages.error(request, str(refusal))
    return shell.go(request, reverse("cases:clusters"))


@login_required
@require_safe
def graph(request: HttpRequest, pk: int) -> HttpResponse:
    """Who met whom around a case, as a picture with its table."""
    found, _scope = _visible(request, pk, timezone.now())
    drawn = graphs.around(found)
    item = charts.network(
        list(drawn.nodes.values()),
        drawn.edges,
        kinds=graphs.kinds(),
        layout="days",
        what=_("Contacts and possible infections around %(number)s") % {"number": found.number},
    )
    context = {"case": found, "chart": item, "graph": drawn}
    return shell.page(request, "cases/graph.html", context, fragment="cases/_graph.html")


@login_required
def chains(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may have infected the case, and whom it may have infected; POST weighs anew."""
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    may_weigh = scope.may(rights.LINK, found.area_path)
    context: dict[str, Any] = {"case": found, "now": now, "may_weigh": may_weigh}
    if request.method == "POST":
        _need(scope, rights.LINK, found)
        try:
            linking.estimate(infectee=found, by=_user(request), now=now)
        except LedgerError as refusal:
            context["refusal"] = str(refusal)
    context |= pages.chains(found) | {"links": panels.from_chains(found.pk)}
    return shell.page(request, "cases/chains.html", context, fragment="cases/_chains.html")


@login_required
@require_POST
def add_document(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.DOCUMENTS, found)
    form = forms.DocumentForm(request.POST, request.FILES, prefix="document")
    if not form.is_valid():
        return _told(request, found, _("Choose a file and its kind."), good=False)
    file = form.cleaned_data["file"]
    # One byte more than is taken, so that too large a file is refused and never read as a whole.
    content = file.read(documents.MAX_BYTES + 1)
    return _try(
        request,
        found,
        lambda: documents.add(
            case=found,
            kind=form.cleaned_data["kind"],
            content=content,
            by=_user(request),
            now=now,
        ),
        _("Document added."),
    )


@never_cache
@login_required
@require_safe
def read_document(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    now = timezone.now()
    found, scope = _visible(request, pk, now)
    _need(scope, rights.DOCUMENTS, found)
    wanted = get_object_or_404(Document.objects.select_related("case"), pk=document, case=found)
    try:
        content = documents.read(document=wanted, by=_user(request), now=now)
    except LedgerError as refusal:
        return _told(request, found, str(refusal), good=False)
    name = documents.file_name(wanted)
    return HttpResponse(
        content,
        content_type=wanted.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


# --- what the views share ----------------------------------------------------------------------


def _visible(request: HttpRequest, pk: int, now: datetime) -> tuple[Case, Scope]:
    scope = scope_of(_user(request), now=now)
    found = get_object_or_404(
        queries.visible_to(scope).select_related(
            "person", "area", "passage__caused_by", "cluster", "reporter"
        ),
        pk=pk,
    )
    return found, scope


def _need(scope: Scope, roles: frozenset[Any], case: Case) -> None:
    if not scope.may(roles, case.area_path):
        raise PermissionDenied(_("Your post does not do this in the area of this case."))


def _filter_form(query: Any, scope: Scope, now: datetime) -> forms.FilterForm:
    near = fields.city_of(scope.paths)
    return forms.FilterForm(query, book=policy.in_force(now), near=near)


def _person(request: HttpRequest, scope: Scope) -> Person | None:
    """The person a case is reported of, where a desk came from their page."""
    key = request.GET.get("person", "")
    return get_object_or_404(visible_people(scope), pk=key) if key else None


def _reported(
    request: HttpRequest, form: forms.ReportForm, scope: Scope, now: datetime
) -> Case | None:
    """The new case; None with the reason in the form where it is refused."""
    try:
        return report_somebody(
            who=form.person or form.details,
            area=form.cleaned_data["area"],
            facts=form.facts,
            by=_user(request),
            scope=scope,
            now=now,
        )
    except (LedgerError, PeopleError) as refusal:
        form.add_error(None, str(refusal))
        return None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _page(
    request: HttpRequest,
    found: Case,
    scope: Scope,
    now: datetime,
    refused: forms.ActForm | None = None,
) -> dict[str, Any]:
    timeline = timeline_context(found.passage, request, now) if found.passage else None
    if timeline:
        # A case that spread has hundreds of contacts; they have a panel of their own.
        timeline["effects"] = [e for e in timeline["effects"] if e[0].loop != "contact"][:20]
    return pages.page(found, scope, now=now) | {
        "case": found,
        "now": now,
        "offers": offers(found, scope, today=actions.day(now), refused=refused),
        "panels": panels.of(found.pk),
        "timeline": timeline,
    }


def _try(request: HttpRequest, found: Case, do: Any, done: Any) -> HttpResponse:
    try:
        do()
    except LedgerError as refusal:
        return _told(request, found, str(refusal), good=False)
    return _told(request, found, done)


def _told(request: HttpRequest, found: Case, text: Any, *, good: bool = True) -> HttpResponse:
    messages.add_message(request, messages.SUCCESS if good else messages.ERROR, str(text))
    return shell.go(request, reverse("cases:case", args=[found.pk]))
