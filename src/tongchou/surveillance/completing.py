"""The newest days by onset, completed for what is not yet reported: the area's own cases.

Official counts go by the day of report and have nothing to complete; the line list has.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tongchou.areas.models import Area, subtree
from tongchou.cases.models import Case, Classification

if TYPE_CHECKING:
    from tongchou.epi.nowcast import Triangle

#: Reports that come later than this after onset are left out of the nowcast.
LONGEST = 21
#: Days whose reports teach the delays.
TAUGHT = 84
#: Days of onset that a brief tells of together.
WEEK = 7


@dataclass(frozen=True, slots=True)
class Tail:
    """Who fell ill from `first` to `last`: known, and how many there will have been in the end.

    Numbers are None where there is a `reason`: a code of `nowcast.REASONS`. `last` may lie before
    the day of the brief: newest days of which hardly anything is in are left out.
    """

    first: date
    last: date
    known: int
    low: int | None
    mid: int | None
    high: int | None
    reason: str

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> "Tail":
        days = {name: date.fromisoformat(facts[name]) for name in ("first", "last")}
        return cls(**(facts | days))


def onsets(area: Area, last: date, *, n_days: int) -> NDArray[np.int64]:
    """Day of onset and day of report of each case as known by `last`, counted from the first day.

    i64[n_cases, 2]; onsets of the `n_days` days up to `last`. A report is never before its onset.
    """
    first = last - timedelta(days=n_days - 1)
    rows = Case.objects.filter(
        subtree(area.path, field="area_path"), onset_on__range=(first, last), reported_on__lte=last
    ).exclude(classification=Classification.DISCARDED)
    return np.array(
        [
            ((onset - first).days, max((reported - first).days, (onset - first).days))
            for onset, reported in rows.values_list("onset_on", "reported_on")
            if onset is not None
        ],
        dtype=np.int64,
    ).reshape(-1, 2)


def triangle(pairs: NDArray[np.int64], *, n_days: int) -> "Triangle":
    """The reporting triangle of `onsets`, whose last day is today."""
    from tongchou.epi import nowcast

    return nowcast.Triangle.of(
        pairs[:, 0], pairs[:, 1], today=n_days - 1, max_delay=LONGEST, first=0
    )


def tail(area: Area, last: date) -> Tail | None:
    """The week up to `last`, completed; None where nobody of the area's cases has an onset."""
    from tongchou.epi.nowcast import Options
    from tongchou.epi.nowcast.summed import together

    pairs = onsets(area, last, n_days=TAUGHT)
    if not pairs.size:
        return None
    found = together(triangle(pairs, n_days=TAUGHT), range(-WEEK, 0))
    first = last - timedelta(days=WEEK - 1)
    if found.refused:
        known = int((pairs[:, 0] >= TAUGHT - WEEK).sum())
        # With hardly a case nothing is known of the delays either; few cases is what people grasp.
        few = len(pairs) < Options().least_events
        return Tail(first, last, known, None, None, None, "thin" if few else found.refused)
    low, mid, high = (round(float(q)) for q in found.quantiles)
    until = last - timedelta(days=TAUGHT - 1 - int(found.at[-1]))
    return Tail(first, until, round(found.reported), low, mid, high, "")
