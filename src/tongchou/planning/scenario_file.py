"""SCENARIO.toml: a city, a disease, a playbook, and what to search for, checked key by key.

A key that is not known is refused with the nearest that is; every fault is told at once, each with
its line.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Final

from tongchou import playbook
from tongchou.epi import plan as scenarios_folder
from tongchou.epi.plan import assumptions, constraints, dotted, objectives, space
from tongchou.epi.plan.assumptions import Assumption
from tongchou.epi.plan.prices import Prices, default
from tongchou.epi.plan.scenario import Capacities, Place, Scenario
from tongchou.epi.plan.space import Space
from tongchou.epi.spread.measures.adherence import Adherence
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.population import Spec, SpecError, from_table, preset
from tongchou.epi.spread.population import read as read_city
from tongchou.planning import playbook_paths
from tongchou.planning.finding import find_playbook
from tongchou.planning.policy_of import course_of, policy_of
from tongchou.planning.scenario_paths import alike, entries, full, leaves
from tongchou.planning.scenarios import ScenarioFile
from tongchou.playbook import Playbook
from tongchou.playbook.lines import line_of_each_key, nearest_line

__all__ = ["ScenarioError", "read", "read_text", "shipped"]

Table = Mapping[str, Any]

TOP: Final = (
    "name", "playbook", "disease", "days", "start_on", "infections", "city", "capacities",
    "behaviour", "course", "policy", "prices", "weights", "search", "plan", "wrong",
)  # fmt: skip
_CITY: Final = ("preset", "file", "area", "people", "seed")
_PLAN: Final = ("minimise", "constraints", "budget", "seeds")
_WRONG: Final = ("disease", "transmission", "adherence", "delay")
#: Where nobody says which disease it is, and no playbook does.
BASE_PLAYBOOK: Final = "cn-base"
DEFAULT_CITY: Final = "china-city"
READY: Final = {  # by name of a scenario: by name of a city's description
    "tubes": "lab_tubes_a_day",
    "tracers": "tracers",
    "rooms": "facility_rooms",
    "beds": "beds",
    "severe_beds": "severe_beds",
    "icu_beds": "icu_beds",
}


class ScenarioError(ValueError):
    """A scenario cannot be used; `faults` has each reason, with its line and how to mend it."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def shipped() -> dict[str, Path]:
    """The scenarios that come with the package, by name."""
    folder = Path(scenarios_folder.__file__).parent / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def read(
    path: Path,
    *,
    people: int | None = None,
    find: Callable[[str, Path], Playbook] | None = None,
    areas: Callable[[str, Spec], Spec] | None = None,
) -> ScenarioFile:
    """The scenario in a file, or the shipped one of that name.

    `people` makes its city larger or smaller, and what stands ready with it. For the others see
    `read_text`.

    Raises
    ------
    ScenarioError
        With every fault found.
    """
    if not path.suffix and not path.exists() and str(path) in shipped():
        path = shipped()[str(path)]
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        ours = ", ".join(shipped())
        reason = f"{error.strerror}. Check the name, or take one that comes along: {ours}."
        raise ScenarioError(f"{path}: {reason}") from error
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: not UTF-8. Save it as UTF-8 in your editor.") from error
    return read_text(
        text, file=str(path), folder=path.parent, people=people, find=find, areas=areas
    )


def read_text(
    text: str,
    *,
    file: str = "scenario",
    folder: Path = Path(),
    people: int | None = None,
    find: Callable[[str, Path], Playbook] | None = None,
    areas: Callable[[str, Spec], Spec] | None = None,
) -> ScenarioFile:
    """The scenario in a text; other files that it names are looked for in `folder`.

    Parameters
    ----------
    find
        Gives the playbook of a name, where a desk knows more of them than there are files.
    areas
        Puts the residents of an area, by its code, into a description of a city.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{file}: not TOML: {error}. Check quotes and brackets.") from None
    if people is not None and isinstance(table.get("city", {}), dict):
        table["city"] = table.get("city", {}) | {"people": people}
    return _Reader(table, line_of_each_key(text), file, folder, find, areas).read()


class _Reader:
    """Reads one table, and collects what is wrong with it."""

    def __init__(
        self,
        table: Table,
        lines: Mapping[tuple[str, ...], int],
        file: str,
        folder: Path,
        find: Callable[[str, Path], Playbook] | None,
        areas: Callable[[str, Spec], Spec] | None,
    ) -> None:
        self.table, self.lines, self.file, self.folder = table, lines, file, folder
        self.find, self.areas = find or find_playbook, areas
        self.faults: list[str] = []

    def read(self) -> ScenarioFile:
        self.known(self.table, TOP)
        book = self.tried(("playbook",), self.book)
        disease = self.text("disease", "") or (book.main_disease if book else None) or ""
        scenario = self.scenario(book, disease)
        if scenario is None:
            raise ScenarioError(*self.faults)
        plan = self.inner("plan")
        self.known(plan, _PLAN, "plan")
        found = ScenarioFile(
            scenario=scenario,
            playbook=book,
            disease=disease or scenario.course.name,
            overrides=tuple(self.overrides()),
            space=self.searched(scenario, book),
            objectives=self.tried(
                ("plan", "minimise"),
                lambda: objectives.parse_all(plan["minimise"]) if "minimise" in plan else (),
            )
            or (),
            constraints=self.tried(
                ("plan", "constraints"), lambda: constraints.parse_all(plan.get("constraints", []))
            )
            or (),
            budget=self.number(plan, ("plan", "budget"), None, least=1),
            n_seeds=self.number(plan, ("plan", "seeds"), None, least=1),
            wrong=self.doubts(book),
        )
        if self.faults:
            raise ScenarioError(*self.faults)
        return found

    # --- the parts -------------------------------------------------------------------------------

    def book(self) -> Playbook | None:
        name = self.table.get("playbook", "")
        if not isinstance(name, str):
            raise ValueError(f"{name!r} is no playbook; write its id, such as cn-2022-06")
        return self.find(name, self.folder) if name else None

    def scenario(self, book: Playbook | None, disease: str) -> Scenario | None:
        place = self.place()
        known = book or playbook.load(BASE_PLAYBOOK)
        course = self.tried(("disease",), course_of, known, disease)
        policy = (self.tried(("playbook",), policy_of, book) if book else None) or Policy()
        if place is None or course is None:
            return None
        made = self.tried(
            (),
            lambda: Scenario(
                name=self.text("name", "") or Path(self.file).stem,
                place=place,
                course=course,
                policy=policy,
                capacities=self.capacities(place),
                infections=self.number(self.table, ("infections",), 10, least=0) or 0,
                days=self.number(self.table, ("days",), 90, least=1) or 90,
                start_on=self.day(),
                weights=self.weights(),
                prices=self.prices(),
            ),
        )
        if made is None:
            return None
        for path, value in self.overrides():
            after = self.tried(tuple(path.split(".")), dotted.replaced, made, path, value)
            made = after if after is not None else made
        return made

    def overrides(self) -> list[tuple[str, Any]]:
        """Every single value of [policy], [behaviour] and [course], by its path."""
        found = list(leaves("policy", self.inner("policy")))
        known = [each.name for each in fields(Adherence)]
        self.known(self.inner("behaviour"), known, "behaviour")
        found += [
            (f"policy.adherence.{k}", v) for k, v in self.inner("behaviour").items() if k in known
        ]
        self.known(self.inner("course"), ("r0", "dispersion", "asymptomatic"), "course")
        return found + [(f"course.{k}", v) for k, v in self.inner("course").items()]

    def place(self) -> Place | None:
        table = dict(self.inner("city"))
        own: dict[str, Any] = {key: table.pop(key) for key in _CITY if key in table}

        def spec() -> Spec:
            if "file" in own:
                return read_city((self.folder / own["file"]).read_text("utf-8-sig"))
            base = own.get("preset", DEFAULT_CITY)
            made = from_table({"extends": base} | table) if table else preset(base)
            return self.residents(own["area"], made) if "area" in own else made

        found = self.tried(("city",), spec)
        people = self.number(own, ("city", "people"), 0, least=1) or 0
        seed = self.number(own, ("city", "seed"), 1, least=0)
        return None if found is None else Place(found, people, 1 if seed is None else seed)

    def residents(self, code: object, base: Spec) -> Spec:
        if self.areas is None:
            raise ValueError(
                "area: who lives in an area is known to the planning desk of its city alone; "
                "plan it there, or write people = 500_000 in its place"
            )
        return self.areas(str(code), base)

    def capacities(self, place: Place) -> Capacities:
        """What the city's description says per 1,000 people, and over it what the file says."""
        table = self.inner("capacities")
        self.known(table, [each.name for each in fields(Capacities)], "capacities")
        ready = place.spec.capacities.of(place.n)
        made = Capacities(**{own: float(ready[theirs]) for own, theirs in READY.items()})
        for key, value in table.items():
            if not hasattr(made, key):
                continue  # told above
            written = float("inf") if value == "unlimited" else value
            path = ("capacities", key)
            made = self.tried(path, dotted.replaced, made, key, written) or made
        return made

    def searched(self, scenario: Scenario, book: Playbook | None) -> Space | None:
        if "search" not in self.table:
            return None
        ranges = entries(self.inner("search"))
        put_over = {path for path, _ in self.overrides()}
        written = {self.whose(path, book, put_over): entry for path, entry in ranges.items()}

        def check(path: str, value: object) -> object:
            alike(path, scenario, book)
            if playbook_paths.belongs(path):
                return self.in_playbook(path, value, book)
            return dotted.read(dotted.replaced(scenario, path, value), path)

        return self.tried(("search",), lambda: space.parse(written, check))

    def whose(self, path: str, book: Playbook | None, put_over: set[str]) -> str:
        """A number of a measure that the playbook rules is searched in the playbook.

        Not where the file puts a value over the playbook: then that one is searched.
        """
        path = full(path)
        match path.split("."):
            case ["policy", ("peace" | "war" | "both") as tempo, measure, name]:
                rule, end = f"response.{measure}.{name}", "" if tempo == "both" else f".{tempo}"
            case ["policy", ("stages" | "vaccination") as measure, name]:
                rule, end = f"response.{measure}.{name}", ""
            case _:
                return path
        ruled = book is not None and rule in book.rules and path not in put_over
        return rule + end if ruled else path

    def in_playbook(self, path: str, value: object, book: Playbook | None) -> object:
        """The value as the playbook takes it, once it and the simulator have accepted it."""
        if book is None:
            raise LookupError(f"{path} is one of a playbook, and the scenario names none")
        changed = playbook_paths.replaced(book, {path: value})
        policy_of(changed)
        return playbook_paths.get(changed, path)

    def doubts(self, book: Playbook | None) -> tuple[Assumption, ...]:
        if "wrong" not in self.table:
            return assumptions.usual()
        table, found = self.inner("wrong"), []
        self.known(table, _WRONG, "wrong")
        if isinstance(table.get("disease"), str):
            book = book or playbook.load(BASE_PLAYBOOK)
            code = table["disease"]
            course = self.tried(("wrong", "disease"), course_of, book, code)
            if course is not None:
                title = book.diseases[code].title
                found.append(assumptions.variant(course, en=title.en, zh=title.zh))
        makes: dict[str, Callable[[float], Assumption]] = {
            "transmission": assumptions.transmission,
            "adherence": assumptions.adherence,
            "delay": assumptions.delays,
        }
        for key, make in makes.items():
            if key in table:
                factor = table[key]
                if isinstance(factor, bool) or not isinstance(factor, int | float) or factor <= 0:
                    self.fault(("wrong", key), f"{factor!r} is no factor; write one, such as 1.5")
                    continue
                found.append(make(factor))
        return tuple(found)

    def weights(self) -> dict[str, float]:
        return {key: float(value) for key, value in self.inner("weights").items()}

    def prices(self) -> Prices | None:
        """The shipped prices with what the file says; None where it says nothing."""
        made = None
        for key, value in self.inner("prices").items():
            after = self.tried(
                ("prices", key), partial((made or default()).changed, **{key: value})
            )
            made = after or made
        return made

    def day(self) -> date | None:
        found = self.table.get("start_on")
        if found is None or isinstance(found, date):
            return found
        self.fault(("start_on",), f"{found!r} is no date; write one like 2022-03-01, unquoted")
        return None

    # --- single values ---------------------------------------------------------------------------

    def inner(self, key: str) -> Table:
        table = self.table.get(key, {})
        if isinstance(table, dict):
            return table
        self.fault((key,), f"{table!r} is a value where a table belongs; write [{key}]")
        return {}

    def text(self, key: str, default: str) -> str:
        found = self.table.get(key, default)
        if isinstance(found, str):
            return found
        self.fault((key,), f"{found!r} is no text; put it in quotes")
        return default

    def number(
        self, table: Table, path: tuple[str, ...], default: int | None, *, least: int
    ) -> int | None:
        found = table.get(path[-1], default)
        if path[-1] not in table:
            return default
        if isinstance(found, int) and not isinstance(found, bool) and found >= least:
            return found
        self.fault(path, f"{found!r} is no whole number from {least} up")
        return default

    def known(self, table: Table, known: Any, above: str = "") -> None:
        for key in table:
            if key not in known:
                near = get_close_matches(key, list(known), n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
                self.fault(tuple(filter(None, (above, key))), f"there is no such key; {hint}")

    def tried(self, path: tuple[str, ...], make: Callable[..., Any], *given: Any) -> Any:
        """What `make` gives; None, and a fault at this key, where it refuses."""
        try:
            return make(*given)
        except SpecError as error:
            self.fault((*path, *error.key.split(".")), f"{error.reason}. {error.mend}.")
        except (ValueError, LookupError, OSError) as error:
            self.fault(path, str(error))
        return None

    def fault(self, path: tuple[str, ...], reason: str) -> None:
        line = nearest_line(self.lines, path)
        where = f"{'.'.join(path)}: " if path else ""
        for key in (".".join(path), *path[-1:]):  # whoever refused may have said the key already
            reason = reason.removeprefix(f"{key}: ")
        self.faults.append(f"{self.file}:{line}: {where}{reason}")
