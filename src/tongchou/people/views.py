"""Looking people up, their page, the audited reveal, duplicates, and who looked at whom."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongchou.ledger import turns
from tongchou.people import actions, queries
from tongchou.people.disclosing import Revealed
from tongchou.people.duplicates import duplicates as find_duplicates
from tongchou.people.errors import PeopleError
from tongchou.people.forms import CorrectionForm, LookUpForm, PurposeForm
from tongchou.people.models import Merge, Person
from tongchou.people.purposes import MERGERS, Purpose, purposes_of
from tongchou.shell import views as shell
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.staff.roles import Role


@never_cache
@login_required
def look_up(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    purposes = purposes_of(scope_of(request.user, now=now).roles)
    if not purposes:
        raise PermissionDenied(_("Your post does not look people up."))
    form = LookUpForm(request.POST or None, purposes=purposes)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["found"] = actions.look_up(by=_user(request), now=now, **form.cleaned_data)
        except PeopleError as refusal:
            form.add_error(None, str(refusal))
    return shell.page(request, "people/look_up.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def person(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    subject, scope = _visible(request, key)
    if subject.merged_into_id:
        return redirect("people:person", queries.canonical(subject.key))
    return shell.page(request, "people/person.html", _page(subject, scope, now=now))


@never_cache
@login_required
@require_POST
def reveal(request: HttpRequest, key: str) -> HttpResponse:
    """The person page with the identity on it, this once: it is in no cache and no history."""
    now = timezone.now()
    subject, scope = _visible(request, key)
    form = PurposeForm(request.POST, purposes=purposes_of(scope.roles))
    if not form.is_valid():
        return shell.page(
            request, "people/person.html", _page(subject, scope, now=now, form=form), status=422
        )
    try:
        shown = actions.reveal(
            person=subject, by=_user(request), purpose=form.cleaned_data["purpose"], now=now
        )
    except PeopleError as refusal:
        form.add_error(None, str(refusal))
        return shell.page(
            request, "people/person.html", _page(subject, scope, now=now, form=form), status=403
        )
    return shell.page(request, "people/person.html", _page(subject, scope, now=now, revealed=shown))


@never_cache
@login_required
def correct(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    subject, scope = _visible(request, key)
    if Purpose.CORRECTION not in purposes_of(scope.roles):
        raise PermissionDenied(_("Your post does not correct records."))
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.update_identity(
                person=subject, by=_user(request), now=now, **form.changes
            )
        except PeopleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected.") if changed else _("It said so already."))
            return shell.go(request, reverse("people:person", args=[subject.key]))
    return shell.page(
        request,
        "people/correct.html",
        {"person": subject, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    scope = _scope_with(request, MERGERS)
    merges = Merge.objects.select_related("keep__area", "other__area", "merged_by", "undone_by")
    seen = queries.visible(scope)
    context = {
        "pairs": find_duplicates(scope),
        "merges": merges.filter(keep__in=seen, other__in=seen)[:30],
    }
    return shell.page(request, "people/duplicates.html", context)


@login_required
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """One pair: `merge` (keep and other), or `apart`."""
    now = timezone.now()
    keep, _scope = _visible(request, request.POST.get("keep", ""))
    other, _scope = _visible(request, request.POST.get("other", ""))
    if request.POST.get("verdict") == "merge":
        reasons = request.POST.get("reasons", "")
        act: partial[Any] = partial(actions.merge, keep=keep, other=other, reasons=reasons)
        words = _("Merged. You can undo it below at any time.")
    else:
        act = partial(actions.keep_apart, one=keep, two=other)
        words = _("Noted: two people. They will not be proposed again.")
    return _done(request, act, words, now)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    merged = get_object_or_404(Merge.objects.select_related("keep", "other"), pk=pk)
    words = _("Undone. Both records are again what they were.")
    return _done(request, partial(actions.unmerge, merged=merged), words, timezone.now())


@login_required
@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """Who saw how many identities, for those who watch over it."""
    now = timezone.now()
    scope = _scope_with(request, (Role.STEWARD,))
    days = 7 if request.GET.get("days") == "7" else 1
    rows = queries.disclosed_by_user(scope, since=now - timedelta(days=days))
    context = {"rows": rows, "days": days, "flag_at": actions.flag_at(), "now": now}
    return shell.page(request, "people/disclosures.html", context)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # every page here asks for a sign-in
    return request.user


def _visible(request: HttpRequest, key: str) -> tuple[Person, Scope]:
    scope = scope_of(request.user, now=timezone.now())
    people = queries.visible(scope).select_related("area", "household")
    return get_object_or_404(people, key=key.replace("-", "").upper()), scope


def _scope_with(request: HttpRequest, roles: tuple[Role, ...]) -> Scope:
    scope = scope_of(request.user, now=timezone.now())
    if not scope.roles & set(roles):
        raise PermissionDenied(_("This page is for the data steward."))
    return scope


def _page(
    subject: Person,
    scope: Scope,
    *,
    now: datetime,
    form: PurposeForm | None = None,
    revealed: Revealed | None = None,
) -> dict[str, Any]:
    page = queries.dossier(subject)
    purposes = purposes_of(scope.roles)
    return {
        "person": subject,
        "page": page,
        "turns": turns.rows(page.legs, scope),
        "may_correct": Purpose.CORRECTION in purposes,
        "form": form or (PurposeForm(purposes=purposes) if purposes else None),
        "revealed": revealed,
        "purpose_label": Purpose(revealed.purpose).label if revealed else "",
        "age": now.year - subject.birth_year if subject.birth_year else None,
    }


def _done(request: HttpRequest, act: Any, words: str, now: datetime) -> HttpResponse:
    try:
        act(by=_user(request), now=now)
    except PeopleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return shell.go(request, reverse("people:duplicates"))
