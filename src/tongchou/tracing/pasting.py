"""A pasted contact list, row by row: what each cell means, and whether the row can be stored.

Nothing is stored while it is read. Every row ends as one to store, perhaps with something to mend,
or as one refused with its line and reasons; rows read = to store + refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Contact, ContactFound, Tier, Way
from tongchou.kit import tables
from tongchou.kit.dates import NotADate, parse_date
from tongchou.people.models import Sex
from tongchou.tracing.actions import Entry
from tongchou.tracing.checks import Circumstances, Finding
from tongchou.tracing.forms import ContactForm

#: A longer list is an import, with its own page, its own profile and a refusals file.
MOST_ROWS = 500

# The columns in the order of the template, each with the heads it goes by.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "name", "名字"),
    "document": ("身份证号", "证件号码", "证件号", "身份证", "document", "id number", "id"),
    "phone": ("联系电话", "电话", "手机", "手机号", "phone", "mobile", "tel"),
    "area": ("现住区划", "所在区划", "社区", "街道", "区划", "area", "community", "street"),
    "address": ("详细地址", "现住址", "住址", "地址", "address"),
    "tier": ("类别", "密接类别", "接触者类型", "tier", "category"),
    "way": ("接触方式", "way", "way of contact"),
    "first_on": ("首次接触日期", "首次接触时间", "首次接触", "first contact", "first"),
    "last_on": (
        "末次接触日期",
        "末次接触时间",
        "末次接触",
        "最后接触日期",
        "last contact",
        "last",
    ),
    "place": ("接触地点", "地点", "place"),
    "minutes": ("接触时长", "时长", "分钟", "minutes"),
    "through": ("密接编号", "来源密接", "through", "close contact"),
    "sex": ("性别", "sex", "gender"),
    "birth_year": ("出生年", "出生年份", "birth year", "born"),
    "protected": ("有效防护", "防护", "protected"),
    "found_by": ("发现方式", "how found"),
    "note": ("备注", "note", "remark", "remarks"),
}

TIERS = {
    "密接": Tier.CLOSE,
    "密切接触者": Tier.CLOSE,
    "close contact": Tier.CLOSE,
    "次密接": Tier.SECONDARY,
    "密接的密接": Tier.SECONDARY,
    "secondary contact": Tier.SECONDARY,
    "一般": Tier.GENERAL,
    "一般接触": Tier.GENERAL,
    "一般接触者": Tier.GENERAL,
    "general contact": Tier.GENERAL,
}
WAYS = {
    "同餐": Way.MEAL,
    "聚餐": Way.MEAL,
    "同住": Way.LIVING,
    "共同居住": Way.LIVING,
    "同屋": Way.ROOM,
    "同床": Way.BED,
    "同室": Way.WORK,
    "同室工作学习": Way.WORK,
    "同事": Way.WORK,
    "同学": Way.WORK,
    "同机": Way.VEHICLE,
    "同车": Way.VEHICLE,
    "同乘": Way.VEHICLE,
    "诊疗": Way.CARE,
    "护理": Way.NURSING,
    "同病房": Way.WARD,
    "同病室": Way.WARD,
    "娱乐": Way.LEISURE,
    "娱乐活动": Way.LEISURE,
    "其他": Way.OTHER,
}
FOUND = {
    "主动甄别": ContactFound.ACTIVE,
    "外省协查": ContactFound.OTHER_PROVINCE,
    "本省外市协查": ContactFound.OTHER_CITY,
    "本市外区协查": ContactFound.OTHER_DISTRICT,
}
SEXES = {"男": Sex.MALE, "女": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
_YEAR = re.compile(r"\d{4}")
YES = {"是", "有", "y", "yes", "1", "true"}
NO = {"", "否", "无", "n", "no", "0", "false"}


@dataclass
class Line:
    """One row of the table. It is refused where it has reasons."""

    number: int
    cells: dict[str, str]
    reasons: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    entry: Entry | None = None

    @property
    def refused(self) -> bool:
        return self.entry is None


@dataclass
class Preview:
    """A table that was read. `unknown` are columns nobody knows; they are not stored."""

    columns: list[str]
    lines: list[Line]
    unknown: list[str] = field(default_factory=list)

    @property
    def heads(self) -> list[str]:
        """The columns as the reader calls them."""
        return [head(name) for name in self.columns]

    @property
    def entries(self) -> list[Entry]:
        return [line.entry for line in self.lines if line.entry is not None]

    @property
    def n_refused(self) -> int:
        return sum(line.refused for line in self.lines)

    @property
    def n_to_mend(self) -> int:
        return sum(bool(line.findings) for line in self.lines if not line.refused)


def read(source: bytes, *, case: Case, around: Circumstances, near: str, year: int) -> Preview:
    """Read a table against a case.

    Raises
    ------
    kit.tables.Unreadable
        Where it is no table, or has more rows than are taken here.
    """
    table = tables.read(source)
    columns, body = _columns(table)
    known = _contacts(case)
    preview = Preview([c for c in columns if c in COLUMNS], [])
    preview.unknown = [c for c in columns if c and c not in COLUMNS]
    for row in body:
        if len(preview.lines) >= MOST_ROWS:
            raise tables.Unreadable(
                _("There are more than %(n)d rows. Use the import for such a list.")
                % {"n": MOST_ROWS}
            )
        cells = dict(zip(columns, (cell.strip() for cell in row.cells), strict=False))
        line = Line(row.line, {name: cells.get(name, "") for name in preview.columns})
        _judge(line, case=case, around=around, near=near, year=year, known=known)
        preview.lines.append(line)
    return preview


def _columns(table: tables.Table) -> tuple[list[str], Iterator[tables.Row]]:
    """What each column is; a table without a head has the columns of the template."""
    heads = {_plain(head): name for name, all_ in COLUMNS.items() for head in all_}
    found = [heads.get(_plain(cell), "") for cell in table.header]
    if sum(bool(name) for name in found) >= 2:
        named = [name or cell for name, cell in zip(found, table.header, strict=True)]
        return named, table.body
    first = tables.Row(1, table.headers[-1])
    return list(COLUMNS), _chained(first, table.body)


def _chained(first: tables.Row, rest: Iterator[tables.Row]) -> Iterator[tables.Row]:
    yield first
    yield from rest


def _contacts(case: Case) -> dict[str, Contact]:
    """The contacts of the case by number, for those whom secondary contacts met."""
    found = Contact.objects.filter(exposures__case=case).select_related("passage")
    return {contact.number: contact for contact in found}


def _judge(
    line: Line,
    *,
    case: Case,
    around: Circumstances,
    near: str,
    year: int,
    known: Mapping[str, Contact],
) -> None:
    data = _typed(line, year=year)
    form = ContactForm(data, case=case, around=around, near=near, known=dict(known))
    if not line.reasons and form.is_valid():
        line.entry, line.findings = form.entry, form.to_mend
        return
    for name, errors in form.errors.items():
        if name in data and line.reasons and not data[name]:
            continue  # the cell itself was refused already
        label = form.fields[name].label if name in form.fields else ""
        line.reasons += [f"{label}: {error}" if label else str(error) for error in errors]


def _typed(line: Line, *, year: int) -> dict[str, Any]:
    """The cells as the form takes them; a cell nobody can read goes to the line's reasons."""
    data: dict[str, Any] = dict(line.cells)
    data["tier"] = _one_of(line, "tier", TIERS, Tier, otherwise=Tier.CLOSE)
    data["way"] = _one_of(line, "way", WAYS, Way, otherwise=Way.OTHER)
    data["found_by"] = _one_of(line, "found_by", FOUND, ContactFound, otherwise="")
    data["sex"] = _one_of(line, "sex", SEXES, Sex, otherwise=Sex.UNKNOWN)
    for name in ("first_on", "last_on"):
        data[name] = _day(line, name, year)
    protected = _plain(line.cells.get("protected", ""))
    if protected not in YES | NO:
        line.reasons.append(_("protected: write yes or no"))
    data["protected"] = protected in YES
    return data


def _one_of(
    line: Line, name: str, words: Mapping[str, Any], choices: Any, *, otherwise: Any
) -> str:
    text = _plain(line.cells.get(name, ""))
    if not text:
        return str(otherwise)
    known = {value: value for value in choices.values}
    known |= {_plain(str(label)): value for value, label in choices.choices}
    known |= {_plain(word): str(value) for word, value in words.items()}
    if text in known:
        return str(known[text])
    line.reasons.append(
        _("%(cell)s: “%(text)s” is none of %(words)s")
        % {"cell": head(name), "text": text, "words": ", ".join(list(words)[:6])}
    )
    return ""


def _day(line: Line, name: str, year: int) -> str:
    text = line.cells.get(name, "")
    if not text:
        return ""
    try:
        try:
            return parse_date(text, default_year=year).isoformat()
        except NotADate as error:
            if error.reason != "ambiguous" or _YEAR.search(text):
                raise
            # Without a year nobody here writes the day first: 7.1 is the first of July.
            return parse_date(text, default_year=year, day_first=False).isoformat()
    except NotADate as error:
        line.reasons.append(f"{head(name)}: {error}")
        return ""


def _plain(text: str) -> str:
    return " ".join(text.replace("（", "(").split("(")[0].split()).casefold()


def template() -> list[str]:
    """The heads of an empty table that is filled in and pasted back."""
    return [head(name) for name in COLUMNS]


def head(name: str) -> str:
    """The head of a column in the reader's language: the first of its names that fits."""
    chinese = (get_language() or "").startswith("zh")
    return next(word for word in COLUMNS[name] if word.isascii() != chinese)
