"""Contacts of a known case are found (密接、次密接), in some layers more surely."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least

N_LAYERS = 7


@dataclass(frozen=True, slots=True)
class Tracing:
    """Who is looked for once a case is known, and how surely.

    Parameters
    ----------
    completeness
        Probability that a contact of each layer is found (household, class, workplace, compound,
        community, city, vehicle).
    delay_days
        From the result to the order of quarantine, for each layer.
    look_back_days
        Days before symptoms (before the sample, where there are none) from which a contact counts.
    secondary
        Share of the contacts of contacts (次密接: household and class or workplace) found.
    tracers
        Tracers in the city; each opens `cases_per_tracer` investigations a day, the others wait.
    """

    completeness: tuple[float, ...] = (0.0,) * N_LAYERS
    delay_days: tuple[int, ...] = (0,) * N_LAYERS
    look_back_days: int = 2
    secondary: float = 0.0
    tracers: float = UNLIMITED
    cases_per_tracer: float = 0.5

    def __post_init__(self) -> None:
        for name in ("completeness", "delay_days"):
            if len(getattr(self, name)) != N_LAYERS:
                raise ValueError(f"tracing.{name} needs {N_LAYERS} values, one per layer")
        for share in (*self.completeness, self.secondary):
            if not 0 <= share <= 1:
                raise ValueError(f"tracing.completeness is {share}; a share is from 0 to 1")
        if min(self.delay_days) < 0:
            raise ValueError("tracing.delay_days cannot be negative")
        at_least(self, 0, "look_back_days", "tracers", "cases_per_tracer")
