"""`tongchou import linelist` and `import template`, as somebody at the keyboard uses them."""

import argparse
import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.intake.conftest import mers
from tongchou.cases.models import Case
from tongchou.intake.models import Import
from tongchou.records.models import AuditEvent
from tongchou.site import import_linelist, import_template
from tongchou.site.cli import Wrong

ROW = "SK_1,68,M,2015-05-11,2015-05-19,,,,Alive,,"
TWO = mers(ROW, "SK_2,x,F,,2015-05-20,,,,Alive,,")
PAIRS = "from,to,exposure\nSK_1,SK_2,Hospital room\n"


def call(module: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return int(module.run(parser.parse_args(words)) or 0)


@pytest.fixture
def listed(tmp_path: Path) -> Callable[[str, str], str]:
    def write(text: str, name: str = "list.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.django_db
def test_the_last_line_reconciles(city: Any, listed: Any, capsys: Any) -> None:
    assert call(import_linelist, listed(TWO), "--profile", "mers-korea") == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "list.csv: cases, 1 new, 0 unchanged, 0 remarks",
        "2 read = 1 stored + 1 refused",
    ]
    assert printed.err.strip() == "list.csv:3 age: “x” is not a number. Write digits only."


@pytest.mark.django_db
def test_contacts_reconcile_on_a_line_of_their_own(city: Any, listed: Any, capsys: Any) -> None:
    pairs = listed(PAIRS, "pairs.csv")
    text = mers(ROW, "SK_2,63,F,,2015-05-20,,,,Alive,,")
    call(import_linelist, listed(text), "--contacts", pairs, "--profile", "mers-korea")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "1 read = 1 stored + 0 refused",
        "2 read = 2 stored + 0 refused",
    ]


@pytest.mark.django_db
def test_a_list_of_contacts_alone_is_taken_too(city: Any, listed: Any, capsys: Any) -> None:
    call(import_linelist, listed(mers(ROW, "SK_2,63,F,,2015-05-20,,,,Alive,,")))
    call(import_linelist, listed(PAIRS, "pairs.csv"), "--profile", "mers-korea")
    assert capsys.readouterr().out.splitlines()[-1] == "1 read = 1 stored + 0 refused"


@pytest.mark.django_db
def test_the_profile_is_found_out(city: Any, listed: Any, capsys: Any) -> None:
    call(import_linelist, listed(TWO))
    assert "list.csv: read as mers-korea" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(listed: Any, capsys: Any) -> None:
    text = mers(ROW, "SK_2,63,F,,2015-05-20,,,,Alive,,")
    words = [listed(text), "--contacts", listed(PAIRS, "pairs.csv"), "--profile", "mers-korea"]
    assert call(import_linelist, *words, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "1 read = 1 stored + 0 refused",
        "2 read = 2 stored + 0 refused",
    ]
    assert (Case.objects.count(), Import.objects.count()) == (0, 0)
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db
def test_refused_rows_are_written_as_the_sheet_they_were(
    city: Any, listed: Any, tmp_path: Path
) -> None:
    out = tmp_path / "refused.csv"
    call(import_linelist, listed(TWO), "--refusals", str(out))
    with out.open(encoding="utf-8-sig", newline="") as file:
        header, row = csv.reader(file)
    assert header[0] == "id" and row[0] == "SK_2" and "not a number" in row[-1]


@pytest.mark.django_db
def test_refused_rows_of_each_sheet_have_a_file(city: Any, listed: Any, tmp_path: Path) -> None:
    out = tmp_path / "refused.xlsx"
    pairs = listed(PAIRS, "pairs.csv")
    call(import_linelist, listed(TWO), "--contacts", pairs, "--refusals", str(out))
    page = load_workbook(tmp_path / "refused-exposure.xlsx").active
    assert page.cell(2, 2).value == "SK_2"


@pytest.mark.django_db
def test_an_import_is_in_somebodys_name(city: Any, listed: Any) -> None:
    call(import_linelist, listed(TWO), "--by", "steward", "--area", "990102", "--prefix", "KR-")
    of = Import.objects.get()
    assert (of.by, of.area, Case.objects.get().number) == (city.steward, city.east, "KR-SK_1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--profile", "mers-corea"], "Did you mean mers-korea"),
        (["--area", "990109"], "There is no area 990109"),
        (["--by", "nobody"], "there is no user 'nobody'"),
        (["--contacts", "no-such-file.csv"], "no-such-file.csv: No such file"),
        (["--profile", "godata"], "The column “uuid” is missing"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    city: Any, listed: Any, words: list[str], says: str
) -> None:
    with pytest.raises(Wrong, match=says):
        call(import_linelist, listed(TWO), *words)
    assert Case.objects.count() == 0


@pytest.mark.django_db
def test_a_stranger_s_columns_fit_no_profile(city: Any, listed: Any) -> None:
    with pytest.raises(Wrong, match="no profile fits its columns"):
        call(import_linelist, listed("a,b\n1,2\n"))


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_the_template_is_written(tmp_path: Path, name: str) -> None:
    assert call(import_template, "--out", str(tmp_path / name), "--sheet", "contact") == 0
    assert (tmp_path / name).stat().st_size > 100


@pytest.mark.django_db
def test_a_filled_template_gives_both_its_sheets(city: Any, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "list.xlsx"
    call(import_template, "--out", str(path))
    book = load_workbook(path)
    book["病例 Cases"].append(["B-1", "张三", *[""] * 8, "确诊", *[""] * 5, "2022-07-01"])
    book["密接 Contacts"].append(["M-1", "B-1", "", "李四", *[""] * 6, "密接"])
    book.save(path)
    words = [str(path), "--contacts", str(path), "--profile", "template"]
    assert call(import_linelist, *words) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.splitlines()[-2:] == ["1 read = 1 stored + 0 refused"] * 2


@pytest.mark.parametrize("name", ["t.pdf", "no/such/folder/t.csv"])
def test_a_template_that_cannot_be_written_says_why(tmp_path: Path, name: str) -> None:
    with pytest.raises(Wrong):
        call(import_template, "--out", str(tmp_path / name))


def test_a_fresh_folder_needs_no_other_step(tmp_path: Path, shared: Path) -> None:
    lists, root = shared / "data" / "linelists", Path(__file__).resolve().parents[2]
    words = ["import", "linelist", str(lists / "mers_korea_2015.linelist.csv")]
    words += ["--contacts", str(lists / "mers_korea_2015.contacts.csv")]
    words += ["--profile", "mers-korea", "--data", str(tmp_path / "instance")]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TONGCHOU", "DJANGO"))}
    for _time in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "tongchou", *words],
            env={**kept, "PYTHONPATH": str(root / "src")},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-2:] == [
            "98 read = 98 stored + 0 refused",
            "162 read = 162 stored + 0 refused",
        ]
