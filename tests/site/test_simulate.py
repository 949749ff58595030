"""`tongchou simulate` and `tongchou plan`, as they are typed."""

import json

import pytest

from tongchou.site import cli

TEXT = """
playbook = "cn-2022-06"
disease = "influenza"
days = 10
infections = 3
[city]
people = 1000
[search]
"war.rounds.interval_days" = [1, 2]
[plan]
seeds = 2
budget = 2
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_the_same_seed_prints_the_same_bytes_with_any_threads(scenario, capsys):
    printed = []
    for threads in ("1", "2"):
        assert cli.main(["simulate", str(scenario), "--threads", threads, "--json"]) == 0
        printed.append(capsys.readouterr())

    assert printed[0].out == printed[1].out
    assert json.loads(printed[0].out)["days"] == 10
    assert "people x days a second" in printed[0].err


def test_a_default_city_says_how_fast_it_ran(capsys):
    asked = ["--people", "1000", "--days", "5", "--disease", "influenza", "--json"]
    assert cli.main(["simulate", *asked]) == 0
    found = json.loads(capsys.readouterr().out)

    assert found["people"] == 1000
    assert set(found["speed"]) >= {"people_days_per_second", "attack_rate", "ns_per_infection"}


def test_a_faulty_scenario_is_refused_with_its_line(scenario, capsys):
    scenario.write_text(TEXT.replace("days = 10", "days = -1"), encoding="utf-8")

    assert cli.main(["simulate", str(scenario)]) == 2
    assert f"{scenario}:4: days: -1 is no whole number" in capsys.readouterr().err


def test_what_the_scenario_says_is_not_said_twice(scenario, capsys):
    assert cli.main(["simulate", str(scenario), "--playbook", "none"]) == 2
    assert "stands in the scenario" in capsys.readouterr().err


def test_a_plan_is_written_and_a_second_call_finds_its_runs(scenario, tmp_path, capsys):
    out = tmp_path / "out"
    asked = ["plan", str(scenario), "--out", str(out), "--workers", "1"]
    assert cli.main(asked) == 0
    first = capsys.readouterr().out
    before = (out / "front.csv").read_bytes()

    assert cli.main(asked) == 0
    assert (out / "front.csv").read_bytes() == before
    assert "the cheapest that holds" in first
    assert (out / "report.md").exists()


def test_a_constraint_that_cannot_be_read_is_refused(scenario, tmp_path, capsys):
    asked = ["plan", str(scenario), "--out", str(tmp_path), "--constraint", "beds.sever <= 3"]

    assert cli.main(asked) == 2
    assert "nearest is 'beds.severe'" in capsys.readouterr().err
