"""`tongchou user add NAME`: an account, and with --role and --area its first post."""

import argparse
import getpass
import os
import sys

from django.core.exceptions import ValidationError
from django.utils import timezone

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.staff import actions
from tongchou.staff.errors import StaffError
from tongchou.staff.models import Unit
from tongchou.staff.roles import Role


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the name to sign in with")
    parser.add_argument("--display-name", default="", help="the name that others see")
    parser.add_argument("--email", default="")
    parser.add_argument("--role", choices=Role.values, help="the role of the first post")
    parser.add_argument("--area", help="the area of the first post, by code or name")
    parser.add_argument("--unit", help="the unit of the first post; made if it is not there")


def run(options: argparse.Namespace) -> int:
    from django.contrib.auth.password_validation import validate_password

    migrate()
    now = timezone.now()
    area = _area(options) if options.role else None
    password = _password()
    try:
        validate_password(password)
        user = actions.add_user(
            username=options.name,
            display_name=options.display_name,
            email=options.email,
            password=password,
            by=None,
            now=now,
        )
        if area is not None:
            name = options.unit or str(Role(options.role).label)
            unit = Unit.objects.filter(name=name, area=area).first() or actions.add_unit(
                name=name, area=area, by=None, now=now
            )
            actions.assign_post(
                user=user, role=options.role, unit=unit, area=area,
                from_at=now, to_at=None, by=None, now=now,
            )  # fmt: skip
    except (StaffError, ValidationError) as error:
        reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
        raise Wrong(" ".join(reasons)) from error
    print(f"{user.username} may sign in" + (f" as {options.role} in {area}" if area else ""))
    return 0


def _area(options: argparse.Namespace) -> Area:
    if not options.area:
        raise Wrong("--role needs --area: a post is always for an area")
    try:
        return areas.find(options.area)
    except Area.DoesNotExist as error:
        raise Wrong(str(error)) from error


def _password() -> str:
    """From the terminal twice, or from standard input or TONGCHOU_PASSWORD where there is none."""
    if given := os.environ.get("TONGCHOU_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise Wrong("the two passwords differ")
    return first
