"""The only writers of users, units and posts."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.staff.errors import StaffError
from tongchou.staff.models import Post, Unit, User

_MOMENT = timedelta(seconds=1)


@transaction.atomic
def add_user(
    *,
    username: str,
    display_name: str,
    password: str | None,
    by: User | None,
    now: datetime,
    email: str = "",
    phone: str = "",
) -> User:
    """Make an account. Without a password it can sign in by single sign-on only."""
    if User.objects.filter(username=username).exists():
        raise StaffError(_("There is a user “%s” already; choose another name.") % username)
    user = User(username=username, display_name=display_name, email=email, phone=phone)
    user.set_password(password)
    user.save()
    audit.record(verb="staff.add_user", subject=f"user:{user.pk}", by=by, now=now)
    return user


@transaction.atomic
def add_unit(
    *,
    name: str,
    area: Area,
    by: User | None,
    now: datetime,
    parent: Unit | None = None,
    phone: str = "",
) -> Unit:
    """Make a unit; its name is used once in an area."""
    try:
        with transaction.atomic():
            unit = Unit.objects.create(name=name, area=area, parent=parent, phone=phone)
    except IntegrityError:
        raise StaffError(
            _("%(area)s has a unit “%(name)s” already.") % {"area": area, "name": name}
        ) from None
    audit.record(verb="staff.add_unit", subject=f"unit:{unit.pk}", by=by, now=now)
    return unit


@transaction.atomic
def assign_post(
    *,
    user: User,
    role: str,
    unit: Unit,
    area: Area,
    from_at: datetime,
    to_at: datetime | None,
    by: User | None,
    now: datetime,
) -> Post:
    """Put a user on post. The same post is not filled twice by the same user at the same time."""
    if to_at is not None and to_at <= from_at:
        raise StaffError(_("The post ends before it begins; mend one of the two times."))
    same = Post.objects.filter(user=user, role=role, unit=unit, area=area)
    if any(_overlaps(post, from_at, to_at) for post in same):
        raise StaffError(
            _("%(user)s fills this post already for a part of that time; end it first.")
            % {"user": user}
        )
    post = Post.objects.create(
        user=user, role=role, unit=unit, area=area, level=area.level, from_at=from_at, to_at=to_at
    )
    audit.record(
        verb="staff.assign_post",
        subject=f"post:{post.pk}",
        by=by,
        now=now,
        detail={"user": user.pk, "role": role, "unit": unit.pk, "area": area.pk},
    )
    return post


@transaction.atomic
def end_post(*, post: Post, by: User | None, now: datetime) -> None:
    """Take a user off post from now on. A post that has not begun is ended before it does."""
    ended = Post.objects.filter(pk=post.pk).exclude(to_at__lte=now)
    if not ended.update(to_at=max(now, post.from_at + _MOMENT)):
        raise StaffError(_("This post has ended already."))
    audit.record(verb="staff.end_post", subject=f"post:{post.pk}", by=by, now=now)


def _overlaps(post: Post, from_at: datetime, to_at: datetime | None) -> bool:
    return (to_at is None or post.from_at < to_at) and (post.to_at is None or from_at < post.to_at)
