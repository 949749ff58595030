"""Which number of the catalogue an asker may mean: letters in common, and a person decides.

Two characters at a time, so that Chinese needs no dictionary: 新增确诊病例数 finds 新增病例.
"""

import re
from collections.abc import Iterable
from functools import cache

from tongchou.reports.facts import catalogue
from tongchou.reports.facts.base import both

#: Below this share of letters in common nothing is proposed.
NEAR = 0.4
_NOISE = re.compile(r"[\W_]+|数量|数|情况|number of|count of|the |of ", re.IGNORECASE)


def nearest(words: str, *, at_most: int = 3) -> list[tuple[str, float]]:
    """The keys that read most alike, with how much; best first."""
    wanted = _pairs(words)
    if not wanted:
        return []
    scored = [(key, _dice(wanted, names)) for key, names in _names().items()]
    best = sorted((pair for pair in scored if pair[1] >= NEAR), key=lambda pair: -pair[1])
    return best[:at_most]


def matched(lines: Iterable[str]) -> dict[str, str]:
    """For each line the one number it most likely means; lines like nothing are left out."""
    found = {}
    for line in lines:
        near = nearest(line, at_most=1)
        if near:
            found[line] = near[0][0]
    return found


def _dice(wanted: frozenset[str], names: tuple[frozenset[str], ...]) -> float:
    return max(2 * len(wanted & name) / (len(wanted) + len(name)) for name in names if name)


@cache
def _names() -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for key, entry in catalogue.entries().items():
        said = both(lambda entry=entry: entry.name)  # type: ignore[misc]
        found[key] = (_pairs(said.zh), _pairs(said.en))
    return found


def _pairs(text: str) -> frozenset[str]:
    plain = _NOISE.sub("", text.lower())
    return frozenset(plain[n : n + 2] for n in range(max(len(plain) - 1, 1)) if plain)
