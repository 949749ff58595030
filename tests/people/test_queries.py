"""Reads within a scope, and what a person page costs."""

from tests.little_city import T0
from tests.people.conftest import number
from tongchou.people import actions, queries
from tongchou.staff.queries import scope_of


def seen_by(user):
    return set(queries.visible(scope_of(user, now=T0)))


def test_a_community_sees_its_own_people_and_the_city_everybody(city, sun, register):
    west = register(name="周二二", area=city.west)
    assert seen_by(city.chen) == {sun}
    assert seen_by(city.qian) == {sun, west}


def test_who_has_somebody_on_the_desk_sees_them(city, register, held):
    west = register(name="周二二", area=city.west)
    passage = held(west)
    assert seen_by(city.chen) == {west}
    assert queries.paths([west.key]) == (city.west.path, passage.area_path)


def test_whoever_has_no_post_sees_nobody(city, sun):
    city.chen.posts.update(to_at=T0)
    assert seen_by(city.chen) == set()


def test_a_number_is_found_exactly_and_never_in_part(sun):
    assert queries.with_number(number()) == [sun]
    assert queries.with_number(number()[:-1]) == []
    assert queries.with_number("") == []


def test_the_canonical_key_of_an_unknown_key_is_itself(db):
    assert queries.canonical("NOBODY") == "NOBODY"


def test_a_timeline_runs_through_all_records_of_a_person(city, sun, register, held):
    twin = register(name="孙依依")
    held(twin)
    actions.merge(keep=twin, other=sun, by=city.steward, now=T0)
    assert [leg.stage for leg in queries.timeline(queries.group(sun.key))] == ["in_facility"]


def test_a_person_page_costs_a_handful_of_queries(city, sun, held, django_assert_max_num_queries):
    held(sun)
    with django_assert_max_num_queries(5):
        page = queries.dossier(sun)
    assert page.has_identity
    assert page.held_by is not None
    assert len(page.legs) == 1
