"""What is late climbs from street to district to city until somebody closes it."""

from typing import Any

import pytest

from tongchou.ledger import actions, queries
from tongchou.ledger.models import Gap, Passage
from tongchou.ledger.sweeping import Swept, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city: Any, case_report: Any) -> Passage:
    """A case reported in the harbour community, due for verification after two hours."""
    return actions.start(
        loop=case_report, area=city.community, title="C-1", by=city.qian, now=city.at()
    )


def test_what_is_not_due_is_no_gap(city: Any, report: Passage) -> None:
    assert sweep(now=city.at(hours=1)) == Swept(0, 0)


def test_a_late_hand_over_opens_a_gap_in_its_street(city: Any, report: Passage) -> None:
    assert sweep(now=city.at(hours=2, minutes=1)).n_raised == 1
    gap = queries.open_gaps().get()
    assert (gap.rung, gap.unit.name) == (0, "码头街道办")
    assert gap.opened_at == city.at(hours=2)


def test_a_gap_climbs_to_district_and_city(city: Any, report: Passage) -> None:
    holders = []
    for hours in (3, 7, 11):
        sweep(now=city.at(hours=hours))
        holders.append(Gap.objects.get().unit.name)
    assert holders == ["码头街道办", "河东区指挥部", "市指挥部"]


def test_a_street_without_a_duty_officer_leaves_the_gap_to_the_district(
    city: Any, report: Passage
) -> None:
    city.duty_street.posts.update(to_at=city.at(days=-1))
    sweep(now=city.at(hours=3))
    assert Gap.objects.get().unit.name == "河东区指挥部"


def test_sweeping_twice_changes_nothing(city: Any, report: Passage) -> None:
    sweep(now=city.at(days=1))
    before = list(Gap.objects.values())
    assert sweep(now=city.at(days=1)) == Swept(0, 0)
    assert list(Gap.objects.values()) == before


def test_a_sweep_that_comes_late_reaches_the_same_rung(city: Any, report: Passage) -> None:
    sweep(now=city.at(days=9))
    assert Gap.objects.get().rung == 2


def test_handing_over_closes_the_gap_and_keeps_it_in_the_record(city: Any, report: Passage) -> None:
    sweep(now=city.at(days=1))
    actions.hand_over(passage=report, to="verified", by=city.qian, now=city.at(days=1))
    gap = Gap.objects.get()
    assert (gap.closed_at, gap.reason) == (city.at(days=1), Gap.Reason.HANDED_OVER)


def test_lateness_is_computed_and_never_stored(city: Any, report: Passage) -> None:
    assert not queries.late(now=city.at(hours=1)).exists()
    assert queries.late(now=city.at(hours=2)).get().passage == report
