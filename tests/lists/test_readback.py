"""Both lists go out as Excel and come back; what was not touched changes nothing."""

import argparse
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.lists.making import set_one, unit_of
from tongchou.lists import workbook
from tongchou.lists.actions import problems, steering, tasks
from tongchou.lists.actions.readback import ReadBack, read_back
from tongchou.lists.models import Problem, Task
from tongchou.records.models import AuditEvent
from tongchou.site import lists_export, lists_import

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(city: Any) -> tuple[Problem, Task]:
    problem = problems.raise_problem(
        title="转运车辆不足", what="夜间等待", area=city.east, found_by="self", by=city.duty_east,
        now=city.at(),
    )  # fmt: skip
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    return problem, task


def carried_off(city: Any) -> Any:
    file, _n = workbook.write(Problem.objects.all(), Task.objects.all(), now=city.at(hours=2))
    with file:
        return openpyxl.load_workbook(file)


def changed(city: Any, sheet: str, **cells: str) -> bytes:
    """The workbook with cells of the first row changed, by the English part of their heads."""
    book = carried_off(city)
    page = book[sheet]
    heads = {cell.value.partition(" ")[2].lower(): cell.column for cell in page[1]}
    for name, value in cells.items():
        page.cell(row=2, column=heads[name.replace("_", " ")], value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def back(city: Any, source: bytes, by: Any = None, hours: float = 3) -> ReadBack:
    return read_back(source, by=by, now=city.at(hours=hours))


def test_what_was_not_touched_changes_nothing(city: Any, both: Any) -> None:
    before = AuditEvent.objects.count()
    assert back(city, changed(city, workbook.TASKS)).reconciled == (
        "2 read = 2 unchanged + 0 changed + 0 new + 0 refused"
    )
    assert AuditEvent.objects.count() == before


def test_a_new_date_is_the_issuers_with_a_reason(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, due="2022-07-06 18:00", reason="系统升级")
    done = back(city, source, city.duty_city)
    assert done.changed == [both[1].number]
    assert Task.objects.get().due_at == city.at(days=5, hours=10)


def test_the_same_file_twice_changes_once(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, due="2022-07-06 18:00", reason="系统升级")
    back(city, source, city.duty_city)
    assert back(city, source, city.duty_city, hours=4).n_unchanged == 2


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"due": "2022-07-06 18:00"}, "needs a reason"),
        ({"due": "soon", "reason": "x"}, "no moment"),
        ({"stage": "办结"}, "belongs to the records"),
        ({"progress": "80"}, "comes with a report"),
        ({"unit": "无此单位", "reason": "x"}, "no one unit"),
        ({"number": "T-990100-9999"}, "no task of this number"),
    ],
)
def test_what_may_not_be_changed_is_refused_with_the_reason(
    city: Any, both: Any, cells: Any, why: str
) -> None:
    done = back(city, changed(city, workbook.TASKS, **cells), city.duty_city)
    assert why in done.refused[0].reason
    assert done.n_read == 2


def test_the_doer_does_not_change_the_date_in_excel_either(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, due="2022-07-06 18:00", reason="忙")
    assert "市指挥部" in back(city, source, city.zhou).refused[0].reason


def test_progress_is_reported_by_the_doer(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, progress="60", report="12 所学校已上传")
    assert back(city, source, city.zhou).changed == [both[1].number]
    assert Task.objects.get().share == 60
    assert back(city, source, city.zhou, hours=4).n_unchanged == 2


def test_nothing_changes_in_nobodys_name(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, progress="60", report="12 所")
    assert "--by" in back(city, source).refused[0].reason


def test_a_row_that_others_changed_meanwhile_is_refused(city: Any, both: Any) -> None:
    source = changed(city, workbook.TASKS, measure="抽查 50 所", reason="加严")
    steering.report(task=both[1], text="过半", share=55, by=city.zhou, now=city.at(hours=3))
    assert "has changed since" in back(city, source, city.duty_city, hours=4).refused[0].reason


def test_a_row_without_number_is_a_new_task_once(city: Any, both: Any) -> None:
    book = carried_off(city)
    row = ["", "储备抗原 5 万份", "入库单", "市教育局", "", "2022-07-09"]
    book[workbook.TASKS].append(row)
    out = io.BytesIO()
    book.save(out)
    done = back(city, out.getvalue(), city.duty_city)
    assert done.new == ["T-990100-0002"]
    assert back(city, out.getvalue(), city.duty_city, hours=4).n_unchanged == 3


def test_the_cause_of_a_problem_may_be_said_in_excel(city: Any, both: Any) -> None:
    source = changed(city, workbook.PROBLEMS, cause="transport")
    assert back(city, source, city.duty_east).changed == [both[0].number]
    assert Problem.objects.get().cause == "transport"


def test_the_words_of_a_problem_stay(city: Any, both: Any) -> None:
    source = changed(city, workbook.PROBLEMS, problem="没有问题")
    assert "belongs to the records" in back(city, source, city.duty_east).refused[0].reason


# --- the two verbs -------------------------------------------------------------------------------


def call(module: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return int(module.run(parser.parse_args(words)) or 0)


def test_out_and_in_by_the_command_line(
    city: Any, both: Any, tmp_path: Path, settings: Any, capsys: Any
) -> None:
    settings.TONGCHOU_DATA = tmp_path
    file = str(tmp_path / "lists.xlsx")
    assert call(lists_export, "--out", file) == 0
    assert call(lists_import, file) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].endswith("1 problems, 1 tasks")
    assert printed[-1] == "2 read = 2 unchanged + 0 changed + 0 new + 0 refused"
    assert unit_of(city.zhou).name == "市教育局"
