"""From what a commander answers to the text of a scenario, with the reason beside each number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tongchou.playbook.writing import literal

__all__ = ["BEHAVIOUR", "SEARCHES", "Answers", "text_of"]

#: How people keep to measures: share at first, half-life in days, what is left of it.
BEHAVIOUR: Final[Mapping[str, tuple[float, float, float]]] = {
    "steady": (0.98, 180.0, 0.7),
    "tiring": (0.95, 60.0, 0.4),
    "weary": (0.8, 30.0, 0.2),
}

#: What a plan may change, as the builder offers it: a group of ranges by name.
SEARCHES: Final[Mapping[str, Mapping[str, Any]]] = {
    "rounds": {
        "war.rounds.interval_days": {"from": 1, "to": 5},
        "war.rounds.unit": ["community", "district"],
    },
    "zones": {"war.zones.unit": ["building", "compound", "grid", "community"]},
    "opening": {"zone.high.lift.clean_days": {"from": 3, "to": 10}},
    "quarantine": {"contact.close.quarantine.facility": {"from": 3, "to": 10}},
    "work": {"war.work.capacity": [0.5, 0.7, 0.85, 1.0]},
    "tracing": {"war.tracing.delay_days": [0, 1, 2]},
}


@dataclass(frozen=True)
class Answers:
    """What the builder's form asks."""

    title: str
    playbook: str
    disease: str
    days: int
    infections: int
    start_on: str = ""
    area: str = ""
    people: int = 0
    preset: str = "china-city"
    behaviour: str = "tiring"
    capacities: Mapping[str, int | None] | None = None
    delays: Sequence[tuple[str, str, int, str]] = ()  # tempo, path, days, why
    search: Sequence[str] = ()
    severe_beds_at_most: int | None = None
    budget: int = 24


def text_of(answers: Answers) -> str:
    """The SCENARIO.toml of these answers."""
    return "\n".join(_lines(answers)) + "\n"


def _lines(answers: Answers) -> Iterator[str]:
    yield f"name = {literal(answers.title)}"
    yield f"playbook = {literal(answers.playbook)}"
    yield f"disease = {literal(answers.disease)}"
    yield f"days = {answers.days}"
    if answers.start_on:
        yield f"start_on = {answers.start_on}"
    yield f"infections = {answers.infections}"
    yield from ("", "[city]")
    if answers.area:
        yield f"area = {literal(answers.area)}   # its own residents, from the tables of this city"
    else:
        yield f"preset = {literal(answers.preset)}"
    if answers.people:
        yield f"people = {answers.people}"
    ready = {key: value for key, value in (answers.capacities or {}).items() if value is not None}
    if ready:
        yield from ("", "[capacities]")
        yield from (f"{key} = {value}" for key, value in ready.items())
    if answers.behaviour in BEHAVIOUR:
        start, half_life, floor = BEHAVIOUR[answers.behaviour]
        yield from ("", "[behaviour]   # assumed: nobody measured it")
        yield f"start = {start}"
        yield f"half_life_days = {half_life}"
        yield f"floor = {floor}"
    for tempo in ("peace", "war"):
        own = [each for each in answers.delays if each[0] == tempo]
        if own:
            yield from ("", f"[policy.{tempo}]")
            yield from (f"{path} = {days}   # {why}" for _, path, days, why in own)
    yield from _plan(answers)


def _plan(answers: Answers) -> Iterator[str]:
    if not answers.search:
        return
    yield from ("", "[search]")
    for group in answers.search:
        for path, among in SEARCHES[group].items():
            yield f"{literal(path)} = {_among(among)}"
    yield from ("", "[plan]")
    yield 'minimise = ["cost.total", "infections", "person_days_restricted"]'
    if answers.severe_beds_at_most is not None:
        yield f'constraints = ["beds.severe <= {answers.severe_beds_at_most} @ 95%"]'
    yield f"budget = {answers.budget}"


def _among(among: Any) -> str:
    if isinstance(among, Mapping):
        return "{ " + ", ".join(f"{key} = {literal(value)}" for key, value in among.items()) + " }"
    return literal(among)
