"""Where counts of the last days cluster: the space-time scan over the areas of the sentinels.

The permutation model needs no population: it asks whether one circle had more of the last days'
counts than its usual share, given how much each day and each area had.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tongchou.areas.models import Area, Boundary
from tongchou.epi.detect.series import Series
from tongchou.surveillance.found import CLUSTER, Found, Share
from tongchou.surveillance.gathering import Table, gathered

if TYPE_CHECKING:
    from tongchou.epi.detect.scan import Cluster

#: Channels that count people who are ill, the surest first: one is scanned, the first there is.
CHANNELS = ("pcr-positive", "antigen-positive", "fever-clinic", "ili", "respiratory")
#: Days of the study; clusters are at most as long as `Options.days`.
STUDY = 56
#: Fewer areas than these have no neighbourhood.
LEAST = 8
#: One as strong comes by chance once in two years of days.
LIMIT = 1 / 730
Point = tuple[float, float]


def clusters(day: date) -> list[Found]:
    """Clusters that end on `day`; none where too few areas with a place on the map count."""
    from tongchou.epi.detect.scan import Options

    table = gathered(day, STUDY)
    if table is None or table.n_days < 2 * Options().days:
        return []
    for channel in CHANNELS:
        if channel in table.channels:
            found = _scanned(table, channel, day)
            if found is not None:
                return found
    return []


def _scanned(table: Table, channel: str, day: date) -> list[Found] | None:
    from tongchou.epi.detect.scan import Options, prospective

    counts = table.counts[:, table.channels.index(channel), :]
    points = _points(table.areas)
    keep = [
        row
        for row, code in enumerate(table.areas)
        if code in points and not np.isnan(counts[row]).all()
    ]
    if len(keep) < LEAST or np.nansum(counts[keep, -7:]) < 2:
        return None
    codes = [table.areas[row] for row in keep]
    where = np.array([points[code] for code in codes])
    series = Series(
        counts[keep], [day - timedelta(days=n) for n in range(table.n_days - 1, -1, -1)]
    )
    share = max(0.05, 2.5 / len(keep))  # in a small city a circle of a twentieth is one area
    options = Options(zone_share=min(share, 0.5), stop_after=50)
    seed = day.toordinal()  # the same day again is the same answer
    told = prospective(series, where[:, 0], where[:, 1], options=options, seed=seed)
    return [_found(one, codes, channel) for one in told.found if _chance(one) <= LIMIT]


def _chance(one: "Cluster") -> float:
    """By the Gumbel tail, which tells chances that replicates cannot; by rank without it."""
    return one.p if np.isnan(one.p_tail) else one.p_tail


def _found(one: "Cluster", codes: Sequence[str], channel: str) -> Found:
    llr = round(one.llr, 6)
    expected = round(one.expected, 4)
    return Found(
        area=codes[one.centre],
        observed=float(one.observed),
        expected=expected,
        statistic=llr,
        detectors=("scan",),
        shares=(
            Share(channel, one.observed, expected, score=llr, alarm=True, detectors=("scan",)),
        ),
        subject=CLUSTER,
        p=_chance(one),
        days=one.days,
        areas=tuple(codes[row] for row in one.areas),
    )


def _points(codes: Sequence[str]) -> dict[str, Point]:
    """Longitude and latitude of each area: its own, its outline's middle, or the area's above."""
    areas = Area.objects.in_bulk(list(codes))
    wanted = {code for area in areas.values() for code in area.codes}
    own: dict[str, Point] = {
        code: ((west + east) / 2, (south + north) / 2)
        for code, west, south, east, north in Boundary.objects.filter(pk__in=wanted).values_list(
            "area_id", "west", "south", "east", "north"
        )
    }
    rows = Area.objects.filter(pk__in=wanted).values_list("code", "longitude", "latitude")
    own |= {code: (x, y) for code, x, y in rows if x is not None and y is not None}
    found: dict[str, Point] = {}
    for code, area in areas.items():
        near = next((own[each] for each in reversed(area.codes) if each in own), None)
        if near is not None:
            found[code] = near
    return found
