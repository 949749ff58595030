from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongchou.epi.detect.daily import Daily, Weekly, baseline, glm, judged
from tongchou.epi.detect.daily_columns import columns, day_numbers
from tongchou.epi.detect.series import Series

DAYS = np.arange(3 * 364)
WEEK = np.array([0.3, 0.1, 0.0, 0.0, 0.1, -0.4, -0.6])
YEAR = Daily(year=364.0)


def city(n_series: int, *, seed: int = 1, mean: float = 8.0, dispersion: float = 2.0) -> np.ndarray:
    """Counts with weekdays, a season and a trend, varying more than Poisson ones."""
    season = 0.4 * np.cos(2 * np.pi * DAYS / 364) + 0.0003 * DAYS
    mu = mean * np.exp(WEEK[DAYS % 7] + season) * np.ones((n_series, 1))
    rng = np.random.default_rng(seed)
    return rng.negative_binomial(mu / (dispersion - 1), 1 / dispersion).astype(float)


def flat(mean: float, n_series: int = 200) -> np.ndarray:
    return np.random.default_rng(5).poisson(mean, (n_series, 500)).astype(float)


@pytest.mark.parametrize("mean", [0.3, 3.0, 30.0])
def test_a_flat_series_raises_no_more_alarms_than_stated(mean: float) -> None:
    found = glm(Series(flat(mean)), np.arange(-21, 0), Daily(alpha=0.01))
    assert found.alarm.mean() < 0.01 * 1.25


def test_p_values_are_even_where_nothing_happens() -> None:
    found = glm(Series(city(200)), np.arange(-21, 0), YEAR)
    for p in (0.01, 0.05, 0.2, 0.5):
        assert (found.p < p).mean() == pytest.approx(p, rel=0.2)


def test_the_model_finds_weekday_season_and_trend() -> None:
    counts = city(200, mean=50.0)
    expected = glm(Series(counts), np.arange(-14, 0), YEAR).expected.mean(axis=0)
    season = 0.4 * np.cos(2 * np.pi * DAYS / 364) + 0.0003 * DAYS
    assert expected == pytest.approx((50 * np.exp(WEEK[DAYS % 7] + season))[-14:], rel=0.03)


def test_three_more_a_day_for_a_week_is_seen_in_the_week() -> None:
    counts = city(100)
    counts[:, -7:] += 4
    found = glm(Series(counts), [-1], YEAR)
    assert np.median(found.window) >= 5
    assert (
        found.alarm.mean()
        > 2 * glm(Series(counts), [-1], Daily(windows=(1,), year=364.0)).alarm.mean()
    )


def test_the_bound_is_the_largest_count_that_is_no_alarm() -> None:
    found = glm(Series(city(100)), np.arange(-21, 0), YEAR)
    assert np.array_equal(city(100)[:, -21:] > found.bound, found.alarm)


def test_an_outbreak_last_year_does_not_hide_one_today() -> None:
    counts = city(100)
    before = glm(Series(counts), [-1], YEAR).bound
    counts[:, 700:715] *= 8
    weighted = glm(Series(counts), [-1], YEAR).bound
    plain = glm(Series(counts), [-1], Daily(year=364.0, refits=0)).bound
    assert (weighted - before).mean() < 0.3 * (plain - before).mean()


def test_a_missing_day_has_no_verdict_and_is_not_zero() -> None:
    counts = city(50)
    counts[:, -1] = np.nan
    found = glm(Series(counts), [-2, -1], YEAR)
    assert np.isnan(found.p[:, 1]).all() and not found.alarm[:, 1].any()
    assert np.isfinite(found.p[:, 0]).all()


def test_missing_days_leave_the_windows_and_nothing_else() -> None:
    counts = city(50)
    holes = counts.copy()
    holes[:, -3] = np.nan
    whole, torn = glm(Series(counts), [-1], YEAR), glm(Series(holes), [-1], YEAR)
    assert torn.expected == pytest.approx(whole.expected)
    long = torn.window[:, 0] >= 3
    both = long & (torn.window == whole.window)[:, 0]
    assert (torn.in_window == whole.in_window - counts[:, [-3]])[both].all()
    assert (torn.expected_in_window < whole.expected_in_window)[both].all()


def test_a_clinic_closed_at_weekends_is_expected_to_be() -> None:
    counts = city(20)
    counts[:, DAYS % 7 >= 5] = 0
    found = glm(Series(counts), np.arange(-7, 0), YEAR)
    assert (found.expected[:, 5:] < 0.01).all()
    assert found.expected[:, 0].mean() == pytest.approx(counts[:, -364::7].mean(), rel=0.6)
    assert not found.alarm[:, 5:].all()


def test_a_clinic_closed_on_mondays_is_expected_to_be() -> None:
    counts = city(20)
    counts[:, DAYS % 7 == 0] = 0
    found = glm(Series(counts), np.arange(-7, 0), YEAR)
    assert (found.expected[:, 0] < 0.01).all() and (found.expected[:, 1:] > 1).all()


def test_a_known_holiday_is_no_alarm() -> None:
    counts = city(100, mean=30.0, dispersion=1.1)
    free = [104, 364 + 104, 728 + 104, 1091]
    counts[:, free] *= 2
    knowing = glm(Series(counts), [-1], YEAR, holidays=free)
    assert knowing.alarm.mean() < 0.1
    assert glm(Series(counts), [-1], YEAR).alarm.mean() > 0.5


def test_the_rush_after_a_holiday_waits_for_a_working_day() -> None:
    days = np.arange(14)
    known = columns(days, year=364, harmonics=0, trend=False, holidays=[4, 8])
    assert np.flatnonzero(known.x[:, -2]).tolist() == [4, 8]
    assert np.flatnonzero(known.x[:, -1]).tolist() == [7, 9]


def test_too_little_history_is_silence() -> None:
    found = glm(Series(city(5)[:, :69]))
    assert np.isnan(found.p).all() and not found.window.any()
    assert np.isfinite(glm(Series(city(5)[:, :71])).p[:, -1]).all()


def test_a_series_that_hardly_reported_is_silent() -> None:
    counts = city(4)
    counts[0, :-50] = np.nan
    assert np.isnan(glm(Series(counts), [-1], YEAR).p[:, 0]).tolist() == [True, False, False, False]


def test_a_series_of_zeros_is_no_alarm_and_its_first_count_is_rare() -> None:
    counts = np.zeros((2, 500))
    counts[1, -1] = 1
    found = glm(Series(counts), [-1])
    assert found.alarm[:, 0].tolist() == [False, True]
    assert found.expected[0, 0] < 0.01


def test_days_must_follow_one_another() -> None:
    days = [date(2024, 1, 1) + timedelta(int(n) + (n > 3)) for n in range(10)]
    with pytest.raises(ValueError, match="what follows 2024-01-04 is not"):
        day_numbers(days, 10)


def test_dates_and_columns_mean_the_same_when_the_first_is_a_monday() -> None:
    counts = city(10)
    first = date.fromordinal(1 + 364 * 2000)
    dates = [first + timedelta(int(n)) for n in DAYS]
    dated, plain = Series(counts, dates), Series(counts)
    assert glm(dated, [-1], YEAR).p == pytest.approx(glm(plain, [-1], YEAR).p, rel=1e-3)


@settings(max_examples=5)
@given(order=st.permutations(range(12)), at=st.sampled_from([-1, -5]))
def test_a_verdict_does_not_hang_on_the_neighbours(order: list[int], at: int) -> None:
    counts = city(12)
    asked = glm(Series(counts[order]), [at], YEAR)
    assert asked.p == pytest.approx(glm(Series(counts), [at], YEAR).p[order], rel=1e-3)


@settings(max_examples=5)
@given(more=st.integers(1, 60))
def test_more_cases_today_are_never_less_surprising(more: int) -> None:
    counts = city(12)
    before = glm(Series(counts), [-1], YEAR).p
    counts[:, -1] += more
    assert (glm(Series(counts), [-1], YEAR).p <= before + 1e-12).all()


def test_the_baseline_is_what_is_judged_by() -> None:
    counts = Series(city(30))
    known = baseline(counts, np.arange(-10, 0), YEAR)
    assert known.expected == pytest.approx(glm(counts, np.arange(-10, 0), YEAR).expected)
    assert known.dispersion.mean() == pytest.approx(2.0, rel=0.1)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 9),
    mean=st.sampled_from([0.0, 0.01, 1.0, 300.0, 1e6]),
    missing=st.floats(0, 0.95),
    spike=st.sampled_from([1, 100, 1e5]),
    n_days=st.integers(71, 900),
)
def test_whatever_comes_the_answer_is_a_probability_or_silence(
    seed: int, mean: float, missing: float, spike: float, n_days: int
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(mean, (5, n_days)).astype(float)
    counts[:, rng.integers(0, n_days, 3)] *= spike
    counts[rng.random(counts.shape) < missing] = np.nan
    found = glm(Series(counts), [-2, -1])
    says = ~np.isnan(found.p)
    assert ((found.p[says] >= 0) & (found.p[says] <= 1)).all()
    assert np.isfinite(found.expected[says]).all() and (found.bound[says] >= -1).all()
    assert (found.alarm <= says).all()


@pytest.mark.parametrize("wrong", [{"alpha": 0.7}, {"gap": -1}, {"least": 3}, {"windows": (3, 1)}])
def test_options_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"alpha|gap|least|windows"):
        Daily(**wrong)  # type: ignore[arg-type]


def test_a_date_that_is_odd_every_year_is_expected_to_be() -> None:
    counts = city(60, mean=30.0, dispersion=1.1)
    counts[:, [1091, 1091 - 364, 1091 - 728]] *= 2
    learned = glm(Series(counts), [-1], YEAR)
    assert learned.alarm.mean() < 0.3
    assert glm(Series(counts), [-1], Daily(year=364.0, recurring=False)).alarm.mean() > 0.7


def test_a_date_that_was_odd_once_is_not() -> None:
    counts = city(60, mean=30.0, dispersion=1.1)
    counts[:, [1091, 1091 - 364]] *= 2
    assert glm(Series(counts), [-1], YEAR).alarm.mean() > 0.5


def test_dates_come_back_by_the_calendar_and_not_by_the_day() -> None:
    first = date(2021, 1, 4)
    dates = [first + timedelta(n) for n in range(4 * 365)]
    counts = np.random.default_rng(2).poisson(30.0, (40, len(dates))).astype(float)
    may = [n for n, day in enumerate(dates) if (day.month, day.day) == (5, 1)]
    counts[:, may] *= 2
    dated, plain = glm(Series(counts, dates), [may[-1]]), glm(Series(counts), [may[-1]])
    assert dated.alarm.mean() < 0.3 < 0.7 < plain.alarm.mean()


def test_weeks_are_judged_without_weekdays() -> None:
    t = np.arange(300)
    mean = 20 * np.exp(0.4 * np.cos(2 * np.pi * t / 52.18)) * np.ones((200, 1))
    counts = np.random.default_rng(4).poisson(mean).astype(float)
    found = glm(Series(counts), np.arange(-10, 0), Weekly())
    assert found.expected == pytest.approx(mean[:, -10:], rel=0.25)
    assert found.alarm.mean() < 0.013 * 1.4
    counts[:, -1] *= 2
    assert glm(Series(counts), [-1], Weekly()).alarm.mean() > 0.7


def same(one: object, two: object, pick: slice | list[int]) -> None:
    """Every number of `two` at those places, to the last bit."""
    for name, values in vars(one).items():
        there = vars(two)[name]
        np.testing.assert_array_equal(values, there[..., pick], err_msg=name)


@pytest.mark.parametrize("options", [YEAR, Daily(year=364.0, refit=7), Weekly()])
def test_a_day_alone_is_the_same_day_among_others(options: Daily) -> None:
    counts = city(264)
    counts[:, 800:820] = np.nan
    counts[7, -5:] += 30
    series = Series(counts, [date(2021, 3, 3) + timedelta(options.step * int(n)) for n in DAYS])
    many = glm(series, np.arange(-61, 0), options)
    for day in (-61, -28, -1):
        same(glm(series, [day], options), many, [day])


def test_what_comes_later_changes_nothing_about_a_day() -> None:
    first = date(2021, 3, 3)
    whole = Series(city(40), [first + timedelta(int(n)) for n in DAYS])
    for later in (1, 17, 40):
        until = DAYS.size - later
        cut = Series(whole.counts[:, :until], whole.dates[:until])
        assert np.array_equal(glm(cut, [-1], YEAR).p, glm(whole, [until - 1], YEAR).p)


def test_years_before_the_history_change_nothing_about_a_day() -> None:
    whole = Series(city(40), [date(2021, 3, 3) + timedelta(int(n)) for n in DAYS])
    short, options = DAYS.size - 700, Daily(year=364.0, history=600)
    cut = Series(whole.counts[:, short:], whole.dates[short:])
    assert np.array_equal(glm(cut, [-1], options).p, glm(whole, [-1], options).p)


def test_one_fit_serves_the_verdict_and_the_baseline() -> None:
    counts, days = Series(city(30)), np.arange(-40, 0)
    verdicts, base = judged(counts, [-1], days, YEAR)
    same(glm(counts, [-1], YEAR), verdicts, [0])
    same(baseline(counts, days, YEAR), base, slice(None))
