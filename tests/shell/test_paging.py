"""Pages that neither skip nor repeat while rows come and go."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import BadRequest

from tongchou.areas.models import Area, Level
from tongchou.shell import paging

ORDER = ("level", "code")


def add(code: str, level: int = Level.CITY) -> None:
    Area.objects.create(code=code, name=code, level=level, path=f"{code}/")


def page(query: Any, order: tuple[str, ...] = ORDER, size: int = 3) -> paging.Page[Area]:
    return paging.keyset(Area.objects.all(), order=order, query=query, size=size)


def codes(sheet: paging.Page[Area]) -> list[str]:
    return [row.code for row in sheet.rows]


@pytest.fixture
def eight(db: None) -> list[str]:
    names = [f"A{n}" for n in range(1, 9)]
    for n, code in enumerate(names):
        add(code, Level.CITY if n < 4 else Level.DISTRICT)
    return names


def test_all_rows_come_once_in_order(eight: list[str]) -> None:
    seen, query = [], {}
    for _page in range(3):
        sheet = page(query)
        seen += codes(sheet)
        query = sheet.next or {}
    assert seen == eight and query == {}


def test_the_way_back_leads_over_the_same_rows(eight: list[str]) -> None:
    second = page(page({}).next)
    assert codes(page(second.previous)) == eight[:3]
    assert page(second.previous).previous is None


def test_a_row_that_moves_away_above_skips_nobody(eight: list[str]) -> None:
    first = page({})
    Area.objects.filter(code="A1").update(level=Level.GRID)
    assert codes(page(first.next)) == eight[3:6]


def test_downwards_works_too(eight: list[str]) -> None:
    first = page({}, order=("-level", "-code"))
    assert codes(first) == ["A8", "A7", "A6"]
    assert codes(page(first.next, order=("-level", "-code"))) == ["A5", "A4", "A3"]


def test_a_page_that_is_exactly_full_has_no_next(eight: list[str]) -> None:
    assert page({}, size=8).next is None
    assert page({}, size=8).previous is None


@pytest.mark.parametrize("broken", ["x", "bnVsbA", "WzEsMiwzXQ", "WyJ4IiwieSJd", "8J-YgA"])
def test_a_broken_address_is_refused_with_advice(eight: list[str], broken: str) -> None:
    with pytest.raises(BadRequest, match="start at the first page"):
        page({"after": broken})


def test_times_pass_through_the_address_whole() -> None:
    values = [datetime(2022, 4, 3, 12, 0, 0, 123456, tzinfo=UTC), date(2022, 4, 3), 7, "A1"]
    assert paging._unpack(paging._pack(values), 4) == values


def test_numbered_pages_know_where_they_are() -> None:
    sheet = paging.numbered(list(range(120)), query={"page": "2"})
    assert (sheet.first_row, sheet.last_row, sheet.total) == (51, 100, 120)
    assert (sheet.previous, sheet.next) == ({"page": "1"}, {"page": "3"})


def test_a_page_number_past_the_end_shows_the_last() -> None:
    assert paging.numbered(list(range(10)), query={"page": "99"}).rows == list(range(10))


def test_the_pager_keeps_filters_and_leads_on(show: Callable[..., str], eight: list[str]) -> None:
    html = show("{% pager page '#list' %}", url="/?stage=late&after=x", page=page({}))
    assert 'href="?stage=late&amp;after=' in html and 'hx-target="#list"' in html
    assert 'rel="prev"' not in html


def test_a_single_short_page_needs_no_pager(show: Callable[..., str]) -> None:
    assert "<nav" not in show("{% pager page %}", page=paging.Page([1, 2], None, None))
