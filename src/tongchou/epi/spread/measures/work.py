"""Work goes on in part: fewer people at once, in bubbles (闭环生产), some of them at home."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import at_least, shares


@dataclass(frozen=True, slots=True)
class Work:
    """What is left of workplaces, offices and shops.

    Parameters
    ----------
    capacity
        Share of workers who are at their workplace at once.
    essential
        Sectors (1 to 42) that work in full all the same.
    bubble
        Largest number of people who meet at work; 0: no bubbles.
    """

    capacity: float = 1.0
    essential: tuple[int, ...] = ()
    bubble: int = 0

    def __post_init__(self) -> None:
        shares(self, "capacity")
        at_least(self, 0, "bubble")
        if any(not 1 <= sector <= 42 for sector in self.essential):
            raise ValueError("work.essential names sectors of the 42-sector table, 1 to 42")
