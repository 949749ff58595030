"""A pasted contact list, row by row: what each cell means, and whether the row can be stored.

Nothing is stored while it is read. Every row ends as one to store, perhaps with something to mend,
or as one refused with its line and reasons; rows read = to store + refused.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tongchou.cases import pasting
from tongchou.cases.models import Case, Contact, ContactFound, Tier, Way
from tongchou.kit import tables
from tongchou.people.models import Sex
from tongchou.tracing.actions import Entry
from tongchou.tracing.checks import Circumstances
from tongchou.tracing.forms import ContactForm

Line = pasting.Line[Entry]
Preview = pasting.Preview[Entry]

# The columns in the order of the template, each with the heads it goes by.
_WORDS: dict[str, tuple[str, ...]] = {
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
COLUMNS = pasting.Columns(_WORDS)

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
YES = {"是", "有", "y", "yes", "1", "true"}
NO = {"", "否", "无", "n", "no", "0", "false"}


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

    def judge(line: Line) -> None:
        _judge(line, case=case, around=around, near=near, year=year, known=known)

    too_many = _("There are more than %(n)d rows. Use the import for such a list.")
    return pasting.fill(columns, body, COLUMNS, judge, too_many=too_many)


def _columns(table: tables.Table) -> tuple[list[str], Iterator[tables.Row]]:
    """What each column is; a table without a head has the columns of the template."""
    found = pasting.named(table.header, COLUMNS)
    if sum(name in COLUMNS.words for name in found) >= 2:
        return found, table.body
    first = tables.Row(1, table.headers[-1])
    return list(COLUMNS.words), pasting.chained(first, table.body)


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
    if pasting.judge(line, form, data):
        line.made, line.findings = form.entry, form.to_mend


def _typed(line: Line, *, year: int) -> dict[str, Any]:
    """The cells as the form takes them; a cell nobody can read goes to the line's reasons."""
    data: dict[str, Any] = dict(line.cells)
    data["tier"] = _one_of(line, "tier", TIERS, Tier, otherwise=Tier.CLOSE)
    data["way"] = _one_of(line, "way", WAYS, Way, otherwise=Way.OTHER)
    data["found_by"] = _one_of(line, "found_by", FOUND, ContactFound, otherwise="")
    data["sex"] = _one_of(line, "sex", pasting.SEXES, Sex, otherwise=Sex.UNKNOWN)
    for name in ("first_on", "last_on"):
        data[name] = pasting.day(line, name, COLUMNS, year=year)
    protected = pasting.plain(line.cells.get("protected", ""))
    if protected not in YES | NO:
        line.reasons.append(_("protected: write yes or no"))
    data["protected"] = protected in YES
    return data


def _one_of(
    line: Line, name: str, words: Mapping[str, Any], choices: Any, *, otherwise: Any
) -> str:
    text = pasting.plain(line.cells.get(name, ""))
    if not text:
        return str(otherwise)
    known = {value: value for value in choices.values}
    known |= {pasting.plain(str(label)): value for value, label in choices.choices}
    known |= {pasting.plain(word): str(value) for word, value in words.items()}
    if text in known:
        return str(known[text])
    line.reasons.append(
        _("%(cell)s: “%(text)s” is none of %(words)s")
        % {"cell": COLUMNS.head(name), "text": text, "words": ", ".join(list(words)[:6])}
    )
    return ""
