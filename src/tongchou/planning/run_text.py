"""One run as JSON or as a few lines: the same bytes for the same seed, whatever the threads."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tongchou.epi.plan.cost import price_of
from tongchou.epi.plan.metrics import EVERYDAY
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.series import SERIES
from tongchou.planning.scenarios import ScenarioFile

__all__ = ["as_json", "as_text", "described"]

_TEXT: Final = (
    "infections", "symptomatic", "severe", "critical", "deaths", "found", "pcr_tubes",
    "pcr_people", "pcr_missed", "antigen", "facility_orders", "home_orders", "transfers",
)  # fmt: skip


def described(file: ScenarioFile, result: Result) -> dict[str, Any]:
    """Everything that a run gives, in plain values and a fixed order; no clock is in it."""
    scenario = file.scenario
    bill = price_of(result, scenario.prices, capacity=scenario.bill_capacity)
    people = int(result.people.sum())
    return {
        "scenario": scenario.name,
        "playbook": file.playbook.id if file.playbook else None,
        "disease": file.disease,
        "city": scenario.place.spec.name,
        "people": people,
        "days": result.days,
        "seed": result.seed,
        "attack_rate": round(result.total("infections") / max(people, 1), 6),
        "digest": result.digest(),
        "scenario_digest": scenario.digest,
        "totals": {name: _plain(result.total(name)) for name in SERIES if name in result.daily},
        "peaks": {
            name: _plain(each.of(result))
            for name, each in EVERYDAY.items()
            if each.statistic == "peak"
        },
        "bill": {name: round(value, 2) for name, value in bill.figures().items()},
        "not_counted": list(bill.silent),
        "measured": measured(file),
        "assumed": assumed(file),
        "daily": {
            name: [_plain(v) for v in result.curve(name).tolist()]
            for name in SERIES
            if name in result.daily
        },
        "districts": [
            {
                "code": code,
                "name": name,
                "people": int(result.people[i]),
                "infections": _plain(float(result.by_district("infections")[i])),
                "deaths": _plain(float(result.by_district("deaths")[i])),
            }
            for i, (code, name) in enumerate(
                zip(result.district_code, result.district_name, strict=True)
            )
        ],
        "notes": dict(result.notes),
    }


def assumed(file: ScenarioFile) -> list[str]:
    """What nobody has measured: every delay, unless a ledger was asked."""
    war = file.scenario.policy.war
    found = [f"delay: sample to result {war.testing.result_days} days at war"]
    if file.delays:
        return found + [f"delay: {each}" for each in file.delays if not each.measured]
    return [
        *found,
        f"delay: result to order of quarantine {war.tracing.delay_days[0]} days at war",
        f"delay: result to bed {war.isolation.transfer_days} days at war",
    ]


def measured(file: ScenarioFile) -> list[str]:
    """Which delays the ledger has shown."""
    return [f"delay: {each}" for each in file.delays if each.measured]


def as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_text(file: ScenarioFile, result: Result) -> str:
    return "\n".join(_lines(file, result)) + "\n"


def _lines(file: ScenarioFile, result: Result) -> Iterator[str]:
    scenario = file.scenario
    bill = price_of(result, scenario.prices, capacity=scenario.bill_capacity)
    people = int(result.people.sum())
    book = file.playbook.id if file.playbook else "no playbook"
    yield (
        f"{scenario.name}: {people:,} people, {result.days} days, seed {result.seed}; "
        f"{file.disease}, {book}"
    )
    yield f"  {'infected':54} {result.total('infections') / max(people, 1):>15.1%}"
    for name in _TEXT:
        if name in result.daily:
            yield f"  {SERIES[name].en:54} {result.total(name):>15,.0f}"
    for each in EVERYDAY.values():
        if all(name in result.daily for name in each.series):
            yield f"  {each.en:54} {each.of(result):>15,.0f}"
    yield from _missed(result)
    yield f"  {'yuan, whoever pays':54} {bill.total:>15,.0f}"
    for said in bill.silent:
        yield f"  not counted: {said}"
    yield from (f"  {said}" for said in (*measured(file), *assumed(file)) if file.delays)


def _missed(result: Result) -> Iterator[str]:
    """In a sentence, where laboratories ran short; on how many days."""
    if "pcr_missed" not in result.daily or not result.total("pcr_missed"):
        return
    days = int((result.curve("pcr_missed") > 0).sum())
    yield (
        f"  laboratories ran short on {days} days: {result.total('pcr_missed'):,.0f} people were "
        "not sampled, rounds put off to another day not counted"
    )


def _plain(value: float) -> int | float:
    """A count as a whole number."""
    number = float(value)
    return int(number) if number.is_integer() else round(number, 6)
