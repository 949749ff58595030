"""九不准: what no order may do, found in its measures; and what a lower level adds to the upper."""

from datetime import UTC, datetime, timedelta

import pytest

from tongchou import playbook
from tongchou.orders import layers, red_lines
from tongchou.orders.measures import Claim, Group, Kind

DAY = datetime(2022, 7, 1, tzinfo=UTC)
K, G = Kind, Group
BOOK = playbook.load("cn-2022-06")
LIMITS = red_lines.limits_of(BOOK)
CODES = tuple(line.code for line in BOOK.red_lines)


def claim(kind: Kind, *groups: Group, risk: str = "high", days: int = 5, amount: int = 0,
          spares: tuple[Group, ...] = (), order: str = "A", level: int = 0,
          area: str = "1/") -> Claim:  # fmt: skip
    return Claim(order, 1, kind, frozenset(groups), area, DAY, DAY + timedelta(days=days),
                 frozenset(spares), "", risk, amount, level=level)  # fmt: skip


def beyond(one: Claim) -> set[str]:
    return {breach.code for breach in red_lines.find([one], codes=CODES, limits=LIMITS)}


@pytest.mark.parametrize(
    ("code", "one"),
    [
        ("wider_area", claim(K.NO_EXIT, G.RESIDENTS, risk="low")),
        ("low_risk_restricted", claim(K.MUST_LEAVE, G.FROM_LOW_RISK)),
        ("longer_control", claim(K.STAY_HOME, G.RESIDENTS, days=8)),
        ("more_people", claim(K.SITE_QUARANTINE, G.RESIDENTS, amount=7)),
        ("more_people", claim(K.HOME_QUARANTINE, G.GENERAL_CONTACTS, amount=3)),
        ("longer_isolation", claim(K.SITE_QUARANTINE, G.CLOSE_CONTACTS, amount=14)),
        ("care_refused", claim(K.CARE_OFF, G.RESIDENTS)),
        ("care_refused", claim(K.TEST, G.DIALYSIS, amount=48)),
        ("students_isolated", claim(K.HOME_QUARANTINE, G.STUDENTS, amount=7)),
        ("checkpoints", claim(K.NO_ENTRY, G.FREIGHT, risk="medium")),
        ("places_closed", claim(K.SHOP_OFF, G.ENTERPRISES, risk="low")),
    ],
)
def test_each_red_line_has_an_order_beyond_it(code, one):
    assert code in beyond(one)


@pytest.mark.parametrize(
    "one",
    [
        claim(K.STAY_HOME, G.RESIDENTS, days=7),
        claim(K.SITE_QUARANTINE, G.CLOSE_CONTACTS, amount=10),
        claim(K.CARE_OFF, G.RESIDENTS, spares=(G.PATIENTS,)),
        claim(K.TEST, G.RESIDENTS, amount=48),
        claim(K.NO_ENTRY, G.FREIGHT),
        claim(K.SHOP_OFF, G.ENTERPRISES),
        claim(K.SITE_QUARANTINE, G.FROM_RISK, amount=7),
    ],
)
def test_what_the_playbook_itself_asks_is_beyond_no_red_line(one):
    assert beyond(one) == set()


def test_every_red_line_of_every_playbook_has_a_check():
    for name in playbook.shipped():
        codes = tuple(line.code for line in playbook.load(name).red_lines)
        assert red_lines.unchecked(codes) == ()


def test_a_playbook_without_red_lines_finds_none():
    assert red_lines.find([claim(K.CARE_OFF, G.RESIDENTS)], codes=(), limits=LIMITS) == ()


def test_a_red_line_without_a_check_is_told():
    assert red_lines.unchecked(("care_refused", "new_one")) == ("new_one",)


# --- 层层加码 -----------------------------------------------------------


def added(lower: Claim, upper: Claim) -> list[str]:
    return [one.code for one in layers.find([lower, upper])]


def test_a_county_that_asks_a_fresher_test_than_the_city_is_stricter():
    city = claim(K.TEST, G.FREIGHT, amount=48, order="city", level=2)
    county = claim(K.TEST, G.FREIGHT, amount=24, order="county", level=3, area="1/2/")
    assert added(county, city) == ["more"]


def test_a_county_that_keeps_people_longer_is_stricter():
    city = claim(K.HOME_QUARANTINE, G.FROM_RISK, amount=7, order="city", level=2)
    county = claim(K.HOME_QUARANTINE, G.FROM_RISK, amount=14, order="county", level=3, days=9)
    assert added(county, city) == ["longer", "more"]


def test_a_county_that_bars_those_of_whom_the_city_wants_a_test_goes_further():
    city = claim(K.TEST, G.FREIGHT, amount=48, order="city", level=2)
    county = claim(K.NO_ENTRY, G.DRIVERS, order="county", level=3, area="1/2/")
    assert added(county, city) == ["further"]


def test_a_county_that_takes_in_more_people_is_stricter():
    city = claim(K.NO_EXIT, G.CLOSE_CONTACTS, order="city", level=2)
    county = claim(K.NO_EXIT, G.RESIDENTS, order="county", level=3)
    assert added(county, city) == ["wider"]


def test_the_level_above_is_never_stricter_than_the_one_below():
    city = claim(K.TEST, G.FREIGHT, amount=24, order="city", level=2)
    county = claim(K.TEST, G.FREIGHT, amount=48, order="county", level=3, area="1/2/")
    assert added(county, city) == []


def test_milder_than_the_level_above_is_not_stricter():
    city = claim(K.NO_ENTRY, G.FREIGHT, order="city", level=2)
    county = claim(K.TEST, G.FREIGHT, amount=48, order="county", level=3, area="1/2/")
    assert added(county, city) == []


# --- one after the other --------------------------------------------


def piece(first: int, last: int, order: str = "A", area: str = "1/", **facts) -> Claim:
    """Kept at home from one day to another."""
    begin, end = DAY + timedelta(days=first), DAY + timedelta(days=last)
    whom = facts.pop("whom", G.RESIDENTS)
    kind, risk = facts.pop("kind", K.STAY_HOME), facts.pop("risk", "high")
    return Claim(order, first, kind, frozenset({whom}), area, begin, end, risk=risk, **facts)


def prolonged(one: Claim, *others: Claim, cases=()) -> bool:
    found = red_lines.find([one], codes=CODES, limits=LIMITS, beside=others, cases=cases)
    return "longer_control" in {breach.code for breach in found}


@pytest.mark.parametrize(
    "other",
    [
        piece(7, 14),  # of the same order, right after
        piece(7, 14, "B"),  # of another
        piece(5, 12, "B"),  # overlapping
        piece(7, 14, "B", area="1/2/"),  # for a part of it
        piece(7, 14, "B", whom=G.PUPILS),  # for some of them
        piece(-3, 0, "B"),  # before it
    ],
)
def test_two_controls_on_end_are_one_long_one(other):
    assert prolonged(piece(0, 7), other)


@pytest.mark.parametrize(
    "other",
    [
        piece(9, 16),  # after two days in which everybody could go out
        piece(7, 14, "B", area="2/"),  # somewhere else
        piece(7, 14, "B", whom=G.FREIGHT),  # for other people
        piece(0, 7, "B"),  # at the same time
        piece(7, 10, "B", kind=K.NO_EXIT, risk="medium"),  # the milder step that follows
    ],
)
def test_what_keeps_nobody_in_longer_is_no_long_control(other):
    assert not prolonged(piece(0, 7), other)


def test_a_piece_of_another_risk_between_two_makes_no_new_beginning():
    assert prolonged(piece(0, 7), piece(7, 8, risk="medium"), piece(8, 14))


def test_nobody_is_held_longer_where_two_parts_of_a_town_are_held_in_turn():
    town, before, after = piece(4, 6), piece(0, 4, area="1/2/"), piece(6, 10, area="1/3/")
    assert not prolonged(town, before, after)


def test_after_a_case_in_the_area_the_days_count_anew():
    later = piece(6, 13, "B")
    there, elsewhere = ("1/2/", DAY + timedelta(days=6)), ("2/", DAY + timedelta(days=6))
    assert not prolonged(later, piece(0, 7), cases=[there])
    assert prolonged(later, piece(0, 7), cases=[elsewhere])
