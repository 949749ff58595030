"""The pictures of a situation: cases with their uncertain tail and what may come, and Rt.

Official counts where somebody publishes them; else the city's own cases by onset, whose newest days
are completed by a nowcast and kept out of Rt until nearly all of them are known.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from tongchou.areas.models import Area
from tongchou.playbook import Playbook
from tongchou.shell import charts
from tongchou.surveillance import completing
from tongchou.surveillance.ahead import Ahead
from tongchou.surveillance.situation import Situation

Floats = NDArray[np.float64]
#: Days drawn.
SHOWN = 70
WINDOW = 7
#: From this share of a day's cases known on, the day counts for Rt.
KNOWN = 0.8


@dataclass(frozen=True, eq=False)
class Curve:
    """New cases by day, f64[n_days]; `trusted` the same with NaN where Rt must not look.

    `low`, `mid`, `high` complete the last days; NaN elsewhere. `n_late` cases are left out of the
    nowcast because their report came very late.
    """

    first: date
    counts: Floats
    trusted: Floats
    low: Floats
    mid: Floats
    high: Floats
    by_onset: bool
    refused: tuple[str, ...] = ()
    n_late: int = 0

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.counts.size)]


def of_official(stands: Situation) -> Curve:
    nothing = np.full(stands.told.size, np.nan)
    counts = np.maximum(stands.told, 0.0)
    return Curve(stands.first, counts, stands.new, nothing, nothing, nothing, by_onset=False)


def of_cases(area: Area, last: date, *, n_days: int = SHOWN + 14) -> Curve | None:
    """The area's own cases by onset as known by `last`; None where there are none."""
    from tongchou.epi import nowcast

    first = last - timedelta(days=n_days - 1)
    pairs = completing.onsets(area, last, n_days=n_days)
    if not pairs.size:
        return None
    counts = np.bincount(pairs[:, 0], minlength=n_days).astype(float)
    triangle = completing.triangle(pairs, n_days=n_days)
    now = nowcast.estimate(triangle)
    low, mid, high = np.full((3, n_days), np.nan)
    low[now.at], mid[now.at], high[now.at] = now.quantiles.T
    trusted = counts.copy()
    known = np.nan_to_num(now.share, nan=0.0) >= KNOWN
    trusted[now.at[~known]] = np.nan
    settled = known & (now.point < now.reported + 0.5)
    for values in (low, mid, high):  # nothing is uncertain about a day that is all known
        values[now.at[settled]] = np.nan
    reasons = tuple(sorted({reason for reason in now.refused if reason}))
    return Curve(first, counts, trusted, low, mid, high, True, reasons, triangle.n_late)


def drawn(curve: Curve, ahead: Ahead) -> Any:
    """Cases by day; the tail that is not all known yet hatched, with what it will come to.

    Beyond the last day stands the forecast with its 95 % range, where there is one.
    """
    keep = slice(-SHOWN, None)
    tail = ~np.isnan(curve.mid[keep])
    incomplete = int(tail[::-1].argmin()) if not tail.all() else tail.size
    if curve.by_onset and not incomplete:
        incomplete = int(np.isnan(curve.trusted[keep])[::-1].argmin())
    beyond: list[float | None] = [None] * len(ahead.then)
    estimates = []
    if tail.any():
        low, mid, high = ([*_plain(v[keep]), *beyond] for v in (curve.low, curve.mid, curve.high))
        estimates.append(charts.Estimate(_("to be expected in the end"), mid, low, high))
    days, counts = curve.days[keep], [*_plain(curve.counts[keep]), *beyond]
    if ahead.then:
        before: list[float | None] = [None] * len(days)
        low, mid, high = (
            [*before, *(getattr(one, part) for one in ahead.then)]
            for part in ("low", "mid", "high")
        )
        estimates.append(charts.Estimate(_("forecast"), mid, low, high))
        days = days + [days[-1] + timedelta(days=one.days) for one in ahead.then]
    what = _("cases by onset") if curve.by_onset else _("new cases, official")
    return charts.watched(
        days,
        counts,
        what=what,
        estimates=estimates,
        incomplete_days=incomplete,
        days_ahead=len(ahead.then),
        size="l",
    )


@dataclass(frozen=True)
class Rt:
    """Rt day by day, or why there is none: a code of `brief_text.REASONS`."""

    chart: Any
    reason: str
    interval: str
    last: tuple[float, float, float] | None
    until: date | None


def rt(curve: Curve, book: Playbook) -> Rt:
    """Instantaneous R over sliding weeks with its 95 % interval."""
    from tongchou.epi.reproduction import Cori, Reason, instantaneous, shifted_gamma

    disease = book.diseases.get(book.main_disease) if book.main_disease else None
    if disease is None:
        return Rt(None, "NO_INTERVAL", "", None, None)
    spell = disease.serial_interval
    said = f"{spell.mean_days:g} ± {spell.sd_days:g}"
    if curve.trusted.size <= WINDOW:
        return Rt(None, Reason.EARLY.name, said, None, None)
    counts = np.maximum(curve.trusted, 0.0)
    found = instantaneous(
        counts,
        shifted_gamma(float(spell.mean_days), float(spell.sd_days), counts.size),
        options=Cori(window=WINDOW, probabilities=(0.025, 0.975)),
    )
    mean, low, high = found.mean[0], found.quantiles[0, 0], found.quantiles[1, 0]
    spoke = np.flatnonzero(~np.isnan(mean))
    if not spoke.size:
        return Rt(None, Reason(int(found.reason[0, -1])).name, said, None, None)
    days = [curve.first + timedelta(days=int(n)) for n in found.end]
    keep = slice(max(int(spoke[0]), len(days) - SHOWN), None)
    chart = charts.lines(
        days[keep],
        {"Rt": _plain(mean[keep])},
        bands={"Rt": (_plain(low[keep]), _plain(high[keep]))},
        level=(1.0, _("the outbreak shrinks below this line")),
        size="l",
    )
    newest = int(spoke[-1])
    last = (float(mean[newest]), float(low[newest]), float(high[newest]))
    return Rt(chart, "", said, last, days[newest])


def _plain(values: Floats) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in values]
