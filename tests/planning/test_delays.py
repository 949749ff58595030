from datetime import timedelta

import pytest

from tongchou import playbook
from tongchou.planning.delays import delay_of, delays
from tongchou.planning.policy_of import policy_of

BOOK = playbook.load("cn-2022-06")
HOUR = timedelta(hours=1)


def test_deadlines_in_a_row_make_a_delay():
    delay = delay_of(BOOK, "war", "tracing.delay_days")
    assert delay.time == (2 + 4 + 1 + 2 + 5) * HOUR
    assert delay.measured == ()
    assert len(delay.assumed) == 5


def test_what_was_measured_counts_and_the_rest_stays_assumed():
    measured = {("contact", "located"): 50 * HOUR}
    delay = delay_of(BOOK, "war", "tracing.delay_days", measured)
    assert delay.time == (2 + 4 + 1 + 2 + 50) * HOUR
    assert delay.measured == (("contact", "located"),)
    assert ("contact", "located") not in delay.assumed


@pytest.mark.parametrize(("hours", "days"), [(11, 0), (12, 1), (35, 1), (36, 2)])
def test_half_a_day_counts_as_one(hours, days):
    measured = {("case_report", "reported"): hours * HOUR}
    assert delay_of(BOOK, "war", "isolation.transfer_days.home", measured).days == days


def test_slow_hand_offs_slow_the_simulator():
    measured = {("contact", "located"): timedelta(days=4)}
    before, after = policy_of(BOOK), policy_of(BOOK, measured=measured)
    assert (before.peace.tracing.delay_days[0], before.war.tracing.delay_days[0]) == (1, 1)
    assert (after.peace.tracing.delay_days[0], after.war.tracing.delay_days[0]) == (5, 4)


def test_every_delay_is_told():
    paths = [delay.path for delay in delays(BOOK, "peace")]
    assert paths == [
        "tracing.delay_days",
        "isolation.transfer_days",
        "isolation.transfer_days.home",
    ]
