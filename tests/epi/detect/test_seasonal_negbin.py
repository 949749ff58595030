import numpy as np
import pytest

from tongchou.epi.detect.seasonal_negbin import design, fitted

TIMES = np.arange(1.0, 521)
X = design(TIMES, harmonics=1, trend=True, period=52.0)
TRUTH = np.array([1.5, 0.001, 0.4, -0.3])


def counts(alpha):
    rng = np.random.default_rng(12)
    mean = np.exp(X @ TRUTH)
    return rng.poisson(mean * rng.gamma(1 / alpha, alpha, mean.size) if alpha else mean) + 0.0


def test_columns_are_one_time_and_waves_of_the_year():
    assert X.shape == (520, 4)
    np.testing.assert_allclose(X[52:, 2:], X[:-52, 2:], atol=1e-9)


@pytest.mark.parametrize("given", [0.0, 0.3, None])
def test_what_made_the_counts_is_found_again(given):
    terms, alpha = fitted(X, counts(0.3), given)

    np.testing.assert_allclose(np.exp(X @ terms), np.exp(X @ TRUTH), rtol=0.25)
    assert alpha == (pytest.approx(0.3, abs=0.08) if given is None else given)


def test_a_poisson_fit_keeps_the_sum():
    y = counts(0)
    terms, _ = fitted(X, y, 0.0)

    assert np.exp(X @ terms).sum() == pytest.approx(y.sum(), rel=1e-6)


@pytest.mark.parametrize("y", [np.zeros(520), np.ones(3)])
def test_a_history_that_says_nothing_is_refused(y):
    with pytest.raises(ValueError, match="history"):
        fitted(X[: y.size], y, None)
