"""What was measured stands beside its target; who still waits too long is not forgotten."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from tongchou import playbook
from tongchou.command import timeliness
from tongchou.ledger.actions import hand_over, start
from tongchou.tracing.loops import INVESTIGATION

pytestmark = pytest.mark.django_db
BOOK = playbook.load("cn-2022-06")
DAY = date(2022, 7, 1)
HOUR = 3600.0
RECEIVED = (("notified", 1.0), ("located", 2.0))


def measured(city: Any, name: str, *, hours: float = 48, path: str = "") -> timeliness.Measured:
    rows = timeliness.measure(path=path, since=DAY, until=DAY, book=BOOK, now=city.at(hours=hours))
    return next(row for row in rows if row.name == name)


def test_contacts_are_timed_from_the_list_to_the_quarantine_site(
    city: Any, contact_of: Callable[..., Any]
) -> None:
    for hours in (6.0, 7.0, 20.0):
        contact_of(city.east, *RECEIVED, ("received", hours))
    row = measured(city, "close_contacts_quarantined")
    assert (row.n, row.n_in_time, row.median_s) == (3, 2, 7 * HOUR)
    assert row.share == pytest.approx(2 / 3) and row.met is False


def test_each_tier_has_its_own_target(city: Any, contact_of: Callable[..., Any]) -> None:
    contact_of(city.east, *RECEIVED, ("received", 10.0), tier="secondary")
    assert measured(city, "close_contacts_quarantined").n == 0
    row = measured(city, "secondary_contacts_quarantined")
    assert (row.n, row.n_in_time, row.within_s) == (1, 1, 12 * HOUR)


def test_who_still_waits_past_the_target_counts_as_too_late(
    city: Any, contact_of: Callable[..., Any]
) -> None:
    contact_of(city.east, ("notified", 1.0))
    row = measured(city, "close_contacts_quarantined", hours=9)
    assert (row.n, row.n_too_late, row.n_waiting, row.share) == (0, 1, 0, 0.0)


def test_who_still_waits_in_time_does_not_count_yet(
    city: Any, contact_of: Callable[..., Any]
) -> None:
    contact_of(city.east, ("notified", 1.0))
    row = measured(city, "close_contacts_quarantined", hours=3)
    assert (row.n_too_late, row.n_waiting, row.share, row.met) == (0, 1, None, None)


def test_a_contact_who_was_none_after_all_counts_nowhere(
    city: Any, contact_of: Callable[..., Any]
) -> None:
    contact_of(city.east, ("dismissed", 1.0))
    row = measured(city, "close_contacts_quarantined")
    assert (row.n, row.n_too_late, row.n_waiting) == (0, 0, 0)


def test_core_facts_are_timed_through_the_investigation_that_the_case_caused(
    city: Any, case_of: Callable[..., Any]
) -> None:
    case = case_of(city.east)
    inquiry = start(
        loop=INVESTIGATION,
        area=city.east,
        title="I-1",
        by=city.wu,
        now=city.at(hours=1),
        caused_by=case.passage,
    )
    hand_over(passage=inquiry, to="core_known", by=city.wu, now=city.at(hours=3))
    row = measured(city, "core_facts")
    assert (row.n, row.median_s, row.met) == (1, 3 * HOUR, True)


def test_what_is_known_by_the_day_is_counted_in_days(
    city: Any, case_of: Callable[..., Any]
) -> None:
    case_of(city.east, onset_on=DAY - timedelta(days=5), sampled_on=DAY - timedelta(days=1))
    detect, report = measured(city, "detect"), measured(city, "report")
    assert (detect.in_days, detect.median_s, detect.met) == (True, 4 * 24 * HOUR, True)
    assert (report.n_in_time, report.share) == (0, 0.0)  # two hours by the day are the same day


def test_what_ended_before_it_began_is_not_in_time(city: Any, case_of: Callable[..., Any]) -> None:
    case_of(city.east, onset_on=DAY - timedelta(days=2), sampled_on=DAY)
    case_of(city.east, onset_on=DAY + timedelta(days=3), sampled_on=DAY)
    detect = measured(city, "detect")
    assert (detect.n, detect.n_in_time, detect.n_backwards) == (1, 1, 1)
    assert detect.median_s == 2 * 24 * HOUR


def test_a_discarded_case_counts_nowhere(city: Any, case_of: Callable[..., Any]) -> None:
    case_of(city.east, sampled_on=DAY, classification="discarded")
    assert measured(city, "report").n == 0


def test_only_the_area_and_below_is_measured(city: Any, case_of: Callable[..., Any]) -> None:
    case_of(city.cells[0], sampled_on=DAY)
    assert measured(city, "report", path=city.east.path).n == 1
    assert measured(city, "report", path=city.west.path).n == 0


def test_a_target_the_records_cannot_answer_says_so(city: Any) -> None:
    assert measured(city, "risk_areas_published").known is False


def test_seven_one_seven_is_measured_under_every_playbook(city: Any) -> None:
    for name in playbook.shipped():
        assert set(timeliness.SEVEN_ONE_SEVEN) <= set(timeliness.targets(playbook.load(name)))
