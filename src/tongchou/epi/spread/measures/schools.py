"""Schools close, by level, and children are at home."""

from dataclasses import dataclass

from tongchou.epi.spread.measures.checks import shares

LEVELS = ("kindergarten", "primary", "secondary", "university")


@dataclass(frozen=True, slots=True)
class Schools:
    """Which schools are closed.

    Parameters
    ----------
    closed
        Levels that are closed: kindergarten, primary, secondary, university.
    distancing
        What is left of contacts in classes that stay open.
    """

    closed: tuple[str, ...] = ()
    distancing: float = 1.0

    def __post_init__(self) -> None:
        shares(self, "distancing")
        for level in self.closed:
            if level not in LEVELS:
                raise ValueError(f"schools.closed is {level!r}; it is one of {', '.join(LEVELS)}")
