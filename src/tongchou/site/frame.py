"""What the frame around every page shows: the user's area, its tempo, how much waits for them."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.ledger import policy, signatures, turns
from tongchou.shell.frame import Frame
from tongchou.staff.models import Post, User
from tongchou.staff.queries import Scope, on_post, scope_of


def of(request: HttpRequest) -> Frame:
    """The frame for whoever is signed in; an empty one for everybody else."""
    user = request.user
    if not user.is_authenticated:
        return Frame(roles=frozenset())
    now = timezone.now()
    scope = scope_of(user, now=now)
    post: Post | None = (
        on_post(now)
        .filter(user=user)
        .select_related("unit", "area")
        .order_by("level", "id")
        .first()
    )
    area: Area | None = post.area if post else None
    return Frame(
        area_code=area.code if area else "",
        area_name=str(area or ""),
        tempo=area.tempo if area else "",
        roles=scope.roles,
        my_turn_count=_waiting(user, scope, now) if scope.posts else None,
        data_at=now,
        playbook=policy.in_force(now).id,
        user_label=str(user),
        user_note=f"{post.get_role_display()} · {post.unit}" if post else "",
    )


def _waiting(user: User, scope: Scope, now: datetime) -> int:
    return turns.n_waiting(scope) + len(signatures.awaited(user, scope, now=now))
