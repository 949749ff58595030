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
from tongchou.kit.compiled import kernel

__all__ = ["SAME", "always_absent", "comes", "takes_part"]

#: Of those absent, the share who are always so. A judgement: no figure was found.
SAME = 0.5


def takes_part(
    run: Run, persons: NDArray[np.int32], share: Any, purpose: int, same: float = SAME
) -> NDArray[np.bool_]:
    """Who of these people is among the `share` (one, or one for each) who come today.

    With a higher share the same people come, and others too: a plan that asks for more is compared
    on the same luck.
    """
    absent = always_absent(share, same)
    luck = units(run.stream(purpose, NEVER), persons)  # no day's: it belongs to the person
    today = units(run.stream(purpose), persons)
    there: NDArray[np.bool_] = (luck >= absent) & (today * (1 - absent) < share)
    return there


def always_absent(share: Any, same: float = SAME) -> Any:
    """f32: the share of all people who never come, where this share is asked to."""
    return same * (1 - np.asarray(share, np.float32))


@kernel
def comes(luck: Any, today: Any, absent: Any, share: Any) -> Any:
    """`takes_part` for one person, by the two draws; shares as f32, as there."""
    return luck >= absent and today * (np.float32(1) - absent) < share
