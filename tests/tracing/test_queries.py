"""Who sees which contact; the pool that climbs; the checks over a whole list."""

import pytest

from tongchou.cases import actions as cases
from tongchou.ledger.sweeping import sweep
from tongchou.staff.queries import scope_of
from tongchou.tracing import actions, queries
from tongchou.tracing.queries import Wanted


@pytest.fixture
def scope(city):
    def of(user):
        return scope_of(user, now=city.at(hours=2))

    return of


@pytest.fixture
def listed(city, scope):
    def numbers(user, now=None, **wanted):
        rows = queries.listed(scope(user), Wanted(**wanted), now=now or city.at(hours=2))
        return {contact.number for contact in rows}

    return numbers


def test_a_contact_is_seen_from_its_area(city, sun, listed):
    assert listed(city.duty_east) == {sun.number}


def test_a_contact_elsewhere_is_seen_by_who_sees_the_case(city, li, listing, listed, scope):
    contact = listing(name="周", area=city.west).contact
    assert contact in queries.visible_to(scope(city.duty_east))
    assert listed(city.duty_east, case=li.number) == {contact.number}


def test_a_list_without_a_case_shows_ones_own_areas(city, listing, listed):
    listing(name="周", area=city.west)
    assert listed(city.duty_east) == set()


def test_a_contact_of_another_areas_case_is_not_seen(city, case_of, listing, listed):
    far = case_of(area=city.west)
    listing(name="周", area=city.west, case=far)
    assert listed(city.duty_east) == set()


def test_a_moved_contact_stays_visible_where_it_came_from(city, case_of, listing, listed):
    far = case_of(area=city.west)
    contact = listing(name="周", case=far).contact
    actions.move(contact=contact, area=city.west, by=city.wu, now=city.at(hours=3))
    assert listed(city.duty_east) == {contact.number}


def test_the_list_is_narrowed(city, listing, sun, listed):
    other = listing(name="周", tier="secondary", case=None, through=sun, area=city.west).contact
    record = listing(name="吴", tier="general").contact
    for wanted, found in (
        ({"tier": "secondary"}, {other.number}),
        ({"area_path": city.west.path}, {other.number}),
        ({"stage": "record"}, {record.number}),
        ({"stage": "open"}, {sun.number, other.number}),
        ({"stage": "listed"}, {sun.number, other.number}),
        ({"search": sun.number}, {sun.number}),
        ({"search": str(sun.person)}, {sun.number}),
        ({"case": "nobody"}, set()),
    ):
        assert listed(city.qian, **wanted) == found


def test_the_list_is_narrowed_to_a_case(city, li, sun, case_of, listing, listed):
    listing(name="周", case=case_of())
    assert listed(city.qian, case=li.number) == {sun.number}


def test_the_list_is_narrowed_to_what_is_late(city, sun, listed):
    assert listed(city.qian, late=True) == set()
    assert listed(city.qian, late=True, now=city.at(days=1)) == {sun.number}


def test_by_deadline_the_same_filters_hold(city, li, sun, case_of, listing, scope):
    listing(name="周", area=city.west, case=case_of())
    for wanted in (
        {"case": li.number},
        {"area_path": city.east.path},
        {"stage": "listed", "search": sun.number},
        {"late": True, "search": sun.number},
    ):
        now = city.at(days=2)
        legs = queries.by_deadline(scope(city.qian), Wanted(**wanted), now=now)
        assert queries.dress(list(legs)) == [sun]


def test_contacts_of_a_case_are_those_it_met_and_whom_they_met(li, sun, listing):
    beyond = listing(name="周", tier="secondary", case=None, through=sun).contact
    assert set(queries.of_case(li)) == {sun, beyond}


def test_stages_are_counted_with_those_late(city, sun, listing, scope):
    listing(name="周", now=city.at(hours=20))
    found = queries.by_stage(scope(city.qian), now=city.at(hours=21))
    assert (found.counts, found.late, found.total) == ({"listed": 2}, {"listed": 1}, 2)


def test_investigations_due_come_oldest_deadline_first(city, case_of, investigation, scope):
    other = actions.open_investigation(case_of().passage, by=city.qian, now=city.at(minutes=30))
    legs = list(queries.investigations_due(scope(city.wu)))
    assert [leg.passage.investigation for leg in legs] == [other, investigation]


def test_who_is_missing_longest_comes_first(city, sun, listing, investigation, scope):
    other = listing(name="周").contact
    actions.not_found(contact=other, by=city.wu, now=city.at(hours=3))
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=4))
    actions.unreachable(investigation=investigation, by=city.wu, now=city.at(hours=5))
    legs = queries.not_found_pool(scope(city.peng))
    assert [leg.passage_id for leg in legs] == [
        other.passage_id,
        sun.passage_id,
        investigation.passage_id,
    ]


def test_who_is_missing_in_time_is_with_public_security(city, sun, scope):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=3))
    (row,) = queries.missing(queries.not_found_pool(scope(city.peng)))
    assert (row.gap, row.answers.name) == (None, "市公安局")


def test_who_is_missing_too_long_climbs(city, sun, scope):
    actions.not_found(contact=sun, by=city.wu, now=city.at(hours=3))
    sweep(now=city.at(days=3))
    (row,) = queries.missing(queries.not_found_pool(scope(city.peng)))
    assert (row.gap.rung, row.answers.name) == (2, "市指挥部")


def test_the_last_exposure_is_the_latest_of_all(case_of, listing, sun):
    from datetime import date

    from tests.tracing.conftest import SUN

    listing(name="孙", document=SUN, case=case_of(), last_on=date(2022, 7, 1))
    assert queries.last_exposure(sun) == date(2022, 7, 1)


def test_checks_count_what_is_wrong_in_open_contacts(city, listing, scope):
    listing(name="周", phone="13800001111", last_on=None)
    listing(name="吴", area=city.east)
    found = queries.check_all(scope(city.qian), now=city.at(hours=3))
    assert found.counts == {"last_day": 1, "street": 1, "reachable": 1}
    assert (found.n_read, found.whole) == (2, True)


def test_checks_show_the_lines_of_one_finding(city, listing, scope):
    wrong = listing(name="周", phone="13800001111", last_on=None).contact
    listing(name="吴", area=city.east)
    found = queries.check_all(scope(city.qian), now=city.at(hours=3), only="last_day")
    assert [contact for contact, _findings in found.faulty] == [wrong]


def test_checks_say_when_they_have_not_read_everything(city, sun, listing, scope, monkeypatch):
    listing(name="周")
    monkeypatch.setattr(queries, "MOST_CHECKED", 1)
    found = queries.check_all(scope(city.qian), now=city.at(hours=3))
    assert (found.n_read, found.n_all, found.whole) == (1, 2, False)


def test_checks_know_the_day_a_case_was_isolated(city, li, listing, scope):
    from datetime import date

    listing(name="周", phone="13800001111", last_on=date(2022, 7, 4))
    cases.admit(case=li, by=city.lin, now=city.at(days=1))
    found = queries.check_all(scope(city.qian), now=city.at(days=5))
    assert found.counts["after_isolation"] == 1


def test_checks_know_the_end_of_the_order(city, sun, scope):
    actions.notify(contact=sun, by=city.wu, now=city.at(hours=3))
    actions.locate(contact=sun, by=city.chen, now=city.at(hours=4))
    actions.receive(contact=sun, by=city.hua, now=city.at(hours=5), until=city.at(days=30))
    found = queries.check_all(scope(city.qian), now=city.at(hours=6))
    assert found.counts == {"ends_late": 1, "nobody_holds": 1}


def test_the_checks_cost_the_same_with_many_contacts(
    city, entry, scope, django_assert_max_num_queries
):
    lines = [entry(name=f"甲{n}", phone=f"1380000{n:04d}") for n in range(40)]
    actions.list_many(entries=lines, by=city.wu, now=city.at(hours=2))
    mine = scope(city.qian)
    with django_assert_max_num_queries(10):
        queries.check_all(mine, now=city.at(hours=3))
