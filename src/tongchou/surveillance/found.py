"""What a day's cycle found, as `actions.raise_signals` takes it: plain values, no rows.

Areas and channels are codes. One value stands for one area and one `subject`: all channels together
(`EVIDENCE`), a cluster of the space-time scan (`CLUSTER`), or one channel by its code.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: All channels of an area weighed together.
EVIDENCE = "evidence"
#: An area of the space-time scan; `Found.areas` names the small areas in it.
CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Share:
    """What one channel adds: its count beside what was expected, and its part in the statistic."""

    channel: str
    observed: float
    expected: float
    bound: float | None = None
    p: float | None = None
    #: Part of `Found.statistic` that this channel accounts for, on the statistic's own scale.
    score: float = 0.0
    alarm: bool = False
    detectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One alarm of one area on one day, with its grounds; the strongest share comes first.

    `observed` and `expected` are those of the leading channel, or of the whole cluster. `days`
    is for how many days running the alarm has stood, this one included.
    """

    area: str
    observed: float
    expected: float
    statistic: float
    detectors: tuple[str, ...]
    shares: tuple[Share, ...]
    subject: str = EVIDENCE
    p: float | None = None
    days: int = 1
    areas: tuple[str, ...] = ()


def alone(
    area: str,
    channel: str,
    detectors: Sequence[str],
    *,
    p: float,
    observed: float,
    expected: float,
    bound: float,
) -> Found:
    """One channel of one area that stands out by itself; the leading method comes first."""
    score = round(-math.log10(max(p, 1e-300)), 6)
    methods = tuple(detectors)
    share = Share(channel, observed, round(expected, 4), number(bound), p, score, True, methods)
    return Found(
        area=area,
        observed=observed,
        expected=share.expected,
        statistic=score,
        detectors=methods,
        shares=(share,),
        subject=channel,
        p=p,
    )


def number(value: float) -> float | None:
    """A number as it is kept; None where there is none."""
    return None if math.isnan(value) else round(float(value), 12)
