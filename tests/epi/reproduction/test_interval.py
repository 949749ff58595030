import numpy as np
import pytest

from tongchou.epi.delays import Delay, certain
from tongchou.epi.reproduction import shares, shifted_gamma


def test_shares_are_epiestims(outbreak):
    said = outbreak.said("param_si")[:-1, 1]  # it closes its list with a zero of its own
    found = shifted_gamma(outbreak.mean, outbreak.sd, said.size)

    # EpiEstim takes differences of numbers near one: its own last digits are at 1e-14.
    np.testing.assert_allclose(found, said, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(("mean", "sd"), [(2.6, 1.5), (14.9, 3.9), (1.01, 0.3), (5, 9)])
def test_the_mean_is_kept_and_all_is_shared_out(mean, sd):
    found = shifted_gamma(mean, sd, 2000)

    assert found.sum() == pytest.approx(1)
    assert found @ np.arange(2000) == pytest.approx(mean)
    assert found[0] == 0


def test_a_longer_array_begins_with_the_shorter_one():
    assert shifted_gamma(5, 2, 40)[:10].tolist() == shifted_gamma(5, 2, 10).tolist()


def test_small_shares_keep_their_digits():
    tail = shifted_gamma(2.6, 1.5, 80)[40:]

    assert (tail > 0).all() and (np.diff(np.log(tail)) < 0).all()


@pytest.mark.parametrize(("mean", "sd"), [(1.0, 1), (0.5, 1), (3, 0), (3, -1)])
def test_an_interval_of_less_than_a_day_is_refused(mean, sd):
    with pytest.raises(ValueError, match="serial interval"):
        shifted_gamma(mean, sd, 10)


def test_a_delay_becomes_shares_from_day_zero():
    assert shares(certain(2), 4).tolist() == [0, 0, 1, 0]
    assert shares(Delay(np.array([0, 0, 0.4, 0.6]), -1), 3).tolist() == [0, 0.4, 0.6]


@pytest.mark.parametrize("wrong", [certain(0), certain(-1), [0, -0.1, 1.1], [], [0.0]])
def test_what_is_no_interval_between_days_is_refused(wrong):
    with pytest.raises(ValueError):
        shares(wrong, 5)
