"""`tongchou plan SCENARIO.toml --out DIR`: search for plans that hold and cost least.

Runs that were finished are kept in the folder: the same command again goes on where it was stopped,
and finds the same.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tongchou.site import instance
from tongchou.site.cli import Wrong

if TYPE_CHECKING:
    from tongchou.planning.planner import Planned

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", type=Path, metavar="SCENARIO.toml")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument("--budget", type=int, metavar="N", help="how many plans to try (300)")
    parser.add_argument("--seeds", type=int, metavar="N", help="runs of each (20)")
    parser.add_argument(
        "--objective", action="append", default=[], metavar="NAME", help="make this small"
    )
    parser.add_argument(
        "--constraint",
        action="append",
        default=[],
        metavar="TEXT",
        help='keep to this, such as "beds.severe <= 1200 @ 95%%"',
    )
    parser.add_argument("--workers", type=int, metavar="N", help="processes (all cores)")
    parser.add_argument("--dice", type=int, default=1, metavar="N", help="seed of the search")
    parser.add_argument("--people", type=int, metavar="N", help="another size of the city")
    parser.add_argument("--days", type=int, metavar="N", help="another number of days")
    parser.add_argument("--quiet", action="store_true", help="tell no progress")
    instance.arguments(parser)


def run(given: argparse.Namespace) -> int:
    from dataclasses import replace

    from tongchou.epi.plan import constraints, objectives
    from tongchou.epi.plan.journal import Journal, NotThisModel
    from tongchou.epi.trace.durable import Busy
    from tongchou.planning import plan_files, planner, scenario_file

    try:
        asked = objectives.parse_all(given.objective) if given.objective else ()
        bounds = constraints.parse_all(given.constraint)
        file = instance.with_delays(scenario_file.read(given.scenario, people=given.people), given)
        days = given.days or file.scenario.days
        file = replace(file, scenario=replace(file.scenario, days=days))
        before = time.perf_counter()
        with Journal(given.out / "runs") as journal:
            found = planner.plan(
                file,
                budget=given.budget,
                n_seeds=given.seeds,
                objectives=asked,
                constraints=bounds,
                workers=given.workers or -1,
                journal=journal,
                progress=None if given.quiet else _Teller(),
                dice=given.dice,
            )
        written = plan_files.write(found, given.out)
    except (ValueError, LookupError, Busy, NotThisModel) as error:
        raise Wrong(str(error)) from error
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    except KeyboardInterrupt:
        print(f"\nstopped; the same command goes on from {given.out / 'runs'}", file=sys.stderr)
        raise
    _tell(found, time.perf_counter() - before)
    for path in written:
        print(f"written: {path}")
    return 0 if found.found.front else 1


class _Teller:
    """Progress on standard error, a line for each tenth."""

    def __init__(self) -> None:
        self.told: tuple[str, int] = ("", -1)
        self.since = time.perf_counter()

    def __call__(self, phase: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if (phase, tenth) == self.told:
            return
        self.told = (phase, tenth)
        what = "plans tried" if phase == "search" else "runs in doubt"
        took = time.perf_counter() - self.since
        print(f"  {done:,} of {total:,} {what}, {took:.0f} s", file=sys.stderr, flush=True)


def _tell(planned: "Planned", took: float) -> None:
    found = planned.found
    print(
        f"{len(found.plans)} plans, {found.n_runs:,} runs of {found.n_runs_at_most:,} "
        f"({found.n_runs_at_most - found.n_runs:,} spared), {took:.0f} s"
    )
    if found.cheapest is None:
        worst = max(found.breach(found.nearest))
        print(f"no plan keeps every constraint; plan {found.nearest.number} misses by {worst:.0%}")
        return
    print(
        f"{len(found.front)} plans on the front; the cheapest that holds: {found.cheapest.number}"
    )
    for words in planned.changes(found.cheapest, "en") or ["the playbook as it stands"]:
        print(f"  {words}")
    if planned.least_regretted is not None:
        print(f"regretted least: {planned.least_regretted.number}")
        for words in planned.changes(planned.least_regretted, "en") or ["as it stands"]:
            print(f"  {words}")
