"""A course from plain numbers under names, as a TOML table or a playbook gives them.

Sources state what share of all infected fall severely ill or die; the simulator rolls one
die after another. So a table states shares, and the chances given the state before are
worked out here.
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from tongchou.epi.incomplete_gamma import Array
from tongchou.epi.spread.course import AGES, FLAT, LAYERS, Course, Load
from tongchou.epi.spread.spells import SPELLS, Spell

SHARES = ("share_symptomatic", "share_severe", "share_critical", "share_dead")
"""Shares of all infected who reach a state or a worse one, by age."""

_PLAIN = ("r0", "beta", "dispersion", "asymptomatic", "rounding")
_DOSES = ("ve_infection", "ve_severe", "ve_death")
_KNOWN = {*_PLAIN, *_DOSES, *SHARES, *SPELLS, "layers", "load", "susceptibility"}


def course_from(name: str, given: Mapping[str, Any]) -> Course:
    """The course that a table describes.

    Parameters
    ----------
    given
        `r0` or `beta`, `dispersion`, `asymptomatic`, `rounding`: a value each. `layers`: a
        table with one number per layer. `load`: a table of `high_share`, `ratio` and
        `cap_days`. Each of `SPELLS`: a table of `mean_days`, `sd_days` and `law`.
        `susceptibility` and each of `SHARES`: one number for every age, or a table of
        `from_age` (the first age of each band) and `value`. `ve_infection`, `ve_severe`,
        `ve_death`: a list by doses, 0 to 3. What is left out of all but the spells and the
        shares is as in `Course`.

    Raises
    ------
    ValueError
        Naming the key that is missing, unknown or wrong.
    """
    if unknown := sorted(set(given) - _KNOWN):
        raise ValueError(f"{name}: {unknown[0]} is not known of a course; {', '.join(_KNOWN)} are")
    if missing := [key for key in (*SPELLS, *SHARES) if key not in given]:
        raise ValueError(f"{name}: {missing[0]} is missing")
    shares = [_by_age(name, key, given[key]) for key in SHARES]
    for (key, less), (worse, more) in pairwise(zip(SHARES, shares, strict=True)):
        if np.any(more > less):
            age = int(np.flatnonzero(more > less)[0])
            raise ValueError(f"{name}: {worse} is above {key} at age {age}")
    chances = [shares[0], *(_given(more, less) for less, more in pairwise(shares))]
    optional = {key: given[key] for key in (*_PLAIN, *_DOSES) if key in given}
    return Course(
        name,
        {key: _part(name, key, Spell, given[key]) for key in SPELLS},
        susceptibility=_by_age(name, "susceptibility", given.get("susceptibility", 1.0)),
        p_symptomatic=chances[0],
        p_severe=chances[1],
        p_critical=chances[2],
        p_death=chances[3],
        layers=_layers(name, given.get("layers")),
        load=_part(name, "load", Load, given["load"]) if "load" in given else FLAT,
        **optional,
    )


def _part(name: str, key: str, kind: type[Any], said: Any) -> Any:
    if not isinstance(said, Mapping):
        raise ValueError(f"{name}: {key} is {said!r}, not a table")
    try:
        return kind(**said)
    except (TypeError, ValueError) as bad:
        raise ValueError(f"{name}: {key}: {bad}") from None


def _layers(name: str, said: Any) -> Array:
    if said is None:
        return np.ones(len(LAYERS))
    if not isinstance(said, Mapping) or set(said) != set(LAYERS):
        raise ValueError(f"{name}: layers must have one number for each of {', '.join(LAYERS)}")
    return np.array([_number(name, f"layers.{key}", said[key]) for key in LAYERS])


def _by_age(name: str, key: str, said: Any) -> Array:
    """f64[101] from one number, or from bands by their first age."""
    if not isinstance(said, Mapping):
        return np.full(AGES, _number(name, key, said))
    first, values = list(said.get("from_age", ())), list(said.get("value", ()))
    if set(said) != {"from_age", "value"} or len(first) != len(values):
        raise ValueError(f"{name}: {key} needs from_age and value, as many of one as of the other")
    if first[:1] != [0] or any(b <= a for a, b in pairwise(first)) or first[-1] >= AGES:
        raise ValueError(f"{name}: {key}.from_age must rise from 0 to at most {AGES - 1}")
    numbers = np.array([_number(name, f"{key}.value", each) for each in values])
    return numbers[np.searchsorted(first, np.arange(AGES), side="right") - 1]


def _number(name: str, key: str, said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise ValueError(f"{name}: {key} is {said!r}, not a number")
    return float(said)


def _given(more: Array, less: Array) -> Array:
    """The chance of the worse state, given the milder one."""
    return np.divide(more, less, out=np.zeros_like(more), where=less > 0)
