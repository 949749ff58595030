"""The reporting triangle: events by day and by the delay after which they were heard of.

What has not been heard of yet is NaN, never zero: its corner is what nowcasting is about.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongchou.epi.detect.series import Flags, Floats, Indices

__all__ = ["Delays", "Triangle", "delays"]


@dataclass(frozen=True, eq=False)
class Triangle:
    """Counts by time of event (rows) and delay of report (columns).

    Attributes
    ----------
    counts
        f64[n_times, max_delay + 1]; the last row is today. NaN where the report would come after
        today, numbers elsewhere.
    n_late, n_unknown
        Events left out because their delay is longer than `max_delay`, or because they are heard
        of only after today; so that the sum stays checkable.
    """

    counts: Floats
    n_late: int = 0
    n_unknown: int = 0

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts, dtype=np.float64)
        if counts.ndim != 2 or not counts.size:
            raise ValueError("a reporting triangle is a table of times by delays")
        if not np.array_equal(~np.isnan(counts), _seen(*counts.shape)):
            raise ValueError(
                "a reporting triangle has a number wherever time and delay do not pass today, "
                "and nothing where they do"
            )
        if (counts < 0).any() or np.isinf(counts).any():
            raise ValueError("counts in a reporting triangle are numbers from zero up")
        object.__setattr__(self, "counts", counts)

    @classmethod
    def of(
        cls,
        event: ArrayLike,
        report: ArrayLike,
        *,
        today: int,
        max_delay: int,
        first: int | None = None,
    ) -> "Triangle":
        """From pairs of days (whole numbers): when it happened, when it was heard of.

        Parameters
        ----------
        today
            The day at whose end this is known.
        max_delay
            Longest delay looked at; longer ones are counted in `n_late`.
        first
            First day of the triangle; the first event by default. Earlier events are refused.

        Raises
        ------
        ValueError
            Where a report comes before its event, or an event before `first`.
        """
        happened, heard = np.asarray(event, np.int64), np.asarray(report, np.int64)
        if happened.shape != heard.shape or happened.ndim != 1:
            raise ValueError("each event needs its day of report, and the other way round")
        delay = heard - happened
        if (delay < 0).any():
            row = int((delay < 0).argmax())
            raise ValueError(
                f"event {row + 1} was reported {-delay[row]} days before it happened; "
                "exchange the columns or leave it out"
            )
        begin = first if first is not None else int(happened.min(initial=today))
        if happened.size and happened.min() < begin:
            raise ValueError(f"an event lies before the first day, {begin}")
        known = heard <= today
        near = known & (delay <= max_delay)
        counts = np.zeros((today - begin + 1, max_delay + 1))
        np.add.at(counts, (happened[near] - begin, delay[near]), 1.0)
        counts[~_seen(*counts.shape)] = np.nan
        return cls(counts, int((known & ~near).sum()), int((~known).sum()))

    @property
    def max_delay(self) -> int:
        return int(self.counts.shape[1]) - 1

    @property
    def n_times(self) -> int:
        return int(self.counts.shape[0])

    @property
    def reported(self) -> Floats:
        """What is known of each time so far."""
        return np.asarray(np.nansum(self.counts, axis=1), dtype=np.float64)

    @property
    def oldest_delay(self) -> Indices:
        """The longest delay that each time can have shown by today, at most `max_delay`."""
        return np.minimum(self.n_times - 1 - np.arange(self.n_times), self.max_delay)

    def back_to(self, last: int) -> "Triangle":
        """The triangle as it stood when the row `last` was today."""
        counts = self.counts[: last + 1].copy()
        counts[~_seen(*counts.shape)] = np.nan
        return Triangle(counts)


@dataclass(frozen=True, eq=False)
class Delays:
    """Share of events heard of by each delay, from times seen to different depths.

    Attributes
    ----------
    events, at_risk
        f64[max_delay + 1]: events of exactly this delay, and of this or a shorter one, among the
        times that could have shown it. Their ratio is the reverse hazard.
    cdf
        f64[max_delay + 1]: share heard of within the delay; 1 at the longest. NaN where nobody
        can tell.
    """

    events: Floats
    at_risk: Floats
    cdf: Floats


def delays(triangle: Triangle, *, window: int | None = None, prior: float = 0.0) -> Delays:
    """The delay law under truncation: recent times have shown only their quick reports.

    Reverse hazards g(d), the share of those heard of by delay d that came at d exactly, are
    estimated for each d from the times old enough to have shown it; the share within d is the
    product of 1 - g beyond d. Its inverse is the chain-ladder factor.

    Parameters
    ----------
    window
        Only reports that came in the last so many times; all by default. Shorter follows a law
        that changes, at the price of noise.
    prior
        Weight of a flat prior for each delay (generalised Dirichlet).

    References
    ----------
    Lawless 1994, doi:10.2307/3315820; Höhle & an der Heiden 2014, doi:10.1111/biom.12194
    """
    counts = triangle.counts
    seen = ~np.isnan(counts)
    if window is not None:
        if window < triangle.max_delay:
            raise ValueError(f"a window is at least the longest delay, {triangle.max_delay}")
        came = np.arange(triangle.n_times)[:, None] + np.arange(triangle.max_delay + 1)
        seen &= came >= triangle.n_times - 1 - window
    value = np.where(seen, counts, 0.0)
    before = np.cumsum(np.nan_to_num(counts), axis=1)
    events = value.sum(axis=0)
    at_risk = np.where(seen, before, 0.0).sum(axis=0)
    return Delays(events, at_risk, _cdf(events, at_risk, prior))


def _cdf(events: Floats, at_risk: Floats, prior: float) -> Floats:
    cells = 1.0 + np.arange(events.size)
    hazard = np.full(events.size, np.nan)
    known = at_risk + prior * cells > 0
    hazard[known] = (events + prior)[known] / (at_risk + prior * cells)[known]
    beyond = np.cumprod(1.0 - hazard[:0:-1])[::-1]
    return np.append(beyond, 1.0)


def _seen(n_times: int, n_delays: int) -> Flags:
    return np.arange(n_times)[:, None] + np.arange(n_delays)[None, :] < n_times
