"""The same problem from several counties is proposed, and a person decides."""

from typing import Any

import pytest

from tongchou.lists import likeness
from tongchou.lists.actions import common, problems
from tongchou.lists.errors import Refused
from tongchou.lists.models import Common, Likeness, Problem
from tongchou.lists.queries.common import groups
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db

BUSES = "转运车辆不足，夜间密接等待转运超过两小时"
BUSES_TOO = "夜间转运车辆不足，密接等待超过两小时"
QUEUE = "采样点排队过长，群众在雨中等候"


def problem(city: Any, area: Any, title: str, **more: Any) -> Problem:
    return problems.raise_problem(
        title=title, what=title, area=area, found_by="self", by=city.qian, now=city.at(), **more
    )


@pytest.fixture
def three(city: Any) -> list[Problem]:
    return [
        problem(city, city.east, BUSES),
        problem(city, city.west, BUSES_TOO),
        problem(city, city.west, QUEUE),
    ]


def proposed(city: Any) -> list[Any]:
    return groups(scope_of(city.duty_city, now=city.at()))


def test_the_same_problem_of_two_counties_is_proposed(city: Any, three: Any) -> None:
    assert common.look(now=city.at()) == 1
    (group,) = proposed(city)
    assert (list(group.problems), group.n_areas) == (three[:2], 2)


def test_looking_twice_proposes_nothing_twice(city: Any, three: Any) -> None:
    common.look(now=city.at())
    assert common.look(now=city.at(hours=1)) == 0


def test_problems_of_one_county_are_not_paired(city: Any) -> None:
    problem(city, city.east, BUSES)
    problem(city, city.area("990102002"), BUSES_TOO)
    assert common.look(now=city.at()) == 0


def test_a_confirmed_group_is_one_problem_of_the_city(city: Any, three: Any) -> None:
    common.look(now=city.at())
    made = common.confirm(
        problems=three[:2],
        title="夜间转运车辆不足",
        area=city.city,
        by=city.duty_city,
        now=city.at(),
    )
    assert (made.number, made.problem.area) == ("C-990100-0001", city.city)
    assert set(made.problems.all()) == set(three[:2])
    assert {row.passage_id for row in made.problem.evidence.all()} == {
        each.passage_id for each in three[:2]
    }
    assert proposed(city) == []


def test_a_rejected_pair_is_not_proposed_again(city: Any, three: Any) -> None:
    common.look(now=city.at())
    common.reject(problems=three[:2], by=city.duty_city, now=city.at())
    common.look(now=city.at(hours=1))
    assert proposed(city) == []
    assert Likeness.objects.get().verdict == "different"


def test_a_third_county_joins_the_common_problem(city: Any, three: Any) -> None:
    common.look(now=city.at())
    made = common.confirm(
        problems=three[:2], title="车辆不足", area=city.city, by=city.duty_city, now=city.at()
    )
    late = problem(city, city.area("990102002"), BUSES_TOO + "，群众反映强烈")
    common.look(now=city.at(hours=1))
    (group,) = proposed(city)
    assert group.common == made
    common.confirm(
        problems=group.problems, title="", area=city.city, by=city.duty_city, now=city.at(hours=1)
    )
    late.refresh_from_db()
    assert (late.common, Common.objects.count()) == (made, 1)


def test_what_is_taken_out_is_not_proposed_for_it_again(city: Any, three: Any) -> None:
    common.look(now=city.at())
    common.confirm(problems=three[:2], title="车", area=city.city, by=city.duty_city, now=city.at())
    three[1].refresh_from_db()
    common.take_out(problem=three[1], by=city.duty_city, now=city.at(hours=1))
    common.look(now=city.at(hours=2))
    assert proposed(city) == []


def test_one_county_has_no_common_problem(city: Any, three: Any) -> None:
    with pytest.raises(Refused):
        common.confirm(
            problems=three[1:], title="两件事", area=city.city, by=city.duty_city, now=city.at()
        )


def test_the_same_cause_brings_problems_nearer() -> None:
    assert likeness.combined(0.4, same_cause=False, same_evidence=False) == 0.4
    assert likeness.combined(0.4, same_cause=True, same_evidence=True) == pytest.approx(0.58)


def test_planted_repeats_are_found_among_thousands() -> None:
    words = ["转运", "采样", "隔离", "流调", "保供", "物资", "消杀", "协查", "赋码", "台账"]
    faults = ["不足", "迟报", "漏登", "补填", "无人值守", "口径不一", "重复填表", "未培训"]
    texts = [
        f"{words[i % 10]}{words[i // 10 % 10]}{faults[i // 100 % 8]}第{chr(0x4E00 + i)}处"
        f"{chr(0x5E00 + 7 * i % 900)}{chr(0x6E00 + 11 * i % 900)}{chr(0x7E00 + 13 * i % 900)}"
        for i in range(3000)
    ]
    repeats = [text[:6] + "仍然" + text[6:] for text in texts[:50]]
    one, other, _score = likeness.alike(
        texts + repeats, [0] * len(texts) + [1] * len(repeats), least=0.5
    )
    found = set(zip(one.tolist(), other.tolist(), strict=True))
    assert sum((i, 3000 + i) in found for i in range(50)) >= 48
