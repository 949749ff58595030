"""What the views of this desk share: who is asking, and which reviews they may read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.cases.fields import city_of
from tongchou.command.errors import CommandRefused
from tongchou.ledger.errors import LedgerError
from tongchou.playbook import PlaybookError
from tongchou.reviews import rights
from tongchou.reviews.models import Review
from tongchou.reviews.queries import register
from tongchou.staff import reach
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.surveillance.views.common import told

#: What an act may be refused with.
REFUSALS = (LedgerError, CommandRefused, PlaybookError)


@dataclass(frozen=True)
class Looking:
    """Somebody at this desk: `scope` has only the posts that may read reviews."""

    user: User
    scope: Scope
    now: datetime

    def may(self, roles: frozenset[Any], area: Area) -> bool:
        """Whether they have one of the roles for the area, or where it was merged into."""
        return reach.covers(self.scope, roles, area)

    @property
    def writes(self) -> bool:
        return bool(self.scope.roles & rights.WRITE)

    @property
    def near(self) -> str:
        return city_of(self.scope.paths)


def at(request: HttpRequest) -> Looking:
    """Who looks, and when.

    Raises
    ------
    PermissionDenied
        Where none of their posts reads reviews.
    """
    now = timezone.now()
    assert isinstance(request.user, User)
    every = scope_of(request.user, now=now)
    posts = tuple(post for post in every.posts if post[0] in rights.SEE | rights.EXPORT)
    if not posts:
        raise PermissionDenied(_("Your post does not read reviews."))
    return Looking(request.user, _with_merged(Scope(posts, every.at)), now)


def _with_merged(scope: Scope) -> Scope:
    """The same posts, also for the areas that were merged into theirs: their reviews go on."""
    merged = Area.objects.filter(scope.q("successor__path"), successor__isnull=False)
    also = tuple(
        (role, path, unit)
        for path, into in merged.values_list("path", "successor__path")
        for role, top, unit in scope.posts
        if into.startswith(top) and not path.startswith(top)
    )
    return Scope((*scope.posts, *also), scope.at)


def review(looking: Looking, pk: int) -> Review:
    """A review that they may read, with what its page needs."""
    rows = register.visible_to(looking.scope).select_related(
        "area__successor", "passage__caused_by", "case__passage", "case__person", "cluster"
    )
    found: Review = get_object_or_404(rows, pk=pk)
    return found


def writing(looking: Looking, found: Review) -> None:
    """Refuse who does not write reviews here."""
    if not looking.may(rights.WRITE, found.area):
        raise PermissionDenied(_("Only the CDC of the area writes its reviews."))


def must_write(looking: Looking) -> None:
    """Refuse who writes no reviews anywhere."""
    if not looking.writes:
        raise PermissionDenied(_("Only the CDC of the area writes its reviews."))


def exporting(looking: Looking) -> None:
    """Refuse who may not carry reviews off."""
    if not looking.scope.roles & rights.EXPORT:
        raise PermissionDenied(_("Your post does not export reviews."))


def attempt(request: HttpRequest, to: str, do: Callable[[], object], done: Any) -> HttpResponse:
    """Do it and say so; or say why not. Nothing is half done."""
    try:
        do()
    except REFUSALS as refusal:
        return told(request, to, refusal, good=False)
    return told(request, to, done)


def language() -> str:
    return get_language() or "en"
