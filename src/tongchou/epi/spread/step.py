"""One day of the city, as a flat list. A comment says why each line stands where it stands."""

from tongchou.epi.spread import results
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.state import Run

__all__ = ["one_day"]


def one_day(run: Run) -> None:
    """Move a run on by one day."""
    # What was found out by last night is all that anybody can act on.
    results.report(run)
    # Last of all people meet, by what is left of contacts after everything above.
    spread(run)
