"""A table pasted into a page: heads in any words, rows that are stored or say why not."""

import pytest
from django import forms
from django.utils import translation

from tongchou.cases import pasting
from tongchou.kit import tables

KNOWN = pasting.Columns({"name": ("姓名", "name"), "on": ("日期", "date", "day")})


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=3)


def read(text):
    table = tables.read(text.encode())

    def judge(line):
        if pasting.judge(line, NameForm(line.cells), line.cells):
            line.made = line.cells["name"]

    columns = pasting.named(table.header, KNOWN)
    return pasting.fill(columns, table.body, KNOWN, judge, too_many="more than %(n)d")


def day(text):
    line = pasting.Line(2, {"on": text})
    return pasting.day(line, "on", KNOWN, year=2022), line.reasons


def test_rows_read_are_rows_to_store_and_rows_refused():
    preview = read("姓名,日期\n孙,7.1\n很长的名字,7.1\n")
    assert preview.made == ["孙"]
    assert (len(preview.lines), preview.n_refused) == (2, 1)
    assert preview.lines[1].reasons[0].startswith("Name: ")


def test_heads_are_known_in_any_case_and_with_brackets():
    assert pasting.named(["Name (full)", "DAY", "姓名（必填）", "other"], KNOWN) == [
        "name",
        "on",
        "name",
        "other",
    ]


def test_columns_nobody_knows_are_named_and_not_kept():
    preview = read("name,star\nSun,Leo\n")
    assert preview.unknown == ["star"]
    assert preview.lines[0].cells == {"name": "Sun"}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2022-13-45", "日期: 日历上没有“2022-13-45”这一天，请写成 2022-07-05 这样。"),
        ("昨天", "日期: “昨天”不是日期，请写成 2022-07-05 这样。"),
    ],
)
def test_a_cell_that_is_no_day_is_refused_in_the_language_of_the_reader(cell, says):
    with translation.override("zh-hans"):
        assert day(cell) == ("", [says])


@pytest.mark.parametrize(
    ("language", "heads"), [("en", ["name", "date"]), ("zh-hans", ["姓名", "日期"])]
)
def test_the_template_speaks_the_language_of_the_reader(language, heads):
    with translation.override(language):
        assert KNOWN.template() == heads


def test_a_day_without_a_year_has_its_month_first():
    assert day("7.1") == ("2022-07-01", [])
    assert day("") == ("", [])


def test_a_day_that_nobody_can_read_is_refused_with_its_column():
    with translation.override("en"):
        value, reasons = day("soon")
    assert value == ""
    assert reasons[0].startswith("date: ")


def test_too_many_rows_are_no_paste(monkeypatch):
    monkeypatch.setattr(pasting, "MOST_ROWS", 1)
    with pytest.raises(tables.Unreadable, match="more than 1"):
        read("name\na\nb\n")
