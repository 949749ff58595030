"""What a city does against an outbreak, in peace and at war: the simulator runs these tables.

Only what is policy stands here, what a city may argue about. What it is able to do (tracers,
rooms, laboratories) and how people behave belong to the scenario. How long contacts are held,
how far one looks back and when a zone is lifted stand in `contact` and `zone`, and nowhere twice.
"""

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import Field, StrictBool, StrictInt, model_validator

from tongchou.playbook.courses import Age, Share
from tongchou.playbook.rules import Part, Spoken, fault
from tongchou.playbook.vocabulary import word

T = TypeVar("T")

Count = Annotated[StrictInt, Field(ge=0, le=100_000)]
Span = Annotated[StrictInt, Field(ge=1, le=3660)]
Interval = Annotated[StrictInt, Field(ge=0, le=3660)]
Pool = Annotated[StrictInt, Field(ge=1, le=100)]
Sector = Annotated[StrictInt, Field(ge=1, le=42)]
Level = Literal["kindergarten", "primary", "secondary", "university"]


class Tempered(Spoken, Generic[T]):
    """One value for both tempos, or one in peace and one at war."""

    value: T | None = None
    peace: T | None = None
    war: T | None = None

    @model_validator(mode="after")
    def _one_or_two(self) -> Self:
        if (self.value is None) is (self.peace is None) or (self.peace is None) is not (
            self.war is None
        ):
            raise fault("one_or_two")
        return self

    def in_(self, tempo: str) -> T:
        """The value in "peace" or "war"."""
        if tempo not in ("peace", "war"):
            raise ValueError(f"tempo is 'peace' or 'war', not {tempo!r}")
        said = self.value if self.value is not None else getattr(self, tempo)
        assert said is not None
        return said

    def measured(self) -> tuple[str, str]:
        peace, war = (_sign(self.in_(tempo)) for tempo in ("peace", "war"))
        return (peace, "") if self.value is not None else (f"{peace} / {war}", "peace / war")

    def of(self, lang: str) -> str:
        peace, war = (_phrase(self.in_(tempo), lang) for tempo in ("peace", "war"))
        if self.value is not None:
            return peace
        return (
            f"平时{peace}，战时{war}"
            if lang.startswith("zh")
            else f"{peace} in peace, {war} at war"
        )


class Stated(Spoken, Generic[T]):
    """One value, whatever the tempo: the rule between them cannot hang on it."""

    value: T

    def measured(self) -> tuple[str, str]:
        return _sign(self.value), ""

    def of(self, lang: str) -> str:
        return _phrase(self.value, lang)


class Rounds(Part):
    """Rounds of pooled tests (混采): a unit is tested whole, again and again, until clean."""

    unit: Tempered[Literal["zone", "community", "district", "city"]] | None = None
    trigger_cases: Tempered[Count] | None = None
    window_days: Tempered[Span] | None = None
    interval_days: Tempered[Span] | None = None
    stop_after: Tempered[Span] | None = None
    pool_size: Tempered[Pool] | None = None


class Zones(Part):
    """How small an area is closed off, on how many cases; `zone.*.lift` opens it again."""

    unit: Tempered[Literal["building", "compound", "grid", "community", "district"]] | None = None
    trigger_cases: Tempered[Count] | None = None
    window_days: Tempered[Span] | None = None
    test_every_days: Tempered[Interval] | None = None


class Testing(Part):
    """Whether patients on admission, and people in quarantine who fall ill, are tested."""

    severe: Tempered[Share] | None = None
    symptomatic_held: Tempered[Share] | None = None


class Antigen(Part):
    """How often everybody is asked to test at home; 0: nobody is."""

    every_days: Tempered[Interval] | None = None


class Isolation(Part):
    """What happens to known cases."""

    share: Tempered[Share] | None = None
    site: Tempered[Literal["facility", "home"]] | None = None


class Work(Part):
    """What is left of work outside zones."""

    capacity: Tempered[Share] | None = None
    essential: Tempered[tuple[Sector, ...]] | None = None
    bubble: Tempered[Count] | None = None


class Schools(Part):
    """Which schools are closed."""

    closed: Tempered[tuple[Level, ...]] | None = None


class Masks(Part):
    """Whether masks are asked for outside the household."""

    required: Tempered[StrictBool] | None = None


class Gatherings(Part):
    """What is left of meeting others, by place, where shops and events are limited."""

    compound: Tempered[Share] | None = None
    community: Tempered[Share] | None = None
    city: Tempered[Share] | None = None
    vehicle: Tempered[Share] | None = None


class Checkpoints(Part):
    """What is left of contacts across districts, and how many are tested on the way."""

    crossing: Tempered[Share] | None = None
    tested: Tempered[Share] | None = None


class Stages(Part):
    """When a district goes to war, and when it returns to peace."""

    war_cases: Stated[Count] | None = None
    window_days: Stated[Span] | None = None
    peace_days: Stated[Span] | None = None


class Vaccination(Part):
    """Who is offered a dose, who first, and how long apart."""

    oldest_first: Stated[StrictBool] | None = None
    from_age: Stated[Age] | None = None
    gap_days: Stated[Interval] | None = None


class Response(Part):
    """Every measure. What a playbook does not say is left as the scenario has it."""

    stages: Stages | None = None
    testing: Testing | None = None
    antigen: Antigen | None = None
    rounds: Rounds | None = None
    isolation: Isolation | None = None
    zones: Zones | None = None
    work: Work | None = None
    schools: Schools | None = None
    masks: Masks | None = None
    gatherings: Gatherings | None = None
    checkpoints: Checkpoints | None = None
    vaccination: Vaccination | None = None


def _sign(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _phrase(value: object, lang: str) -> str:
    zh = lang.startswith("zh")
    match value:
        case bool():
            return ("是" if value else "否") if zh else ("yes" if value else "no")
        case float():
            return f"{value:.1%}".replace(".0%", "%")
        case tuple():
            named = [word(f"{each}_level", lang) for each in value if isinstance(each, str)]
            named += [str(each) for each in value if isinstance(each, int)]
            return ("、" if zh else ", ").join(named) or ("无" if zh else "none")
        case str():
            return word(f"{value}_unit", lang)
    return str(value)
