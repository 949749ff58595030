"""Who comes when everybody is asked: partly the same people every time.

If each round missed people by chance alone, three rounds of 90 % would miss one in a thousand. The
bedridden, the frightened and those whom no list has are missed every time, so repeating a round
finds less than that.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.spread.draws import units
from tongchou.epi.spread.slots import NEVER
from tongchou.epi.spread.state import Run

__all__ = ["SAME", "takes_part"]

#: Of those absent, the share who are always so. A judgement: no figure was found.
SAME = 0.5


def takes_part(
    run: Run, persons: NDArray[np.int32], share: Any, purpose: int, same: float = SAME
) -> NDArray[np.bool_]:
    """Who of these people is among the `share` (one, or one for each) who come today.

    With a higher share the same people come, and others too: a plan that asks for more is compared
    on the same luck.
    """
    always_absent = same * (1 - np.asarray(share, np.float32))
    luck = units(run.stream(purpose, NEVER), persons)  # no day's: it belongs to the person
    today = units(run.stream(purpose), persons)
    comes: NDArray[np.bool_] = (luck >= always_absent) & (today * (1 - always_absent) < share)
    return comes
