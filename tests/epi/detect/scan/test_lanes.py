import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongchou.epi.detect.scan.lanes import Layout, fill


def unpacked(layout, lanes):
    """i64[n, durations] from the words."""
    shifts = np.arange(64 // layout.bits, dtype=np.uint64) * np.uint64(layout.bits)
    parts = (lanes[..., None] >> shifts) & np.uint64((1 << layout.bits) - 1)
    rows = parts.transpose(1, 0, 2, 3).reshape(lanes.shape[1], -1)
    return rows[:, : layout.durations].astype(np.int64)


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("durations", [1, 7, 14, 16, 17, 40])
def test_cases_are_counted_over_each_duration(durations, wide):
    rng = np.random.default_rng(durations)
    layout = Layout(durations, wide)
    area = rng.integers(0, 5, 300).astype(np.int32)
    ago = rng.integers(0, 50, 300).astype(np.int32)
    lanes = layout.empty(5)
    fill(lanes, layout.steps, area, ago)

    by_hand = [[((area == a) & (ago <= d)).sum() for d in range(durations)] for a in range(5)]
    assert unpacked(layout, lanes).tolist() == by_hand


@settings(deadline=None)
@given(st.integers(1, 40), st.booleans())
def test_packing_loses_nothing(durations, wide):
    layout = Layout(durations, wide)
    counts = np.random.default_rng(durations).integers(0, layout.largest, (3, durations))
    assert unpacked(layout, layout.pack(counts)).tolist() == counts.tolist()
