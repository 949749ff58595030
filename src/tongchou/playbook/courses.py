"""The natural history of a disease, as rules: what the simulator needs beyond `Disease`.

Like every rule, each number has its source. A course may start from another one
(`same_as`) and say only what differs, as a variant differs from the wild type.
"""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from tongchou.playbook.rules import Line, Number, Part, Spoken, Value, fault, keys
from tongchou.playbook.vocabulary import word

Share = Annotated[Number, Field(ge=0, le=1)]
Weight = Annotated[Number, Field(ge=0, le=1000)]
Age = Annotated[int, Field(strict=True, ge=0, le=100)]
LAYERS = {
    "household": ("家庭", "household"),
    "class": ("班级", "class"),
    "workplace": ("单位", "workplace"),
    "compound": ("小区", "compound"),
    "community": ("社区", "community"),
    "city": ("全市", "city"),
    "vehicle": ("公交", "vehicle"),
}


class Stretch(Spoken):
    """How long a stage of the infection lasts, in whole days of the simulator."""

    mean_days: Annotated[Number, Field(ge=0, lt=250)]
    sd_days: Annotated[Number, Field(gt=0)] | None = None
    law: Literal["lognormal", "gamma", "exponential", "constant"] = "lognormal"

    @model_validator(mode="after")
    def _spread_where_the_law_has_one(self) -> Self:
        if (self.sd_days is None) is (self.law in ("lognormal", "gamma")):
            raise fault("spread_of_law", law=self.law)
        if self.mean_days == 0 and self.law != "constant":
            raise fault("no_days", law=self.law)
        return self

    def measured(self) -> tuple[str, str]:
        spread = "" if self.sd_days is None else f" ± {self.sd_days:g}"
        return f"{self.mean_days:g}{spread} {self.law}", "days"

    def of(self, lang: str) -> str:
        zh, law = lang.startswith("zh"), word(self.law, lang)
        spread = "" if self.sd_days is None else f", sd {self.sd_days:g}"
        if zh:
            spread = "" if self.sd_days is None else f"，标准差{self.sd_days:g}天"
            return f"平均{self.mean_days:g}天{spread}（{law}）"
        return f"mean {self.mean_days:g} days{spread} ({law})"


class ByAge(Spoken):
    """A number that goes by age: the first age of each band, and the value in it."""

    from_age: Annotated[tuple[Age, ...], Field(min_length=1)]
    value: tuple[Weight, ...]

    @model_validator(mode="after")
    def _a_value_for_each_band(self) -> Self:
        rising = all(a < b for a, b in pairwise(self.from_age))
        if len(self.from_age) != len(self.value) or self.from_age[0] != 0 or not rising:
            raise fault("bands")
        return self

    def at(self, age: int) -> float:
        return [value for first, value in self.bands if first <= age][-1]

    @property
    def bands(self) -> tuple[tuple[int, float], ...]:
        return tuple(zip(self.from_age, self.value, strict=True))

    def measured(self) -> tuple[str, str]:
        return ", ".join(f"{first}+: {value:g}" for first, value in self.bands), "by age"

    def of(self, lang: str) -> str:
        if lang.startswith("zh"):
            return "，".join(f"{first}岁起{value:g}" for first, value in self.bands)
        return ", ".join(f"from {first} years {value:g}" for first, value in self.bands)


class ShareByAge(ByAge):
    """A share of the infected that goes by age."""

    value: tuple[Share, ...]

    def of(self, lang: str) -> str:
        said = ((first, f"{value * 100:.4g}%") for first, value in self.bands)
        if lang.startswith("zh"):
            return "，".join(f"{first}岁起{share}" for first, share in said)
        return ", ".join(f"from {first} years {share}" for first, share in said)


class ByDose(Spoken):
    """A share for people with no, one, two and three or more doses of the vaccine."""

    value: tuple[Share, Share, Share, Share]

    def measured(self) -> tuple[str, str]:
        return ", ".join(f"{each:g}" for each in self.value), "by doses 0-3"

    def of(self, lang: str) -> str:
        _, *doses = (f"{each:.1%}".replace(".0%", "%") for each in self.value)
        return (
            "、".join(f"{n}剂{each}" for n, each in enumerate(doses, 1))
            if lang.startswith("zh")
            else ", ".join(f"{n} dose{'s' * (n > 1)} {each}" for n, each in enumerate(doses, 1))
        )


class ByLayer(Spoken):
    """How easily one contact of each layer passes the infection on, relative to the others."""

    household: Weight
    class_: Weight = Field(alias="class")
    workplace: Weight
    compound: Weight
    community: Weight
    city: Weight
    vehicle: Weight

    @property
    def weights(self) -> dict[str, float]:
        return {key: value for key, value in keys(self) if key in LAYERS}

    def measured(self) -> tuple[str, str]:
        return ", ".join(f"{key} {value:g}" for key, value in self.weights.items()), "relative"

    def of(self, lang: str) -> str:
        zh = lang.startswith("zh")
        said = (f"{LAYERS[key][not zh]} {value:g}" for key, value in self.weights.items())
        return ("，" if zh else ", ").join(said)


class ViralLoad(Spoken):
    """Infectiousness in two phases: the first share of the time weighs `ratio` times the rest."""

    high_share: Share
    ratio: Annotated[Number, Field(gt=0, le=1000)]
    cap_days: Annotated[Number, Field(ge=0, le=250)]
    max_days: Annotated[Number, Field(ge=1, le=250)]

    def measured(self) -> tuple[str, str]:
        first = f"{self.high_share:g} of the time, at most {self.cap_days:g} days"
        return f"{self.ratio:g} x for {first}; ends after {self.max_days:g}", "days"

    def of(self, lang: str) -> str:
        share, ratio = f"{self.high_share:.0%}", f"{self.ratio:g}"
        if lang.startswith("zh"):
            first = f"传染期前{share}（至多{self.cap_days:g}天）为其后的{ratio}倍"
            return f"{first}，至多传染{self.max_days:g}天"
        first = f"the first {share} (at most {self.cap_days:g} days) {ratio} times the rest"
        return f"{first}, and nothing after {self.max_days:g} days"


class Course(Part):
    """What an infection does to a person. The time line is that of `epi.spread.course`."""

    same_as: Value[Line] | None = None
    r0: Value[Annotated[Number, Field(gt=0, le=100)]] | None = None
    dispersion: Value[Annotated[Number, Field(gt=0, le=1000)]] | None = None
    asymptomatic: Value[Weight] | None = None
    layers: ByLayer | None = None
    load: ViralLoad | None = None
    exposed_to_infectious: Stretch | None = None
    infectious_to_symptoms: Stretch | None = None
    symptoms_to_severe: Stretch | None = None
    severe_to_critical: Stretch | None = None
    critical_to_death: Stretch | None = None
    recovery_asymptomatic: Stretch | None = None
    recovery_mild: Stretch | None = None
    recovery_severe: Stretch | None = None
    recovery_critical: Stretch | None = None
    susceptibility: ByAge | None = None
    share_symptomatic: ShareByAge | None = None
    share_severe: ShareByAge | None = None
    share_critical: ShareByAge | None = None
    share_dead: ShareByAge | None = None
    ve_infection: ByDose | None = None
    ve_severe: ByDose | None = None
    ve_death: ByDose | None = None

    @model_validator(mode="after")
    def _worse_is_rarer(self) -> Self:
        for less, more in pairwise(("symptomatic", "severe", "critical", "dead")):
            a, b = getattr(self, f"share_{less}"), getattr(self, f"share_{more}")
            if a and b and any(b.at(age) > a.at(age) for age in {*a.from_age, *b.from_age}):
                raise fault("worse_is_rarer", worse=f"share_{more}", less=f"share_{less}")
        return self

    @model_validator(mode="after")
    def _vaccines_prevent_the_worse_more(self) -> Self:
        for less, more in pairwise(("infection", "severe", "death")):
            a, b = getattr(self, f"ve_{less}"), getattr(self, f"ve_{more}")
            if a and b and any(x > y for x, y in zip(a.value, b.value, strict=True)):
                raise fault("worse_is_prevented", worse=f"ve_{more}", less=f"ve_{less}")
        return self

    def missing(self) -> Iterator[str]:
        """What a course that starts from no other must say and does not."""
        told = {"same_as", "dispersion", "asymptomatic", "layers", "load", "susceptibility"}
        for key, rule in keys(self):
            if rule is None and key not in told and not key.startswith("ve_"):
                yield key

    def over(self, base: "Course") -> "Course":
        """This course, with what it does not say taken from `base`."""
        own = {key: rule for key, rule in self if rule is not None and key != "same_as"}
        return Course.model_validate({**dict(base), **own, "same_as": base.same_as})

    def numbers(self) -> dict[str, Any]:
        """The plain numbers, under the names that `epi.spread.course_reading` knows."""
        return {key: _plain(rule) for key, rule in keys(self) if rule is not None}


def _plain(rule: Any) -> Any:
    match rule:
        case ByLayer():
            return rule.weights
        case ByDose():
            return list(rule.value)
        case ByAge():
            return {"from_age": list(rule.from_age), "value": list(rule.value)}
        case Stretch():
            sd = math.nan if rule.sd_days is None else rule.sd_days
            return {"mean_days": rule.mean_days, "sd_days": sd, "law": rule.law}
        case ViralLoad():
            names = ("high_share", "ratio", "cap_days", "max_days")
            return {name: getattr(rule, name) for name in names}
    return rule.value
