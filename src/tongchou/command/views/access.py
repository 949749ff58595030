"""Who looks, and at which area: every page of this desk begins here."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.command import queries
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, scope_of
from tongchou.staff.roles import Role


@dataclass(frozen=True)
class Looking:
    """A signed-in user with their scope, at one area of it."""

    user: User
    scope: Scope
    area: Area
    now: datetime

    @property
    def commands(self) -> bool:
        return self.scope.may(Role.COMMANDER, self.area.path)


def at(request: HttpRequest, code: str = "") -> Looking:
    """The area of the address, or the user's own; refused where it is outside their posts."""
    now = timezone.now()
    user = request.user
    assert isinstance(user, User)
    scope = scope_of(user, now=now)
    area = Area.objects.filter(pk=code).first() if code else queries.home_of(scope)
    if area is None and code:
        raise Http404(_("There is no area with this code."))
    if area is None or not scope.sees(area.path):
        raise PermissionDenied(_("This is outside the areas you answer for."))
    return Looking(user, scope, area, now)


def need(request: HttpRequest, *roles: Role) -> Looking:
    """As `at`, for pages that only some roles may open."""
    looking = at(request)
    if not set(roles) & set(looking.scope.roles):
        raise PermissionDenied(_("Your post does not open this page."))
    return looking
