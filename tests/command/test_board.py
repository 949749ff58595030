"""The gap board: what is late, where, for how long, who answers; numbers with their time."""

from collections.abc import Callable
from typing import Any

import pytest

from tongchou.command import actions, board
from tongchou.command.board import Wanted
from tongchou.command.models import Age
from tongchou.ledger.actions import hand_over
from tongchou.ledger.models import Passage, Rung
from tongchou.ledger.sweeping import sweep

pytestmark = pytest.mark.django_db
Report = Callable[..., Passage]


@pytest.fixture
def gaps(city: Any, reported: Report) -> list[Passage]:
    """At noon: two old gaps in the east, one fresh one in the west, all waiting for the CDC."""
    late = [reported(city.cells[0]), reported(city.cells[2]), reported(city.west, hours=1)]
    for hours in (2, 4):
        sweep(now=city.at(hours=hours))
    actions.tally(now=city.at(hours=4))
    return late


def titles(city: Any, area: Any, wanted: Wanted = Wanted(), **query: str) -> list[str]:  # noqa: B008
    now = city.at(hours=4)
    return [row.title for row in board.page(area, wanted, query=query, now=now).rows]


def facet(city: Any, area: Any, name: str, wanted: Wanted = Wanted()) -> dict[Any, int]:  # noqa: B008
    counted = board.counts(area, wanted, now=city.at(hours=4))
    return {choice.value: choice.n for choice in counted.facets[name]}


def test_the_oldest_gap_stands_first(city: Any, gaps: list[Passage]) -> None:
    assert titles(city, city.city) == ["C-1", "C-2", "C-3"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("990102", ["C-1", "C-2"]),  # a district
        ("990102001", ["C-1"]),  # a street
        ("990102001001", ["C-1"]),  # a community
        ("990103", ["C-3"]),
    ],
)
def test_an_area_shows_its_own_gaps_and_those_below(
    city: Any, gaps: list[Passage], code: str, shown: list[str]
) -> None:
    assert titles(city, city.area(code)) == shown
    assert board.counts(city.area(code), Wanted(), now=city.at(hours=4)).total == len(shown)


def test_a_second_city_keeps_its_gaps_to_itself(city: Any, gaps: list[Passage]) -> None:
    from tongchou.areas.models import Area

    other = Area.objects.create(code="991100", name="邻市", level=2, path="991100/")
    assert titles(city, other) == []
    assert len(titles(city, city.city)) == 3


def test_every_filter_narrows_the_list(city: Any, gaps: list[Passage]) -> None:
    assert titles(city, city.city, Wanted(age=Age.HOURS)) == ["C-1", "C-2"]
    assert titles(city, city.city, Wanted(age=Age.FRESH)) == ["C-3"]
    assert titles(city, city.city, Wanted(owner="tracer")) == []
    assert len(titles(city, city.city, Wanted(loop="case_report", stage="reported"))) == 3
    assert titles(city, city.city, Wanted(rung=Rung.CITY)) == []


def test_counts_stand_beside_every_filter(city: Any, gaps: list[Passage]) -> None:
    assert facet(city, city.city, "age") == {Age.FRESH: 1, Age.HOURS: 2}
    assert facet(city, city.city, "owner") == {"cdc": 3}


def test_a_filter_counts_with_the_other_filters_applied(city: Any, gaps: list[Passage]) -> None:
    wanted = Wanted(age=Age.HOURS)
    assert facet(city, city.city, "owner", wanted) == {"cdc": 2}
    assert facet(city, city.city, "age", wanted) == {Age.FRESH: 1, Age.HOURS: 2}


def test_a_chosen_filter_stays_visible_at_zero(city: Any, gaps: list[Passage]) -> None:
    assert facet(city, city.city, "owner", Wanted(owner="tracer")) == {"cdc": 3, "tracer": 0}


def test_the_parts_of_an_area_are_told_worst_first(city: Any, gaps: list[Passage]) -> None:
    parts = board.counts(city.city, Wanted(), now=city.at(hours=4)).parts
    assert [(part.area.name, part.n) for part in parts] == [("河东区", 2), ("河西区", 1)]


def test_numbers_say_when_they_were_true(city: Any, gaps: list[Passage]) -> None:
    counted = board.counts(city.city, Wanted(), now=city.at(hours=5))
    assert (counted.at, counted.oldest_at) == (city.at(hours=4), city.at(hours=2))


def test_below_the_street_the_count_is_live(city: Any, gaps: list[Passage]) -> None:
    assert board.counts(city.cells[0], Wanted(), now=city.at(hours=5)).at == city.at(hours=5)


def test_before_the_first_count_the_numbers_are_missing_not_zero(city: Any) -> None:
    assert board.counts(city.city, Wanted(), now=city.at()).at is None


def test_a_row_says_who_answers_and_what_to_do(city: Any, gaps: list[Passage]) -> None:
    row = board.page(city.city, Wanted(), query={}, now=city.at(hours=4)).rows[0]
    assert (row.unit, row.words.owner, row.area_name) == ("市疾控中心", "CDC", "渡口一格")
    assert (row.words.ways, row.rung_label) == ("verified / discarded", "street")


def test_a_closed_gap_leaves_the_list_at_once(city: Any, gaps: list[Passage]) -> None:
    hand_over(passage=gaps[0], to="verified", by=city.qian, now=city.at(hours=4))
    assert titles(city, city.city) == ["C-2", "C-3"]


def test_pages_follow_one_another_without_holes(city: Any, gaps: list[Passage]) -> None:
    first = board.page(city.city, Wanted(), query={}, now=city.at(hours=4), size=2)
    then = board.page(city.city, Wanted(), query=first.next, now=city.at(hours=4), size=2)
    assert [row.title for row in [*first.rows, *then.rows]] == ["C-1", "C-2", "C-3"]


def test_gaps_held_by_a_unit_are_those_that_climbed_to_it(city: Any, gaps: list[Passage]) -> None:
    units = frozenset([city.duty_street.posts.get().unit_id])
    assert [gap.handoff.passage.title for gap in board.held_by(units)] == ["C-1"]


@pytest.mark.parametrize("code", ["990100", "990102", "990102001"])
def test_the_board_takes_the_same_queries_at_every_level(
    city: Any, gaps: list[Passage], django_assert_max_num_queries: Any, code: str
) -> None:
    with django_assert_max_num_queries(8):
        board.counts(city.area(code), Wanted(), now=city.at(hours=4))
        board.page(city.area(code), Wanted(), query={}, now=city.at(hours=4))
