"""`tongchou demo`: a city that does not exist, in the third week of an outbreak, served at once.

The city is built once per data folder and kept: what you do in it stays. `--fresh` builds it anew.
"""

import argparse
import gc
import shutil
import sys
import time
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.site.options import DEMO_PASSWORD as PASSWORD
from tongchou.site.serve import free_port, serve


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=int, default=8000, help="port on this machine (default 8000)"
    )
    parser.add_argument(
        "--people", type=int, default=200_000, metavar="N", help="residents of the demo city"
    )
    parser.add_argument("--fresh", action="store_true", help="build the city anew")
    parser.add_argument("--build-only", action="store_true", help="build it and do not serve")


def run(options: argparse.Namespace) -> int:
    from tongchou.areas.models import Area
    from tongchou.site.demo import (
        later,
        lists,
        orders,
        plans,
        reports,
        reviews,
        routine,
        sentinels,
        supervision,
        visits,
    )

    if options.people < 1000:
        raise Wrong("--people: a city needs a thousand residents at least")
    port = free_port("127.0.0.1", options.port)
    if options.fresh:
        _clear()
    migrate()
    if not Area.objects.exists():
        build(options.people)
    elif not Area.objects.filter(pk="990100").exists():
        raise Wrong(
            f"{settings.DATA} holds another city. Choose an empty folder with --data DIR, "
            "or serve that one with `tongchou serve`"
        )
    if options.build_only:
        return 0
    welcome(port)
    later.in_background(
        (
            later.Part("visits", visits.missing, visits.write),
            later.Part("two lists", lists.missing, lists.play),
            later.Part("orders", orders.missing, orders.play),
            later.Part("reviews", reviews.missing, reviews.play),
            later.Part("sentinels", sentinels.missing, sentinels.write),
            later.Part("daily work", routine.missing, routine.play),
            later.Part("inspections", supervision.missing, supervision.play),
            later.Part("daily reports", reports.missing, reports.play),
            later.Part("plans", plans.missing, plans.write),
        )
    )
    serve("127.0.0.1", port)
    return 0


def build(people: int) -> None:
    """The city and its outbreak up to now, in one transaction: whole or not at all."""
    from django.db import transaction

    from tongchou.site.demo import city, outbreak

    began = time.monotonic()
    gc.freeze()  # what is made here is kept: looking through it for rubbish is a tenth of the time
    gc.disable()
    with transaction.atomic():
        cast = city.build(people, password=PASSWORD, now=timezone.now())
        outbreak.play(cast, now=timezone.now(), progress=progress)
    gc.enable()
    print(
        f"\rThe demo city is ready ({time.monotonic() - began:.1f} s).{' ' * 40}", file=sys.stderr
    )


def progress(done: float, what: str) -> None:
    """A bar on the terminal; silent where nobody watches."""
    if sys.stderr.isatty():
        width = 30
        bar = "█" * round(done * width) + "░" * (width - round(done * width))
        print(f"\r{bar} {done:4.0%} {what:<30}", end="", file=sys.stderr, flush=True)


def welcome(port: int) -> None:
    """The address, and one sign-in per role."""
    from tongchou.site.demo.city import CAST
    from tongchou.staff.roles import Role

    print(f"\n  Tongchou 统筹   http://127.0.0.1:{port}/\n")
    print(f"  Sign in as (password: {PASSWORD})")
    for member in CAST:
        role = str(Role(member.role).label)
        print(f"    {member.username:16} {role:20} {member.name}")
    print("\n  This city does not exist. Ctrl+C stops it; your work in it is kept.\n", flush=True)


def _clear() -> None:
    if connection.vendor != "sqlite":
        raise Wrong("--fresh works on SQLite only; empty the PostgreSQL database yourself")
    from tongchou.areas.models import Area
    from tongchou.staff.models import User

    migrate()
    if User.objects.exists() and not Area.objects.filter(pk="990100").exists():
        raise Wrong(f"{settings.DATA} holds another city; it is not deleted")
    connection.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{settings.SQLITE_FILE}{suffix}").unlink(missing_ok=True)
    shutil.rmtree(settings.TONGCHOU_DATA / "counts", ignore_errors=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    shutil.rmtree(settings.TONGCHOU_DATA / "visits", ignore_errors=True)
    shutil.rmtree(settings.TONGCHOU_DATA / "studies", ignore_errors=True)
