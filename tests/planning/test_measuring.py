"""Delays that a command takes from the ledger of an instance."""

import json

import pytest

from tests.planning.test_known import handed_on
from tongchou.planning import measuring, plan_report, planner, run_text, scenario_file
from tongchou.site import cli

TEXT = """
playbook = "cn-2022-06"
disease = "influenza"
days = 10
infections = 3
[city]
people = 2000
[course]
r0 = 2.0
"""


def measured(city, text=TEXT):
    return measuring.with_ledger(scenario_file.read_text(text), city.city, now=city.at())


def test_hand_offs_that_took_long_slow_the_scenario(city):
    handed_on(city, "contact", "located", hours=40, n=6)
    before, after = scenario_file.read_text(TEXT), measured(city)

    assert before.scenario.policy.war.tracing.delay_days[0] == 1
    assert after.scenario.policy.war.tracing.delay_days == (2,) * 7
    assert after.scenario.policy.peace.tracing.delay_days[0] >= 2


def test_each_run_says_which_delays_were_measured_and_which_assumed(city):
    handed_on(city, "contact", "located", hours=40, n=6)
    file = measured(city)

    assert any(
        each.startswith("delay: war.tracing.delay_days: 2 days, measured over 6 ")
        for each in run_text.measured(file)
    )
    assert any("war.isolation.transfer_days" in each for each in run_text.assumed(file))
    assert not any("tracing" in each for each in run_text.assumed(file))


def test_what_the_file_says_goes_before_what_was_measured(city):
    handed_on(city, "contact", "located", hours=40, n=6)
    file = measured(city, TEXT + "[policy.both.tracing]\ndelay_days = 3\n")

    assert file.scenario.policy.war.tracing.delay_days == (3,) * 7
    assert not any("tracing" in each.path for each in file.delays)


def test_a_plan_keeps_the_measured_delays_in_every_candidate_and_says_so(city):
    handed_on(city, "contact", "located", hours=40, n=6)
    text = (
        TEXT
        + """
[search]
"war.rounds.interval_days" = [1, 3]
[plan]
minimise = ["infections"]
budget = 2
seeds = 1
[wrong]
"""
    )
    file = measured(city, text)
    changed = file.with_settings({"response.rounds.interval_days.war": 3})
    report = plan_report.report(planner.plan(file))

    assert changed.policy.war.tracing.delay_days == (2,) * 7
    assert "measured over 6 from hand-offs" in report
    assert "实测（6次交接）" in report


def test_without_a_ledger_every_delay_is_assumed(capsys):
    assert cli.main(["simulate", "--people", "2000", "--days", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert told["measured"] == []
    assert len(told["assumed"]) == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [(["--area", "330100"], "say where it is"), (["--data", "/no/such"], "no such folder")],
)
def test_an_instance_that_is_not_there_is_refused(words, why, capsys):
    assert cli.main(["simulate", "--people", "2000", *words]) == 2
    assert why in capsys.readouterr().err
