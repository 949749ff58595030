import numpy as np
import pytest

from tests.epi.trace.cities import cases_of, city_of
from tongchou.epi.trace import contacts, kinds
from tongchou.epi.trace.rules import Rule, classify

LI, LIN, ZHAO = 0, 1, 2
DAY = (LI, 0, 1440)


def judged(place_kinds, *stays, rules=None):
    """The pair of Li and Lin, who were together at these (place, start, minutes)."""
    both = [(who, *stay) for stay in stays for who in (LI, LIN)]
    pairs = contacts.of_cases(city_of(both, place_kinds), cases_of(DAY), min_minutes=1)
    return classify(pairs, *([] if rules is None else [rules])), pairs


def test_a_minute_at_home_makes_a_close_contact():
    found, _ = judged([kinds.HOME], (0, 600, 1))
    assert found.tier(0) == "close"


def test_an_hour_in_one_workplace_makes_a_close_contact():
    found, pairs = judged([kinds.WORK], (0, 600, 60))
    assert found.reason(pairs, 0) == (
        "shared a closed workplace or class: 60 min together, met once (rule: 60 min)"
    )


def test_a_minute_less_makes_a_general_contact():
    found, pairs = judged([kinds.WORK], (0, 600, 59))
    assert found.tier(0) == "general"
    assert found.reason(pairs, 0, "zh").startswith("同乘交通工具或同处一地：共 59 分钟")


def test_a_market_is_no_shared_room():
    found, _ = judged([kinds.SHOP], (0, 600, 300))
    assert found.tier(0) == "general"


def test_a_rule_counts_only_the_minutes_of_its_own_kinds():
    rules = (Rule("close", "同餐", "shared a meal", ("restaurant",), min_minutes=30),)
    found, pairs = judged([kinds.RESTAURANT, kinds.SHOP], (0, 600, 20), (1, 700, 20), rules=rules)
    assert pairs.minutes.tolist() == [40]
    assert found.tier(0) == ""


def test_minutes_in_shared_rooms_of_any_kind_add_up():
    found, pairs = judged([kinds.VEHICLE, kinds.WORK], (0, 480, 30), (1, 540, 30))
    assert found.reason(pairs, 0).startswith("shared rooms or vehicles: 60 min together, met 2")


def test_the_first_rule_that_fits_decides():
    found, _ = judged([kinds.HOME, kinds.SHOP], (0, 60, 5), (1, 600, 500))
    assert found.rule.tolist() == [0]


def test_minutes_by_kind_are_kept_apart():
    _, pairs = judged([kinds.HOME, kinds.WORK], (0, 60, 5), (1, 600, 500))
    by_kind = np.zeros(16, int)
    by_kind[kinds.HOME.number], by_kind[kinds.WORK.number] = 5, 500
    assert pairs.minutes_by_kind[0].tolist() == by_kind.tolist()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kinds": ("volcano",)}, "no kind of place 'volcano'"),
        ({"kinds": ("home",), "shared_room": True}, "not both"),
        ({"min_minutes": 0}, "at least one minute"),
        ({"tier": "secondary"}, "close or general"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        Rule(**{"tier": "close", "zh": "同住", "en": "shared a home"} | wrong)
