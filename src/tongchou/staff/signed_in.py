"""Who is asking: the user behind a request that `login_required` let through."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tongchou.staff.models import User


def me(request: HttpRequest) -> User:
    """The signed-in user; refuses everybody else, should a view forget to."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
