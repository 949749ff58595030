"""制度: an area has hours of its own; they hold there, and leave the others alone."""

from typing import Any

import pytest

from tongchou import playbook
from tongchou.areas.models import Area, Level
from tongchou.ledger import actions, adoption, policy
from tongchou.ledger.bulk import Subject, start_many
from tongchou.ledger.errors import LedgerError, Outrun
from tongchou.ledger.models import Adoption, Gap, Passage
from tongchou.ledger.sweeping import sweep

pytestmark = pytest.mark.django_db
BOOK = playbook.load("cn-2022-06")


def own(area: Any, war: str, *, peace: str = "", stage: str = "reported") -> str:
    """Cases of one area are reported within other hours."""
    return f"""
[area.{area.code}]
title = {{ zh = "{area.name}", en = "{area.name}" }}

[area.{area.code}.deadlines.case_report]
{stage} = {{ peace = "{peace or war}", war = "{war}", source = "制度", truth = "verified" }}
"""


def put_forward(city: Any, name: str, more: str, *, base: str = "", hours: float = 0) -> Adoption:
    text = (base or BOOK.text).replace(f'id = "{BOOK.id}"', f'id = "{name}"', 1) + more
    return adoption.propose(text=text, reason="制度", by=city.mayor, now=city.at(hours=hours))


def adopted(city: Any, proposal: Adoption, *, hours: float = 0) -> Any:
    return adoption.adopt(adoption=proposal, by=city.gao, now=city.at(hours=hours))


def case_in(city: Any, area: Any, case_report: Any, *, hours: float = 0) -> Passage:
    now = city.at(hours=hours)
    return actions.start(loop=case_report, area=area, title="C", by=city.qian, now=now)


def due(passage: Passage) -> Any:
    return passage.handoffs.get(done_at=None).due_at


def test_a_new_leg_is_due_by_the_hours_of_its_area(city: Any, case_report: Any) -> None:
    adopted(city, put_forward(city, "own", own(city.east, "17m")))
    here = case_in(city, city.community, case_report, hours=1)
    there = case_in(city, city.west, case_report, hours=1)
    assert due(here) == city.at(hours=1, minutes=17)
    assert due(there) == city.at(hours=1) + BOOK.deadline("case_report", "reported").peace


def test_adopting_moves_the_open_legs_of_that_area_alone(city: Any, case_report: Any) -> None:
    here = case_in(city, city.community, case_report)
    there = case_in(city, city.west, case_report)
    before = due(there)
    moved = adopted(city, put_forward(city, "own", own(city.east, "17m")))
    assert moved.n_legs == 1
    assert (due(here), due(there)) == (city.at(minutes=17), before)


def test_the_street_goes_before_its_district(city: Any, case_report: Any) -> None:
    here = case_in(city, city.community, case_report)
    more = own(city.east, "17m") + own(city.area("990102001"), "9m")
    adopted(city, put_forward(city, "own", more))
    assert due(here) == city.at(minutes=9)


def test_many_started_at_once_have_the_hours_of_their_areas(city: Any, case_report: Any) -> None:
    adopted(city, put_forward(city, "own", own(city.east, "17m")))
    areas = (city.community, city.west)
    subjects = [Subject(area=a.code, area_path=a.path, title="C") for a in areas]
    ids = start_many(loop=case_report, subjects=subjects, by=city.qian, now=city.at(hours=1))
    assert due(Passage.objects.get(pk=ids[0])) == city.at(hours=1, minutes=17)
    assert due(Passage.objects.get(pk=ids[1])) > city.at(hours=1, minutes=17)


def test_longer_hours_close_the_gap_they_excuse(city: Any, case_report: Any) -> None:
    case_in(city, city.community, case_report)
    sweep(now=city.at(hours=30))
    assert Gap.objects.filter(closed_at=None).count() == 1
    adopted(city, put_forward(city, "own", own(city.east, "3d"), hours=30), hours=30)
    assert Gap.objects.get().reason == Gap.Reason.PLAYBOOK


def test_an_area_that_is_not_here_is_refused(city: Any) -> None:
    text = own(city.east, "17m").replace(city.east.code, "999999")
    with pytest.raises(LedgerError, match="999999"):
        put_forward(city, "own", text)


def test_the_rules_of_two_counties_side_by_side_both_count(city: Any, case_report: Any) -> None:
    east = put_forward(city, "own-east", own(city.east, "17m"))
    west = put_forward(city, "own-west", own(city.west, "19m"))
    adopted(city, east)
    adopted(city, west, hours=1)
    assert due(case_in(city, city.community, case_report, hours=2)) == city.at(hours=2, minutes=17)
    assert due(case_in(city, city.west, case_report, hours=2)) == city.at(hours=2, minutes=19)
    west.refresh_from_db()
    assert playbook.parse(west.text).areas.keys() == {city.east.code, city.west.code}


def test_two_that_settle_the_same_hours_otherwise_are_not_both_adopted(city: Any) -> None:
    first = put_forward(city, "first", own(city.east, "17m"))
    second = put_forward(city, "second", own(city.east, "19m"))
    adopted(city, first)
    with pytest.raises(Outrun, match="first.*河东区"):
        adopted(city, second, hours=1)
    assert policy.in_force(city.at(hours=2)).id == "first"


def two_counties(city: Any) -> tuple[Adoption, Adoption]:
    east = put_forward(city, "own-east", own(city.east, "17m"))
    return east, put_forward(city, "own-west", own(city.west, "19m"))


@pytest.mark.parametrize("hours", [1, 0.5])
def test_nobody_adopts_what_would_not_be_in_force(city: Any, hours: float) -> None:
    """Two press at once: who waited for the other has an older clock, or an older number."""
    east, west = two_counties(city)
    adopted(city, west, hours=1)
    with pytest.raises(Outrun, match="meanwhile"):
        adopted(city, east, hours=hours)
    adopted(city, east, hours=1.5)
    assert policy.in_force(city.at(hours=2)).areas.keys() == {city.east.code, city.west.code}


def test_what_an_adopted_proposal_changed_is_told_from_its_base(city: Any) -> None:
    east, west = two_counties(city)
    adopted(city, east)
    adopted(city, west, hours=1)
    west.refresh_from_db()
    changes = playbook.difference(policy.of(west.base), policy.of(west))
    assert [c.path for c in changes if not c.only_provenance] == [
        f"area.{city.west.code}.title",
        f"area.{city.west.code}.deadlines.case_report.reported",
    ]


def test_a_city_may_have_more_areas_with_their_own_hours_than_a_statement_has_arguments(
    city: Any, case_report: Any
) -> None:
    codes = [f"9901028{n:02}" for n in range(100)] + [f"9901027{n:02}" for n in range(60)]
    streets = [
        Area(
            code=code,
            name=code,
            level=Level.STREET,
            parent=city.east,
            path=f"{city.east.path}{code}/",
        )
        for code in codes
    ]
    Area.objects.bulk_create(streets)
    here = case_in(city, streets[-1], case_report)
    rules = "".join(own(street, f"{n}m") for n, street in enumerate(streets, 10))
    adopted(city, put_forward(city, "own", rules + own(city.east, "3m")))
    assert due(here) == city.at(minutes=169)


def test_a_leg_that_moves_names_the_clause_it_is_due_by_now(city: Any, case_report: Any) -> None:
    here = case_in(city, city.community, case_report)
    more = own(city.east, "17m").replace('truth = "verified"', 'truth = "verified", clause = "三"')
    adopted(city, put_forward(city, "own", more))
    assert here.handoffs.get(done_at=None).clause == "三"
