"""From which p each channel and method raises an alarm: as somebody set it, or as it comes."""

from dataclasses import dataclass

from tongchou.surveillance.models import Threshold

#: A p at or below which an alarm is raised, where nobody has set another (`models.Threshold`). For
#: evidence p is exp(-score), Wald's bound. One in 3,000 area-days; one in 100,000 series-days; of
#: weeks one in 10,000. Farrington's method raises none by itself until history has shown here that
#: it pays: at the same number of false alarms it finds fewer outbreaks than the weekly model, and
#: both together, each with half of them, no more (docs/science/early-warning.md).
LIMITS = {"evidence": 3e-4, "daily": 1e-5, "ears-c2": 1e-6, "weekly": 1e-4, "farrington": 0.0}


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
