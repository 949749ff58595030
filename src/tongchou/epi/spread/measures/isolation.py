"""Known cases are isolated: in hospital, in a shelter hospital (方舱), or at home."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import UNLIMITED, at_least, shares


@dataclass(frozen=True, slots=True)
class Isolation:
    """What happens to a case once it is known, until the illness ends.

    Parameters
    ----------
    share
        Share of known cases that are isolated at all.
    transfer_days
        From the result to the bed.
    household, outside
        What is left of contacts within the household, and of all others, while isolated.
    beds
        Beds for known cases in the whole city; who finds none stays at home.
    home_household, home_outside
        The same two for cases isolated at home because there is no bed.
    """

    share: float = 0.0
    transfer_days: int = 0
    household: float = 0.0
    outside: float = 0.0
    beds: float = UNLIMITED
    home_household: float = 1.0
    home_outside: float = 0.1

    def __post_init__(self) -> None:
        shares(self, "share", "household", "outside", "home_household", "home_outside")
        at_least(self, 0, "transfer_days", "beds")
