"""Deadlines in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from tongchou.shell import moments

NOON = datetime(2022, 4, 3, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("span", "english", "chinese"),
    [
        (timedelta(seconds=30), "under 1m", "不到1分钟"),
        (12 * MINUTE, "12m", "12分钟"),
        (3 * HOUR, "3h", "3小时"),
        (3 * HOUR + 5 * MINUTE, "3h 5m", "3小时5分"),
        (26 * HOUR, "1d 2h", "1天2小时"),
        (48 * HOUR, "2d", "2天"),
        (300 * HOUR, "12d", "12天"),
        (-3 * HOUR, "3h", "3小时"),
    ],
)
def test_a_span_is_told_in_its_two_largest_units(
    span: timedelta, english: str, chinese: str
) -> None:
    with override("en"):
        assert moments.spell(span) == english
    with override("zh-hans"):
        assert moments.spell(span) == chinese


def test_a_clock_that_runs_says_how_long_is_left() -> None:
    state = moments.clock(NOON + 2 * HOUR, NOON)
    assert (state.text, state.tone) == ("2h left", "quiet")


def test_due_this_very_second_is_late() -> None:
    assert moments.clock(NOON, NOON).tone == "bad"


def test_a_late_clock_brings_an_icon_of_its_own() -> None:
    late, calm = moments.clock(NOON - HOUR, NOON), moments.clock(NOON + 9 * HOUR, NOON)
    assert late.text == "late 1h"
    assert late.icon != calm.icon


def test_the_last_quarter_of_an_allowance_is_soon() -> None:
    opened = NOON - 18 * HOUR
    assert moments.clock(NOON + 5 * HOUR, NOON, opened_at=opened).tone == "warn"
    assert moments.clock(NOON + 7 * HOUR, NOON, opened_at=opened).tone == "quiet"


def test_a_finished_clock_says_by_how_much() -> None:
    in_time = moments.clock(NOON, NOON, done_at=NOON - 20 * MINUTE)
    late = moments.clock(NOON, NOON, done_at=NOON + 3 * HOUR)
    assert (in_time.text, in_time.tone) == ("in time, 20m early", "ok")
    assert (late.text, late.tone) == ("done 3h late", "bad")


def test_a_stamp_leaves_out_what_today_makes_clear(settings: object) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"  # type: ignore[attr-defined]
    assert moments.stamp(NOON, now=NOON + HOUR) == "20:00"
    assert moments.stamp(NOON, now=NOON + 5 * HOUR) == "04-03 20:00"
    assert moments.stamp(NOON, now=NOON + 400 * 24 * HOUR) == "2022-04-03 20:00"
    assert moments.stamp(NOON) == "2022-04-03 20:00"
