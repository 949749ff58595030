import csv
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.nowcast import Triangle, delays

DATES = ("2011-06-02", "2011-06-10", "2011-06-20")


def r_triangle(shared, day):
    """R's reporting triangle of the STEC outbreak at one day: dates and counts."""
    path = shared / f"reference/r/out_nowcast_hus_triangle_{day}.csv"
    with path.open() as file:
        rows = list(csv.reader(file))[1:]
    counts = [[np.nan if cell == "NA" else float(cell) for cell in row[1:]] for row in rows]
    return [row[0] for row in rows], np.array(counts)


def r_cdf(shared, method, day):
    path = shared / f"reference/r/out_nowcast_hus_{method}_{day}_cdf.csv"
    return np.array([float(line) for line in path.read_text().split()[1:]])


@pytest.mark.parametrize("day", DATES)
def test_the_triangle_of_2011_is_that_of_r(shared, day):
    with (shared / "reference/r/in_nowcast_hus.csv").open() as file:
        rows = [
            [date.fromisoformat(cell).toordinal() for cell in row.values()]
            for row in csv.DictReader(file)
        ]
    event, report = np.array(rows).T
    heard = report <= date.fromisoformat(day).toordinal()
    names, counts = r_triangle(shared, day)
    found = Triangle.of(
        event[heard],
        report[heard],
        today=date.fromisoformat(day).toordinal(),
        max_delay=15,
        first=date.fromisoformat(names[0]).toordinal(),
    )
    np.testing.assert_array_equal(found.counts, counts)


@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize(("method", "prior"), [("lawless", 0.0), ("bayes.trunc", 0.1)])
def test_the_delay_law_is_that_of_r(shared, day, method, prior):
    law = delays(Triangle(r_triangle(shared, day)[1]), prior=prior)
    np.testing.assert_allclose(law.cdf, r_cdf(shared, method, day)[:16], rtol=1e-12)


def test_growth_does_not_make_the_delays_look_short():
    rng = np.random.default_rng(1)
    event = np.repeat(np.arange(40), np.round(5 * np.exp(0.1 * np.arange(40))).astype(int))
    report = event + rng.binomial(8, 0.5, event.size)
    law = delays(Triangle.of(event, report, today=39, max_delay=8))
    naive = np.bincount((report - event)[report <= 39], minlength=9).cumsum()
    assert law.cdf[3] == pytest.approx(93 / 256, abs=0.03)
    assert naive[3] / naive[-1] > 0.4


def test_what_comes_later_or_after_today_is_counted_apart():
    found = Triangle.of([0, 0, 1, 4], [1, 9, 2, 12], today=9, max_delay=5)
    assert (found.reported.sum(), found.n_late, found.n_unknown) == (2, 1, 1)


def test_a_window_sees_only_the_latest_reports():
    event = np.repeat(np.arange(60), 20)
    report = event + np.where(event < 30, 4, 1)
    triangle = Triangle.of(event, report, today=59, max_delay=5)
    assert delays(triangle).cdf[1] == pytest.approx(0.5, abs=0.05)
    assert delays(triangle, window=10).cdf[1] == 1.0


def test_the_triangle_of_an_earlier_day_knows_nothing_later():
    rng = np.random.default_rng(2)
    event = np.repeat(np.arange(20), 5)
    report = event + rng.integers(0, 6, event.size)
    late = Triangle.of(event, report, today=19, max_delay=5)
    early = Triangle.of(event[event <= 12], report[event <= 12], today=12, max_delay=5)
    np.testing.assert_array_equal(late.back_to(12).counts, early.counts)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12)), min_size=1, max_size=80))
def test_every_event_is_in_one_place(pairs):
    event = np.array([a for a, _ in pairs])
    report = event + np.array([b for _, b in pairs])
    found = Triangle.of(event, report, today=22, max_delay=7)
    assert found.reported.sum() + found.n_late + found.n_unknown == len(pairs)


def test_impossible_events_are_refused():
    with pytest.raises(ValueError, match="event 2 was reported 3 days before it happened"):
        Triangle.of([1, 5], [2, 2], today=9, max_delay=5)
    with pytest.raises(ValueError, match="wherever time and delay do not pass today"):
        Triangle(np.ones((3, 2)))
    with pytest.raises(ValueError, match="longest delay"):
        delays(Triangle.of([1], [2], today=9, max_delay=5), window=3)
