"""Taking people in, sending them on, and letting them go: never between two pairs of hands."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from tongchou.ledger import queries as ledger
from tongchou.ledger.errors import WrongOutcome
from tongchou.quarantine import actions, queries
from tongchou.quarantine.actions import stays
from tongchou.quarantine.errors import NeedsReason, ReleaseRefused, SiteFull, SiteUnsafe
from tongchou.quarantine.models import ChangeKind, DueTest

pytestmark = pytest.mark.django_db


def take_all_tests(stay: Any, *, by: Any, now: Any) -> None:
    DueTest.objects.filter(order=stay.order).update(result="negative", done_at=now, done_by=by)


def test_a_person_is_the_sites_only_when_the_site_receives_them(city: Any, received: Any) -> None:
    was, now_at = ledger.timeline(received.passage).exclude(outcome="awaiting_transfer")
    assert (was.stage, was.outcome, was.done_by) == ("awaiting_transfer", "in_facility", city.hua)
    assert (now_at.owner, now_at.unit.name) == ("quarantine_site", "江滨隔离点")


def test_the_desk_of_the_sites_area_has_the_person(city: Any, received: Any) -> None:
    assert received.passage.area == city.east
    assert received.order.area == city.community


def test_the_clock_in_the_facility_runs_from_the_end_of_its_days(city: Any, received: Any) -> None:
    leg = received.passage.handoffs.get(done_at=None)
    assert leg.timed_from == received.order.home_from_at
    assert leg.due_at == city.at(days=6, hours=16 + 12)


def test_a_full_site_takes_nobody(city: Any, received: Any, site: Any, stay: Any) -> None:
    actions.receive(stay=stay(), place=site, room="0302", by=city.hua, now=city.at(hours=3))
    third = stay()
    with pytest.raises(SiteFull, match=r"2 of 2"):
        actions.receive(stay=third, place=site, by=city.hua, now=city.at(hours=3))
    assert queries.n_in(site) == 2


def test_somebody_else_may_sign_for_one_more(city: Any, site: Any, stay: Any) -> None:
    for room in ("0301", "0302"):
        actions.receive(stay=stay(), place=site, room=room, by=city.hua, now=city.at(hours=3))
    third = stay()
    with pytest.raises(SiteFull):
        actions.receive(stay=third, place=site, by=city.hua, signer=city.hua, now=city.at(hours=3))
    actions.receive(stay=third, place=site, by=city.hua, signer=city.qian, now=city.at(hours=3))
    assert queries.n_in(site) == 3


def test_no_signature_opens_a_site_without_a_valid_certificate(
    city: Any, site: Any, stay: Any
) -> None:
    actions.certify(
        place=site, certificate="房安 2021-7", until=date(2022, 6, 30), by=city.qian, now=city.at()
    )
    with pytest.raises(SiteUnsafe, match="ran out"):
        actions.receive(stay=stay(), place=site, by=city.hua, signer=city.mayor, now=city.at())


def test_on_the_last_day_of_its_certificate_a_site_is_still_open(
    city: Any, site: Any, stay: Any
) -> None:
    actions.certify(
        place=site, certificate="房安 2021-7", until=date(2022, 7, 1), by=city.qian, now=city.at()
    )
    actions.receive(stay=stay(), place=site, by=city.hua, now=city.at(hours=1))
    assert queries.n_in(site) == 1


def test_going_home_before_the_facility_days_are_over_needs_a_reason(
    city: Any, received: Any
) -> None:
    with pytest.raises(NeedsReason):
        actions.move_home(stay=received, by=city.chen, now=city.at(days=2))
    actions.move_home(
        stay=received, by=city.chen, now=city.at(days=2), reason=stays.HomeReason.CARE
    )
    assert received.passage.stage == "at_home"


def test_at_home_the_community_answers_until_the_order_ends(city: Any, received: Any) -> None:
    actions.move_home(stay=received, by=city.chen, now=city.at(days=7))
    leg = received.passage.handoffs.get(done_at=None)
    assert (leg.owner, leg.area_path) == ("community", city.community.path)
    assert leg.timed_from == received.order.to_at
    assert received.place is None


def test_nobody_is_released_before_the_end(city: Any, received: Any) -> None:
    take_all_tests(received, by=city.hua, now=city.at(days=9))
    with pytest.raises(ReleaseRefused, match=r"2022-07-10 24:00"):
        actions.release(stay=received, by=city.hua, now=city.at(days=9))


def test_nobody_is_released_without_their_tests(city: Any, received: Any) -> None:
    with pytest.raises(ReleaseRefused, match="test of day 10: no result yet"):
        actions.release(stay=received, by=city.hua, now=city.at(days=10))


def test_with_the_end_reached_and_the_tests_negative_they_go(city: Any, received: Any) -> None:
    take_all_tests(received, by=city.hua, now=city.at(days=9))
    actions.release(stay=received, by=city.hua, now=city.at(days=9, hours=16))
    assert received.passage.closed_at == city.at(days=9, hours=16)
    assert ledger.holder(received.passage.person_key) is None


def test_one_person_cannot_release_early_and_a_free_reason_is_none(
    city: Any, received: Any
) -> None:
    for second, reason in ((None, "health"), (city.hua, "health"), (city.qian, "because")):
        with pytest.raises(ReleaseRefused):
            actions.release(
                stay=received, by=city.hua, second=second, reason=reason, now=city.at(days=1)
            )


def test_two_people_and_a_reason_release_early_and_it_stands_in_the_record(
    city: Any, received: Any
) -> None:
    actions.release(
        stay=received, by=city.hua, second=city.qian, reason="health", now=city.at(days=1)
    )
    change = received.order.changes.get()
    assert change.kind == ChangeKind.RELEASED
    assert {change.proposed_by, change.confirmed_by} == {city.hua, city.qian}


def test_an_absent_person_is_still_in_somebodys_hands(city: Any, received: Any) -> None:
    actions.mark_absent(stay=received, by=city.hua, now=city.at(days=1))
    leg = received.passage.handoffs.get(done_at=None)
    assert (leg.owner, leg.due_at) == ("public_security", city.at(days=1, hours=2))
    assert ledger.holder(received.passage.person_key) == received.passage


def test_whoever_is_found_goes_back_to_the_end_of_the_same_order(
    city: Any, received: Any, site: Any
) -> None:
    actions.mark_absent(stay=received, by=city.hua, now=city.at(days=1))
    actions.mark_found(
        stay=received, place=site, room="0301", by=city.hua, now=city.at(days=1, hours=1)
    )
    assert received.passage.handoffs.get(done_at=None).timed_from == received.order.home_from_at


def test_giving_up_a_search_takes_two_people_and_words(city: Any, received: Any) -> None:
    actions.mark_absent(stay=received, by=city.hua, now=city.at(days=1))
    with pytest.raises(NeedsReason):
        stays.give_up(
            stay=received, by=city.peng, second=city.peng, now=city.at(days=5), note="left"
        )
    stays.give_up(
        stay=received, by=city.peng, second=city.duty_city, now=city.at(days=5), note="出境"
    )
    assert received.passage.stage == "abandoned"


def test_not_ill_after_all_goes_back_to_where_they_were(city: Any, received: Any) -> None:
    actions.mark_ill(stay=received, by=city.hua, now=city.at(days=1))
    actions.return_from_ill(stay=received, by=city.lin, now=city.at(days=1, hours=5))
    leg = received.passage.handoffs.get(done_at=None)
    assert (leg.stage, leg.timed_from) == ("in_facility", received.order.home_from_at)


def test_whoever_falls_ill_on_the_way_waits_for_the_bus_again(city: Any, stay: Any) -> None:
    waiting = stay()
    actions.mark_ill(stay=waiting, by=city.zhao, now=city.at(hours=1))
    actions.return_from_ill(stay=waiting, by=city.lin, now=city.at(hours=3))
    assert waiting.passage.stage == "awaiting_transfer"


def test_until_the_new_site_receives_them_they_keep_their_room(
    city: Any, received: Any, site: Any
) -> None:
    from tongchou.areas.models import Place

    other = Place.objects.create(
        kind="quarantine_site", name="城西隔离点", area=city.west, capacity=9
    )
    actions.transfer(stay=received, place=other, by=city.hua, now=city.at(days=1))
    assert (queries.n_in(site), queries.n_in(other)) == (1, 0)
    actions.receive(stay=received, place=other, by=city.hua, now=city.at(days=1, hours=2))
    assert (queries.n_in(site), queries.n_in(other)) == (0, 1)


def test_a_released_person_cannot_be_released_again(city: Any, received: Any) -> None:
    take_all_tests(received, by=city.hua, now=city.at(days=9))
    actions.release(stay=received, by=city.hua, now=city.at(days=11))
    with pytest.raises(WrongOutcome):
        actions.release(stay=received, by=city.hua, now=city.at(days=11))


def test_a_bus_is_checked_in_at_once_and_one_refusal_holds_up_nobody(
    city: Any, site: Any, stay: Any
) -> None:
    arrivals = [(stay(), f"030{n}") for n in range(3)]
    done = actions.receive_many(arrivals=arrivals, place=site, by=city.hua, now=city.at(hours=2))
    assert done.n_done == 2
    ((refused, why),) = done.refused
    assert refused == arrivals[2]
    assert "is full" in why


def test_a_stay_that_never_began_is_cancelled_for_a_reason(city: Any, stay: Any) -> None:
    waiting = stay()
    with pytest.raises(NeedsReason):
        actions.cancel(stay=waiting, reason="whim", by=city.zhao, now=city.at(hours=1))
    actions.cancel(stay=waiting, reason="not_found", by=city.zhao, now=city.at(hours=1))
    assert waiting.passage.stage == "cancelled"


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield
