"""`tongchou trace itinerary`: what it prints, and what it says when it cannot."""

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tongchou.site import cli

TEXT = "病例1：张某，男，34岁，现住青石县柳林镇。1月1日12时许到好运来饭店参加婚宴。\n"


def run(*words: str) -> int:
    return cli.main(["trace", "itinerary", *words])


@pytest.fixture
def notice(tmp_path: Path) -> str:
    file = tmp_path / "notice.txt"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_json_has_people_stays_and_places_with_their_spans(
    notice: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(notice, "--date", "2022-01-05", "--json") == 0

    found = json.loads(capsys.readouterr().out)
    (person,), (stay,) = found["people"], found["stays"]
    assert (person["age"]["value"], person["sex"]["value"]) == (34, "male")
    assert (stay["begin"], stay["place"]["text"]) == ("2022-01-01T12:00:00", "好运来饭店")
    assert all(
        TEXT[found_["start"] : found_["end"]] == found_["text"]
        for kind in ("people", "stays", "places", "dates", "ages", "sexes")
        for found_ in found[kind]
    )


def test_without_json_it_is_a_table(notice: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(notice, "--date", "2022-01-05") == 0

    out = capsys.readouterr().out
    assert "病例1 张某 34 male" in out
    assert "2022-01-01 12:00" in out and "好运来饭店" in out
    assert out.endswith("1 people, 1 stays, 2 places, 1 times\n")


def test_a_text_in_the_old_encoding_is_read_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes(TEXT.encode("gb18030"))

    assert run(str(file), "--date", "2022-01-05") == 0
    assert "好运来饭店" in capsys.readouterr().out


def test_it_reads_what_is_handed_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(TEXT.encode())))

    assert run("-", "--date", "2022-01-05") == 0
    assert "好运来饭店" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-file.txt", "--date", "2022-01-05"), "No such file"),
        (("no-such-file.txt", "--date", "soon"), "--date"),
    ],
)
def test_it_says_what_is_wrong(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words) == 2
    assert told in capsys.readouterr().err


def test_what_could_not_be_settled_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "vague.txt"
    file.write_text("1月2日从宝丰驾车到青槐。", encoding="utf-8")

    assert run(str(file), "--date", "2022-01-05") == 0
    assert "to look at:" in capsys.readouterr().out


def test_reading_a_text_needs_no_django(notice: str) -> None:
    code = (
        "import sys; from tongchou.site.cli import main; "
        f"main(['trace', 'itinerary', {notice!r}, '--date', '2022-01-05']); "
        "print('django' in sys.modules, file=sys.stderr)"
    )
    src = str(Path(__file__).resolve().parents[2] / "src")
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": src},
    )

    assert loaded.stderr.strip() == "False"
