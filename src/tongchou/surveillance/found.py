"""What a day's cycle found, as `actions.raise_signals` takes it: plain values, no rows.

Areas and channels are codes. One value stands for one area and one `subject`: all channels together
(`EVIDENCE`), a cluster of the space-time scan (`CLUSTER`), or one channel by its code.
"""

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
