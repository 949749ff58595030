"""A pasted line list of a fever clinic, or any list of leads: each row's verdict, nothing stored.

Rows read = to note + refused, each refusal with its line and reasons.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.kit import tables
from tongchou.kit.dates import NotADate, parse_date
from tongchou.people.models import Sex
from tongchou.surveillance.actions.leads import Noted
from tongchou.surveillance.forms.leads import LeadForm
from tongchou.surveillance.models import Medicine

MOST_ROWS = 500
# The columns in the order of the template, each with the heads it goes by.
COLUMNS: dict[str, tuple[str, ...]] = {
    "noted_on": ("就诊日期", "日期", "检测日期", "购药日期", "date", "day", "visit"),
    "name": ("姓名", "name"),
    "document": ("身份证号", "证件号码", "证件号", "document", "id number", "id"),
    "phone": ("联系电话", "电话", "手机号", "手机", "phone", "mobile", "tel"),
    "area": ("现住区划", "社区", "街道", "区划", "area", "community", "street"),
    "address": ("详细地址", "现住址", "住址", "地址", "address"),
    "sex": ("性别", "sex", "gender"),
    "birth_year": ("出生年", "出生年份", "birth year", "born"),
    "onset_on": ("发病日期", "发病时间", "onset"),
    "symptoms": ("症状", "主诉", "symptoms", "complaint"),
    "medicine": ("药品类别", "药品", "medicine", "class"),
}
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
MEDICINES = {
    "退热": Medicine.FEVER,
    "止咳": Medicine.COUGH,
    "抗病毒": Medicine.ANTIVIRAL,
    "抗菌": Medicine.ANTIBACTERIAL,
    "抗生素": Medicine.ANTIBACTERIAL,
}


@dataclass
class Line:
    """One row of the table. It is refused where it has reasons."""

    number: int
    cells: dict[str, str]
    reasons: list[str] = field(default_factory=list)
    noted: Noted | None = None

    @property
    def refused(self) -> bool:
        return self.noted is None


@dataclass
class Preview:
    """A table that was read. `unknown` are columns nobody knows; they are not stored."""

    columns: list[str]
    lines: list[Line]
    unknown: list[str]

    @property
    def heads(self) -> list[str]:
        return [head(name) for name in self.columns]

    @property
    def noted(self) -> list[Noted]:
        return [line.noted for line in self.lines if line.noted is not None]

    @property
    def n_refused(self) -> int:
        return sum(line.refused for line in self.lines)


def read(source: bytes, *, kind: str, sites: Any, near: str, today: date) -> Preview:
    """Read a table.

    Raises
    ------
    kit.tables.Unreadable
        Where it is no table, has no head, or more rows than are taken here.
    """
    table = tables.read(source)
    names = {_plain(word): name for name, words in COLUMNS.items() for word in words}
    columns = [names.get(_plain(cell), "") or cell for cell in table.header]
    if "noted_on" not in columns:
        raise tables.Unreadable(
            _("The first row has no column for the day. Its heads are, for example: %(heads)s.")
            % {"heads": ", ".join(template())}
        )
    preview = Preview([c for c in columns if c in COLUMNS], [], [])
    preview.unknown = [c for c in columns if c and c not in COLUMNS]
    for row in table.body:
        if len(preview.lines) >= MOST_ROWS:
            raise tables.Unreadable(
                _("There are more than %(n)d rows. Paste them in parts.") % {"n": MOST_ROWS}
            )
        cells = dict(zip(columns, (cell.strip() for cell in row.cells), strict=False))
        line = Line(row.line, {name: cells.get(name, "") for name in preview.columns})
        _judge(line, kind=kind, sites=sites, near=near, today=today)
        preview.lines.append(line)
    return preview


def _judge(line: Line, *, kind: str, sites: Any, near: str, today: date) -> None:
    data: dict[str, Any] = dict(line.cells)
    data["sex"] = SEXES.get(_plain(line.cells.get("sex", "")), "")
    told = _plain(line.cells.get("medicine", "")).removesuffix("药").removesuffix("类")
    data["medicine"] = MEDICINES.get(told, told)
    for name in ("noted_on", "onset_on"):
        data[name] = _day(line, name, today)
    form = LeadForm(data, kind=kind, sites=sites, near=near)
    if not line.reasons and form.is_valid():
        line.noted = form.noted
        return
    for name, errors in form.errors.items():
        if name in data and line.reasons and not data[name]:
            continue  # the cell itself was refused already
        label = form.fields[name].label if name in form.fields else ""
        line.reasons += [f"{label}: {error}" if label else str(error) for error in errors]


def _day(line: Line, name: str, today: date) -> str:
    text = line.cells.get(name, "")
    if not text:
        return ""
    try:
        return parse_date(text, default_year=today.year).isoformat()
    except NotADate as error:
        line.reasons.append(f"{head(name)}: {error}")
        return ""


def _plain(text: str) -> str:
    return " ".join(text.replace("（", "(").split("(")[0].split()).casefold()


def template() -> list[str]:
    """The heads of an empty table that is filled in and pasted back."""
    return [head(name) for name in COLUMNS]


def head(name: str) -> str:
    """The head of a column in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return next(word for word in COLUMNS[name] if word.isascii() != chinese)
