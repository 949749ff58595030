"""`tongchou activate` on the machine: it shows what moves, moves it, and says what it did."""

from collections.abc import Callable
from typing import Any

import pytest

from tongchou.areas.models import Area
from tongchou.command.models import Activation
from tongchou.ledger.models import Passage
from tongchou.site import activate, cli

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Run the verb in the tests' own database."""
    monkeypatch.setattr(activate, "migrate", lambda: None)
    monkeypatch.setattr(cli, "_choose_data", lambda *given: None)
    return lambda *words: cli.main(["activate", *words])


def test_it_switches_the_area_and_says_what_moved(
    city: Any, reported: Callable[..., Passage], run: Any, capsys: Any
) -> None:
    reported(city.east, "verified", "investigated")
    assert run("990100", "war", "--by", "mayor", "--reason", "首例") == 0
    out = capsys.readouterr().out
    assert "15 areas, 1 deadlines moved" in out
    assert Activation.objects.get().by == city.mayor


def test_a_dry_run_shows_the_same_and_changes_nothing(
    city: Any, reported: Callable[..., Passage], run: Any, capsys: Any
) -> None:
    reported(city.east, "verified", "investigated")
    assert run("河东区", "war", "--dry-run") == 0
    out = capsys.readouterr().out
    assert "case_report.investigated" in out and "6h → 2h" in out
    assert "Nothing was changed" in out and not Activation.objects.exists()


def test_it_names_who_is_on_post_and_what_is_missing(city: Any, run: Any, capsys: Any) -> None:
    city.zhao.posts.update(to_at=city.at(hours=-1))
    run("990100", "war", "--dry-run")
    out = capsys.readouterr().out
    assert "市疾控中心, 疾控钱" in out
    assert "transfer team: 同舟市" in out.partition("nobody on post")[2]


def test_an_unknown_area_is_told_with_its_neighbours(city: Any, run: Any, capsys: Any) -> None:
    assert run("990199", "war") == 2
    assert "990100 同舟市" in capsys.readouterr().err


def test_the_same_tempo_again_is_no_fault(city: Any, run: Any, capsys: Any) -> None:
    assert run("990100", "peace") == 0
    assert "already" in capsys.readouterr().out


def test_somebody_who_is_no_commander_is_refused(city: Any, run: Any, capsys: Any) -> None:
    assert run("990102", "war", "--by", "duty_east") == 1
    assert "Only a commander" in capsys.readouterr().err
    assert Area.objects.get(pk="990102").tempo == "peace"


def test_a_user_nobody_knows_is_told(city: Any, run: Any, capsys: Any) -> None:
    assert run("990102", "war", "--by", "nobody") == 2
    assert "no user 'nobody'" in capsys.readouterr().err
