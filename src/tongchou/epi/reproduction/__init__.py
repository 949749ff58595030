"""How many each case infects: instantaneous and cohort R, and how fast counts grow."""

from tongchou.epi.reproduction.cori import Cori, instantaneous
from tongchou.epi.reproduction.interval import shares, shifted_gamma
from tongchou.epi.reproduction.windows import Estimates, Reason, sliding

__all__ = [
    "Cori",
    "Estimates",
    "Reason",
    "instantaneous",
    "shares",
    "shifted_gamma",
    "sliding",
]
