"""One day of the city, as a flat list. A comment says why each line stands where it stands."""

from tongchou.epi.spread import results
from tongchou.epi.spread.measures import isolation, quarantine, testing, tracing, vaccination
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.state import Run

__all__ = ["one_day"]


def one_day(run: Run) -> None:
    """Move a run on by one day."""
    # Every day starts from what people would do if nobody asked anything of them.
    run.behaviour.reset()
    # Doses that take effect today protect from today's contacts on.
    vaccination.give(run)
    # Samples are taken in the morning, from those who were ill or held last night ...
    testing.sample(run)
    quarantine.sample(run)
    # ... and before today's results, which may be those of this morning (results within a day).
    results.report(run)
    # Tracers can only ask whom the laboratory has named.
    tracing.trace(run)
    # Orders of today, and those that an earlier tracing set for today; whoever is found leaves.
    quarantine.hold(run)
    isolation.admit(run)
    # What is left of contacts, once everybody is where they are today.
    quarantine.shape(run)
    isolation.shape(run)
    # Last of all people meet, by what is left of contacts after everything above.
    spread(run)
