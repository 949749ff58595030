"""The only writers of users, units and posts."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.records import audit
from tongchou.staff.errors import StaffError
from tongchou.staff.models import Post, Unit, User

_MOMENT = timedelta(seconds=1)


#: How the audit names what no user did (`records.audit.actor`); no person may be called so.
SYSTEM = "system"


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
    if username == SYSTEM or User.objects.filter(username=username).exists():
        raise StaffError(_("There is a user “%s” already; choose another name.") % username)
    user = User(username=username, display_name=display_name, email=email, phone=phone)
    user.set_password(password)
    user.save()
    audit.record(verb="staff.add_user", subject=f"user:{user.pk}", by=by, now=now)
    return user


@transaction.atomic
def system(*, now: datetime) -> User:
    """The account in whose name the house itself signs what nobody did by hand.

    An import of counts from the command line ends the silence of a sentinel. The audit calls that
    hand "system" too. Nobody can sign in with it: it is blocked and has no password.
    """
    known = User.objects.filter(username=SYSTEM).first()
    if known is not None:
        return known
    user = User(username=SYSTEM, display_name="系统", is_active=False)
    user.set_unusable_password()
    user.save()
    audit.record(verb="staff.add_user", subject=f"user:{user.pk}", by=None, now=now)
    return user


@transaction.atomic
def update_user(
    *, user: User, display_name: str, email: str, phone: str, by: User | None, now: datetime
) -> None:
    """Change how a user is called and reached. The name to sign in with stays: the audit has it."""
    user.display_name, user.email, user.phone = display_name, email, phone
    user.save(update_fields=["display_name", "email", "phone"])
    audit.record(verb="staff.update_user", subject=f"user:{user.pk}", by=by, now=now)


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None, now: datetime) -> None:
    """Give a user a new password; every session with the old one ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(verb="staff.set_password", subject=f"user:{user.pk}", by=by, now=now)


@transaction.atomic
def block_user(*, user: User, by: User | None, now: datetime) -> None:
    """Shut a user out at once. The posts stay in the record and count for nobody meanwhile."""
    if by is not None and by.pk == user.pk:
        raise StaffError(_("You cannot block yourself; ask somebody else to."))
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise StaffError(_("%s is blocked already.") % user)
    user.is_active = False
    audit.record(verb="staff.block_user", subject=f"user:{user.pk}", by=by, now=now)


@transaction.atomic
def unblock_user(*, user: User, by: User | None, now: datetime) -> None:
    """Let a blocked user sign in again."""
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise StaffError(_("%s is not blocked.") % user)
    user.is_active = True
    audit.record(verb="staff.unblock_user", subject=f"user:{user.pk}", by=by, now=now)


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
def update_unit(
    *,
    unit: Unit,
    name: str,
    area: Area,
    by: User | None,
    now: datetime,
    parent: Unit | None = None,
    phone: str = "",
) -> Unit:
    """Change a unit. Its posts and what it holds stay with it."""
    above = parent
    while above is not None:
        if above.pk == unit.pk:
            raise StaffError(_("A unit cannot be part of itself; choose another."))
        above = above.parent
    unit.name, unit.area, unit.parent, unit.phone = name, area, parent, phone
    try:
        with transaction.atomic():
            unit.save(update_fields=["name", "area", "parent", "phone"])
    except IntegrityError:
        raise StaffError(
            _("%(area)s has a unit “%(name)s” already.") % {"area": area, "name": name}
        ) from None
    audit.record(verb="staff.update_unit", subject=f"unit:{unit.pk}", by=by, now=now)
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
    # Two stewards who assign the same user at once come one after the other.
    User.objects.select_for_update().get(pk=user.pk)
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
