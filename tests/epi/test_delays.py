import csv
import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.test_laws import laws
from tongchou.epi import delays
from tongchou.epi.delays import Delay, Gamma, LogNormal, Weibull

DAY_ONE = date(2022, 4, 1)


def day(n):
    return DAY_ONE + timedelta(days=n)


# --- from a law to days --------------------------------------------------------------------


def test_an_exponential_delay_between_dates_has_its_exact_probabilities():
    # 1 - (1 - q) / r on the first day, then (1 - q)^2 q^(k-1) / r, where q = exp(-r)
    rate = 0.4
    q = math.exp(-rate)
    delay = delays.discretise(Gamma(1 / rate, 1 / rate))
    exact = [1 - (1 - q) / rate] + [(1 - q) ** 2 * q ** (k - 1) / rate for k in range(1, 30)]
    np.testing.assert_allclose(delay.pmf[:30], exact, rtol=1e-7)


@pytest.mark.parametrize("law", [Gamma(5, 2), LogNormal(5, 2), Weibull(5, 2)])
def test_the_probabilities_are_those_of_dice_thrown_over_the_hours(law):
    rng = np.random.default_rng(1)
    hour = rng.random(50_000)
    seen = np.floor(hour + law.quantile(rng.random(hour.size))).astype(int)
    shares = np.bincount(seen, minlength=30)[:30] / hour.size
    pmf = delays.discretise(law, until=60).pmf[:30]
    np.testing.assert_allclose(shares, pmf, atol=4 * math.sqrt(0.25 / hour.size))


@given(laws)
def test_whole_days_keep_the_mean_and_lose_little_of_the_spread(law):
    delay = delays.discretise(law)
    assert delay.mean == pytest.approx(law.mean, rel=1e-4)
    # Rounding by the hour adds f (1 - f), at most a quarter, to the variance.
    assert law.sd**2 * 0.99 <= delay.sd**2 <= law.sd**2 * 1.001 + 0.2501


@given(laws)
def test_probabilities_are_probabilities(law):
    delay = delays.discretise(law)
    assert np.all(delay.pmf >= 0)
    assert delay.pmf.sum() == pytest.approx(1)


def test_what_lies_beyond_the_longest_delay_is_spread_over_the_rest():
    whole, cut = delays.discretise(Gamma(5, 2)), delays.discretise(Gamma(5, 2), until=4)
    assert cut.days.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(cut.pmf, whole.pmf[:5] / whole.pmf[:5].sum())


def test_a_delay_that_never_happens_in_time_is_refused():
    with pytest.raises(ValueError, match="cannot be -1 days"):
        delays.discretise(Gamma(5, 2), until=-1)
    with pytest.raises(ValueError, match="none of them negative"):
        delays.discretise(Gamma(1000, 1), until=1)


@pytest.mark.parametrize(
    ("name", "mean", "sd"), [("SARS2003", 8.4, 3.8), ("Flu1918", 2.6, 1.5), ("Flu2009", 2.6, 1.5)]
)
def test_serial_intervals_agree_with_the_reference_implementation(shared, name, mean, sd):
    with (shared / "reference" / "r" / f"out_epi_{name}_param_si.csv").open() as file:
        reference = [float(row["w"]) for row in csv.DictReader(file)]
    # The reference lets nobody infect on the day of infection: a gamma law one day on.
    delay = delays.discretise(Gamma(mean - 1, sd), until=len(reference) + 40).shifted(1)
    assert delay.first == 1
    assert reference[0] == 0
    np.testing.assert_allclose(delay.pmf[: len(reference) - 1], reference[1:], atol=1e-9)


def test_a_serial_interval_known_by_heart():
    delay = delays.discretise(Gamma(1.6, 1.5)).shifted(1)
    assert delay.pmf[:6].round(3).tolist() == [0.233, 0.359, 0.198, 0.103, 0.053, 0.027]


# --- delays as values -----------------------------------------------------------------------


def test_delays_add_up_one_after_the_other():
    incubation, reporting = delays.discretise(LogNormal(5, 2)), delays.discretise(Gamma(2, 1))
    both = incubation + reporting
    assert both.mean == pytest.approx(incubation.mean + reporting.mean)
    assert both.sd**2 == pytest.approx(incubation.sd**2 + reporting.sd**2)


def test_two_dice_make_a_triangle():
    die = Delay(np.ones(6), first=1)
    assert ((die + die).pmf * 36).round(9).tolist() == [1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]
    assert (die + die).first == 2


def test_certain_delays_add_as_numbers():
    assert delays.certain(2) + delays.certain(3) == delays.certain(5)
    assert delays.certain(3).quantile(0.5) == 3
    assert delays.certain(3).sd == 0


def test_quantiles_are_the_fewest_days_that_are_enough():
    die = Delay(np.ones(10), first=1)
    assert [die.quantile(p) for p in (0, 0.1, 0.11, 0.5, 0.9, 1)] == [1, 1, 2, 5, 9, 10]


def test_the_share_within_some_days():
    die = Delay(np.ones(10), first=1)
    assert [die.within(n) for n in (0, 1, 5, 10, 99)] == pytest.approx([0, 0.1, 0.5, 1, 1])


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_a_quantile_is_asked_for_a_share(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        delays.certain(1).quantile(p)


def test_the_same_dice_give_the_same_delays():
    delay = delays.discretise(Gamma(5, 2))
    first, second = (delay.sample(np.random.default_rng(7), 1000) for _ in range(2))
    assert first.tolist() == second.tolist()
    assert first.mean() == pytest.approx(5, abs=0.3)
    assert first.min() >= 0


def test_a_delay_cannot_be_changed():
    delay = delays.certain(1)
    with pytest.raises(ValueError, match="read-only"):
        delay.pmf[0] = 2
    with pytest.raises(AttributeError):
        delay.first = 2


def test_a_delay_does_not_follow_the_array_it_was_made_of():
    counts = np.array([1.0, 1.0])
    delay = Delay(counts)
    counts[0] = 9
    assert delay.pmf.tolist() == [0.5, 0.5]


def test_equal_delays_are_one_in_a_set():
    assert len({delays.discretise(Gamma(5, 2)), delays.discretise(Gamma(5, 2))}) == 1
    assert delays.certain(1) != delays.certain(2)
    assert delays.certain(1) != "1 day"


@pytest.mark.parametrize("pmf", [[], [0.0], [-1, 2], [math.nan], [math.inf], [[1.0]]])
def test_what_is_no_list_of_probabilities_is_refused(pmf):
    with pytest.raises(ValueError, match="list of probabilities"):
        Delay(np.array(pmf))


# --- delays that were seen ------------------------------------------------------------------


def test_delays_are_counted_between_pairs_of_dates():
    seen = delays.between([day(0), day(0), day(5), day(1)], [day(2), day(2), day(5), day(5)])
    assert (seen.first, seen.pmf.tolist()) == (0, [0.25, 0, 0.5, 0, 0.25])


def test_a_pair_without_a_date_says_nothing():
    seen = delays.between([day(0), None, day(0)], [day(1), day(9), None])
    assert seen == delays.certain(1)


def test_serial_intervals_may_be_negative():
    seen = delays.between([day(3), day(0)], [day(1), day(4)])
    assert (seen.first, seen.mean) == (-2, 1)
    assert seen.quantile(0.5) == -2


def test_no_pair_at_all_is_refused():
    with pytest.raises(ValueError, match="no pair"):
        delays.between([None], [day(1)])


def test_lists_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        delays.between([day(0)], [])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=20))
def test_seen_delays_have_the_moments_of_the_pairs(pairs):
    seen = delays.between([day(a) for a, _ in pairs], [day(b) for _, b in pairs])
    gaps = [b - a for a, b in pairs]
    assert seen.mean == pytest.approx(np.mean(gaps))
    assert seen.sd == pytest.approx(np.std(gaps), abs=1e-6)


# --- timeliness -----------------------------------------------------------------------------


def test_timeliness_of_what_is_done():
    seen = delays.timeliness([1, 2, 3, 4, 24], limit=24)
    assert (seen.n, seen.n_open, seen.median, seen.share) == (5, 0, 3, 1)
    assert seen.p90 == pytest.approx(16)


def test_exactly_the_limit_is_in_time():
    assert delays.timeliness([24, 24.1], limit=24).share == 0.5


def test_what_still_waits_and_is_late_counts_against_the_desk():
    assert delays.timeliness([1], limit=24, still_open=[30]).share == 0.5


def test_what_still_waits_in_time_is_not_judged_yet():
    seen = delays.timeliness([1], limit=24, still_open=[3])
    assert (seen.share, seen.n_open) == (1, 1)


def test_what_still_waits_can_only_raise_the_median():
    done = delays.timeliness([1, 2], limit=24)
    waiting = delays.timeliness([1, 2], limit=24, still_open=[9, 9])
    assert waiting.median > done.median


def test_nothing_yet_says_nothing():
    seen = delays.timeliness([], limit=24)
    assert (seen.n, seen.n_open) == (0, 0)
    assert math.isnan(seen.median)
    assert math.isnan(seen.share)


def test_only_fresh_open_ones_have_no_share_yet():
    assert math.isnan(delays.timeliness([], limit=24, still_open=[1]).share)


def test_a_missing_duration_is_refused():
    with pytest.raises(ValueError, match="a duration is missing"):
        delays.timeliness([1, math.nan], limit=24)


@given(
    st.lists(st.floats(0, 1e4), max_size=20),
    st.lists(st.floats(0, 1e4), max_size=20),
    st.floats(0, 1e4),
)
def test_a_share_is_a_share_of_what_can_be_judged(done, waiting, limit):
    seen = delays.timeliness(done, limit=limit, still_open=waiting)
    in_time = sum(each <= limit for each in done)
    late = sum(each > limit for each in (*done, *waiting))
    if in_time + late:
        assert seen.share == pytest.approx(in_time / (in_time + late))


def test_mers_serial_intervals_of_the_line_list(shared):
    folder = shared / "data" / "linelists"
    with (folder / "mers_korea_2015.linelist.csv").open() as file:
        onset = {
            row["id"]: date.fromisoformat(row["dt_onset"]) if row["dt_onset"] else None
            for row in csv.DictReader(file)
        }
    with (folder / "mers_korea_2015.contacts.csv").open() as file:
        pairs = [(onset[row["from"]], onset[row["to"]]) for row in csv.DictReader(file)]
    seen = delays.between(*zip(*pairs, strict=True))
    assert seen.mean == pytest.approx(14.47, abs=0.01)
    assert seen.sd == pytest.approx(5.17, abs=0.01)
