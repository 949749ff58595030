import numpy as np
import pytest

from tests.epi.detect.scan.cities import city
from tests.epi.detect.scan.test_lanes import unpacked
from tongchou.epi.detect.scan import expected
from tongchou.epi.detect.scan.draws import Multinomial, Shuffled, ShuffledAround, key_of
from tongchou.epi.detect.scan.lanes import Layout


def drawn(null, replicate, n):
    lanes = null.layout.empty(n)
    null.draw(replicate, lanes)
    return np.diff(unpacked(null.layout, lanes), axis=1, prepend=0)[:, ::-1]


def by_margins(counts, layout, seed):
    return Shuffled.of(counts, layout, seed)


def around_gaps(counts, layout, seed):
    return ShuffledAround.of(counts, layout, seed)


def by_people(counts, layout, seed):
    due = expected.poisson(counts, np.arange(1, len(counts) + 1), layout.durations)
    return Multinomial.of(due.parts, due.divisor, int(np.nansum(counts)), layout, seed)


NULLS = [by_margins, around_gaps, by_people]


@pytest.mark.parametrize("null", NULLS)
def test_a_replicate_is_named_by_seed_and_number_alone(null):
    *_, counts = city(1)
    one, other = (null(counts, Layout(16), seed=7) for _ in range(2))
    first = drawn(one, 3, 25)
    drawn(other, 8, 25)

    assert drawn(other, 3, 25).tolist() == first.tolist()
    assert drawn(other, 4, 25).tolist() != first.tolist()
    assert drawn(null(counts, Layout(16), seed=8), 3, 25).tolist() != first.tolist()


@pytest.mark.parametrize("null", [by_margins, around_gaps])
def test_a_shuffled_city_keeps_both_margins(null):
    *_, counts = city(2, missing=0.1 if null is around_gaps else 0)
    found = drawn(null(counts, Layout(16), 1), 0, 25)

    assert found.sum(axis=0).tolist() == np.nansum(counts, axis=0).tolist()
    assert found.sum(axis=1).tolist() == np.nansum(counts, axis=1).tolist()


@pytest.mark.parametrize("null", [around_gaps, by_people])
def test_no_case_is_drawn_where_nothing_was_reported(null):
    *_, counts = city(3, missing=0.3)
    made = null(counts, Layout(16), 1)
    gaps = np.isnan(counts)

    assert all(drawn(made, replicate, 25)[gaps].sum() == 0 for replicate in range(20))


@pytest.mark.parametrize("null", [by_margins, by_people])
def test_on_average_a_replicate_is_what_was_expected(null):
    *_, counts = city(4, n=4, days=6, cases=60, planted=False)
    days, n = 5, 2000
    made = null(counts, Layout(days), 1)
    people = np.arange(1, 5)
    due = (
        expected.permutation(counts, days)
        if null is by_margins
        else expected.poisson(counts, people, days)
    )
    mean = sum(drawn(made, replicate, 4) for replicate in range(n)) / n

    daily = np.diff(due.parts / due.divisor, axis=1, prepend=0)[:, ::-1]
    assert np.abs(mean - daily).max() < 5 * np.sqrt(daily.max() / n)


def test_around_gaps_cases_fall_nearly_as_their_quasi_independence_says():
    *_, counts = city(5, n=5, days=6, cases=80, planted=False, missing=0.2)
    made = around_gaps(counts, Layout(6), 1)
    due = expected.permutation(counts, 6)
    mean = sum(drawn(made, replicate, 5) for replicate in range(1500)) / 1500

    assert np.abs(mean.sum(axis=1) - due.parts[:, -1]).max() < 1e-9
    daily = np.diff(due.parts, axis=1, prepend=0)[:, ::-1]
    # Around one hub, whose own chance does not average out, and the table is a small one.
    assert np.abs(mean - daily).max() < 0.7


def test_keys_of_neighbouring_seeds_and_replicates_differ():
    keys = {key_of(np.uint64(s), np.uint64(r)) for s in range(50) for r in range(50)}
    assert len(keys) == 2500
