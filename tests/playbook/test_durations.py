from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.playbook.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("2h", timedelta(hours=2)),
        ("24h", timedelta(days=1)),
        ("90m", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("1d12h30m", timedelta(days=1, hours=12, minutes=30)),
        ("1d 12h", timedelta(days=1, hours=12)),
    ],
)
def test_durations_are_written_as_people_say_them(written, span):
    assert parse_duration(written) == span


@pytest.mark.parametrize(
    "written", ["", "2", "h", "2 hours", "-2h", "1.5h", "2h1d", "２h", 2, None]
)
def test_what_is_not_a_duration_is_refused(written):
    with pytest.raises(ValueError, match="not_a_duration"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["4000d", "99999999999999999999d"])
def test_a_duration_beyond_ten_years_is_a_wrong_unit(written):
    with pytest.raises(ValueError, match="duration_too_long"):
        parse_duration(written)


def test_two_days_are_said_in_hours_and_three_in_days():
    assert format_duration(timedelta(hours=48)) == "48h"
    assert format_duration(timedelta(hours=72)) == "3d"


def test_seconds_cannot_be_written():
    with pytest.raises(ValueError, match="whole number of minutes"):
        format_duration(timedelta(seconds=90))


@given(st.integers(0, 60 * 24 * 3660).map(lambda n: timedelta(minutes=n)))
def test_every_duration_survives_writing_and_reading(span):
    assert parse_duration(format_duration(span)) == span
