from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.detect.calendar_weeks import years_back

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))


@given(DAYS, st.integers(1, 10))
def test_a_year_back_is_the_same_weekday_and_at_most_three_days_off(day, b):
    found = years_back(day, b, weekly=True)

    assert len(found) == b + 1
    for k, there in enumerate(found):
        assert there.weekday() == day.weekday()
        date_then = day.replace(year=day.year - k, day=min(day.day, 28))
        assert abs(there - date_then) <= timedelta(days=6)


def test_fifty_two_weeks_would_drift_and_the_calendar_does_not():
    ten_years = years_back(date(2020, 1, 6), 10, weekly=True)[-1]

    assert ten_years == date(2010, 1, 4)
    assert date(2020, 1, 6) - timedelta(weeks=520) == date(2010, 1, 18)


def test_days_and_months_go_back_to_the_same_date():
    assert years_back(date(2020, 3, 1), 2, weekly=False)[1:] == [date(2019, 3, 1), date(2018, 3, 1)]


def test_a_leap_day_is_the_first_of_march_elsewhere():
    assert years_back(date(2020, 2, 29), 1, weekly=False)[1] == date(2019, 3, 1)
