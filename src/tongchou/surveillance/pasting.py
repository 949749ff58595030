"""A pasted line list of a fever clinic, or any list of leads: each row's verdict, nothing stored.

Rows read = to note + refused, each refusal with its line and reasons.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongchou.cases import pasting
from tongchou.kit import tables
from tongchou.surveillance.actions.leads import Noted
from tongchou.surveillance.forms.leads import LeadForm
from tongchou.surveillance.models import Medicine

Line = pasting.Line[Noted]
Preview = pasting.Preview[Noted]

# The columns in the order of the template, each with the heads it goes by.
_WORDS: dict[str, tuple[str, ...]] = {
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
COLUMNS = pasting.Columns(_WORDS)
MEDICINES = {
    "退热": Medicine.FEVER,
    "止咳": Medicine.COUGH,
    "抗病毒": Medicine.ANTIVIRAL,
    "抗菌": Medicine.ANTIBACTERIAL,
    "抗生素": Medicine.ANTIBACTERIAL,
}


def read(source: bytes, *, kind: str, sites: Any, near: str, today: date) -> Preview:
    """Read a table.

    Raises
    ------
    kit.tables.Unreadable
        Where it is no table, has no head, or more rows than are taken here.
    """
    table = tables.read(source)
    columns = pasting.named(table.header, COLUMNS)
    if "noted_on" not in columns:
        raise tables.Unreadable(
            _("The first row has no column for the day. Its heads are, for example: %(heads)s.")
            % {"heads": ", ".join(COLUMNS.template())}
        )

    def judge(line: Line) -> None:
        _judge(line, kind=kind, sites=sites, near=near, today=today)

    too_many = _("There are more than %(n)d rows. Paste them in parts.")
    return pasting.fill(columns, table.body, COLUMNS, judge, too_many=too_many)


def _judge(line: Line, *, kind: str, sites: Any, near: str, today: date) -> None:
    data: dict[str, Any] = dict(line.cells)
    data["sex"] = pasting.SEXES.get(pasting.plain(line.cells.get("sex", "")), "")
    told = pasting.plain(line.cells.get("medicine", "")).removesuffix("药").removesuffix("类")
    data["medicine"] = MEDICINES.get(told, told)
    for name in ("noted_on", "onset_on"):
        data[name] = pasting.day(line, name, COLUMNS, year=today.year)
    form = LeadForm(data, kind=kind, sites=sites, near=near)
    if pasting.judge(line, form, data):
        line.made = form.noted
