import numpy as np
import pytest

from tongchou.epi.reproduction import (
    Cori,
    Reason,
    Uncertain,
    instantaneous,
    instantaneous_uncertain,
    shifted_gamma,
)

MEAN, SD = Uncertain(2.6, 1.0, 1.0, 4.2), Uncertain(1.5, 0.5, 0.5, 2.5)
CASES = np.array([1.0, 1, 2, 3, 5, 8, 9, 12, 17, 20, 26, 33, 31, 40, 38])


def rng():
    return np.random.default_rng(7)


def test_cut_normals_have_the_moments_they_should():
    drawn = MEAN.sample(rng(), 20_000)

    assert drawn.min() >= 1 and drawn.max() <= 4.2
    assert drawn.mean() == pytest.approx(2.6, abs=3 * drawn.std() / np.sqrt(20_000))


def test_a_sharp_interval_gives_the_plain_estimate():
    sharp = instantaneous_uncertain(
        CASES,
        mean=Uncertain(2.6, 1e-7, 2.5, 2.7),
        sd=Uncertain(1.5, 1e-7, 1.4, 1.6),
        rng=rng(),
        draws=20,
        options=Cori(max_cv=None),
    )
    plain = instantaneous(CASES, shifted_gamma(2.6, 1.5, 15), options=Cori(max_cv=None))

    np.testing.assert_allclose(sharp.mean, plain.mean, rtol=1e-5)
    np.testing.assert_allclose(sharp.quantiles, plain.quantiles, rtol=1e-5)


def test_mixture_quantiles_are_those_of_a_sample():
    found = instantaneous_uncertain(CASES, mean=MEAN, sd=SD, rng=rng(), draws=300)
    dice = rng()
    means, sds = MEAN.sample(dice, 300), SD.sample(dice, 300)
    drawn = []
    for mean, sd in zip(means, sds, strict=True):
        one = instantaneous(CASES, shifted_gamma(mean, sd, 15), options=Cori(max_cv=None))
        shape = (one.mean[0, -1] / one.sd[0, -1]) ** 2
        drawn.append(dice.gamma(shape, one.mean[0, -1] / shape, 400))
    sample = np.concatenate(drawn)

    assert found.mean[0, -1] == pytest.approx(sample.mean(), rel=0.01)
    assert found.sd[0, -1] == pytest.approx(sample.std(), rel=0.02)
    np.testing.assert_allclose(
        found.quantiles[:, 0, -1], np.quantile(sample, found.probabilities), rtol=0.02
    )


def test_epiestims_numbers_lie_within_three_standard_errors():
    """EpiEstim 2.2-4 with 2,000 intervals of 200 draws, Flu2009, windows of days 2-8 and 20-26."""
    cases = [
        1,
        1,
        0,
        2,
        5,
        3,
        3,
        3,
        6,
        2,
        5,
        9,
        13,
        12,
        13,
        11,
        12,
        6,
        6,
        6,
        3,
        1,
        0,
        2,
        0,
        0,
        0,
        0,
        2,
        0,
        2,
        0,
    ]
    found = instantaneous_uncertain(
        cases, mean=MEAN, sd=SD, rng=rng(), draws=2000, start=[1, 19], end=[7, 25],
        options=Cori(max_cv=None, probabilities=(0.025, 0.5, 0.975)),
    )  # fmt: skip
    said = np.array(
        [[1.8320, 0.6617, 0.8969, 1.7077, 3.4657], [0.4414, 0.1642, 0.2002, 0.4142, 0.8355]]
    )
    error = said[:, 1] / np.sqrt(2000)  # at most: all of the spread from the intervals

    assert (np.abs(found.mean[0] - said[:, 0]) < 3 * np.sqrt(2) * error).all()
    np.testing.assert_allclose(found.sd[0], said[:, 1], rtol=3 / np.sqrt(1000))
    np.testing.assert_allclose(found.quantiles[:, 0], said[:, 2:].T, rtol=0.04)


def test_the_same_dice_give_the_same_numbers():
    one, two = (
        instantaneous_uncertain(CASES, mean=MEAN, sd=SD, rng=rng(), draws=20) for _ in range(2)
    )

    np.testing.assert_array_equal(one.quantiles, two.quantiles)


def test_intervals_longer_than_the_history_leave_a_window_to_the_others():
    long = Uncertain(8.0, 2.0, 4.0, 12.0)
    found = instantaneous_uncertain(CASES, mean=long, sd=SD, rng=rng(), options=Cori(3))

    assert found.reason[0, 0] == Reason.EARLY
    assert found.reason[0, -1] == Reason.NONE


def test_few_cases_are_no_estimate():
    found = instantaneous_uncertain(np.ones(15), mean=MEAN, sd=SD, rng=rng(), draws=5)

    assert (found.reason == Reason.FEW_CASES).all() and np.isnan(found.mean).all()


def test_bad_limits_are_refused():
    with pytest.raises(ValueError, match="low < high"):
        Uncertain(2.0, 1.0, 3.0, 2.0)
    with pytest.raises(ValueError, match="one day"):
        instantaneous_uncertain(CASES, mean=Uncertain(2, 1, 0.5, 4), sd=SD, rng=rng())
