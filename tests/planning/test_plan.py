"""A whole plan, from the file of a scenario to the playbooks that are written out."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tongchou import playbook
from tongchou.planning import plan_files, planner, run_text, scenario_file
from tongchou.site import cli

TEXT = """
name = "Small import"
playbook = "cn-2022-06"
disease = "influenza"
days = 20
infections = 3
[city]
people = 2000
[course]
r0 = 2.0
[search]
"war.rounds.interval_days" = [1, 3]
"contact.close.quarantine.facility" = [3, 7]
"capacities.rooms" = [2, 4]
[plan]
minimise = ["cost.total", "infections"]
constraints = ["beds.severe <= 40 @ 95%"]
budget = 8
seeds = 3
[wrong]
delay = 2
"""


@pytest.fixture(scope="module")
def planned():
    return planner.plan(scenario_file.read_text(TEXT))


@pytest.fixture(scope="module")
def out(planned, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plan")
    plan_files.write(planned, folder)
    return folder


def rows(path: Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_combination_was_tried_and_some_hold(planned):
    assert planned.found.exhaustive
    assert len(planned.found.plans) == 8
    assert planned.found.cheapest is planned.shown[0]
    assert planned.least_regretted in planned.shown


def test_the_front_is_a_table_with_intervals(planned, out):
    found = rows(out / "front.csv")

    assert len(found) == len(planned.found.front)
    assert [row["cheapest"] for row in found].count("yes") == 1
    assert [row["least_regretted"] for row in found].count("yes") == 1
    first = found[0]
    assert float(first["cost.total.low"]) <= float(first["cost.total.mean"])
    assert first["binding"] == "beds.severe <= 40 @ 95%"
    assert {"as_assumed: holds", "delay: regret"} <= set(first)


def test_every_candidate_is_told(out):
    assert [row["plan"] for row in rows(out / "candidates.csv")] == [str(n) for n in range(8)]


def test_plans_are_playbooks_that_pass_the_check(planned, out):
    written = sorted(p for p in (out / "plans").glob("plan-*.toml") if "city" not in p.name)

    assert len(written) == len(planned.shown)
    for path in written:
        book = playbook.parse(path.read_text("utf-8"))
        assert book.id == f"cn-2022-06-{path.stem}"
    assert cli.main(["playbook", "check", "--lang", "en", *map(str, written)]) == 0


def test_a_plan_written_out_is_the_plan_that_was_run(planned, out):
    plan = planned.shown[-1]
    beside = out / "plans" / "again.toml"
    lines = [TEXT.partition("[search]")[0].replace('"cn-2022-06"', f'"plan-{plan.number}.toml"')]
    city = (out / "plans" / f"plan-{plan.number}.city.toml").read_text("utf-8")
    beside.write_text("\n".join([*lines, city]), encoding="utf-8")
    again = scenario_file.read(beside).scenario

    assert again.digest == planned.file.with_settings(plan.settings).digest
    beside.unlink()


def test_the_report_speaks_both_languages_and_names_the_plans(planned, out):
    text = (out / "report.md").read_text("utf-8")

    assert f"最省的可行方案：第{planned.found.cheapest.number}号" in text
    assert f"plan {planned.found.cheapest.number}" in text
    assert "约束" in text and "If the city is mistaken" in text
    assert not re.search(r"\bnan\b", text)


def test_where_no_plan_holds_the_report_says_what_stands_in_the_way(tmp_path):
    text = TEXT.replace("beds.severe <= 40 @ 95%", "infections <= 1").replace(
        "budget = 8", "budget = 2"
    )
    none = planner.plan(scenario_file.read_text(text))
    plan_files.write(none, tmp_path)

    assert none.shown == ()
    assert "没有方案满足全部约束" in (tmp_path / "report.md").read_text("utf-8")


def test_a_file_without_a_search_leaves_nothing_to_plan():
    with pytest.raises(planner.Nothing, match=r"\[search\]"):
        planner.plan(scenario_file.read_text(TEXT.partition("[search]")[0]))


def test_what_a_run_prints_hangs_on_the_seed_alone():
    file = scenario_file.read_text(TEXT)
    scenario = file.scenario.calibrated()
    one, two = (
        run_text.as_json(run_text.described(file, scenario.simulated(5, threads=threads)))
        for threads in (1, 2)
    )

    assert one == two
    assert '"assumed"' in one
    assert "Small import: 2,000 people" in run_text.as_text(file, scenario.simulated(5))


SHORT = TEXT.replace("[search]", "[capacities]\ntubes = 1\n[search]")
AMPLE = SHORT.replace("tubes = 1", 'tubes = "unlimited"')


def test_a_run_says_on_how_many_days_laboratories_ran_short():
    short, ample = (
        run_text.as_text(file, file.scenario.calibrated().simulated(5))
        for file in map(scenario_file.read_text, (SHORT, AMPLE))
    )

    assert re.search(r"laboratories ran short on \d+ days: [\d,]+ people were not sampled", short)
    assert re.search(r"people not sampled for want of laboratories +[1-9]", short)
    assert "ran short" not in ample


@pytest.mark.parametrize(("text", "is_short"), [(SHORT, True), (AMPLE, False)])
def test_the_report_says_what_laboratories_cannot_take(text, is_short, tmp_path):
    plan_files.write(planner.plan(scenario_file.read_text(text), budget=2), tmp_path)
    report = (tmp_path / "report.md").read_text("utf-8")

    assert ("检测能力不足：平均有" in report) is is_short
    assert ("Laboratories run short: " in report) is is_short
    assert ("| people not sampled for want of laboratories in all |" in report) is is_short
    assert (float(rows(tmp_path / "front.csv")[0]["pcr_missed.mean"]) > 0) is is_short


def test_what_is_told_of_a_plan_whose_runs_were_cut_short_says_at_least(planned, tmp_path):
    found = planned.found
    given_up = next(plan for plan in found.plans[1:] if plan not in found.front)
    plans = [replace(p, n_cut=2, out="constraint") if p is given_up else p for p in found.plans]
    plan_files.write(replace(planned, found=replace(found, plans=tuple(plans))), tmp_path)
    told = {int(row["plan"]): row["figures"] for row in rows(tmp_path / "candidates.csv")}
    report = (tmp_path / "report.md").read_text("utf-8")

    assert [number for number, said in told.items() if said == "at least"] == [given_up.number]
    assert "“至少”（at least）" in report and 'say "at least"' in report
