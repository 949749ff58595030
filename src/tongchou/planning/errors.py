"""What this desk refuses, in words for its page."""


class PlanningError(Exception):
    """Base of this desk's refusals."""


class StaleScenario(PlanningError):
    """The text of a scenario cannot be read as it stands (any more); `faults` has line and key."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NotYours(PlanningError):
    """The post of whoever acts does not do this."""


class TooLate(PlanningError):
    """A study that is over cannot be stopped; one that is not over cannot be gone by."""
