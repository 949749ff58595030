"""Reading the workbook of both lists back: what was not touched changes nothing.

Every row ends as one of: unchanged, changed, new, refused with the reason. What the records know
better (stage, who accepted, progress above parts) is compared and never taken from a sheet. Reading
the same file again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tongchou.areas import queries as areas
from tongchou.areas.models import Area
from tongchou.kit import tables
from tongchou.kit.dates import NotADate, parse_date
from tongchou.ledger.errors import LedgerError
from tongchou.lists import rights, sheets, workbook
from tongchou.lists.actions import bulk, problems, steering
from tongchou.lists.actions.books import must_stand_for
from tongchou.lists.errors import NotTheirs, Refused
from tongchou.lists.models import Cause, Entry, FoundBy, Problem, Task
from tongchou.lists.queries.units import within_reach
from tongchou.shell.export import plain
from tongchou.staff import reach
from tongchou.staff.models import Unit, User
from tongchou.staff.queries import scope_of

LANGUAGES = ("zh-hans", "en")
#: Grey columns that are compared where the row is as new as the records.
TASK_GREY = ("stage", "person", "area", "issuer", "source", "problem", "parent", "set", "closed")
PROBLEM_GREY = tuple(
    column.name
    for column in workbook.PROBLEM_COLUMNS
    if not column.edit and column.name != "number"
)
WORDS = ("goal", "measure", "document", "clause")


@dataclass(frozen=True)
class Fault:
    """A row that was refused: on which sheet and line, and why."""

    sheet: str
    line: int
    number: str
    reason: str


@dataclass
class ReadBack:
    """What became of the rows; read = unchanged + changed + new + refused."""

    n_unchanged: int = 0
    changed: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)

    @property
    def n_read(self) -> int:
        return self.n_unchanged + len(self.changed) + len(self.new) + len(self.refused)

    @property
    def reconciled(self) -> str:
        return (
            f"{self.n_read} read = {self.n_unchanged} unchanged + {len(self.changed)} changed + "
            f"{len(self.new)} new + {len(self.refused)} refused"
        )


def read_back(source: bytes, *, by: User | None, now: datetime) -> ReadBack:
    """Read both sheets; every row by itself, so that one refusal stops nobody else.

    Raises
    ------
    kit.tables.Unreadable
        Where it is no workbook of both lists.
    """
    done = ReadBack()
    for sheet, columns, row in (
        (workbook.TASKS, workbook.TASK_COLUMNS, _task),
        (workbook.PROBLEMS, workbook.PROBLEM_COLUMNS, _problem),
    ):
        seen: dict[str, int] = {}
        for line, cells in _rows(source, sheet, columns):
            number = cells.get("number", "")
            try:
                if number and number in seen:
                    raise Refused(
                        _("Line %(line)d has this number too; keep one of them.")
                        % {"line": seen[number]}
                    )
                seen[number] = line
                with transaction.atomic():
                    row(done, cells, by=by, now=now)
            except LedgerError as refusal:
                done.refused.append(Fault(sheet, line, number, str(refusal)))
    return done


def _rows(
    source: bytes, sheet: str, columns: tuple[workbook.Column, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells by the names of the columns; heads are known by either of their languages."""
    table = tables.read(source, tables.Layout(worksheets=(sheet,)))
    known: dict[str, str] = {}
    for column in columns:
        chinese, _space, english = column.head.partition(" ")
        known |= {word.casefold(): column.name for word in (column.head, chinese, english)}
    if "number" not in {known.get(head.casefold()) for head in table.header}:
        raise tables.Unreadable(f"{sheet}: no column {columns[0].head}")
    names = [known.get(head.casefold(), "") for head in table.header]
    for row in table.body:
        yield row.line, dict(zip(names, (cell.strip() for cell in row.cells), strict=False))


# --- tasks ---------------------------------------------------------------------------------------


def _task(done: ReadBack, cells: dict[str, str], *, by: User | None, now: datetime) -> None:
    number = cells.get("number", "")
    if not number:
        _new_task(done, cells, by=by, now=now)
        return
    found = Task.objects.filter(number=number)
    task = next(iter(workbook.task_rows(found, now=now)), None)
    if task is None:
        raise Refused(_("There is no task of this number; leave it empty to set a new one."))
    then = _was(workbook.TASK_COLUMNS, task)
    wishes = {
        name
        for name in (*WORDS, "unit", "due", "share")
        if name in cells and cells[name] != then[name]
    }
    if cells.get("report") and not _reported(task, cells["report"]):
        wishes.add("report")
    if cells.get("version", str(task.version)) != str(task.version):
        if wishes:
            raise Refused(
                _("It has changed since it was carried off; export it again and change that.")
            )
    else:
        _grey(workbook.TASK_COLUMNS, TASK_GREY, cells, task)
    if not wishes:
        done.n_unchanged += 1
        return
    _change(task, wishes, cells, by=_somebody(by), now=now)
    done.changed.append(number)


def _change(
    task: Task, wishes: set[str], cells: dict[str, str], *, by: User, now: datetime
) -> None:
    """The acts behind what was typed, each with its own rules: who may, when, and with what."""
    reason = cells.get("reason", "")
    if wishes & {*WORDS, "unit", "due"} and not reason:
        raise Refused(_("A new wording, unit or date needs a reason in its column."))
    if words := {name: cells[name] for name in WORDS if name in wishes}:
        steering.amend(task=task, reason=reason, by=by, now=now, seen=None, **words)
    if "due" in wishes:
        steering.retime(task=task, due_at=_moment(cells["due"]), reason=reason, by=by, now=now)
    if wishes & {"share", "report"}:
        if "report" not in wishes:
            raise Refused(_("Progress comes with a report: fill in that column too."))
        share = _share(cells["share"]) if "share" in wishes else None
        steering.report(task=task, text=cells["report"], share=share, by=by, now=now)
    if "unit" in wishes:
        unit = _unit(cells["unit"], task.issuer)
        steering.reassign(task=task, unit=unit, reason=reason, by=by, now=now)


def _new_task(done: ReadBack, cells: dict[str, str], *, by: User | None, now: datetime) -> None:
    """A row without a number is a task to set, by one of the reader's own units."""
    if not any(cells.get(name) for name in ("goal", "measure", "unit")):
        done.n_unchanged += 1  # an empty line with a border
        return
    user = _somebody(by)
    issuer = _own_unit(cells.get("issuer", ""), user, now=now)
    named = {name: cells.get(name, "") for name in ("goal", "measure", "unit", "area")}
    named |= {name: cells.get(name, "") for name in ("due", "source", "document", "clause")}
    line = sheets.Line(0, named)
    sheets.Judge(issuer, now).line(line)
    if line.made is None:
        raise Refused(" ".join(line.reasons))
    made = bulk.dispatch(rows=[line.made], issuer=issuer, by=user, now=now)
    if made.new:
        done.new.append(made.new[0].number)
    else:
        done.n_unchanged += 1


# --- problems ------------------------------------------------------------------------------------


def _problem(done: ReadBack, cells: dict[str, str], *, by: User | None, now: datetime) -> None:
    number = cells.get("number", "")
    if not number:
        _new_problem(done, cells, by=by, now=now)
        return
    problem = next(iter(workbook.problem_rows(Problem.objects.filter(number=number))), None)
    if problem is None:
        raise Refused(_("There is no problem of this number; leave it empty to raise a new one."))
    _grey(workbook.PROBLEM_COLUMNS, PROBLEM_GREY, cells, problem)
    cause = (
        _chosen(cells.get("cause", ""), Cause, _("cause")) if "cause" in cells else problem.cause
    )
    if cause == problem.cause:
        done.n_unchanged += 1
        return
    user = _somebody(by)
    if not reach.covers(scope_of(user, now=now), rights.DECIDE, problem.area):
        if problem.unit is None:
            raise NotTheirs(_("The duty officer of the area says the cause."))
        must_stand_for(problem.unit, user, now=now)
    problems.classify(problem=problem, cause=cause, by=user, now=now)
    done.changed.append(number)


def _new_problem(done: ReadBack, cells: dict[str, str], *, by: User | None, now: datetime) -> None:
    if not cells.get("title"):
        done.n_unchanged += 1
        return
    user = _somebody(by)
    area = _area(cells.get("area", ""))
    if not scope_of(user, now=now).sees(area.path):
        raise NotTheirs(_("%(area)s is outside the areas you answer for.") % {"area": area})
    if Problem.objects.filter(title=cells["title"], area=area, closed_at=None).exists():
        done.n_unchanged += 1  # read before
        return
    made = problems.raise_problem(
        title=cells["title"],
        what=cells.get("what", "") or cells["title"],
        area=area,
        where=cells.get("where", ""),
        found_by=_chosen(cells.get("found_by", ""), FoundBy, _("found by")) or FoundBy.SELF,
        cause=_chosen(cells.get("cause", ""), Cause, _("cause")),
        by=user,
        now=now,
    )
    done.new.append(made.number)


# --- cells ---------------------------------------------------------------------------------------


def _was(columns: tuple[workbook.Column, ...], row: Any) -> dict[str, str]:
    """The row as the export would write it now, as text."""
    return {column.name: tables.as_text(plain(column.of(row))).strip() for column in columns}


def _grey(
    columns: tuple[workbook.Column, ...], names: tuple[str, ...], cells: dict[str, str], row: Any
) -> None:
    """Refuse a change of what belongs to the records; words may stand in either language."""
    shown = []
    for language in LANGUAGES:
        with translation.override(language):
            shown.append(_was(columns, row))
    for column in columns:
        name = column.name
        if name in names and name in cells and cells[name] not in {each[name] for each in shown}:
            raise Refused(
                _("“%(head)s” belongs to the records and is not changed in a sheet: it says "
                  "“%(there)s”. Change it on the page.")
                % {"head": column.head, "there": shown[0][name]}
            )  # fmt: skip


def _reported(task: Task, text: str) -> bool:
    return Entry.objects.filter(task=task, kind="report", text=text).exists()


def _somebody(by: User | None) -> User:
    if by is None:
        raise Refused(_("A change is made in somebody's name: add --by USER."))
    return by


def _moment(text: str) -> datetime:
    day, _space, clock = text.partition(" ")
    try:
        found = datetime.combine(parse_date(day), sheets.END_OF_DAY)
        if clock:
            found = datetime.combine(found.date(), time.fromisoformat(clock[:5].zfill(5)))
    except (NotADate, ValueError) as error:
        raise Refused(
            _("“%(text)s” is no moment: write 2022-07-05 18:00.") % {"text": text}
        ) from error
    return timezone.make_aware(found)


def _share(text: str) -> int | None:
    if not text:
        return None
    try:
        return int(float(text.removesuffix("%")))
    except ValueError as error:
        raise Refused(_("Progress is a share from 0 to 100 %.")) from error


def _unit(name: str, issuer: Unit) -> Unit:
    found = list(within_reach(issuer.area).filter(name=name)[:2])
    if len(found) != 1:
        raise Refused(
            _("There is no one unit “%(name)s” here or one level below.") % {"name": name}
        )
    return found[0]


def _own_unit(name: str, by: User, *, now: datetime) -> Unit:
    posts = scope_of(by, now=now).posts
    mine = Unit.objects.filter(pk__in=[unit for role, _path, unit in posts if role in rights.SET])
    found = list((mine.filter(name=name) if name else mine).select_related("area")[:2])
    if len(found) != 1:
        raise Refused(_("Say in the column of the issuer which of your units sets it."))
    return found[0]


def _area(text: str) -> Area:
    try:
        return areas.find(text)
    except Area.DoesNotExist as error:
        raise Refused(_("Area: %(error)s") % {"error": error}) from error


def _chosen(text: str, kind: Any, what: str) -> str:
    """The value behind a word of a closed list, in either language."""
    if not text:
        return ""
    for language in LANGUAGES:
        with translation.override(language):
            for value, label in kind.choices:
                if text.casefold() in (value, str(label).casefold()):
                    return str(value)
    names = "、".join(str(label) for label in kind.labels)
    raise Refused(
        _("“%(text)s” is no %(what)s; one of: %(names)s.")
        % {"text": text, "what": what, "names": names}
    )
