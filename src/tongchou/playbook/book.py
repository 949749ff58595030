"""The playbook: one dated set of rules, as a frozen value.

Everything hangs off `rules()`, the flat list of paths and rules: pages, differences,
look-ups by clause and the written form all come from it, so none can forget a rule.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field, Strict, model_validator

from tongchou.playbook.courses import Course
from tongchou.playbook.response import Response
from tongchou.playbook.rules import (
    Companion,
    ContactRule,
    Deadline,
    Disease,
    Escalation,
    Filled,
    Leads,
    Line,
    Meeting,
    Part,
    RedLine,
    Retention,
    Rule,
    Table,
    Target,
    Text,
    Tier,
    Zone,
    fault,
    frozen,
    keys,
)
from tongchou.playbook.words import as_words, measure
from tongchou.playbook.writing import dumps

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
AreaCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]+$", max_length=24)]
UNMANAGED = ContactRule()


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


class NoSuchRule(LookupError):
    """The playbook has no such rule. The message names the nearest one."""

    def __init__(self, playbook: str, path: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(path, known, n=1)
        hint = f" The nearest is {near[0]}." if near else ""
        super().__init__(f"Playbook {playbook} has no rule {path}.{hint}")
        self.path = path


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule, flat, for a page or a table."""

    path: str
    value: str
    unit: str
    source: str
    truth: str
    clause: str


class Local(Part):
    """What one area settles for itself (制度): its own times for hand-offs, there and below."""

    title: Text
    deadline_tables: Filled[Filled[Deadline]] = Field(alias="deadlines")


class Playbook(Part):
    """One dated set of rules."""

    id: Id
    title: Text
    issuer: Line
    valid_from: Annotated[date, Strict()]
    extends: Id | None = None
    main_disease: Line | None = None
    diseases: Table[Disease] = Field(default_factory=_none, alias="disease")
    courses: Table[Course] = Field(default_factory=_none, alias="course")
    contacts: Annotated[Mapping[Tier, ContactRule], AfterValidator(frozen)] = Field(alias="contact")
    groups: Table[ContactRule] = Field(default_factory=_none, alias="group")
    deadline_tables: Filled[Filled[Deadline]] = Field(alias="deadlines")
    areas: Annotated[Mapping[AreaCode, Local], AfterValidator(frozen)] = Field(
        default_factory=_none, alias="area"
    )
    escalation: Escalation
    zones: Table[Zone] = Field(default_factory=_none, alias="zone")
    response: Response = Field(default_factory=Response)
    meetings: Table[Meeting] = Field(default_factory=_none, alias="meeting")
    companions: Table[Companion] = Field(default_factory=_none, alias="companion")
    timeliness: Table[Target] = Field(default_factory=_none)
    leads: Leads | None = None
    retention: Retention
    red_line_table: Table[RedLine] = Field(default_factory=_none, alias="red_lines")

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> Self:
        if self.main_disease is not None and self.main_disease not in self.diseases:
            raise fault("no_such_disease", name=self.main_disease)
        for name, zone in self.zones.items():
            if zone.lift is not None and (zone.lift.to == name or zone.lift.to not in self.zones):
                raise fault("lift_leads_nowhere", zone=name, name=zone.lift.to)
        if "close" not in self.contacts:
            raise fault("no_close_contacts")
        return self

    @model_validator(mode="after")
    def _courses_are_whole(self) -> Self:
        for code in self.courses:
            course, seen = self.courses[code], [code]
            while course.same_as is not None:
                above = course.same_as.value
                if above not in self.courses or above in seen:
                    raise fault("course_from_nowhere", course=code, name=above)
                course = course.over(self.courses[above])
                seen.append(above)
            for key in course.missing():
                raise fault("course_lacks", course=code, key=key)
        return self

    def __hash__(self) -> int:
        return hash((self.id, self.valid_from))

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self  # nothing in it can be changed

    @cached_property
    def text(self) -> str:
        """The whole playbook as TOML that needs no other file; `parse` reads it back equal."""
        return dumps(self)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of `text`, in hex: comments and layout of the file do not change it."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def deadlines(self) -> Mapping[tuple[str, str], Deadline]:
        return MappingProxyType(
            {
                (loop, stage): deadline
                for loop, stages in self.deadline_tables.items()
                for stage, deadline in stages.items()
            }
        )

    def deadline(self, loop: str, stage: str, path: str = "") -> Deadline:
        """The time allowed at `stage` of `loop`.

        `path` is where the subject is, as codes from the top down (`420000/420500/420502/`): the
        lowest area on it that has a time of its own goes before the city.
        """
        for code in reversed(path.strip("/").split("/")) if self.areas else ():
            if code in self.areas:
                own = self.areas[code].deadline_tables.get(loop, {}).get(stage)
                if own is not None:
                    return own
        try:
            return self.deadlines[loop, stage]
        except KeyError:
            raise self._missing(f"deadlines.{loop}.{stage}") from None

    def contact(self, tier: str) -> ContactRule:
        """What is done with contacts of a tier; a tier the playbook leaves out is not managed."""
        if tier not in ("close", "secondary", "general"):
            raise self._missing(f"contact.{tier}")
        return self.contacts.get(tier, UNMANAGED)  # type: ignore[call-overload,no-any-return]

    def group(self, code: str) -> ContactRule:
        """What is done with a group that is neither case nor contact, such as entrants."""
        if code not in self.groups:
            raise self._missing(f"group.{code}")
        return self.groups[code]

    def disease(self, code: str | None = None) -> Disease:
        """A disease by its code; without one, the disease this playbook is written for."""
        code = code or self.main_disease or ""
        if code not in self.diseases:
            raise self._missing(f"disease.{code}")
        return self.diseases[code]

    def course(self, code: str | None = None) -> Course:
        """The natural history of a disease, whole: `same_as` has been followed to its end."""
        code = code or self.main_disease or ""
        if code not in self.courses:
            raise self._missing(f"course.{code}")
        course = self.courses[code]
        while course.same_as is not None:
            course = course.over(self.courses[course.same_as.value])
        return course

    def zone(self, name: str) -> Zone:
        if name not in self.zones:
            raise self._missing(f"zone.{name}")
        return self.zones[name]

    def target(self, name: str) -> Target:
        if name not in self.timeliness:
            raise self._missing(f"timeliness.{name}")
        return self.timeliness[name]

    @property
    def red_lines(self) -> tuple[RedLine, ...]:
        return tuple(self.red_line_table.values())

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its path, in the order of the written form."""
        return MappingProxyType(dict(_walk("", self)))

    def rule(self, path: str) -> Rule:
        try:
            return self.rules[path]
        except KeyError:
            raise self._missing(path) from None

    def clause_of(self, path: str) -> tuple[str, str]:
        """Clause and source of the rule at `path`, such as "deadlines.contact.located"."""
        found = self.rule(path)
        return found.clause, found.source

    def statements(self) -> tuple[Statement, ...]:
        """Every rule as a flat row, for pages and tables."""
        return tuple(
            Statement(path, *measure(rule), rule.source, rule.truth, rule.clause)
            for path, rule in self.rules.items()
        )

    def as_words(self, lang: str = "zh") -> str:
        """The whole playbook, readable."""
        facts = (self.title.of(lang), self.issuer, str(self.valid_from), self.extends or "")
        return as_words(facts, self.rules, lang, self.titles(lang))

    def titles(self, lang: str) -> dict[str, str]:
        """The names of the areas that have rules of their own, by code."""
        return {code: local.title.of(lang) for code, local in self.areas.items()}

    def _missing(self, path: str) -> NoSuchRule:
        return NoSuchRule(self.id, path, tuple(self.rules))


def _walk(path: str, value: object) -> Iterator[tuple[str, Rule]]:
    if isinstance(value, Rule):
        yield path, value
        return
    inside = keys(value) if isinstance(value, BaseModel) else ()
    if isinstance(value, Mapping):
        inside = iter(value.items())
    for key, part in inside:
        yield from _walk(f"{path}.{key}" if path else key, part)
