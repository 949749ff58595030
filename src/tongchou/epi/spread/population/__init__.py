"""A synthetic city from what a city has: `build(spec, seed)` gives a `City`.

>>> from tongchou.epi.spread.population import build, preset
>>> city = build(preset("china-city"), seed=1, people=5000)
"""

from tongchou.epi.spread.population.areas import from_areas
from tongchou.epi.spread.population.building import build
from tongchou.epi.spread.population.faults import SpecError
from tongchou.epi.spread.population.flaws import flaws
from tongchou.epi.spread.population.reading import from_table, preset, presets, read
from tongchou.epi.spread.population.spec import Community, Spec
from tongchou.epi.spread.population.statistics import Statistic, statistics

__all__ = [
    "Community",
    "Spec",
    "SpecError",
    "Statistic",
    "build",
    "flaws",
    "from_areas",
    "from_table",
    "preset",
    "presets",
    "read",
    "statistics",
]
