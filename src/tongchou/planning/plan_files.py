"""A search written into a folder: the front and every candidate as CSV, plans as playbooks, words.

`front.csv`, `candidates.csv`, `plans/plan-N.toml` (a playbook that the check accepts),
`plans/plan-N.city.toml` (what changes outside the playbook), `report.md`.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tongchou.epi.plan import wording
from tongchou.epi.plan.regret import Fares
from tongchou.epi.plan.search import Plan
from tongchou.planning.plan_report import report
from tongchou.planning.planner import Planned
from tongchou.playbook.writing import literal

__all__ = ["write"]


def write(planned: Planned, out: Path) -> list[Path]:
    """Write everything; gives what was written. Files of an earlier search there are replaced."""
    plans = out / "plans"
    plans.mkdir(parents=True, exist_ok=True)
    for old in plans.glob("plan-*.toml"):
        old.unlink()
    written = [
        _table(out / "front.csv", _head(planned), (_line(planned, p) for p in _front(planned))),
        _table(
            out / "candidates.csv",
            [
                "plan",
                "runs",
                "out",
                "runs_cut_short",
                "figures",
                *planned.found.base.settings,
                *planned.found.base.values,
            ],
            (_candidate(plan) for plan in planned.found.plans),
        ),
    ]
    for plan in planned.shown:
        text = planned.playbook_text(plan)
        if text is not None:
            written.append(_text(plans / f"plan-{plan.number}.toml", text))
        if beyond := planned.beyond(plan):
            path = plans / f"plan-{plan.number}.city.toml"
            written.append(_text(path, _tables(planned, beyond)))
    written.append(_text(out / "report.md", report(planned)))
    return written


def _tables(planned: Planned, beyond: Mapping[str, object]) -> str:
    """What a plan changes outside the playbook, as the tables of a scenario."""
    before = planned.beyond(planned.found.base)
    lines = [f"# {each}" for each in wording.changes(before, beyond, "en")]
    tables: dict[str, list[str]] = {}
    for path, value in beyond.items():
        table, _, key = path.rpartition(".")
        tables.setdefault(table, []).append(f"{key} = {literal(_plain(value))}")
    lines += tables.pop("", [])
    for table, rows in tables.items():
        lines += ["", f"[{table}]", *rows]
    return "\n".join([*lines, ""])


def _front(planned: Planned) -> tuple[Plan, ...]:
    return planned.found.front


def _head(planned: Planned) -> list[str]:
    found = planned.found
    head = ["plan", "cheapest", "least_regretted", *found.base.settings]
    for name in found.base.values:
        head += [f"{name}{end}" for end in (".mean", ".low", ".high", ".p5", ".p95")]
    head += [f"room: {each}" for each in found.constraints] + ["binding"]
    for world in planned.doubts.worlds if planned.doubts else ():
        head += [f"{world.key}: {what}" for what in ("holds", "breach", "regret")]
    return [*head, "changes_zh", "changes_en"]


def _line(planned: Planned, plan: Plan) -> list[str]:
    found = planned.found
    least = planned.least_regretted
    line = [str(plan.number), _yes(plan is found.cheapest), _yes(plan is least)]
    line += [_value(each) for each in plan.settings.values()]
    for name in plan.values:
        each = plan.interval(name)
        line += [_number(v) for v in (each.mean, each.low, each.high, each.least, each.most)]
    line += [_number(-breach) for breach in found.breach(plan)]
    binding = found.binding(plan)
    line.append("" if binding is None else str(found.constraints[binding]))
    for fares in _fares(planned, plan):
        if fares is None:
            line += ["", "", ""]
        else:
            line += [_yes(fares.holds), _number(fares.breach), _number(fares.regret)]
    return [*line, "；".join(planned.changes(plan, "zh")), "; ".join(planned.changes(plan, "en"))]


def _fares(planned: Planned, plan: Plan) -> Sequence[Fares | None]:
    """World by world; None for a plan that was not tried in doubt."""
    if planned.doubts is None:
        return ()
    return planned.doubts.of(plan) or [None for _ in planned.doubts.worlds]


def _candidate(plan: Plan) -> list[str]:
    return [
        str(plan.number),
        str(plan.n_runs),
        plan.out,
        str(plan.n_cut),
        "at least" if plan.n_cut else "whole",
        *(_value(each) for each in plan.settings.values()),
        *(_number(plan.mean(name)) for name in plan.values),
    ]


def _table(path: Path, head: Sequence[str], rows: Iterator[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _value(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _plain(value: object) -> object:
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _number(value: float) -> str:
    return "" if value != value else f"{value:.10g}"


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
