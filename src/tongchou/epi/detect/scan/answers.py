"""What a scan is asked and what it answers."""

import math
from dataclasses import dataclass, field
from typing import Literal

from tongchou.epi.detect.series import Floats, Indices

__all__ = ["Cluster", "Clusters", "Options"]


@dataclass(frozen=True)
class Options:
    """What is looked for, and how surely.

    Parameters
    ----------
    model
        `permutation` needs cases alone and takes every area and every day as busy as its total;
        a rise of the whole city is no cluster. `poisson` needs people, and takes an area with
        more cases per head than others for a cluster even if it always has them.
    days
        The longest duration; at least 1 and at most the days given.
    zone_share, radius_km
        The largest circle: its share of all people (of all cases where there are none), its
        radius, or both. Neither: a circle may be the city.
    min_cases
        A cluster has at least so many.
    replicates
        Cities without a cluster that the truth is ranked among; 0 for no p-value.
    stop_after
        Stop once so many replicates have reached the best ratio: null days end after tens of
        replicates. With 50 of 999, every p below 0.05 is still ranked among all 999.
    most
        At most so many clusters, none of which shares an area with one before it.
    """

    model: Literal["permutation", "poisson"] = "permutation"
    days: int = 14
    zone_share: float | None = 0.05
    radius_km: float | None = None
    min_cases: int = 2
    replicates: int = 999
    stop_after: int | None = None
    most: int = 10

    def __post_init__(self) -> None:
        if self.model not in ("permutation", "poisson"):
            raise ValueError(f"the model is permutation or poisson, not {self.model}")
        if self.days < 1:
            raise ValueError("a cylinder lasts at least one day")
        if self.zone_share is not None and not 0 < self.zone_share <= 1:
            raise ValueError(f"a circle's share lies between 0 and 1, not {self.zone_share:g}")
        if self.radius_km is not None and not 0 <= self.radius_km < math.inf:
            raise ValueError(f"a radius is zero or more kilometres, not {self.radius_km:g}")
        if self.min_cases < 1 or self.replicates < 0 or self.most < 1:
            raise ValueError("min_cases and most are at least 1, replicates at least 0")
        if self.stop_after is not None and self.stop_after < 1:
            raise ValueError("stop_after counts replicates, from 1 up")


@dataclass(frozen=True, eq=False)
class Cluster:
    """A circle of areas with too many cases over the last `days`.

    Attributes
    ----------
    areas
        Rows, nearest to the centre first.
    radius_km
        To the farthest of them; 0 for one area.
    relative_risk
        Inside against outside: (c / m) / ((C - c) / (C - m)).
    p
        By rank, see `chance.rank`; NaN without replicates.
    p_tail
        By the Gumbel law, see `chance.Gumbel`; NaN where it could not be fitted.
    """

    centre: int
    areas: Indices
    radius_km: float
    days: int
    observed: int
    expected: float
    relative_risk: float
    llr: float
    p: float
    p_tail: float

    @property
    def recurrence_days(self) -> float:
        """With a scan every day, one as strong is due by chance once in so many days."""
        return 1 / self.p

    @property
    def recurrence_days_tail(self) -> float:
        """The same by the Gumbel law, which knows no largest value."""
        return 1 / self.p_tail if self.p_tail > 0 else math.nan


@dataclass(frozen=True, eq=False)
class Clusters:
    """What a scan found, the most likely cluster first.

    Attributes
    ----------
    maxima
        The largest ratio of each replicate, in their order, all of them exact; fewer than asked
        for after an early stop.
    n_cases, n_cylinders
        Cases in the study, and cylinders looked at in each replicate.
    n_missing
        Area-days without a report; nothing was expected there and nothing found.
    """

    found: tuple[Cluster, ...]
    maxima: Floats = field(repr=False)
    n_cases: int
    n_cylinders: int
    n_missing: int
    options: Options
    seed: int
    stopped: bool
