"""Did it get faster? The same interval before and after a change, with what chance could do.

Intervals of this kind have long tails and many ties, so ranks are compared: the shift is the
median of all differences between an after and a before (Hodges and Lehmann), its interval the one
that the rank-sum test does not reject, with the normal law and no correction for ties.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: With fewer on either side nothing is said but the numbers.
FEWEST = 5
#: Pairs are compared one by one; of more than this on a side, the newest are taken.
MOST = 2000
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Shift:
    """How much longer (+) or shorter (-) it took after; `low` and `high` hold 95 % of chance."""

    by: float
    low: float
    high: float

    @property
    def faster(self) -> bool:
        return self.high < 0

    @property
    def slower(self) -> bool:
        return self.low > 0


def shift(before: Sequence[float], after: Sequence[float]) -> Shift | None:
    """The shift from `before` to `after`; None where either has fewer than five.

    Use it for intervals of different cases. Not for the same cases twice, and not where many of
    the later ones have not ended yet: the slow ones are then missing.

    Parameters
    ----------
    before, after
        Lengths in any one unit, in the order of time.

    Examples
    --------
    >>> shift([5, 6, 7, 8, 9, 10], [2, 3, 4, 5, 6, 7]).by
    -3.0

    References
    ----------
    Hollander, Wolfe & Chicken 2014, Nonparametric Statistical Methods, sections 4.2 and 4.3
    """
    if min(len(before), len(after)) < FEWEST:
        return None
    import numpy as np

    x = np.asarray(before[-MOST:], dtype=float)
    y = np.asarray(after[:MOST], dtype=float)
    n, m = len(x), len(y)
    differences = np.sort((y[:, None] - x[None, :]).ravel())
    spread = _Z * math.sqrt(n * m * (n + m + 1) / 12)
    cut = max(math.floor(n * m / 2 - spread), 0)
    return Shift(
        float(np.median(differences)),
        float(differences[cut]),
        float(differences[len(differences) - 1 - cut]),
    )
