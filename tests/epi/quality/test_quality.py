"""The real list of 2020, and made-up cities with a trap planted in each way."""

from collections import Counter

import numpy as np
import pytest

from tests.epi.quality.cities import day, in_hubei, ordinary, read
from tongchou.epi.detect.series import Series
from tongchou.epi.quality import DOUBTFUL, MISSING, USABLE, Options, Reference, check

CUMULATIVE = Options(cumulative=True)


@pytest.fixture(scope="module")
def china(shared):
    series, keys = read(shared)
    return check(series, CUMULATIVE), keys


@pytest.fixture(scope="module")
def hubei(shared):
    return read(shared, keep=in_hubei)


def wuhan(keys):
    return next(i for i, key in enumerate(keys) if key[1] == "武汉市")


# --- the list of 2020 ------------------------------------------------------------------------


def test_the_dates_shift_by_a_day_from_7_february(china):
    (shift,) = china[0].of("date_shift")
    assert (shift.first, shift.size, shift.words) == (day(2, 7), 1, "date_shift.published")


def test_the_false_zero_of_7_february_is_named_and_doubtful_everywhere(china):
    (zero,) = china[0].of("false_zero")
    assert (zero.first, zero.last, zero.facts["told"]) == (day(2, 7), day(2, 7), 75)
    told = china[0].marks[:, day(2, 7)]
    assert set(told.tolist()) == {MISSING, DOUBTFUL}


def test_the_false_zero_is_named_on_the_day_itself(hubei):
    series, _ = hubei
    until = Series(series.counts[:, : day(2, 7) + 1], series.dates[: day(2, 7) + 1])
    report = check(until, CUMULATIVE)
    (zero,) = report.of("false_zero")
    assert (zero.first, zero.words) == (day(2, 7), "false_zero.newest")
    assert np.all(report.marks[:, -1] == DOUBTFUL)


def test_no_day_before_7_february_looks_false_while_it_is_the_newest(hubei):
    series, _ = hubei
    for time in range(day(1, 15), day(2, 7)):
        until = Series(series.counts[:, : time + 1], series.dates[: time + 1])
        assert not check(until, CUMULATIVE).of("false_zero")


def test_provincial_sums_say_the_shift_outright(shared):
    series, keys = read(shared)
    provinces, names = read(shared, level="province")
    number = {name[0]: i for i, name in enumerate(names)}
    row = np.array([number.get(p, -1) if city else -1 for p, city, _ in keys])
    found = check(series, CUMULATIVE, reference=Reference(provinces.counts, row))
    (shift,) = found.of("date_shift")
    assert (shift.first, shift.size, shift.certainty) == (day(2, 7), 1, 0.99)


def test_the_provinces_never_shift(shared):
    found = check(read(shared, level="province")[0], CUMULATIVE)
    assert not found.of("date_shift") + found.of("false_zero")


def test_13_february_is_a_change_of_definition_at_several_places(china):
    found, keys = china
    (change,) = found.of("definition")
    cities = {keys[i][1] for i in change.series}
    assert change.first == day(2, 13)
    assert cities == {"武汉市", "荆州市", "荆门市", "鄂州市"}
    assert found.new[wuhan(keys), day(2, 13)] == 13_436


def test_one_city_alone_shows_13_february_too(hubei):
    series, keys = hubei
    alone = Series(series.counts[[wuhan(keys)]], series.dates)
    (change,) = check(alone, CUMULATIVE).of("definition")
    assert (change.first, change.words) == (day(2, 13), "definition.active")


@pytest.mark.parametrize(("column", "size"), [("confirmed", 326), ("dead", 1_290)])
def test_17_april_is_a_revision(shared, column, size):
    series, keys = read(shared, column, keep=in_hubei)
    found = check(series, CUMULATIVE)
    (revision,) = [f for f in found.of("revision") if f.first == day(4, 17)]
    assert (revision.series, revision.size) == ((wuhan(keys),), size)
    assert found.marks[wuhan(keys), day(4, 17)] == DOUBTFUL
    assert found.marks[wuhan(keys), day(4, 18)] == USABLE


def test_the_jump_of_the_newest_day_is_named_but_left_to_the_detectors(hubei):
    series, keys = hubei
    until = Series(series.counts[:, : day(4, 17) + 1], series.dates[: day(4, 17) + 1])
    found = check(until, CUMULATIVE)
    (revision,) = [f for f in found.of("revision") if f.first == day(4, 17)]
    assert revision.certainty < 0.5
    assert found.marks[wuhan(keys), -1] == USABLE


def test_every_falling_step_is_found(china):
    found, _ = china
    falls = found.of("fall")
    # 63 from one day to the next, and one over a gap
    assert (len(falls), len({f.series for f in falls})) == (64, 47)
    assert all(found.new[f.series[0], f.first] == f.size < 0 for f in falls)


def test_the_three_days_without_wuhan_are_missing_and_the_next_holds_their_sum(china):
    found, keys = china
    (gap,) = [f for f in found.of("missing") if wuhan(keys) in f.series]
    assert (gap.first, gap.last, gap.size) == (day(1, 20), day(1, 22), 3)
    marks = found.marks[wuhan(keys), day(1, 19) : day(1, 25)]
    assert marks.tolist() == [USABLE, MISSING, MISSING, MISSING, DOUBTFUL, USABLE]


def test_provinces_among_their_cities_on_27_april_are_named(shared):
    series, keys = read(shared)
    provinces = sorted({key[0] for key in keys})
    group = np.array([provinces.index(key[0]) for key in keys])
    totals = check(series, CUMULATIVE, group=group).of("total")
    assert {f.first for f in totals} == {f.last for f in totals} == {day(4, 27)}
    assert all(keys[i][1] == "" for f in totals for i in f.series)


# --- planted, and not planted ----------------------------------------------------------------


def test_ordinary_counts_are_left_alone():
    found = check(ordinary(np.random.default_rng(1), 800))
    kinds = Counter(f.kind for f in found.findings)
    # 800 series-years; see docs/science/quality.md for the rate over 20,000
    assert sum(kinds.values()) <= 3, kinds
    assert all(len(f.series) == 1 for f in found.findings)
    assert (found.marks != USABLE).mean() < 1e-4


def test_ordinary_cumulative_counts_are_left_alone():
    counts = ordinary(np.random.default_rng(2)).counts
    found = check(Series(np.cumsum(counts, axis=1)), CUMULATIVE)
    assert len(found.findings) <= 2


def test_a_copy_of_yesterday_shifts_all_later_days():
    new = ordinary(np.random.default_rng(3), 30, 120).counts
    new = np.insert(new, 60, 0.0, axis=1)
    found = check(Series(np.cumsum(new, axis=1)), CUMULATIVE)
    assert [f.first for f in found.of("date_shift")] == [60]


def test_reports_held_back_for_a_day_shift_nothing():
    new = ordinary(np.random.default_rng(3), 30, 120).counts
    new[:, 61] += new[:, 60]
    new[:, 60] = 0
    found = check(Series(np.cumsum(new, axis=1)), CUMULATIVE)
    assert [f.words for f in found.of("false_zero")] == ["false_zero.held"]
    assert not found.of("date_shift")
    assert np.all(found.marks[:, 60:62] == DOUBTFUL)


@pytest.mark.parametrize("shift", [-2, -1, 1, 2])
def test_a_reference_shows_shifts_in_either_direction(shift):
    new = ordinary(np.random.default_rng(4), 40, 200).counts
    row = np.arange(40) // 10
    sums = np.add.reduceat(new, [0, 10, 20, 30], axis=0)
    moved = np.concatenate((new[:, :100], np.roll(new, shift, axis=1)[:, 100:]), axis=1)
    found = check(Series(moved), reference=Reference(sums, row)).of("date_shift")
    assert [(f.size, abs(f.first - 100) <= 2) for f in found] == [(shift, True)]


def test_a_reference_on_the_same_dates_is_silent():
    new = ordinary(np.random.default_rng(5), 40, 200).counts
    sums = np.add.reduceat(new, [0, 20], axis=0)
    reference = Reference(sums, np.arange(40) // 20)
    assert not check(Series(new), reference=reference).of("date_shift")


def test_a_closed_weekday_is_named_and_its_zeros_doubtful():
    series = ordinary(np.random.default_rng(6), 20, 180, level=20)
    sundays = np.array([d.weekday() == 6 for d in series.dates])
    series.counts[3, sundays] = 0
    found = check(series)
    (habit,) = found.of("weekday")
    assert (habit.series, habit.words, habit.facts["weekday_6"]) == ((3,), "weekday.zeros", 1)
    assert np.all(found.marks[3, sundays] == DOUBTFUL)
    assert not found.of("false_zero")


def test_weekends_without_reports_are_one_finding_and_no_gaps():
    series = ordinary(np.random.default_rng(7), 5, 180)
    weekend = np.array([d.weekday() >= 5 for d in series.dates])
    series.counts[2, weekend] = np.nan
    found = check(series)
    assert [(f.words, f.size) for f in found.of("weekday")] == [("weekday.missing", 2)]
    assert not found.of("missing")
    assert np.all(found.marks[2, weekend] == MISSING)


def test_a_zero_in_the_middle_of_many_is_false():
    series = ordinary(np.random.default_rng(8), 5, 100, level=60)
    series.counts[1, 50] = 0
    found = check(series)
    assert [(f.series, f.first) for f in found.of("false_zero")] == [((1,), 50)]
    assert found.marks[1, 50] == DOUBTFUL


def test_a_count_that_stands_still_has_stopped():
    series = ordinary(np.random.default_rng(9), 5, 100, level=40)
    series.counts[1, 90:] = 0
    (found,) = check(series).of("stopped")
    assert (found.series, found.first, found.words) == ((1,), 90, "stopped.zeros")


def test_reports_that_end_have_stopped_and_one_late_day_has_not():
    series = ordinary(np.random.default_rng(9), 5, 100)
    series.counts[1, 95:] = np.nan
    series.counts[2, 99:] = np.nan
    (found,) = check(series).of("stopped")
    assert (found.series, found.first, found.size) == ((1,), 95, 5)


def test_an_outbreak_that_dies_out_has_not_stopped():
    mean = 100 * np.exp(-0.25 * np.arange(60))
    counts = np.random.default_rng(10).poisson(np.tile(mean, (50, 1))).astype(float)
    assert not check(Series(counts)).of("stopped")


def test_the_same_number_every_day_is_stuck():
    series = ordinary(np.random.default_rng(11), 5, 100, level=30)
    series.counts[4, 40:52] = 31
    (found,) = check(series).of("stuck")
    assert (found.series, found.first, found.last) == ((4,), 40, 51)


def test_round_counts_are_heaped():
    series = ordinary(np.random.default_rng(12), 5, 200, level=80)
    series.counts[0] = np.round(series.counts[0] / 5) * 5
    assert [f.series for f in check(series).of("heaping")] == [(0,)]


def test_counts_above_their_denominator_cannot_be():
    series = ordinary(np.random.default_rng(13), 3, 60, level=30)
    visits = np.full(series.counts.shape, 2_000.0)
    series.counts[1, 7], visits[2, 9] = 2_001, 0
    found = check(series, denominator=visits)
    assert [(f.series, f.words) for f in found.of("denominator")] == [
        ((1,), "denominator.above"),
        ((2,), "denominator.none"),
    ]
    assert found.marks[1, 7] == found.marks[2, 9] == DOUBTFUL


def test_a_steep_outbreak_is_no_revision():
    counts = np.random.default_rng(14).poisson(3 * np.exp(0.35 * np.arange(21)), (50, 21))
    found = check(Series(counts.astype(float)))
    assert not found.of("revision") + found.of("definition")


def test_what_does_not_fit_is_refused():
    series = Series(np.ones((2, 5)))
    with pytest.raises(ValueError, match="denominators need the shape"):
        check(series, denominator=np.ones((2, 4)))
    with pytest.raises(ValueError, match="one group for each"):
        check(series, group=np.zeros(3, dtype=np.int64))
    with pytest.raises(ValueError, match="5 columns"):
        check(series, reference=Reference(np.ones((1, 4)), np.zeros(2, dtype=np.int64)))
    with pytest.raises(ValueError, match="not there"):
        check(series, reference=Reference(np.ones((1, 5)), np.ones(2, dtype=np.int64)))
