"""What makes a contact close or general, as values, and the reason in words.

A rule looks at minutes together: at places of certain kinds, or in shared rooms and vehicles of any
kind. The first rule that a pair meets decides. A playbook's table can be turned into these values;
until it has one, `DEFAULT` stands in, and each of its rules says where it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import kinds
from tongchou.epi.trace.contacts import Pairs

Tier = Literal["close", "general"]
TIERS: tuple[Tier, ...] = ("close", "general")


@dataclass(frozen=True, slots=True)
class Rule:
    """Together for so long at such places makes a contact of this tier.

    Parameters
    ----------
    zh, en
        What they did, as the reason names it: "shared a home".
    kinds
        Names of kinds of place whose minutes are added up; all of them where empty.
    shared_room
        Count only minutes in shared rooms and vehicles, of whatever kind.
    min_minutes
        In all, over all meetings in the window.
    """

    tier: Tier
    zh: str
    en: str
    kinds: tuple[str, ...] = ()
    shared_room: bool = False
    min_minutes: int = 1
    source: str = ""

    def __post_init__(self) -> None:
        if self.tier not in TIERS:
            raise ValueError(f"a contact found by place is close or general, not {self.tier!r}")
        if self.kinds and self.shared_room:
            raise ValueError(f"rule {self.en!r}: name kinds of place, or shared rooms, not both")
        if self.min_minutes < 1:
            raise ValueError(f"rule {self.en!r}: a meeting lasts at least one minute")
        kinds.mask_of(self.kinds)  # raises for a name that no kind has

    def minutes(self, pairs: Pairs) -> NDArray[np.int64]:
        """The minutes of each pair that this rule looks at, i64[n]."""
        if self.shared_room:
            return pairs.shared_minutes.astype(np.int64)
        if not self.kinds:
            return pairs.minutes.astype(np.int64)
        numbers = [kind.number for kind in kinds.in_mask(kinds.mask_of(self.kinds))]
        found: NDArray[np.int64] = pairs.minutes_by_kind[:, numbers].sum(axis=1, dtype=np.int64)
        return found

    def reason(self, minutes: int, meetings: int, lang: str = "en") -> str:
        """Why a pair of which this rule saw `minutes` is a contact, in one sentence."""
        if lang.startswith("zh"):
            met = f"共 {minutes} 分钟，见面 {meetings} 次"
            return f"{self.zh}：{met}（规定 {self.min_minutes} 分钟以上）"
        times = "once" if meetings == 1 else f"{meetings} times"
        return f"{self.en}: {minutes} min together, met {times} (rule: {self.min_minutes} min)"


_NINTH = "新冠防控方案第九版 密切接触者判定 (同住、同餐、同一密闭空间); minutes: editable default"

#: Stands in until a playbook brings its own table.
DEFAULT: tuple[Rule, ...] = (
    Rule("close", "共同居住", "shared a home or lodging", ("home", "care"), source=_NINTH),
    Rule(
        "close", "共同就餐、聚会或娱乐", "shared a meal, gathering or entertainment",
        ("restaurant", "gathering", "leisure"), min_minutes=15, source=_NINTH,
    ),
    Rule(
        "close", "同一密闭场所工作或学习", "shared a closed workplace or class",
        ("work", "school"), min_minutes=60, source=_NINTH,
    ),
    Rule(
        "close", "长途同乘", "shared a long journey", ("train",), min_minutes=60, source=_NINTH,
    ),
    Rule(
        "close", "同一密闭空间", "shared rooms or vehicles", shared_room=True, min_minutes=60,
        source=_NINTH,
    ),
    Rule(
        "general", "同乘交通工具或同处一地", "same vehicle or place",
        source="cn-base contact.general: 同乘交通工具或同处一地，但不符合密接判定标准",
    ),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judged:
    """Which rule each pair met first (i8[n], -1 for none), and the minutes it saw (i64[n])."""

    rules: tuple[Rule, ...]
    rule: NDArray[np.int8]
    minutes: NDArray[np.int64]

    def tier(self, i: int) -> str:
        """The tier of pair i; empty where no rule makes a contact of it."""
        number = int(self.rule[i])
        return self.rules[number].tier if number >= 0 else ""

    def reason(self, pairs: Pairs, i: int, lang: str = "en") -> str:
        """Why pair i is a contact, in one sentence."""
        if self.rule[i] < 0:
            return ""
        rule = self.rules[int(self.rule[i])]
        return rule.reason(int(self.minutes[i]), int(pairs.meetings[i]), lang)


def classify(pairs: Pairs, rules: Sequence[Rule] = DEFAULT) -> Judged:
    """The first rule that each pair meets."""
    rule = np.full(len(pairs), -1, np.int8)
    minutes = np.zeros(len(pairs), np.int64)
    for number, one in enumerate(rules):
        seen = one.minutes(pairs)
        meets = (rule < 0) & (seen >= one.min_minutes)
        rule[meets] = number
        minutes[meets] = seen[meets]
    return Judged(tuple(rules), rule, minutes)
