"""`tongchou lists export --out FILE.xlsx`: both lists as one workbook.

The last line of the output says how many rows of each it holds.
"""

import argparse
from pathlib import Path

from django.utils import timezone, translation

from tongchou.areas.models import Area, subtree
from tongchou.areas.queries import find
from tongchou.lists import workbook
from tongchou.lists.models import Problem, Task
from tongchou.records import audit
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    parser.add_argument("--area", default="", metavar="CODE", help="this area and all below it")
    parser.add_argument("--open", action="store_true", help="only what is still open")
    parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])


def run(options: argparse.Namespace) -> int:
    migrate()
    now = timezone.now()
    path = _path(options.area)
    problems = Problem.objects.filter(subtree(path, field="area_path"))
    tasks = Task.objects.filter(subtree(path, field="area_path"))
    if options.open:
        problems, tasks = problems.filter(closed_at=None), tasks.filter(closed_at=None)
    with translation.override(options.language):
        file, n = workbook.write(problems, tasks, now=now)
    try:
        with file, options.out.open("wb") as out:
            out.write(file.read())
    except OSError as error:
        raise Wrong(f"{options.out}: {error.strerror}") from error
    detail = {"reason": "tongchou lists export", **n}
    audit.record(verb="lists.export", subject="lists", by=None, now=now, detail=detail)
    print(f"{options.out}: {n['problems']} problems, {n['tasks']} tasks")
    return 0


def _path(code: str) -> str:
    try:
        return find(code).path if code else ""
    except Area.DoesNotExist as error:
        raise Wrong(str(error)) from error
