import csv

import numpy as np
import pytest
from scipy import integrate, special, stats

from tests.epi.nowcast.test_triangle import DATES, r_triangle
from tongchou.epi.nowcast import REASONS, Options, Triangle, estimate, predictive


def r_answer(shared, method, day):
    path = shared / f"reference/r/out_nowcast_hus_{method}_{day}.csv"
    with path.open() as file:
        rows = list(csv.DictReader(file))
    return [row["date"] for row in rows], np.array(
        [[float(row[column]) for column in ("lo", "est", "hi")] for row in rows]
    )


def ours(shared, method, day):
    names, counts = r_triangle(shared, day)
    when, theirs = r_answer(shared, method, day)
    at = [names.index(one) for one in when]
    return estimate(Triangle(counts), at, Options(method, largest=1_000)), theirs


@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize("method", ["lawless", "unif", "bayes.notrunc.bnb"])
def test_where_r_throws_no_dice_the_answer_is_the_same(shared, method, day):
    found, theirs = ours(shared, method, day)
    np.testing.assert_array_equal(found.quantiles, theirs)


@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize("method", ["bayes.notrunc", "bayes.trunc"])
def test_where_r_samples_the_answer_is_within_its_error(shared, method, day):
    found, theirs = ours(shared, method, day)
    assert np.abs(found.quantiles - theirs).max() <= 1


@pytest.mark.parametrize("day", DATES)
def test_the_own_median_is_that_of_r_within_an_event(shared, day):
    found, theirs = ours(shared, "bayes.trunc", day)
    own = estimate(Triangle(r_triangle(shared, day)[1]), found.at)
    assert np.abs(own.quantiles[:, 1] - theirs[:, 1]).max() <= 1


def rising_city(seed, growth=0.05):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(20 * np.exp(growth * np.arange(50)))
    event = np.repeat(np.arange(50), counts)
    report = event + rng.binomial(14, 0.3, event.size)
    return Triangle.of(event, report, today=49, max_delay=14, first=0), counts


def test_nine_of_ten_final_counts_lie_in_the_interval():
    inside, n = 0, 0
    for seed in range(40):
        triangle, final = rising_city(seed)
        found = estimate(triangle)
        good = np.array(found.refused) == ""
        low, _, high = found.quantiles[good].T
        inside += int(((low <= final[found.at][good]) & (final[found.at][good] <= high)).sum())
        n += int(good.sum())
    assert 0.9 <= inside / n <= 0.995


def test_an_outbreak_is_seen_to_rise_where_its_reports_seem_to_fall():
    triangle, final = rising_city(3, growth=0.08)
    found = estimate(triangle, range(40, 47))
    reported, middle = found.reported, found.quantiles[:, 1]
    assert reported[-1] < reported[0]
    assert middle[-1] > middle[0]
    assert np.all(np.abs(middle - final[40:47]) < 0.35 * final[40:47])


def test_intervals_grow_towards_today():
    triangle, _ = rising_city(4, growth=0.0)
    low, _, high = estimate(triangle, range(38, 48)).quantiles.T
    assert high[-1] - low[-1] > 1.5 * (high[0] - low[0])


def test_a_day_that_is_all_in_stays_as_it_is():
    triangle, _ = rising_city(5)
    found = estimate(triangle, [10])
    assert found.quantiles.tolist() == [[found.reported[0]] * 3]


def test_it_refuses_where_the_triangle_is_too_thin_and_says_why():
    event, report = np.array([0, 3, 9, 20]), np.array([2, 3, 11, 22])
    thin = estimate(Triangle.of(event, report, today=25, max_delay=5))
    assert set(thin.refused) == {"thin"}
    assert np.isnan(thin.quantiles).all()
    many = np.repeat(np.arange(4), 50)
    short = estimate(Triangle.of(many, many, today=4, max_delay=9))
    assert set(short.refused) <= {"short"}
    triangle, _ = rising_city(6)
    assert estimate(triangle, [-1]).refused == ("early",)
    assert {"thin", "short", "early"} < set(REASONS)


def test_predictive_laws_sum_to_one():
    for pmf in (
        predictive.uniform(5, 100),
        predictive.beta_negative_binomial(5, 40.0, 10.0, 400),
        predictive.poisson_gamma(5, 40.0, 10.0, 400, shape=1, rate=0.05),
    ):
        assert pmf.sum() == pytest.approx(1, abs=1e-9)
        assert pmf[:5].sum() == 0


def test_the_mixture_over_the_share_is_its_integral():
    pmf = predictive.poisson_gamma(9, 30.0, 20.0, 200, shape=0.8, rate=0.02)
    for final in (9, 15, 30):

        def integrand(share, final=final):
            success = (0.02 + share) / 1.02
            return stats.nbinom.pmf(final - 9, 9.8, success) * stats.beta.pdf(share, 30, 20)

        assert pmf[final] == pytest.approx(integrate.quad(integrand, 0, 1)[0], rel=2e-2)


def test_quantiles_are_those_of_the_cumulated_law():
    pmf = np.exp(special.xlogy(np.arange(60), 12.0) - special.gammaln(np.arange(60) + 1) - 12)
    found = predictive.quantiles(pmf, np.array([0.025, 0.5, 0.975]))
    assert found.tolist() == stats.poisson.ppf([0.025, 0.5, 0.975], 12).tolist()


def test_what_cannot_be_asked_is_refused():
    triangle, _ = rising_city(7)
    with pytest.raises(ValueError, match="no method magic; there are negbin, unif"):
        Options("magic")
    with pytest.raises(ValueError, match="rise"):
        Options(levels=(0.9, 0.1))
    with pytest.raises(ValueError, match="50 times"):
        estimate(triangle, [50])
    with pytest.raises(ValueError, match="more than the largest"):
        estimate(triangle, [40], Options("lawless", largest=3))
