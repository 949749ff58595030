"""What a day shows in the counts of the sentinels: areas that rise, by one channel or by all.

Each area's channels are weighed together first (`epi.detect.evidence`), because an outbreak shows a
little in many; one channel alone must stand out far more. Days that the quality check silenced are
not reported days here: no alarm rests on them.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.detect.series import Verdicts
from tongchou.surveillance import weekly
from tongchou.surveillance.alarms import LIMITS, Limits, in_force
from tongchou.surveillance.found import EVIDENCE, Found, Share, alone, number
from tongchou.surveillance.gathering import Floats, Table, gathered

if TYPE_CHECKING:
    from tongchou.epi.detect import daily, evidence

#: Days read for the daily model; three years hold every season three times. What is more lets each
#: day be held against the same fit whichever morning asks (`epi.detect.daily_fits`).
HISTORY = 1095 + 14 + 2 * 28
#: Days over which evidence is added up; what began earlier is a signal already.
ADDED = 28
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
        verdicts, detectors, base = _judged(table)
        found += _together(table, verdicts, detectors, base, limits)
        found += _alone(table, verdicts, detectors, limits, {one.area for one in found})
    return [*found, *weekly.detect(day, limits)]


# --- the verdicts ------------------------------------------------------------------------------


def _judged(table: Table) -> "tuple[Verdicts, NDArray[np.str_], daily.Baseline]":
    """The newest day of each series by the daily model, by EARS C2 where that is too young.

    And what the model expects of the days over which evidence is added up, from the same fits.
    """
    from tongchou.epi.detect import daily
    from tongchou.epi.detect.ears import Ears, c2

    series = table.flat()
    days = np.arange(max(table.n_days - ADDED, 0), table.n_days)
    model, base = daily.judged(series, [-1], days)
    simple = c2(series, [-1], Ears(alpha=LIMITS["ears-c2"], min_sigma=1.0))
    silent = np.isnan(model.p)
    names = ("expected", "bound", "p", "score", "alarm")
    both = {n: np.where(silent, getattr(simple, n), getattr(model, n)) for n in names}
    return Verdicts(model.at, **both), np.where(silent[:, 0], "ears-c2", "daily"), base


def _together(
    table: Table,
    verdicts: Verdicts,
    detectors: NDArray[np.str_],
    base: "daily.Baseline",
    limits: Limits,
) -> list[Found]:
    """Areas of which all channels together say that something goes on."""
    from tongchou.epi.detect import evidence

    days = base.at
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
    limits: Limits,
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
                bound=number(verdicts.bound[at, 0]),
                p=number(own),
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
    limits: Limits,
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
        bound = float(verdicts.bound[at, 0])
        found.append(
            alone(
                area, channel, (detector,), p=p, observed=float(observed), expected=expected,
                bound=bound,
            )
        )  # fmt: skip
    return found
