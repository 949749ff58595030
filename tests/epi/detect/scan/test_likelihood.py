import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.epi.detect.scan.brute import llr as by_hand
from tongchou.epi.detect.scan.likelihood import critical_counts, levels, llr

# cases, expected, all cases: the ratio, by decimal arithmetic of 40 digits
POISSON = """
4    0.67     194   3.845932486
2    0.5      100   1.283952504
10   2.5      50    6.988933334
10   10       50    0
3    4        50    0
50   20       50    45.81453659
1    0.001    1000  5.909254446
"""

# cases of the zone over the study, of the days over the city, of both, all: expected, the ratio
PERMUTATION = """
10   20   8    100   2.000    5.277895940
3    5    2    194   0.0773   4.592792898
6    50   3    100   3.000    0
40   40   40   100   16.00    16.46329508
"""


def lines(table):
    return [tuple(map(float, row.split())) for row in table.strip().splitlines()]


@pytest.mark.parametrize(("cases", "due", "total", "ratio"), lines(POISSON))
def test_the_ratio_of_cases_expected_by_people(cases, due, total, ratio):
    assert llr(cases, due, total) == pytest.approx(ratio, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("of_zone", "of_days", "cases", "total", "due", "ratio"), lines(PERMUTATION)
)
def test_the_ratio_of_cases_expected_by_margins(of_zone, of_days, cases, total, due, ratio):
    expected = of_zone * of_days / total
    assert expected == pytest.approx(due, rel=1e-3)
    assert llr(cases, expected, total) == pytest.approx(ratio, rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(st.integers(0, 500), st.floats(0.001, 499), st.integers(1, 500))
def test_the_ratio_is_that_of_the_formula(cases, due, total):
    cases, due = min(cases, total), min(due, total * 0.999)
    assert llr(float(cases), due, float(total)) == pytest.approx(by_hand(cases, due, total))


@settings(deadline=None)
@given(st.floats(0.001, 300), st.integers(2, 400), st.integers(1, 5))
def test_a_critical_count_is_the_first_that_reaches_its_rung(due, total, least):
    rungs, cap = levels(total), 32767
    found = critical_counts(rungs, np.array([due]), float(total), least, cap)[:, 0]

    for rung, count in zip(rungs, found.tolist(), strict=True):
        reaching = [
            c for c in range(least, total + 1) if c > due and llr(c, due, total) >= rung - 1e-6
        ]
        assert count <= (reaching[0] if reaching else cap)
        if count < cap and count > least and count - 1 > due:
            assert llr(count - 1, due, total) < rung


def test_the_ladder_reaches_above_any_ratio():
    assert levels(20_000)[-1] > llr(20_000.0, 0.01, 20_000.0)
