"""Who may be one person, why, and who is not asked about again."""

import pytest

from tests.little_city import T0
from tests.people.conftest import SUN, kept, number
from tongchou.people import actions
from tongchou.people.duplicates import duplicates
from tongchou.people.models import Identity, Person
from tongchou.staff.queries import scope_of


@pytest.fixture
def write(city):
    """Write an identity down beside what is there, as two desks without a common number would."""

    def make(sex="unknown", birth_year=None, area=None, **texts):
        person = Person.objects.create(
            sex=sex,
            birth_year=birth_year,
            area=area or city.community,
            written_at=T0,
            destroy_on=T0.date(),
        )
        identity = Identity(person=person, **texts)
        identity.save()
        return person

    return make


@pytest.fixture
def found(city):
    return lambda who=None: duplicates(scope_of(who or city.steward, now=T0))


def test_one_document_on_two_records_comes_first(sun, write, found):
    write(name="孙一二", document=number())
    write(name=SUN["name"], phone=SUN["phone"], sex="male", birth_year=1980)
    pairs = found()
    assert pairs[0].codes[0] in ("document", "likeness")
    assert [pair.score for pair in pairs] == sorted((p.score for p in pairs), reverse=True)


def test_reasons_add_up(sun, write, found):
    write(name=SUN["name"], phone=SUN["phone"], birth_year=1980)
    (pair,) = found()
    assert pair.codes == ("likeness", "phone_and_name")
    assert pair.score > 0.9 and pair.percent == 98
    assert [str(reason) for reason in pair.reasons][1] == "same phone and same name"


def test_the_same_name_year_and_area_are_worth_a_look(write, found):
    write(name="周二二", birth_year=1990), write(name="周 二二", birth_year=1990)
    assert found()[0].codes == ("likeness",)


def test_a_phone_alone_is_a_family_and_not_shown(write, found):
    write(name="孙母", phone="13800001234"), write(name="孙小一", phone="13800001234")
    assert found() == []


def test_different_id_numbers_speak_against_one_person(write, found):
    write(name="周二二", birth_year=1990, document=number(born="19900101"))
    write(name="周二二", birth_year=1990, document=number(born="19900202"))
    assert found() == []


def test_different_sex_lowers_the_score(write, found):
    write(name="周二二", birth_year=1990, sex="male")
    write(name="周二二", birth_year=1990, sex="female")
    (pair,) = found()
    assert pair.codes == ("likeness", "other_sex")
    assert pair.score == pytest.approx(0.32)


def test_the_phone_of_a_hotel_proves_nothing(write, found):
    for _ in range(9):
        write(phone="07176221234", birth_year=1990, sex="male")
    assert found() == []


def test_pairs_outside_the_scope_are_not_shown(city, write, found):
    write(name="周二二", birth_year=1990, area=city.west, phone="13800001234")
    write(name="周二二", birth_year=1991, phone="13800001234")
    assert found(city.chen) == []
    assert len(found(city.qian)) == 1


def test_a_merged_pair_is_not_shown_again(city, sun, write, found):
    twin = write(name="孙一二", document=number())
    actions.merge(keep=sun, other=twin, by=city.steward, now=T0)
    assert found() == []


def test_a_pair_kept_apart_is_not_shown_again(city, sun, write, found):
    twin = write(name="孙一二", document=number())
    actions.keep_apart(one=twin, two=sun, by=city.steward, now=T0)
    assert found() == []


def test_the_search_for_duplicates_costs_a_handful_of_queries(
    write, found, django_assert_max_num_queries
):
    for n in range(6):
        write(name=f"周{n}", birth_year=1990), write(name=f"周{n}", birth_year=1990)
    with django_assert_max_num_queries(11):
        assert len(found()) == 6


def test_the_fixture_writes_what_registering_would(sun, write):
    twin = write(name="孙一二", document=number())
    assert kept(twin).document_index == kept(sun).document_index
