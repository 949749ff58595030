"""Less going out: shops, restaurants, public transport and gatherings at part of what they were."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import shares


@dataclass(frozen=True, slots=True)
class Gatherings:
    """What is left of contacts in the compound, the community, the city and in vehicles."""

    compound: float = 1.0
    community: float = 1.0
    city: float = 1.0
    vehicle: float = 1.0

    def __post_init__(self) -> None:
        shares(self, "compound", "community", "city", "vehicle")
