"""Masks, outside the household."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import shares


@dataclass(frozen=True, slots=True)
class Masks:
    """Share of people who wear a mask outside the household, and what it does.

    Parameters
    ----------
    share
        Of people, on any contact outside household and class.
    source, wearer
        How much less a wearer passes on, and how much less a wearer catches.
    """

    share: float = 0.0
    source: float = 0.5
    wearer: float = 0.3

    def __post_init__(self) -> None:
        shares(self, "share", "source", "wearer")
