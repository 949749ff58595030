"""What a day shows in the counts of the sentinels: areas that rise, by one channel or by all.

Each area's channels are weighed together first (`epi.detect.evidence`), because an outbreak shows a
little in many; one channel alone must stand out far more. Days that the quality check silenced are
not reported days here: no alarm rests on them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Series, Verdicts
from tongchou.surveillance.found import EVIDENCE, Found, Share
from tongchou.surveillance.gathering import Floats, Table, gathered
from tongchou.surveillance.models import Cadence, Threshold

if TYPE_CHECKING:
    from tongchou.epi.detect import evidence

#: Days read for the daily model; three years hold every season three times.
HISTORY = 1095
#: Days over which evidence is added up; what began earlier is a signal already.
ADDED = 28
#: A p at or below which an alarm is raised, where nobody has set another (`models.Threshold`). For
#: evidence p is exp(-score), Wald's bound. One in 3,000 area-days; one in 100,000 series-days.
LIMITS = {"evidence": 3e-4, "daily": 1e-5, "ears-c2": 1e-6, "weekly": 1e-4}
#: What a just noticeable outbreak adds to a channel, in its usual standard deviations.
KINDS = {
    "respiratory": {
        "fever-clinic": 1.0,
        "respiratory": 1.0,
        "ili": 1.0,
        "pharmacy-fever": 1.0,
        "pharmacy-cough": 0.8,
        "school-absence": 0.8,
        "work-absence": 0.6,
        "antigen-positive": 1.0,
        "pcr-positive": 1.0,
        "hotline-fever": 0.8,
    },
    "enteric": {"gastro": 1.0, "school-absence": 0.5},
}


def detect(day: date, *, history_days: int = HISTORY) -> list[Found]:
    """Everything that stands out on `day`: areas by all channels together, and single channels."""
    limits = in_force()
    table = gathered(day, history_days)
    found: list[Found] = []
    if table is not None:
        verdicts, detectors = _judged(table)
        found += _together(table, verdicts, detectors, limits)
        found += _alone(table, verdicts, detectors, limits, {one.area for one in found})
    return [*found, *_weekly(day, limits)]


# --- the verdicts ------------------------------------------------------------------------------


def _judged(table: Table) -> tuple[Verdicts, NDArray[np.str_]]:
    """The newest day of each series by the daily model, by EARS C2 where that is too young."""
    from tongchou.epi.detect import daily
    from tongchou.epi.detect.ears import Ears, c2

    series = table.flat()
    model = daily.glm(series, [-1])
    simple = c2(series, [-1], Ears(alpha=LIMITS["ears-c2"], min_sigma=1.0))
    silent = np.isnan(model.p)
    names = ("expected", "bound", "p", "score", "alarm")
    both = {n: np.where(silent, getattr(simple, n), getattr(model, n)) for n in names}
    return Verdicts(model.at, **both), np.where(silent[:, 0], "ears-c2", "daily")


def _together(
    table: Table, verdicts: Verdicts, detectors: NDArray[np.str_], limits: "Limits"
) -> list[Found]:
    """Areas of which all channels together say that something goes on."""
    from tongchou.epi.detect import daily, evidence

    days = np.arange(max(table.n_days - ADDED, 0), table.n_days)
    base = daily.baseline(table.flat(), days, daily.Daily(refit=ADDED))
    shape = (len(table.areas), len(table.channels), days.size)
    expected, dispersion = base.expected.reshape(shape), base.dispersion.reshape(shape)
    if np.isnan(expected).all():
        return []
    counts = table.counts[:, :, days]
    factor = city_factor(counts, expected, dispersion)
    profiles = kinds(table, expected, dispersion)
    if not profiles:
        return []
    added = evidence.gather(counts, expected * factor, dispersion, profiles)
    score = added.score[:, -1]
    p = np.exp(-np.nan_to_num(score))
    hit = np.flatnonzero(~np.isnan(score) & (p <= limits.of("", "evidence")))
    today = verdicts.expected.reshape(shape[:2])
    return [
        _found(
            table,
            int(row),
            verdicts,
            detectors,
            limits,
            parts=added.contributions[row, :, 0],
            expected=np.where(np.isnan(expected[row, :, -1]), today[row], expected[row, :, -1]),
            statistic=float(score[row]),
            p=float(p[row]),
            days=int(added.since[row, 0]),
        )
        for row in hit
    ]


def city_factor(counts: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """What each day did to each channel everywhere, f64[n_channels, n_days]."""
    from tongchou.epi.detect import evidence

    return evidence.city_days(counts, expected, dispersion)


def kinds(table: Table, expected: Floats, dispersion: Floats) -> "list[evidence.Profile]":
    """The kinds of outbreak, in counts: the usual standard deviation of each channel here."""
    from tongchou.epi.detect import evidence

    with np.errstate(invalid="ignore"):
        sd = np.sqrt(expected * dispersion)
    usual = {
        slug: float(np.nanmedian(sd[:, n])) if not np.isnan(sd[:, n]).all() else 0.0
        for n, slug in enumerate(table.channels)
    }
    weighed = {
        kind: {slug: weight * max(usual.get(slug, 0.0), 0.5) for slug, weight in added.items()}
        for kind, added in KINDS.items()
    }
    return evidence.profiles(table.channels, weighed)


def _found(
    table: Table,
    row: int,
    verdicts: Verdicts,
    detectors: NDArray[np.str_],
    limits: "Limits",
    *,
    parts: Floats,
    expected: Floats,
    statistic: float,
    p: float,
    days: int,
) -> Found:
    n = len(table.channels)
    order = sorted(range(n), key=lambda c: -np.nan_to_num(parts[c]))
    shares = []
    for column in order:
        at = row * n + column
        observed = table.counts[row, column, -1]
        if np.isnan(observed) or np.isnan(expected[column]):
            continue
        own, detector = verdicts.p[at, 0], str(detectors[at])
        alarm = not np.isnan(own) and own <= limits.of(table.channels[column], detector)
        shares.append(
            Share(
                channel=table.channels[column],
                observed=float(observed),
                expected=round(float(expected[column]), 4),
                bound=_number(verdicts.bound[at, 0]),
                p=_number(own),
                score=round(float(np.nan_to_num(parts[column])), 6),
                alarm=bool(alarm),
                detectors=(detector,) if alarm else (),
            )
        )
    lead = shares[0]
    alarms = dict.fromkeys(d for share in shares for d in share.detectors)
    return Found(
        area=table.areas[row],
        observed=lead.observed,
        expected=lead.expected,
        statistic=round(statistic, 6),
        detectors=("evidence", *alarms),
        shares=tuple(shares),
        subject=EVIDENCE,
        p=p,
        days=max(days, 1),
    )


def _alone(
    table: Table,
    verdicts: Verdicts,
    detectors: NDArray[np.str_],
    limits: "Limits",
    said: Iterable[str],
) -> list[Found]:
    """Single channels that stand out far, of areas that nothing was said of yet."""
    told = set(said)
    found = []
    n = len(table.channels)
    with np.errstate(invalid="ignore"):
        hit = np.flatnonzero(verdicts.p[:, 0] <= max(limits.highest, 1e-12))
    for at in hit:
        area, channel = table.areas[at // n], table.channels[at % n]
        detector, p = str(detectors[at]), float(verdicts.p[at, 0])
        observed, expected = table.counts[at // n, at % n, -1], float(verdicts.expected[at, 0])
        if area in told or p > limits.of(channel, detector) or observed <= expected:
            continue
        found.append(
            _single(area, channel, detector, p, float(observed), expected, verdicts.bound[at, 0])
        )
    return found


def _single(
    area: str,
    channel: str,
    detector: str,
    p: float,
    observed: float,
    expected: float,
    bound: float,
) -> Found:
    score = round(-math.log10(max(p, 1e-300)), 6)
    share = Share(
        channel, observed, round(expected, 4), _number(bound), p, score, True, (detector,)
    )
    return Found(
        area=area,
        observed=observed,
        expected=share.expected,
        statistic=score,
        detectors=(detector,),
        shares=(share,),
        subject=channel,
        p=p,
    )


def _weekly(day: date, limits: "Limits") -> list[Found]:
    """Weekly series whose newest week ended on `day`."""
    from tongchou.epi.detect import daily

    first = day - timedelta(days=6)
    table = gathered(day, 7 * 365, cadence=Cadence.WEEKLY)
    if table is None:
        return []
    offset = (first - table.first).days % 7
    counts = table.counts[:, :, offset::7]
    if np.isnan(counts[:, :, -1]).all() or (table.first + timedelta(days=offset)) > first:
        return []
    dates = table.dates[offset::7]
    if dates[-1] != first:
        return []
    series = Series(counts.reshape(-1, counts.shape[2]), dates)
    verdicts = daily.glm(series, [-1], daily.Weekly())
    found = []
    n = len(table.channels)
    with np.errstate(invalid="ignore"):
        hit = np.flatnonzero(verdicts.p[:, 0] <= max(limits.highest, 1e-12))
    for at in hit:
        area, channel = table.areas[at // n], table.channels[at % n]
        p, observed = float(verdicts.p[at, 0]), float(series.counts[at, -1])
        expected = float(verdicts.expected[at, 0])
        if p <= limits.of(channel, "weekly") and observed > expected:
            bound = verdicts.bound[at, 0]
            found.append(_single(area, channel, "weekly", p, observed, expected, bound))
    return found


# --- thresholds --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limits:
    """The p at which each channel and method alarms: as set by somebody, else the default."""

    set: dict[tuple[str, str], float]

    def of(self, channel: str, detector: str) -> float:
        return self.set.get((channel, detector), LIMITS.get(detector, 0.0))

    @property
    def highest(self) -> float:
        return max([*self.set.values(), *LIMITS.values()])


def in_force() -> Limits:
    """The limits that the next cycle goes by."""
    rows = Threshold.objects.order_by("id").values_list("channel_id", "detector", "limit")
    return Limits({(channel or "", detector): limit for channel, detector, limit in rows})


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 12)
