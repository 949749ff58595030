"""How many are infected this morning and not yet reported, from the cases that were.

Cases of the last days, their growth, and the days from infection to report say how many reports
are still on their way. That every infection is reported in the end is assumed, and is not so: it is
a floor.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["REPORT_DAYS", "Outbreak", "under_way"]

#: From the first symptoms to the report, where too few cases say how long it takes.
REPORT_DAYS: Final = 2.0
#: Of how many days the cases are counted.
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Outbreak:
    """An outbreak under way, as its reported cases show it.

    Parameters
    ----------
    infected
        This morning, and not yet reported.
    growth
        Of the cases, a day; 0 where there are too few to tell, and `growth_measured` is false.
    incubation_days, report_days
        From infection to symptoms (of the course, so assumed), and from there to the report.
    n_delays
        Cases over which `report_days` was measured; none: it is assumed.
    """

    infected: int
    growth: float
    growth_measured: bool
    incubation_days: float
    report_days: float
    n_delays: int

    @property
    def growth_percent(self) -> str:
        """Growth of a day in per cent, with its sign."""
        return f"{100 * math.expm1(self.growth):+.1f}"

    def facts(self) -> dict[str, Any]:
        """As it is kept beside a scenario, with what was measured and what assumed."""
        known = {"growth": self.growth_measured, "report_days": self.n_delays > 0}
        return {
            "infected": self.infected,
            "growth": round(self.growth, 4),
            "incubation_days": round(self.incubation_days, 1),
            "report_days": round(self.report_days, 1),
            "n_delays": self.n_delays,
            "measured": [name for name, yes in known.items() if yes],
            "assumed": [
                *(name for name, yes in known.items() if not yes),
                "incubation_days", "every infection is reported",
            ],
        }  # fmt: skip


def under_way(
    cases: Sequence[int], *, incubation_days: float, delays: Sequence[float] = (), fewest: int = 5
) -> Outbreak:
    """What cases a day say of the infections behind them.

    With reports that grow by r a day and L days from infection to report, those of the last week,
    n, are followed by n (exp(rL) - 1) / (1 - exp(-7r)) of people who are infected now.

    Parameters
    ----------
    cases
        Reported on each of the last days, yesterday last; a week at least.
    delays
        Days from onset to report, of recent cases; fewer than `fewest` say nothing.

    Examples
    --------
    >>> under_way([7] * 14, incubation_days=3, delays=[2.0] * 5).infected
    35
    """
    from statistics import median

    import numpy as np

    from tongchou.epi.reproduction.growth import Growth, growth_rate

    if len(cases) < WEEK:
        raise ValueError(f"{len(cases)} days of cases are too few; give {WEEK} at least")
    found = growth_rate(np.array(cases, float), options=Growth(window=len(cases), newest=True))
    rate = float(found.mean[0, -1])
    measured = not math.isnan(rate)
    rate = rate if measured else 0.0
    enough = len(delays) >= fewest
    report = float(median(delays)) if enough else REPORT_DAYS
    days = incubation_days + max(report, 0.0)
    times = days / WEEK
    if abs(rate) > 1e-6:
        times = math.expm1(rate * days) / -math.expm1(-rate * WEEK)
    return Outbreak(
        infected=round(sum(cases[-WEEK:]) * times),
        growth=rate,
        growth_measured=measured,
        incubation_days=incubation_days,
        report_days=report,
        n_delays=len(delays) if enough else 0,
    )
