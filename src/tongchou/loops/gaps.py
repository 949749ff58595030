"""How high a gap (断点) has climbed: a pure function of lateness, so that it cannot be wrong."""

from datetime import datetime, timedelta


def rung(due_at: datetime, now: datetime, *, step: timedelta, highest: int) -> int:
    """The rung a late hand-off has reached: 0 at once, one more per `step`, at most `highest`.

    Computed from the clock and not counted up, so a sweep that ran twice, late, or on two machines
    reaches the same rung.

    Examples
    --------
    >>> from datetime import timezone
    >>> due = datetime(2022, 6, 28, 8, tzinfo=timezone.utc)
    >>> [rung(due, due + timedelta(hours=h), step=timedelta(hours=2), highest=2) for h in (0, 2, 9)]
    [0, 1, 2]
    """
    if now < due_at:
        raise ValueError("a hand-off that is not yet due has no gap")
    return min(int((now - due_at) / step), highest)
