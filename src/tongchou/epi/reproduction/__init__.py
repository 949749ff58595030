"""How many each case infects: instantaneous and case R, and how fast counts grow."""

from tongchou.epi.reproduction.cori import Cori, instantaneous
from tongchou.epi.reproduction.growth import Growth, doubling_time, growth_rate
from tongchou.epi.reproduction.interval import shares, shifted_gamma
from tongchou.epi.reproduction.uncertain import Uncertain, instantaneous_uncertain
from tongchou.epi.reproduction.wallinga_teunis import wallinga_teunis
from tongchou.epi.reproduction.windows import Estimates, Reason, sliding

__all__ = [
    "Cori",
    "Estimates",
    "Growth",
    "Reason",
    "Uncertain",
    "doubling_time",
    "growth_rate",
    "instantaneous",
    "instantaneous_uncertain",
    "shares",
    "shifted_gamma",
    "sliding",
    "wallinga_teunis",
]
