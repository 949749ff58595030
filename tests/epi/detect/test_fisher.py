import numpy as np
import pytest
from scipy import stats

from tests.epi.detect.test_evidence import outbreak, quiet
from tongchou.epi.detect.fisher import fisher


def test_contributions_add_up_to_the_score() -> None:
    found = fisher(*outbreak())
    assert found.contributions.sum(axis=1) == pytest.approx(found.score)


def test_it_agrees_with_fishers_method() -> None:
    found = fisher(*outbreak(), days=1)
    p = np.exp(-found.contributions[0, :, -1] / 2)
    statistic, expected = stats.combine_pvalues(p)
    assert (found.score[0, -1], found.p[0, -1]) == pytest.approx((statistic, expected))


def test_a_week_of_small_excess_is_seen_in_the_week() -> None:
    found = fisher(*outbreak(), days=7)
    assert found.p[0, -1] < 1e-6 < found.p[1:, -1].min()


def test_small_counts_do_not_make_it_blind() -> None:
    counts = np.random.default_rng(3).poisson(0.2, (2_000, 4, 1)).astype(float)
    shape = counts.shape
    found = fisher(counts, np.full(shape, 0.2), np.ones(shape), days=1)
    assert found.contributions.mean() == pytest.approx(2.0, rel=0.15)


def test_days_that_were_not_reported_leave_both_sums() -> None:
    counts, mean, phi = quiet(3, 10)
    counts[:, :, 5] = np.nan
    kept = np.array([4, 6, 7, 8, 9])
    torn = fisher(counts, mean, phi, days=6).score[:, -1]
    whole = fisher(counts[:, :, kept], mean[:, :, kept], phi[:, :, kept], days=5).score[:, -1]
    assert torn == pytest.approx(whole)


def test_a_community_without_reports_has_no_score() -> None:
    counts, mean, phi = quiet(2, 10)
    counts[0] = np.nan
    found = fisher(counts, mean, phi)
    assert np.isnan(found.score[0]).all() and np.isfinite(found.score[1]).all()


def test_a_window_has_days() -> None:
    with pytest.raises(ValueError, match="one or more"):
        fisher(*quiet(1, 5), days=0)
