"""`tongchou lists import FILE.xlsx`: the workbook of both lists, changed in Excel and read back.

The last line of the output reconciles it:
`12 read = 9 unchanged + 1 changed + 1 new + 1 refused`. Refusals go to standard error.
"""

import argparse
import sys
from pathlib import Path

from django.utils import timezone, translation

from tongchou.kit.tables import Unreadable
from tongchou.lists.actions.readback import read_back
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate
from tongchou.staff.models import User


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.xlsx", help="as `lists export` wrote it")
    parser.add_argument("--by", metavar="USER", help="in whose name; without it nothing changes")
    parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])


def run(options: argparse.Namespace) -> int:
    migrate()
    try:
        source = options.file.read_bytes()
        with translation.override(options.language):
            done = read_back(source, by=_user(options.by), now=timezone.now())
    except OSError as error:
        raise Wrong(f"{options.file}: {error.strerror}") from error
    except Unreadable as error:
        raise Wrong(str(error)) from error
    for fault in done.refused:
        print(f"{fault.sheet}:{fault.line} {fault.number}: {fault.reason}", file=sys.stderr)
    for number in (*done.changed, *done.new):
        print(number)
    print(done.reconciled)
    return 0


def _user(name: str | None) -> User | None:
    if not name:
        return None
    try:
        return User.objects.get(username=name)
    except User.DoesNotExist as error:
        raise Wrong(f"there is no user {name!r}") from error
