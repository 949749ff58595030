"""`tongchou import counts`, `quality` and `brief`, as somebody at the keyboard uses them."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from tests.surveillance.official import cumulative, day, sheet, shifted
from tongchou.areas.models import Area
from tongchou.site import brief, import_counts, quality
from tongchou.site.cli import Wrong
from tongchou.surveillance.models import Count

pytestmark = pytest.mark.django_db


def call(module: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    return int(module.run(parser.parse_args(words)) or 0)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> None:
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "counts.csv"
    total = "2020-01-05,湖北省,420000,,,999,0,0,0\n"
    path.write_text(sheet(shifted(cumulative(), 25)) + total, encoding="utf-8")
    return str(path)


def imported(file: str, *words: str) -> int:
    return call(import_counts, file, "--profile", "canghailan", *words)


def test_the_last_line_of_an_import_reconciles(file: str, capsys: Any) -> None:
    assert imported(file) == 0
    printed = capsys.readouterr()

    assert printed.out.splitlines()[-1] == "321 read = 320 stored + 1 refused"
    assert "counts.csv:322 cityCode: The total of 湖北省 (420000)" in printed.err
    assert "9 areas were not here yet and were added from the list" in printed.err


def test_again_says_that_nothing_is_new(file: str, capsys: Any) -> None:
    imported(file)
    capsys.readouterr()
    imported(file)
    printed = capsys.readouterr()

    assert "counts.csv: came before; nothing in it is new" in printed.err
    assert printed.out.splitlines() == [
        "counts.csv: 0 new, 0 revised, 320 unchanged, 0 remarks",
        "321 read = 320 stored + 1 refused",
    ]


def test_a_dry_run_says_the_same_and_writes_nothing(file: str, capsys: Any) -> None:
    imported(file, "--dry-run")
    printed = capsys.readouterr()

    assert printed.out.splitlines()[-1] == "321 read = 320 stored + 1 refused"
    assert "9 areas would be added: 420000 湖北省" in printed.err
    assert not Count.objects.exists() and not Area.objects.exists()


def test_refused_rows_are_written_with_the_reason(file: str, tmp_path: Path) -> None:
    out = tmp_path / "refused.csv"
    imported(file, "--refusals", str(out))
    lines = out.read_text(encoding="utf-8-sig").splitlines()

    assert len(lines) == 2
    assert "its parts would be counted twice" in lines[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profile", "canghalian"), "Did you mean canghailan"),
        (("--area", "1"), "there is no area '1'"),
        (("--by", "nobody"), "there is no user 'nobody'"),
        (("--profile", "ilinet"), "no column YEAR"),
    ],
)
def test_what_is_wrong_says_how_to_mend_it(file: str, words: Any, said: str) -> None:
    with pytest.raises(Wrong, match=said):
        imported(file, *words)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Wrong, match="nowhere.csv: No such file"):
        imported(str(tmp_path / "nowhere.csv"))


def test_quality_prints_one_finding_a_line_and_counts_them(file: str, capsys: Any) -> None:
    imported(file)
    capsys.readouterr()
    assert call(quality) == 0
    lines = capsys.readouterr().out.splitlines()

    assert all(line.count(" | ") == 4 for line in lines[:-1])
    assert any("dates move by 1 day" in line and "from 2020-01-26" in line for line in lines)
    assert lines[-1] == (
        f"{len(lines) - 1} findings in the counts of canghailan 2020-01-01 – 2020-02-09"
    )


def test_quality_speaks_chinese_and_narrows_the_list(file: str, capsys: Any) -> None:
    imported(file)
    capsys.readouterr()
    call(quality, "--kind", "false_zero", "--on", str(day(25)), "--lang", "zh")
    lines = capsys.readouterr().out.splitlines()

    assert "假零" in lines[0] and "不报警、不计算 R" in lines[0]


def test_quality_of_an_unknown_source_says_which_there_are(file: str) -> None:
    imported(file)
    with pytest.raises(Wrong, match="there are: canghailan"):
        call(quality, "--source", "who")


def test_quality_of_an_empty_instance_says_what_to_do(capsys: Any) -> None:
    call(quality)

    assert "import counts first" in capsys.readouterr().out


def test_a_brief_reads_the_dates_as_the_check_finds_them_unasked(file: str, capsys: Any) -> None:
    imported(file)
    capsys.readouterr()
    call(brief, "--area", "420100", "--on", str(day(31)))
    printed = capsys.readouterr().out

    assert f"{cumulative()[0, 30]} confirmed, 0 cured, 0 dead" in printed
    assert "Figures of 24:00 on 31 January 2020" in printed


def test_a_brief_of_an_unknown_area_says_so(file: str) -> None:
    with pytest.raises(Wrong, match="there is no area '429006' here"):
        call(brief, "--area", "429006")


def test_a_brief_before_the_first_count_says_so(file: str) -> None:
    imported(file)
    with pytest.raises(Wrong, match="no official counts"):
        call(brief, "--area", "420100", "--on", "2019-12-01")
