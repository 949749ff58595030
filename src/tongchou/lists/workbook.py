"""Both lists as one Excel workbook, and what of it may be changed there and read back.

The number of a row is its key. What belongs to the records (stage, who accepted, progress of a
task with parts) is written grey and read back only to be compared.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.ledger.registry import stage_label
from tongchou.lists.models import Problem, Task
from tongchou.lists.queries import lists, rolling
from tongchou.shell.export import plain

TASKS, PROBLEMS = "重点任务清单 Tasks", "问题清单 Problems"
_CHUNK = 2000


@dataclass(frozen=True)
class Column:
    """One column: its head in both languages, and what stands in it. `edit`: may be changed."""

    head: str
    of: Callable[[Any], Any]
    edit: bool = False
    name: str = ""


def _day(moment: datetime | None) -> str:
    """Text and not an Excel date: a date loses its hour and its zone there."""
    return f"{timezone.localtime(moment):%F %R}" if moment else ""


TASK_COLUMNS = (
    Column("编号 Number", lambda t: t.number, name="number"),
    Column("任务 Task", lambda t: t.goal, True, "goal"),
    Column("完成标准 Measure", lambda t: t.measure, True, "measure"),
    Column("责任单位 Unit", lambda t: t.unit.name, True, "unit"),
    Column("责任人 Person", lambda t: str(t.person or ""), name="person"),
    Column("完成时限 Due", lambda t: _day(t.due_at), True, "due"),
    Column("阶段 Stage", lambda t: str(stage_label("task", t.stage)), name="stage"),
    Column("进度% Progress", lambda t: t.share if t.leaf else t.rolled.percent, True, "share"),
    Column("进展情况 Report", lambda t: "", True, "report"),
    Column("变更理由 Reason", lambda t: "", True, "reason"),
    Column("区划 Area", lambda t: t.area_id, name="area"),
    Column("交办单位 Issuer", lambda t: t.issuer.name, name="issuer"),
    Column("任务来源 Source", lambda t: t.get_source_display(), name="source"),
    Column("文件 Document", lambda t: t.document, True, "document"),
    Column("条款 Clause", lambda t: t.clause, True, "clause"),
    Column("问题编号 Problem", lambda t: t.problem.number if t.problem else "", name="problem"),
    Column("上级任务 Part of", lambda t: t.parent.number if t.parent else "", name="parent"),
    Column("是否逾期 Overdue", lambda t: _("yes") if t.is_late else "", name="late"),
    Column("退回次数 Returned", lambda t: t.n_returned, name="returned"),
    Column("下达时间 Set", lambda t: _day(t.set_at), name="set"),
    Column("办结时间 Closed", lambda t: _day(t.closed_at), name="closed"),
    Column("版本 Version", lambda t: t.version, name="version"),
)

PROBLEM_COLUMNS = (
    Column("编号 Number", lambda p: p.number, name="number"),
    Column("问题 Problem", lambda p: p.title, name="title"),
    Column("具体表现 What happens", lambda p: p.what, name="what"),
    Column("区划 Area", lambda p: p.area_id, name="area"),
    Column("具体地点 Where", lambda p: p.where, name="where"),
    Column("发现方式 Found by", lambda p: p.get_found_by_display(), name="found_by"),
    Column("发现单位 Who found it", lambda p: str(p.found_unit or ""), name="found_unit"),
    Column("发现日期 Found on", lambda p: f"{p.found_on:%F}", name="found_on"),
    Column("成因 Cause", lambda p: p.get_cause_display() if p.cause else "", True, "cause"),
    Column("阶段 Stage", lambda p: str(stage_label("problem", p.stage)), name="stage"),
    Column("责任单位 Unit", lambda p: str(p.unit or ""), name="unit"),
    Column("共性问题 Common", lambda p: p.common.number if p.common else "", name="common"),
    Column("结论 Decision", lambda p: p.decision, name="decision"),
    Column(
        "销号任务 Solved by",
        lambda p: p.solved_by.number if p.solved_by else "",
        name="solved_by",
    ),
    Column("登记时间 Raised", lambda p: _day(p.raised_at), name="raised"),
    Column("办结时间 Closed", lambda p: _day(p.closed_at), name="closed"),
)


def write(
    problems: QuerySet[Problem], tasks: QuerySet[Task], *, now: datetime
) -> tuple[IO[bytes], dict[str, int]]:
    """The workbook, and how many rows of each list it holds; row by row, flat in memory."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    n = {
        "tasks": _sheet(book, TASKS, TASK_COLUMNS, task_rows(tasks, now=now)),
        "problems": _sheet(book, PROBLEMS, PROBLEM_COLUMNS, problem_rows(problems)),
    }
    _explain(book, now)
    file = tempfile.TemporaryFile()  # noqa: SIM115  who asked for it closes it
    book.save(file)
    file.seek(0)
    return file, n


def plain_rows(
    kind: str, problems: QuerySet[Problem], tasks: QuerySet[Task], *, now: datetime
) -> tuple[list[str], Iterator[list[Any]]]:
    """One list as heads and rows, for a file that holds one table only."""
    columns = PROBLEM_COLUMNS if kind == "problems" else TASK_COLUMNS
    rows: Iterator[Any] = (
        problem_rows(problems) if kind == "problems" else task_rows(tasks, now=now)
    )
    return [c.head for c in columns], ([c.of(row) for c in columns] for row in rows)


def task_rows(tasks: QuerySet[Task], *, now: datetime) -> Iterator[Task]:
    """Tasks in the order of their numbers, each with its progress rolled up and its lateness."""
    rows = lists.dress_tasks(tasks).order_by("area_path", "number")
    for chunk in _chunks(rows.iterator(chunk_size=_CHUNK)):
        rolled = rolling.roll_up([task.pk for task in chunk], now=now)
        for task in chunk:
            task.rolled = rolled.get(task.pk, rolling.Rolled())  # type: ignore[attr-defined]
            task.is_late = task.late(now)  # type: ignore[attr-defined]
            yield task


def problem_rows(problems: QuerySet[Problem]) -> Iterator[Problem]:
    rows = lists.dress_problems(problems).select_related(
        "area", "unit", "found_unit", "common", "solved_by"
    )
    return rows.order_by("area_path", "number").iterator(chunk_size=_CHUNK)


def _chunks(rows: Iterable[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _sheet(book: Any, title: str, columns: tuple[Column, ...], rows: Iterable[Any]) -> int:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "C2"
    grey, bold = Font(color="777777"), Font(bold=True)

    def cell(value: Any, font: Any = None) -> Any:
        made = WriteOnlyCell(sheet, value=None)
        value = plain(value)
        made.value = value
        if isinstance(value, str):
            made.data_type = "s"  # never a formula
        if font is not None:
            made.font = font
        return made

    sheet.append([cell(column.head, bold if column.edit else grey) for column in columns])
    n = 0
    for n, row in enumerate(rows, 1):  # noqa: B007
        sheet.append([cell(column.of(row), None if column.edit else grey) for column in columns])
    return n


def _explain(book: Any, now: datetime) -> None:
    sheet = book.create_sheet("说明 Notes")
    edit = "、".join(column.head for column in TASK_COLUMNS if column.edit)
    for line in (
        f"截至 As of {_day(now)}",
        f"可修改的列 Columns that may be changed: {edit}；问题清单 Problems: 成因 Cause",
        "改时限、责任单位、任务文字须填“变更理由”，且由交办单位修改。"
        "A new date, unit or wording needs a reason, and is the issuer's to change.",
        "进度只能填在没有下级任务的行，并须填“进展情况”；上级进度由下级自动汇总。"
        "Progress is typed for tasks without parts only, with a report; above it is rolled up.",
        "灰色列由系统记录，修改不会生效，并会被退回说明。"
        "Grey columns belong to the records: a change there is refused with the reason.",
        "回读：tongchou lists import FILE.xlsx --data DIR",
    ):
        sheet.append([line])
