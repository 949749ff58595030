"""What can go wrong in this room; each says what and how to mend it."""


class SurveillanceError(Exception):
    """A fault that a person can mend; a face turns it into a message."""


class BadCounts(SurveillanceError):
    """Counts that cannot be stored. `faults` has (place in the list, problem) for each."""

    def __init__(self, faults: list[tuple[int, object]]) -> None:
        super().__init__("; ".join(f"{place}: {problem}" for place, problem in faults[:5]))
        self.faults = faults
