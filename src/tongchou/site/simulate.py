"""`tongchou simulate [SCENARIO.toml]`: one run of the city in the machine.

What goes to standard output is the same for the same scenario and seed, with any number of threads;
how long it took is told on standard error. Without a file a default city is run, and its JSON says
how fast that was.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tongchou.site import instance
from tongchou.site.cli import Wrong

if TYPE_CHECKING:
    from tongchou.planning.scenarios import ScenarioFile

__all__ = ["arguments", "run"]

DEFAULT_PLAYBOOK = "cn-2022-06"
DEFAULT_DISEASE = "covid19_omicron_ba2"
DEFAULT_PEOPLE = 1_000_000


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO.toml")
    parser.add_argument("--people", type=int, metavar="N", help="how many people the city has")
    parser.add_argument("--days", type=int, metavar="N", help="how many days to run")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the dice")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="inside the run")
    parser.add_argument(
        "--playbook", metavar="ID", help="without a scenario; `none`: nothing is done"
    )
    parser.add_argument("--disease", metavar="CODE", help="one of the playbook's courses")
    parser.add_argument("--infections", type=int, metavar="N", help="people infected at first")
    parser.add_argument("--json", action="store_true", help="everything, for other programs")
    instance.arguments(parser)


def run(given: argparse.Namespace) -> int:
    from tongchou.epi.plan.dotted import WrongValue
    from tongchou.planning import run_text
    from tongchou.planning.scenario_file import ScenarioError

    try:
        file = instance.with_delays(_scenario(given), given)
    except (ScenarioError, WrongValue) as error:
        raise Wrong(str(error)) from error
    if given.threads < 1:
        raise Wrong(f"--threads {given.threads}: give one at least")
    times = {"build": time.perf_counter()}
    n = file.scenario.city.n
    times["calibrate"] = time.perf_counter()
    scenario = file.scenario.calibrated()
    if given.scenario is None:  # a first run reads compiled code; that is no time of the model's
        scenario.simulated(given.seed, threads=given.threads)
    times["run"] = time.perf_counter()
    result = scenario.simulated(given.seed, threads=given.threads)
    times["end"] = time.perf_counter()
    content = run_text.described(file, result)
    speed = _speed(times, n, result.days, content["totals"]["infections"])
    if given.json:
        if given.scenario is None:
            content = {"speed": speed | {"threads": given.threads}} | content
        sys.stdout.write(run_text.as_json(content))
    else:
        sys.stdout.write(run_text.as_text(file, result))
    print(
        f"city built in {speed['build_seconds']:.2f} s, transmissibility found in "
        f"{speed['calibrate_seconds']:.2f} s, {result.days} days run in {speed['seconds']:.3f} s: "
        f"{speed['people_days_per_second']:,.0f} people x days a second, "
        f"{speed['ns_per_infection']:,.0f} ns for each infection",
        file=sys.stderr,
    )
    return 0


def _scenario(given: argparse.Namespace) -> "ScenarioFile":
    """The file with what the command line says over it; without one the default city."""
    from tongchou.planning import scenario_file

    if given.scenario is None:
        book = given.playbook or DEFAULT_PLAYBOOK
        lines = [f'disease = "{given.disease or DEFAULT_DISEASE}"', 'name = "default city"']
        lines += [] if book == "none" else [f'playbook = "{book}"']
        lines += ["infections = 20", "days = 180"]
        lines += ["[city]", f"people = {given.people or DEFAULT_PEOPLE}"]
        return _over(scenario_file.read_text("\n".join(lines), file="default city"), given)
    for name in ("playbook", "disease"):
        if getattr(given, name) is not None:
            raise Wrong(f"--{name} stands in the scenario; change it there")
    return _over(scenario_file.read(given.scenario, people=given.people), given)


def _over(file: "ScenarioFile", given: argparse.Namespace) -> "ScenarioFile":
    scenario = file.scenario
    try:
        scenario = replace(
            scenario,
            days=scenario.days if given.days is None else given.days,
            infections=scenario.infections if given.infections is None else given.infections,
        )
    except ValueError as error:
        raise Wrong(str(error)) from error
    return replace(file, scenario=scenario)


def _speed(times: dict[str, float], n: int, days: int, infections: float) -> dict[str, float]:
    seconds = times["end"] - times["run"]
    return {
        "people_days_per_second": round(n * days / seconds),
        "seconds": round(seconds, 4),
        "attack_rate": round(infections / n, 6),
        "ns_per_infection": round(seconds / max(infections, 1) * 1e9, 1),
        "build_seconds": round(times["calibrate"] - times["build"], 3),
        "calibrate_seconds": round(times["run"] - times["calibrate"], 3),
    }
