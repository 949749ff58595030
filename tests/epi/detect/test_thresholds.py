from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.detect.test_evidence import LOOKED_FOR, quiet
from tongchou.epi.detect.evidence import gather
from tongchou.epi.detect.thresholds import Counting, alarms_per_day, from_replay


@cache
def scores(seed: int) -> np.ndarray:
    """The evidence of 300,000 community-days without outbreak."""
    return gather(*quiet(1_500, 220, seed=seed), LOOKED_FOR).score[:, 20:]


@pytest.mark.parametrize("count", ["days", "episodes"])
def test_held_out_days_bring_the_alarms_that_were_stated(count: Counting) -> None:
    replayed, held_out = scores(4), scores(5)
    found = from_replay(replayed, rate=1e-3, count=count)
    assert not found.extrapolated
    assert alarms_per_day(held_out, found.bound, count=count) == pytest.approx(1e-3, rel=0.2)


def test_the_stated_interval_holds_nine_times_in_ten() -> None:
    rng = np.random.default_rng(6)
    truth = -np.log(1e-3)
    inside = 0
    for _ in range(300):
        found = from_replay(rng.exponential(size=(20, 1_500)), rate=1e-3, count="days")
        inside += found.low <= truth <= found.high
    assert 0.84 < inside / 300 < 0.97


def test_beyond_what_was_counted_it_says_so_and_is_less_sure() -> None:
    scores = np.random.default_rng(7).exponential(size=(50, 400))
    sure, daring = from_replay(scores, rate=2e-3), from_replay(scores, rate=1e-4)
    assert daring.extrapolated and not sure.extrapolated
    assert daring.bound == pytest.approx(-np.log(1e-4), rel=0.2)
    assert daring.high - daring.low > sure.high - sure.low
    assert daring.rate_high / daring.rate > 1.5


def test_a_run_of_days_is_one_episode() -> None:
    scores = np.zeros((1, 100))
    scores[0, [10, 11, 12, 50]] = 5.0
    assert alarms_per_day(scores, 1.0, count="days") == 0.04
    assert alarms_per_day(scores, 1.0, count="episodes") == 0.02


def test_a_day_without_score_counts_for_nothing() -> None:
    scores = np.zeros((1, 100))
    scores[0, 50:] = np.nan
    scores[0, 7] = 1.0
    assert alarms_per_day(scores, 0.5) == 0.02


@given(
    scores=st.lists(st.integers(0, 9), min_size=60, max_size=200),
    rate=st.floats(0.01, 0.4),
)
def test_the_bound_never_gives_more_alarms_than_asked_for(scores: list[int], rate: float) -> None:
    table = np.array([scores], dtype=float)
    found = from_replay(np.tile(table, (30, 1)), rate=rate, count="days")
    if not found.extrapolated:
        assert alarms_per_day(table, found.bound, count="days") <= rate


def test_what_no_replay_can_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="replay at least 100000"):
        from_replay(np.zeros((10, 100)), rate=1e-6)
    with pytest.raises(ValueError, match="no scores"):
        from_replay(np.full((10, 100), np.nan), rate=1e-3)
    with pytest.raises(ValueError, match="between 0 and 0.5"):
        from_replay(np.zeros((10, 100)), rate=0.9)
