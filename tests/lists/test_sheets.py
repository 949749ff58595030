"""Many tasks from one table: each row has its verdict, and a sheet twice sets nothing twice."""

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.lists.making import on_post, unit_of
from tongchou.kit.tables import Unreadable
from tongchou.lists import sheets
from tongchou.lists.actions import bulk
from tongchou.lists.models import Task

pytestmark = pytest.mark.django_db

HEAD = "序号\t任务\t完成标准\t责任单位\t县区\t完成时限\t文件\n"
GOOD = HEAD + (
    "1\t晨午检当日上传\t上传率 100%\t市教育局\t\t2022-07-05 12:00\t\n"
    "2\t夜间车辆 10 台\t等待不超 1 小时\t河东区指挥部\t河东区\t7月6日\t市会议纪要\n"
)


def read(city: Any, table: str, hours: float = 0) -> sheets.Preview:
    return sheets.read(table.encode(), issuer=unit_of(city.duty_city), now=city.at(hours=hours))


def dispatch(city: Any, preview: sheets.Preview, hours: float = 0) -> bulk.Dispatched:
    return bulk.dispatch(
        rows=preview.made, issuer=unit_of(city.duty_city), by=city.duty_city,
        now=city.at(hours=hours),
    )  # fmt: skip


def test_a_table_sets_each_row_once(city: Any) -> None:
    first = dispatch(city, read(city, GOOD))
    again = dispatch(city, read(city, GOOD, hours=1), hours=1)
    assert (len(first.new), again.new, again.n_known) == (2, [], 2)
    task = Task.objects.get(key="2")
    assert (task.unit, task.due_at) == (unit_of(city.duty_east), city.at(days=5, hours=10))
    assert (task.source, task.document) == ("upper", "市会议纪要")


def test_the_hour_that_somebody_typed_stays_to_be_checked(city: Any) -> None:
    first, second = read(city, GOOD).lines
    assert (first.cells["due"], second.cells["due"]) == ("2022-07-05 12:00", "7月6日")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("3\t\t标准\t市教育局\t\t2022-07-05\t", "is empty"),
        ("3\t任务\t标准\t无此单位\t\t2022-07-05\t", "no unit"),
        ("3\t任务\t标准\t市教育局\t\t2022-06-30\t", "passed already"),
        ("3\t任务\t标准\t市教育局\t\t某天\t", "某天"),
        ("3\t任务\t标准\t市教育局\t\t2022-07-05 99:00\t", "no hour"),
        ("1\t任务\t标准\t市教育局\t\t2022-07-05\t", "Line 2 has the same number"),
    ],
)
def test_a_row_is_refused_with_line_and_reason(city: Any, row: str, why: str) -> None:
    preview = read(city, GOOD + row + "\n")
    (refused,) = [line for line in preview.lines if line.refused]
    assert refused.number == 4
    assert why in " ".join(refused.reasons)
    assert len(preview.lines) == len(preview.made) + preview.n_refused


def test_a_number_with_another_text_is_refused(city: Any) -> None:
    dispatch(city, read(city, GOOD))
    preview = read(city, GOOD.replace("晨午检当日上传", "晨午检隔日上传"), hours=1)
    assert "T-990100-0001" in preview.lines[0].reasons[0]


def test_without_numbers_the_same_sheet_is_known_too(city: Any) -> None:
    table = GOOD.replace("序号", "备注")
    dispatch(city, read(city, table))
    assert dispatch(city, read(city, table, hours=1), hours=1).n_known == 2


def test_two_units_of_one_name_are_told_apart_by_their_area(city: Any) -> None:
    on_post(city, "a", "卫健局", city.east), on_post(city, "b", "卫健局", city.west)
    row = "3\t任务\t标准\t卫健局\t{}\t2022-07-05\t\n"
    assert "say which" in read(city, HEAD + row.format("")).lines[0].reasons[0]
    assert read(city, HEAD + row.format("河西区")).made[0].unit == unit_of(city.b)


def test_a_table_without_the_columns_says_which(city: Any) -> None:
    with pytest.raises(Unreadable, match="deadline|due"):
        read(city, "任务\t完成标准\t责任单位\n")


def test_an_excel_sheet_is_looked_through_and_set(
    city: Any, client: Client, sign_in: Any, time_machine: Any
) -> None:
    time_machine.move_to(city.at(hours=1))
    book = openpyxl.Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split("\t"))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "tasks.xlsx"
    sign_in(client, city.duty_city)
    issuer = unit_of(city.duty_city).pk
    page = client.post(reverse("lists:paste"), {"file": file, "issuer": issuer})
    assert "Set 2 tasks" in page.content.decode()
    assert '<td data-label="due">2022-07-05 12:00</td>' in page.content.decode()
    assert Task.objects.count() == 0
    sent = {"source": page.context["source"], "issuer": issuer, "store": "1"}
    page = client.post(reverse("lists:paste"), sent, follow=True)
    assert "2 read = 2 set + 0 known + 0 refused" in page.content.decode()
    assert Task.objects.count() == 2
