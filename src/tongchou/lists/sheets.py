"""A table of tasks, pasted or from Excel: each row's verdict, nothing set.

Rows read = to set + refused, each refusal with its line, reason and how to mend it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou.cases import pasting
from tongchou.cases.sanity import names_somebody
from tongchou.kit import tables
from tongchou.lists.models import SourceKind, Task
from tongchou.lists.queries.units import within_reach
from tongchou.staff.models import Unit

#: A row with a day and no hour is due at the end of office hours.
END_OF_DAY = time(18)


#: As long as the column that keeps it.
LONGEST_KEY = 60


@dataclass(frozen=True)
class Row:
    """One task to set. `known` is the task that this row set before."""

    key: str
    goal: str
    measure: str
    unit: Unit
    due_at: datetime
    source: str
    document: str
    clause: str
    known: Task | None


Line = pasting.Line[Row]
Preview = pasting.Preview[Row]

# The columns in the order of the template, each with the heads it goes by.
_WORDS: dict[str, tuple[str, ...]] = {
    "key": ("序号", "行号", "key", "no"),
    "goal": ("任务", "工作任务", "重点任务", "任务内容", "task", "goal"),
    "measure": ("完成标准", "衡量标准", "工作标准", "目标要求", "measure", "standard"),
    "unit": ("责任单位", "牵头单位", "承办单位", "unit", "department"),
    "area": ("区划", "县区", "区县", "area", "county"),
    "due": ("完成时限", "时限", "截止时间", "due", "by when"),
    "source": ("任务来源", "来源", "source"),
    "document": ("文件", "来源文件", "依据", "document"),
    "clause": ("条款", "clause"),
}
COLUMNS = pasting.Columns(_WORDS)
NEEDED = ("goal", "measure", "unit", "due")


def read(source: bytes, *, issuer: Unit, now: datetime) -> Preview:
    """Read a table of tasks that `issuer` would set.

    Raises
    ------
    kit.tables.Unreadable
        Where it is no table, lacks a column that is needed, or has more rows than are taken.
    """
    table = tables.read(source)
    columns = pasting.named(table.header, COLUMNS)
    if lacking := [COLUMNS.head(name) for name in NEEDED if name not in columns]:
        raise tables.Unreadable(
            _("The first row lacks these columns: %(lacking)s. The heads are: %(heads)s.")
            % {"lacking": ", ".join(lacking), "heads": ", ".join(COLUMNS.template())}
        )
    judge = Judge(issuer, now)
    too_many = _("There are more than %(n)d rows. Paste them in parts.")
    return pasting.fill(columns, table.body, COLUMNS, judge.line, too_many=too_many)


class Judge:
    """What the rows of one table are held against."""

    def __init__(self, issuer: Unit, now: datetime) -> None:
        self.issuer, self.now = issuer, now
        self.units: dict[str, list[Unit]] = {}
        for unit in within_reach(issuer.area):
            self.units.setdefault(unit.name, []).append(unit)
        self.known = {
            task.key: task
            for task in Task.objects.filter(issuer=issuer).exclude(key="").select_related("unit")
        }
        self.seen: dict[str, int] = {}

    def line(self, line: Line) -> None:
        cells = line.cells
        for name in ("goal", "measure"):
            self._text(line, name)
        unit, due_at = self._unit(line), self._due(line)
        source = self._source(line)
        if line.reasons or unit is None or due_at is None:
            return
        given = cells.get("key", "").strip()
        if len(given) > LONGEST_KEY:
            line.reasons.append(_("A row's number has at most 60 signs; give it a shorter one."))
            return
        key = given or _digest(cells["goal"], unit, due_at)
        if key in self.seen:
            line.reasons.append(
                _("Line %(line)d has the same number: give each row its own.")
                % {"line": self.seen[key]}
            )
            return
        known = self.known.get(key)
        if known is not None and (known.goal, known.unit_id) != (cells["goal"], unit.pk):
            line.reasons.append(
                _("Number %(key)s is task %(number)s already, with another text or unit: change "
                  "it there, or give this row a new number.")
                % {"key": key, "number": known.number}
            )  # fmt: skip
            return
        if known is None and due_at <= self.now:
            line.reasons.append(
                _("%(head)s: this has passed already; give a date that can be kept.")
                % {"head": COLUMNS.head("due")}
            )
            return
        self.seen[key] = line.number
        line.made = Row(
            key=key,
            goal=cells["goal"],
            measure=cells["measure"],
            unit=unit,
            due_at=due_at,
            source=source,
            document=cells.get("document", "")[:200],
            clause=cells.get("clause", "")[:60],
            known=known,
        )

    def _text(self, line: Line, name: str) -> None:
        text, head = line.cells.get(name, ""), COLUMNS.head(name)
        if not text:
            line.reasons.append(_("%(head)s is empty: write it in a sentence.") % {"head": head})
        elif len(text) > 300:
            line.reasons.append(_("%(head)s is longer than 300 characters.") % {"head": head})
        elif fault := names_somebody(text):
            line.reasons.append(f"{head}: {fault}")

    def _unit(self, line: Line) -> Unit | None:
        name, area = line.cells.get("unit", ""), line.cells.get("area", "")
        found = self.units.get(name, [])
        if area:
            found = [each for each in found if area in (each.area.name, each.area_id)]
        if len(found) == 1:
            return found[0]
        head = COLUMNS.head("unit")
        if found:
            areas = ", ".join(each.area.name for each in found)
            line.reasons.append(
                _("%(head)s: “%(name)s” is in %(areas)s; say which in the column of the area.")
                % {"head": head, "name": name, "areas": areas}
            )
        else:
            line.reasons.append(
                _("%(head)s: there is no unit “%(name)s” here or one level below; write its name "
                  "as in the list of units.")
                % {"head": head, "name": name}
            )  # fmt: skip
        return None

    def _due(self, line: Line) -> datetime | None:
        typed, head = line.cells.get("due", ""), COLUMNS.head("due")
        text = typed.strip()
        hour = END_OF_DAY
        if " " in text and ":" in text:
            text, _space, clock = text.partition(" ")
            try:
                hour = time.fromisoformat(clock if len(clock.split(":")[0]) == 2 else f"0{clock}")
            except ValueError:
                line.reasons.append(_("%(head)s: no hour like 18:00.") % {"head": head})
                return None
        if not text:
            line.reasons.append(_("%(head)s is empty: give a day.") % {"head": head})
            return None
        line.cells["due"] = text
        day = pasting.day(line, "due", COLUMNS, year=timezone.localdate(self.now).year)
        line.cells["due"] = typed
        if not day:
            return None
        return timezone.make_aware(datetime.combine(datetime.fromisoformat(day).date(), hour))

    def _source(self, line: Line) -> str:
        text = pasting.plain(line.cells.get("source", ""))
        if not text:
            return SourceKind.UPPER if line.cells.get("document") else SourceKind.OWN
        for value, label in SourceKind.choices:
            if text in (value, str(label).casefold()):
                return value
        names = ", ".join(str(label) for label in SourceKind.labels)
        line.reasons.append(
            _("%(head)s: not one of %(names)s.") % {"head": COLUMNS.head("source"), "names": names}
        )
        return ""


def _digest(goal: str, unit: Unit, due_at: datetime) -> str:
    """A key for a row without one, so that the same sheet twice sets nothing twice."""
    text = f"{goal}|{unit.pk}|{timezone.localtime(due_at):%F %R}"
    return hashlib.sha256(text.encode()).hexdigest()[:20]
