"""The same week a year back, by the calendar: years are 52 weeks and a day or two.

Counting 52 weeks back drifts by a week in five years; going by the calendar does not.
"""

from datetime import date, timedelta

__all__ = ["years_back"]


def years_back(day: date, b: int, *, weekly: bool) -> list[date]:
    """The day itself and the same one 1 to `b` years back, newest first.

    Weekly, it is the nearest day of the same weekday, at most three days away; 29 February is 1
    March in other years.

    Examples
    --------
    >>> [str(day) for day in years_back(date(2010, 1, 4), 3, weekly=True)]
    ['2010-01-04', '2009-01-05', '2008-01-07', '2007-01-01']
    """
    found = [day]
    for k in range(1, b + 1):
        there = _same_date(day, k)
        if weekly:
            there += timedelta(days=(day.weekday() - there.weekday() + 3) % 7 - 3)
        found.append(there)
    return found


def _same_date(day: date, k: int) -> date:
    try:
        return day.replace(year=day.year - k)
    except ValueError:
        return date(day.year - k, 3, 1)
