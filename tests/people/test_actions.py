"""Writing people down once, and correcting what was written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.little_city import T0
from tests.people.conftest import SUN, kept, number
from tongchou.people import actions, queries
from tongchou.people.details import Details
from tongchou.people.documents import DocumentKind
from tongchou.people.errors import BadDocument, Contradiction, MayNotSee
from tongchou.people.models import Identity, Person
from tongchou.records.models import AuditEvent


def again(city, **details):
    return actions.register(by=city.qian, now=T0, **details)


def test_a_known_document_leads_to_the_same_person(city, sun):
    done = again(city, document=number().lower(), name="孙一一")
    assert (done.person, done.is_new) == (sun, False)
    assert Person.objects.count() == 1


def test_a_known_phone_and_name_lead_to_the_same_person(city, sun):
    assert again(city, phone="+86 138-0000-1234", name="孙 一一").person == sun


def test_a_phone_alone_leads_to_its_only_owner(city, sun):
    assert again(city, phone="13800001234").person == sun


def test_a_family_that_shares_a_phone_stays_several_people(city, sun):
    child = again(city, phone="13800001234", name="孙小一")
    assert child.is_new
    assert again(city, phone="13800001234").is_new  # nobody can say which of the two


def test_two_documents_are_two_people_whatever_the_phone(city, sun):
    assert again(city, name="孙一一", phone=SUN["phone"], document=number(serial="005")).is_new


def test_passports_of_two_countries_may_share_a_number(city, register):
    register(name="KIM MINSU", document="M1234567", document_kind="passport")
    other = again(city, name="ANNA MEIER", document="M1234567", document_kind="passport")
    same = again(city, name="Kim Min-su", document="m 123 4567", document_kind="passport")
    assert other.is_new and not same.is_new


def test_what_was_missing_is_filled_in(city, register):
    sun = register(name="孙一一", phone="13800001234")
    done = again(city, name="孙一一", phone="13800001234", document=number(), address="渡口路1号")
    assert done.filled == ("document", "address", "birth_year", "sex")
    assert kept(sun).document == number()
    assert (done.person.birth_year, done.person.sex) == (1980, "male")
    assert queries.with_document("id_card", number()) == [sun]


def test_what_differs_is_told_and_not_overwritten(city, sun):
    done = again(city, document=number(), phone="13900009999")
    assert done.differs == ("phone",)
    assert kept(sun).phone == SUN["phone"]


def test_sex_and_birth_year_come_from_the_id_number(city, sun):
    assert (sun.sex, sun.birth_year) == ("male", 1980)


def test_an_id_number_that_contradicts_what_was_typed_is_refused(city):
    with pytest.raises(Contradiction, match="somebody male, but female"):
        again(city, document=number(), sex="female")
    with pytest.raises(Contradiction, match="born in 1980, but 1962"):
        again(city, document=number(), birth_year=1962)


def test_a_year_worked_out_from_an_age_may_be_one_off(city):
    assert again(city, document=number(), birth_year=1981).person.birth_year == 1980


def test_a_wrong_number_writes_nobody_down(city):
    with pytest.raises(BadDocument):
        again(city, name="孙一一", document="110105198005200")
        again(city, name="孙一一", document=number()[:-1] + "0")
    assert not Identity.objects.filter(document_index="").exists()


def test_somebody_without_a_name_gets_a_key_and_no_identity(city):
    person = again(city, birth_year=1950, area=city.community).person
    assert len(person.key) == 12
    assert not Identity.objects.exists()


def test_nameless_people_are_never_taken_for_one_another(city):
    assert again(city, birth_year=1950).is_new and again(city, birth_year=1950).is_new


def test_a_merged_record_leads_to_the_one_that_stands(city, sun, register):
    other = register(name="孙依依", document=number(serial="005"))
    actions.merge(keep=sun, other=other, by=city.steward, now=T0)
    assert again(city, document=number(serial="005")).person == sun


def test_a_new_matter_moves_the_day_of_destruction(city, sun):
    done = actions.register(by=city.qian, now=T0 + timedelta(days=30), document=number())
    assert done.person.destroy_on == sun.destroy_on + timedelta(days=30)


def test_one_batch_knows_the_people_of_its_own_lines(city):
    entry = Details(name="孙一一", phone="13800001234", area=city.community)
    with_card = replace(entry, document=number())
    other = replace(entry, name="周二二", phone="13900001111")
    done = actions.register_many(entries=[entry, with_card, other], by=city.qian, now=T0)
    assert [one.is_new for one in done] == [True, False, True]
    assert done[0].person == done[1].person
    assert kept(done[0].person).document == number()
    assert done[0].person.birth_year == 1980


def test_a_batch_costs_the_same_queries_whatever_its_size(city, django_assert_max_num_queries):
    entries = [Details(name=f"周{n}", phone=f"139{n:08}") for n in range(50)]
    with django_assert_max_num_queries(14):
        actions.register_many(entries=entries, by=city.qian, now=T0)
    assert queries.with_phone("13900000007")


def test_a_person_of_a_batch_can_be_saved_again(city):
    done = actions.register_many(entries=[Details(name="周二二")], by=city.qian, now=T0)
    done[0].person.save()
    assert Person.objects.count() == 1


def test_the_audit_tells_of_a_registration_and_no_name(city, sun):
    event = AuditEvent.objects.get(verb="people.register")
    assert event.subject == f"person:{sun.key}"
    assert not any(secret in event.detail for secret in SUN.values())


def test_a_correction_changes_texts_and_their_indexes(city, sun):
    changed = actions.update_identity(
        person=sun, phone="13900001111", by=city.qian, now=T0, name="孙一一"
    )
    assert changed == ("phone",)
    assert queries.with_phone("13900001111") == [sun]
    assert not queries.with_phone(SUN["phone"])


def test_a_corrected_number_brings_its_own_sex_and_year(city, sun):
    card = number(born="19900101", serial="002")
    changed = actions.update_identity(person=sun, document=card, by=city.qian, now=T0)
    assert set(changed) == {"document", "sex", "birth_year"}
    sun.refresh_from_db()
    assert (sun.sex, sun.birth_year) == ("female", 1990)


def test_a_correction_that_changes_nothing_leaves_no_trace(city, sun):
    assert actions.update_identity(person=sun, name="孙一一", by=city.qian, now=T0) == ()
    assert not AuditEvent.objects.filter(verb="people.update_identity").exists()


def test_a_passport_becomes_an_id_card_in_one_correction(city, register):
    person = register(name="周二二", document="E12345678", document_kind="passport")
    actions.update_identity(
        person=person,
        document=number(),
        document_kind=DocumentKind.ID_CARD,
        by=city.qian,
        now=T0,
    )
    assert queries.with_document("id_card", number()) == [person]


def test_an_identity_emptied_by_correction_is_gone(city, register):
    person = register(name="周二二")
    actions.update_identity(person=person, name="", by=city.qian, now=T0)
    assert not Identity.objects.exists()


def test_a_correction_needs_a_post_that_corrects(city, sun):
    with pytest.raises(MayNotSee):
        actions.update_identity(person=sun, name="孙二", by=city.chen, now=T0)


def test_a_household_grows_by_whoever_lives_there(city, sun, register):
    mother = register(name="孙母", birth_year=1955)
    home = actions.share_household(people=[sun, mother], area=city.community, by=city.wu, now=T0)
    child = register(name="孙小一", birth_year=2015)
    again_home = actions.share_household(
        people=[mother, child], area=city.community, by=city.wu, now=T0
    )
    assert home == again_home
    sun.refresh_from_db()
    assert queries.household(sun) == [mother, child]
