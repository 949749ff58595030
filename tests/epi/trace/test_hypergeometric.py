from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.hypergeometric import adjusted, log_tail


def tail(k, marked, drawn, everyone):
    return float(log_tail(*(np.array([v]) for v in (k, marked, drawn)), everyone)[0])


def exact(k, marked, drawn, everyone):
    ways = sum(
        comb(marked, x) * comb(everyone - marked, drawn - x)
        for x in range(max(k, 0), min(marked, drawn) + 1)
    )
    return Fraction(ways, comb(everyone, drawn))


@given(st.integers(1, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_tail_is_that_of_exact_fractions(everyone, marked, drawn, k):
    marked, drawn = min(marked, everyone), min(drawn, everyone)
    expected = exact(k, marked, drawn, everyone)
    assert exp(tail(k, marked, drawn, everyone)) == pytest.approx(float(expected), rel=1e-11)


def test_a_tail_among_ten_million_keeps_its_digits():
    expected = exact(20, 3000, 320, 10_000_000)
    found = tail(20, 3000, 320, 10_000_000)
    assert found == pytest.approx(log(expected.numerator) - log(expected.denominator), rel=1e-12)


def test_more_than_there_are_is_impossible():
    assert tail(4, 3, 5, 10) == -np.inf


def test_at_least_none_is_certain():
    assert tail(0, 3, 5, 10) == 0.0


def test_adjusted_values_follow_benjamini_and_hochberg():
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert adjusted(np.log(p), 4) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_tests_that_were_not_computed_count_too():
    assert adjusted(np.log(np.array([0.001, 0.02])), 100) == pytest.approx([0.1, 1.0])
