from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.loops import rung

DUE = datetime(2022, 7, 1, 8, tzinfo=UTC)
STEP = timedelta(hours=2)


def test_a_gap_starts_in_the_street_and_stops_at_the_city() -> None:
    climbed = [rung(DUE, DUE + timedelta(hours=h), step=STEP, highest=2) for h in (0, 1, 2, 4, 99)]
    assert climbed == [0, 0, 1, 2, 2]


def test_what_is_not_due_has_no_gap() -> None:
    with pytest.raises(ValueError, match="not yet due"):
        rung(DUE, DUE - timedelta(seconds=1), step=STEP, highest=2)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_gap_never_climbs_down(early: int, more: int) -> None:
    first = rung(DUE, DUE + timedelta(seconds=early), step=STEP, highest=2)
    later = rung(DUE, DUE + timedelta(seconds=early + more), step=STEP, highest=2)
    assert later >= first
