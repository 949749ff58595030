"""`tongchou report`: text to the terminal, documents to a file, signed before laid out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.reports.signing import ON, bureau, laid_out, signed
from tests.reports.test_facts import case
from tongchou.site import cli, report

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the verb in the tests' own database."""
    monkeypatch.setattr(report, "migrate", lambda: None)
    monkeypatch.setattr(cli, "_choose_data", lambda *given: None)
    return lambda *words: cli.main(["report", *words])


def test_a_day_that_was_not_kept_is_laid_out(
    city: Any, person: Any, run: Any, capfdbinary: Any
) -> None:
    case(city, person, 1)
    assert run("--area", "990102", "--on", "2022-07-01", "--format", "json") == 0
    told = json.loads(capfdbinary.readouterr().out)
    values = {fact["key"]: fact["value"] for fact in told["content"]["facts"]}
    assert values["cases.new"] == 1 and told["signed"] is False


def test_a_signed_report_is_shown_as_it_was_signed(
    city: Any, person: Any, run: Any, capfdbinary: Any
) -> None:
    sign = signed(city, laid_out(city))
    case(city, person, 1)
    assert run("--area", "河东区", "--on", "2022-07-01", "--format", "json") == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["digest"] == sign.digest
    assert told["content"]["facts"][0]["value"] == 0


def test_the_text_comes_in_either_language(city: Any, run: Any, capfdbinary: Any) -> None:
    run("--area", "990102", "--on", "2022-07-01")
    assert "疫情防控日报" in capfdbinary.readouterr().out.decode()
    run("--area", "990102", "--on", "2022-07-01", "--lang", "en")
    assert "Daily report of 河东区" in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_document_is_written_to_a_file(city: Any, run: Any, tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"r.{kind}"
    words = ("--area", "990102", "--on", "2022-07-01", "--format", kind, "--out", str(out))
    assert run(*words) == 0
    assert out.read_bytes()[:2] in (b"PK", b"%P")


def test_an_area_that_ended_is_shown_for_its_own_days_and_then_its_successor(
    city: Any, run: Any, capfdbinary: Any
) -> None:
    city.east.ended_on, city.east.successor = ON, city.west
    city.east.save()
    for on, name in (("2022-07-01", "河东区"), ("2022-07-02", "河西区")):
        run("--area", "990102", "--on", on)
        assert capfdbinary.readouterr().out.decode().startswith(f"# {name}")


def test_a_department_has_its_own(city: Any, run: Any, capfdbinary: Any) -> None:
    bureau(city)
    words = ("--area", "990100", "--unit", "市教育局", "--on", "2022-07-01")
    assert run(*words) == 0
    assert "市教育局" in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--area", "110101", "--on", "2022-07-01"), "no area"),
        (("--area", "990102", "--on", "2099-07-01"), "has not come yet"),
        (("--area", "990102", "--unit", "x", "--on", "2022-07-01"), "has no unit"),
    ],
)
def test_what_is_not_there_ends_with_the_reason(
    city: Any, run: Any, capsys: Any, words: Any, why: str
) -> None:
    assert run(*words) == 2
    assert why in capsys.readouterr().err
