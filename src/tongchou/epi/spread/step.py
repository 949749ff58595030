"""One day of the city, as a flat list. A comment says why each line stands where it stands."""

from tongchou.epi.spread import presence, results
from tongchou.epi.spread.measures import (
    adherence,
    antigen,
    arrivals,
    checkpoints,
    gatherings,
    isolation,
    masks,
    quarantine,
    rounds,
    schools,
    stages,
    testing,
    tracing,
    vaccination,
    work,
    zones,
)
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.state import Run

__all__ = ["one_day"]


def one_day(run: Run) -> None:
    """Move a run on by one day."""
    # Whether a district is at war follows from what was known there last night.
    stages.turn(run)
    # Doses that take effect today protect from today's contacts on.
    vaccination.give(run)
    # People arrive before anybody is tested or meets; from here on they are among the others.
    arrivals.enter(run)
    # Samples are taken in the morning, from those who were ill or held last night, in the
    # order in which the laboratory serves them ...
    testing.sample(run)
    antigen.sample(run)
    quarantine.sample(run)
    zones.test(run)
    arrivals.sample(run)
    rounds.sample(run)
    checkpoints.sample(run)
    # ... and before today's results, which may be those of this morning (results within a day).
    results.report(run)
    # Tracers can only ask whom the laboratory has named.
    tracing.trace(run)
    # Orders of today, and those that an earlier tracing set for today.
    quarantine.hold(run)
    # Whoever was found in quarantine leaves it when a bed waits, and not before.
    isolation.admit(run)
    quarantine.release(run)
    # Zones are drawn around those who were found outside quarantine, and lifted where nobody was.
    zones.draw_and_lift(run)
    # How much people put up with hangs on how many live in the zones just drawn.
    adherence.weigh(run)
    # Until here yesterday's tables stood, by which the people whom tracers asked after have met.
    # What is left of contacts is worked out anew only if something it hangs on has changed.
    if run.behaviour.outdated(run.tempo, run.adherence, run.held, run.zoned, run.begun):
        run.behaviour.reset()
        quarantine.shape(run)
        isolation.shape(run)
        gatherings.shape(run)
        masks.shape(run)
        work.shape(run)
        schools.shape(run)
        checkpoints.shape(run)
        zones.shape(run)
        run.keep_tables()
    # Last of all people meet, by what is left of contacts after everything above.
    spread(run)
    # The day's books, from the tables and zones by which it was lived.
    presence.book(run)
    # Who did not cross a border today is counted by the same zones.
    checkpoints.book(run)
