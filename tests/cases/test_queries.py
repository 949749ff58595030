"""Who sees which case, and what the list narrows it to."""

from datetime import date

import pytest

from tongchou.cases import actions, grouping, queries
from tongchou.cases.models import Case
from tongchou.cases.queries import Wanted
from tongchou.staff.models import Post
from tongchou.staff.queries import Scope, scope_of


@pytest.fixture
def scope(city):
    """The scope of somebody of the cast, on the first morning."""

    def of(user):
        return scope_of(user, now=city.at(hours=1))

    return of


@pytest.fixture
def listed(city):
    def numbers(user_scope, now=None, **wanted):
        now = now or city.at(hours=1)
        rows = queries.listed(user_scope, Wanted(**wanted), now=now)
        return {case.number for case in rows}

    return numbers


def test_a_case_is_seen_from_its_area_and_from_above(city, li, scope):
    for user in (city.chen, city.duty_street, city.duty_east, city.qian):
        assert li in queries.visible_to(scope(user))


def test_a_case_of_the_west_is_not_seen_in_the_east(city, reported, scope):
    case = reported(area=city.west)
    assert case not in queries.visible_to(scope(city.duty_east))


def test_without_a_post_nobody_sees_anything(city, li):
    assert not queries.visible_to(Scope(())).exists()


def test_who_left_the_post_sees_nothing(city, li):
    Post.objects.filter(user=city.chen).update(to_at=city.at(hours=-1))
    assert not queries.visible_to(scope_of(city.chen, now=city.at(hours=1))).exists()


def test_a_moved_case_stays_visible_where_it_came_from(city, li, scope):
    actions.move(case=li, area=city.west, by=city.qian, now=city.at(hours=1))
    assert li in queries.visible_to(scope(city.chen))
    assert li in queries.visible_to(scope(city.duty_east))


def test_a_case_moved_within_an_area_never_left_it(city, li, scope):
    actions.move(case=li, area=city.west, by=city.qian, now=city.at(hours=1))
    assert queries.left(scope(city.qian), "case_report") == []


def test_a_case_that_only_changed_stage_was_not_moved(city, li, scope):
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    assert queries.left(scope(city.duty_east), "case_report") == []


def test_the_list_finds_a_number_by_its_beginning(city, reported, scope, listed):
    reported(number="SK_1"), reported(number="SK_12"), reported(number="XY_1")
    assert listed(scope(city.qian), search="SK_1") == {"SK_1", "SK_12"}


def test_the_list_finds_a_pseudonym_as_it_is_spoken(city, reported, li, scope, listed):
    reported()
    assert listed(scope(city.qian), search=str(li.person).lower()) == {li.number}


@pytest.mark.parametrize(
    ("wanted", "facts"),
    [
        ({"classification": "confirmed"}, {"classification": "confirmed"}),
        ({"found_by": "quarantine"}, {"found_by": "quarantine"}),
        ({"disease": "influenza"}, {"disease": "influenza"}),
        ({"severity": "severe"}, {"severity": "severe"}),
        ({"reported_to": date(2022, 6, 30)}, {"reported_on": date(2022, 6, 30)}),
    ],
)
def test_the_list_is_narrowed(city, reported, scope, listed, wanted, facts):
    reported()
    case = reported(**facts)
    assert listed(scope(city.qian), **wanted) == {case.number}


def test_the_list_is_narrowed_to_an_area(city, reported, li, scope, listed):
    case = reported(area=city.west)
    assert listed(scope(city.qian), area_path=city.west.path) == {case.number}


def test_the_list_is_narrowed_to_days(city, reported, li, scope, listed):
    reported(reported_on=date(2022, 6, 20))
    assert listed(scope(city.qian), reported_from=date(2022, 7, 1)) == {li.number}


def test_the_list_is_narrowed_to_a_stage(city, reported, li, scope, listed):
    reported()
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    assert listed(scope(city.qian), stage="verified") == {li.number}


def test_the_list_is_narrowed_to_what_is_open(city, reported, li, scope, listed):
    case = reported()
    actions.discard(case=case, reason="negative", by=city.qian, now=city.at(hours=1))
    assert listed(scope(city.qian), stage="open") == {li.number}


def test_the_list_is_narrowed_to_what_is_late(city, reported, li, scope, listed):
    reported(now=city.at(hours=3))
    assert listed(scope(city.qian), now=city.at(hours=4), late=True) == {li.number}


def test_the_list_is_narrowed_to_a_cluster(city, reported, li, scope, listed):
    reported()
    cluster = grouping.found(
        name="M", area=city.east, found_on=date(2022, 7, 1), cases=[li], by=None, now=city.at()
    )
    assert listed(scope(city.qian), cluster=cluster.pk) == {li.number}


def test_a_case_is_listed_once_however_many_legs_it_had(city, admitted, scope):
    rows = queries.listed(scope(city.qian), Wanted(), now=city.at(hours=7))
    assert queries.dress(list(rows)) == [admitted]


def test_by_deadline_only_what_has_one_is_listed(city, reported, li, scope):
    case = reported(now=city.at(hours=-1))
    gone = reported()
    actions.discard(case=gone, reason="negative", by=city.qian, now=city.at(hours=1))
    legs = queries.by_deadline(scope(city.qian), Wanted(), now=city.at(hours=1))
    assert queries.dress(legs.order_by("due_at", "id")) == [case, li]


def test_by_deadline_the_same_filters_hold(city, reported, li, scope):
    reported(disease="influenza", area=city.west)
    for wanted in (
        {"disease": "covid19_omicron"},
        {"area_path": city.east.path},
        {"stage": "reported", "disease": "covid19_omicron"},
        {"late": True, "search": li.number},
    ):
        now = city.at(hours=5)
        legs = queries.by_deadline(scope(city.qian), Wanted(**wanted), now=now)
        assert queries.dress(list(legs)) == [li]


def test_the_signer_of_the_stage_may_sign(city, li, scope):
    assert queries.outcomes(scope(city.qian), li.passage) == ["verified", "discarded"]


def test_who_is_not_awaited_may_not_sign(city, li, scope):
    assert queries.outcomes(scope(city.zhao), li.passage) == []


def test_the_hospital_may_take_a_patient_over_before_the_tracers_are_done(city, li, scope):
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    assert queries.outcomes(scope(city.lin), li.passage) == ["admitted"]


def test_a_closed_case_offers_nothing(city, li, scope):
    actions.discard(case=li, reason="negative", by=city.qian, now=city.at(hours=1))
    assert queries.outcomes(scope(city.qian), li.passage) == []


def test_neighbours_are_the_other_cases_of_the_cluster_here(city, reported, li, scope):
    near, far = reported(), reported(area=city.west)
    grouping.found(
        name="M",
        area=city.city,
        found_on=date(2022, 7, 1),
        cases=[li, near, far],
        by=None,
        now=city.at(),
    )
    li = Case.objects.get(pk=li.pk)
    assert list(queries.neighbours(li, scope(city.duty_east))) == [near]
