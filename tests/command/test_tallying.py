"""Counts are taken once a minute for every area down to the street, and say when."""

from collections.abc import Callable
from typing import Any

import pytest

from tongchou.command import actions
from tongchou.command.models import Age, GapTally, LegTally, TallyRun
from tongchou.ledger.actions import hand_over
from tongchou.ledger.models import Passage, Rung
from tongchou.ledger.sweeping import sweep

pytestmark = pytest.mark.django_db
Report = Callable[..., Passage]


def legs(area: Any) -> dict[str, int]:
    return dict(LegTally.objects.filter(area=area).values_list("stage", "n_open"))


def test_a_leg_counts_for_its_street_its_district_and_its_city(city: Any, reported: Report) -> None:
    reported(city.cells[0])
    actions.tally(now=city.at())
    assert [legs(a) for a in (city.city, city.east, city.streets[0])] == [{"reported": 1}] * 3
    assert legs(city.west) == {}


def test_nothing_below_the_street_is_tallied(city: Any, reported: Report) -> None:
    reported(city.cells[0])
    actions.tally(now=city.at())
    assert not LegTally.objects.filter(area=city.cells[0]).exists()


def test_late_is_counted_by_the_clock_even_before_the_sweep(city: Any, reported: Report) -> None:
    reported(city.east)
    actions.tally(now=city.at(hours=2))
    row = LegTally.objects.get(area=city.city)
    assert (row.n_open, row.n_late, row.oldest_due_at) == (1, 1, city.at(hours=2))


def test_gaps_are_counted_by_rung_and_age(city: Any, reported: Report) -> None:
    reported(city.east)
    reported(city.east, hours=9)
    for hours in (2, 12):
        sweep(now=city.at(hours=hours))
    actions.tally(now=city.at(hours=12))
    rows = GapTally.objects.filter(area=city.city).values_list("rung", "age", "n")
    assert sorted(rows) == [(Rung.STREET, Age.FRESH, 1), (Rung.CITY, Age.DAY, 1)]


def test_counting_again_replaces_the_last_count(city: Any, reported: Report) -> None:
    passage = reported(city.east)
    actions.tally(now=city.at())
    hand_over(passage=passage, to="discarded", by=city.qian, now=city.at(minutes=1))
    actions.tally(now=city.at(minutes=1))
    assert not LegTally.objects.exists()
    assert TallyRun.objects.latest("at").n_open == 0


def test_a_worker_that_comes_late_does_not_undo_a_newer_count(city: Any, reported: Report) -> None:
    reported(city.east)
    actions.tally(now=city.at(minutes=5))
    assert actions.tally(now=city.at(minutes=4)) is None
    assert TallyRun.objects.get().at == city.at(minutes=5)


def test_a_leg_nobody_answers_for_is_counted_apart(city: Any, reported: Report) -> None:
    city.qian.posts.update(to_at=city.at(hours=-1))
    reported(city.east)
    actions.tally(now=city.at())
    assert LegTally.objects.get(area=city.city).n_unowned == 1


def test_counting_takes_the_same_few_queries_whatever_the_size(
    city: Any, reported: Report, django_assert_max_num_queries: Any
) -> None:
    for area in city.cells:
        reported(area)
    with django_assert_max_num_queries(18):
        actions.tally(now=city.at())
