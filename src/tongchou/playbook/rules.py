"""One rule of a playbook: a value, and where it comes from.

No rule stands without `source` and `truth`. The truth label says how far to trust
the number, so that a default nobody has checked can never pass for the law.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tongchou.playbook.durations import parse_duration

K = TypeVar("K")
T = TypeVar("T")

Truth = Literal["verified", "seen_in_weak_source", "seed", "computed", "memory"]
Site = Literal["facility", "home"]
Tier = Literal["close", "secondary", "general"]


def _read_duration(text: object) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as bad:
        raise PydanticCustomError(str(bad), "{written}", {"written": repr(text)}) from None


def fault(kind: str, **about: object) -> PydanticCustomError:
    """A refusal that `faults` can put into words; `about` fills its template."""
    return PydanticCustomError(kind, kind, about)


def frozen(mapping: Mapping[K, T]) -> Mapping[K, T]:
    """A mapping nobody can write to, for fields of frozen parts."""
    return MappingProxyType(dict(mapping))


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]
Table = Annotated[Mapping[str, T], AfterValidator(frozen)]
Filled = Annotated[Table[T], Field(min_length=1)]
Line = Annotated[str, Field(min_length=1, max_length=600, pattern=r"\S")]
Days = Annotated[StrictInt, Field(ge=0, le=3660)]
Day = Annotated[StrictInt, Field(ge=1, le=366)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Part(BaseModel):
    """What every piece of a playbook shares: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False)


def keys(part: BaseModel) -> Iterator[tuple[str, Any]]:
    """The fields of a part by the names they have in the file."""
    for name, field in type(part).model_fields.items():
        yield field.alias or name, getattr(part, name)


class Text(Part):
    """The same words in both languages."""

    zh: Line
    en: Line

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


class Rule(Part):
    """A value with its provenance; the value itself is in the subclasses."""

    source: Line
    truth: Truth
    clause: Annotated[str, Field(max_length=200)] = ""


class Spoken(Rule):
    """A rule that says itself what it means, in figures and in words."""

    def measured(self) -> tuple[str, str]:
        """Value and unit, in signs that need no language where that is possible."""
        raise NotImplementedError

    def of(self, lang: str) -> str:
        """A phrase."""
        raise NotImplementedError


class Value(Rule, Generic[T]):
    """A rule that is one value: a number of days, a list, a yes or no."""

    value: T


class Words(Rule):
    """A rule that is a sentence, such as what makes a close contact."""

    zh: Line
    en: Line

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


class Deadline(Rule):
    """The time an owner has to hand on, in each tempo."""

    peace: Duration
    war: Duration

    @model_validator(mode="after")
    def _war_is_no_longer_than_peace(self) -> Self:
        if self.war <= timedelta(0):
            raise fault("not_positive")
        if self.war > self.peace:
            raise fault("war_longer_than_peace")
        return self

    def allowed(self, tempo: str) -> timedelta:
        """The time allowed in "peace" or "war"."""
        if tempo not in ("peace", "war"):
            raise ValueError(f"tempo is 'peace' or 'war', not {tempo!r}")
        return self.war if tempo == "war" else self.peace


class Escalation(Part):
    """How a gap climbs: one rung per step, until somebody closes it."""

    steps: Deadline = Field(alias="step")
    ladder: Value[Annotated[tuple[Line, ...], Field(min_length=1)]] = Field(alias="rungs")

    def step(self, tempo: str) -> timedelta:
        """How long a gap stays on a rung before it climbs to the next."""
        return self.steps.allowed(tempo)

    @property
    def rungs(self) -> tuple[str, ...]:
        return self.ladder.value


class QuarantineSegment(Part):
    """A stretch of days in one kind of place."""

    site: Site
    days: Day
    # 居家健康监测 asks less than 居家隔离: the person may go out when there is need.
    kind: Literal["quarantine", "monitoring"] = "quarantine"


class ContactRule(Part):
    """What is done with a contact of one tier, or with one group of managed people.

    Days count from the last exposure, which is day 0: ten days of quarantine after
    an exposure on the 1st end with the 11th.
    """

    definition: Words | None = None
    managed_rule: Value[StrictBool] | None = Field(None, alias="managed")
    look_back: Value[Days] | None = Field(None, alias="look_back_days")
    stay: Value[Annotated[tuple[QuarantineSegment, ...], Field(min_length=1)]] | None = Field(
        None, alias="quarantine"
    )
    tests: Value[tuple[Day, ...]] | None = Field(None, alias="test_days")

    @model_validator(mode="after")
    def _days_fit_together(self) -> Self:
        if self.managed_rule is not None and not self.managed_rule.value and self.quarantine:
            raise fault("unmanaged_yet_quarantined")
        if self.managed and not self.quarantine:
            raise fault("managed_without_quarantine")
        if list(self.test_days) != sorted(set(self.test_days)):
            raise fault("test_days_out_of_order")
        if self.test_days and self.test_days[-1] > self.n_days:
            raise fault("test_after_release", day=self.test_days[-1], days=self.n_days)
        return self

    @property
    def managed(self) -> bool:
        """Whether these people are quarantined at all."""
        return self.managed_rule.value if self.managed_rule else bool(self.quarantine)

    @property
    def look_back_days(self) -> int:
        """Days before onset (or sampling, if asymptomatic) from which meeting the case counts."""
        return self.look_back.value if self.look_back else 0

    @property
    def quarantine(self) -> tuple[QuarantineSegment, ...]:
        return self.stay.value if self.stay else ()

    @property
    def test_days(self) -> tuple[int, ...]:
        return self.tests.value if self.tests else ()

    @property
    def n_days(self) -> int:
        """Days of quarantine in all, whatever the place."""
        return sum(segment.days for segment in self.quarantine)


class Spell(Rule):
    """A length of time that varies between people, by mean and standard deviation."""

    mean_days: Annotated[Number, Field(gt=0)]
    sd_days: Annotated[Number, Field(gt=0)]
    shape: Literal["gamma", "lognormal", "weibull"] = "gamma"


class Window(Rule):
    """Days relative to the onset of symptoms; negative is before."""

    from_days: Number
    to_days: Number

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.from_days >= self.to_days:
            raise fault("window_backwards")
        return self


class Disease(Part):
    """What the desks and the simulator need to know of a disease. Data, never an enum."""

    title: Text
    incubation_period: Spell
    incubation_max_days: Value[Days]
    serial_interval: Spell
    infectious_window: Window


class Lift(Rule):
    """When a restriction must end: so many clean days, then the next lower level."""

    clean_days: Days
    last_round_negative: StrictBool = False
    to: Line


class Zone(Part):
    """A risk level of an area: how small it is drawn, what it asks, when it must end."""

    title: Text
    unit: Words
    people: Words
    lift: Lift | None = None


class Target(Rule):
    """A time the whole chain should keep, and the share of subjects that should keep it."""

    zh: Line
    en: Line
    since: Line
    until: Line
    within: Duration
    share: Annotated[Number, Field(gt=0, le=1)] = 1.0

    def of(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


class Meeting(Words):
    """Together for so long at such places makes a contact of this tier; the words say doing what.

    Minutes are added up at the kinds of place named, or in shared rooms and vehicles of any kind,
    or, where neither is said, wherever two people met.
    """

    tier: Literal["close", "general"]
    kinds: tuple[Line, ...] = ()
    shared_room: StrictBool = False
    min_minutes: Annotated[StrictInt, Field(ge=1, le=20160)] = 1

    @model_validator(mode="after")
    def _places_or_rooms(self) -> Self:
        if self.kinds and self.shared_room:
            raise fault("places_and_rooms")
        return self


class Companion(Words):
    """What makes a companion in space and time: often and long enough in the same grid cell.

    A meeting counts from `min_overlap_minutes` at a stretch; of such meetings, so many and so long
    in all.
    """

    min_overlap_minutes: Annotated[StrictInt, Field(ge=1, le=1440)]
    min_meetings: Annotated[StrictInt, Field(ge=1, le=100)] = 1
    min_minutes: Annotated[StrictInt, Field(ge=1, le=20160)] = 1


class RedLine(Words):
    """What no order may do. `code` names the check in the program."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Leads(Part):
    """When the purchase of a medicine may be followed up, and how long it is remembered.

    Buying something for a fever is no ground to be looked for while there are no cases.
    """

    purchase_case: Value[Days] = Field(alias="purchase_case_days")
    purchase_kept: Value[Days] = Field(alias="purchase_kept_days")

    @property
    def purchase_case_days(self) -> int:
        """Days after the last case of the district in which purchases are followed up."""
        return self.purchase_case.value

    @property
    def purchase_kept_days(self) -> int:
        return self.purchase_kept.value


class Retention(Part):
    """After how many days personal data are destroyed, counted from the end of the matter."""

    personal_data: Value[Days] = Field(alias="personal_data_days")
    itinerary: Value[Days] = Field(alias="itinerary_days")
    visit: Value[Days] = Field(alias="visit_days")
    export_file: Value[Days] = Field(alias="export_file_days")

    @property
    def personal_data_days(self) -> int:
        return self.personal_data.value

    @property
    def itinerary_days(self) -> int:
        return self.itinerary.value

    @property
    def visit_days(self) -> int:
        return self.visit.value

    @property
    def export_file_days(self) -> int:
        return self.export_file.value
