"""Who may see an identity, for what, how many an hour, and what stays in the records of it."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.little_city import T0
from tests.people.conftest import SUN, number
from tongchou.people import actions
from tongchou.people.errors import MayNotSee, NoIdentity, TooMany
from tongchou.people.models import Disclosure
from tongchou.people.purposes import PURPOSES, Part, Purpose, purposes_of
from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post


def show(person, by, purpose="contact_tracing", now=T0):
    return actions.reveal(person=person, by=by, purpose=purpose, now=now)


def last_event(verb: str) -> dict:
    event = AuditEvent.objects.filter(verb=verb).latest("id")
    return {"subject": event.subject, "actor": event.actor} | json.loads(event.detail)


def test_a_tracer_sees_who_the_person_is(city, sun):
    (shown,) = show(sun, city.wu).identities
    assert shown.values == {
        "name": SUN["name"],
        "document": SUN["document"],
        "phone": SUN["phone"],
        "address": SUN["address"],
    }


def test_a_purpose_opens_only_what_it_needs(city, sun):
    assert set(show(sun, city.zhao, "transfer").identities[0].values) == {
        "name",
        "phone",
        "address",
    }
    assert set(show(sun, city.chen, "notification").identities[0].values) == {"name", "phone"}


def test_a_reveal_is_written_down_with_its_parts_and_no_value(city, sun):
    show(sun, city.chen, "notification")
    event = last_event("people.reveal")
    assert event["subject"] == f"person:{sun.key}"
    assert event["actor"] == "chen"
    assert (event["purpose"], event["parts"]) == ("notification", "name,phone")
    every = "".join(AuditEvent.objects.values_list("detail", flat=True))
    assert not any(secret in every for secret in SUN.values())


@pytest.mark.parametrize("who", ["duty_city", "mayor", "gao"])
@pytest.mark.parametrize("purpose", Purpose.values)
def test_commanders_and_duty_officers_see_no_identity(city, sun, who, purpose):
    with pytest.raises(MayNotSee):
        show(sun, getattr(city, who), purpose)


def test_a_role_sees_only_for_its_own_purposes(city, sun):
    with pytest.raises(MayNotSee, match="for this purpose"):
        show(sun, city.zhao, "contact_tracing")


def test_an_unknown_purpose_opens_nothing(city, sun):
    with pytest.raises(MayNotSee, match="from the list"):
        show(sun, city.wu, "curiosity")


def test_a_post_elsewhere_opens_nothing(city, register):
    west = register(name="周二二", area=city.west)
    with pytest.raises(MayNotSee, match="outside the area"):
        show(west, city.chen, "notification")


def test_a_post_that_ended_opens_nothing(city, sun):
    Post.objects.filter(user=city.wu).update(to_at=T0 - timedelta(minutes=1))
    with pytest.raises(MayNotSee):
        show(sun, city.wu)


def test_the_role_and_the_area_must_be_of_one_post(city, register):
    # Chen is community worker in the harbour; another role in the west adds no right there.
    west = register(name="周二二", area=city.west)
    Post.objects.create(
        user=city.chen,
        role="duty_officer",
        unit=Post.objects.get(user=city.chen).unit,
        area=city.west,
        level=3,
        from_at=T0 - timedelta(days=1),
    )
    with pytest.raises(MayNotSee, match="outside the area"):
        show(west, city.chen, "notification")


def test_a_desk_that_has_the_person_sees_them_wherever_they_live(city, register, held):
    west = register(name="周二二", area=city.west)
    held(west, area=city.community)
    assert show(west, city.chen, "notification").identities[0].values["name"] == "周二二"


def test_a_refusal_is_written_down_too(city, sun):
    with pytest.raises(MayNotSee):
        show(sun, city.mayor)
    event = last_event("people.refused")
    assert (event["subject"], event["actor"]) == (f"person:{sun.key}", "mayor")
    assert not Disclosure.objects.exists()


def test_somebody_without_identity_shows_none_and_says_why(city, register):
    nameless = register(birth_year=1950)
    with pytest.raises(NoIdentity, match="No identity was recorded"):
        show(nameless, city.wu)


def test_both_identities_of_a_merged_person_are_shown(city, sun, register):
    other = register(name="孙依依", phone="13900001111")
    actions.merge(keep=sun, other=other, by=city.steward, now=T0)
    names = [one.values["name"] for one in show(sun, city.wu).identities]
    assert names == ["孙一一", "孙依依"]


def test_what_was_revealed_does_not_print(city, sun):
    assert SUN["name"] not in repr(show(sun, city.wu))


def test_many_reveals_raise_a_flag_once(city, sun, settings):
    settings.PEOPLE_HOURLY_FLAG = 3
    for minute in range(5):
        show(sun, city.wu, now=T0 + timedelta(minutes=minute))
    flags = AuditEvent.objects.filter(verb="people.many_disclosures")
    assert flags.count() == 1
    assert last_event("people.many_disclosures")["within_the_hour"] == 3


def test_over_the_hourly_limit_nothing_is_shown(city, sun, settings):
    settings.PEOPLE_HOURLY_LIMIT = 2
    show(sun, city.wu), show(sun, city.wu)
    with pytest.raises(TooMany, match="2 people within the hour"):
        show(sun, city.wu)
    assert last_event("people.refused")["because"] == "TooMany"


def test_after_an_hour_work_goes_on(city, sun, settings):
    settings.PEOPLE_HOURLY_LIMIT = 1
    show(sun, city.wu)
    assert show(sun, city.wu, now=T0 + timedelta(minutes=61))


def test_the_limit_of_one_user_does_not_stop_another(city, sun, settings):
    settings.PEOPLE_HOURLY_LIMIT = 1
    show(sun, city.wu)
    assert show(sun, city.qian)


def test_a_number_is_found_as_typed_by_document_or_phone(city, sun):
    for typed in (number().lower(), "+86 138 0000 1234", "１３８００００１２３４"):
        found = actions.look_up(number=typed, by=city.wu, purpose="contact_tracing", now=T0)
        assert found == [sun]


def test_a_look_up_is_written_down_without_the_number(city, sun):
    actions.look_up(number="13800001234", by=city.wu, purpose="contact_tracing", now=T0)
    event = last_event("people.look_up")
    assert (event["purpose"], event["people"]) == ("contact_tracing", 1)
    assert "13800001234" not in json.dumps(event)


def test_a_look_up_finds_nobody_outside_the_scope(city, register):
    register(name="周二二", phone="13900001111", area=city.west)
    ask = {"number": "13900001111", "now": T0}
    assert actions.look_up(by=city.chen, purpose="notification", **ask) == []
    assert actions.look_up(by=city.wu, purpose="notification", **ask)


def test_trying_numbers_counts_even_where_nobody_is_found(city, settings):
    settings.PEOPLE_HOURLY_LIMIT = 3
    for n in range(3):
        actions.look_up(number=f"1390000000{n}", by=city.wu, purpose="contact_tracing", now=T0)
    with pytest.raises(TooMany):
        actions.look_up(number="13900000009", by=city.wu, purpose="contact_tracing", now=T0)


def test_a_look_up_needs_a_role_that_may_see(city):
    with pytest.raises(MayNotSee):
        actions.look_up(number="13800001234", by=city.mayor, purpose="care", now=T0)


def test_an_export_needs_a_reason_and_counts_everybody(city, sun, register):
    other = register(name="周二二", phone="13900001111")
    ask = {"people": [sun, other], "by": city.qian, "purpose": "notification", "now": T0}
    with pytest.raises(MayNotSee, match="what the list is for"):
        actions.export(reason="  ", **ask)
    rows = actions.export(reason="电话通知名单", **ask)
    assert [row.identities[0].values["name"] for row in rows] == ["孙一一", "周二二"]
    assert last_event("people.export")["people"] == 2
    assert Disclosure.objects.filter(kind="export").count() == 2


def test_an_export_with_one_person_too_many_shows_nobody(city, sun, register):
    west = register(name="周二二", area=city.west)
    with pytest.raises(MayNotSee):
        actions.export(
            people=[sun, west], by=city.chen, purpose="notification", reason="电话通知", now=T0
        )
    assert not Disclosure.objects.exists()


def test_the_record_of_disclosures_cannot_be_changed(city, sun):
    show(sun, city.wu)
    for attempt in (
        lambda: Disclosure.objects.update(purpose="care"),
        lambda: Disclosure.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


def test_every_purpose_opens_something_for_somebody():
    assert {p for allowed in PURPOSES.values() for p in allowed} == set(Purpose)
    assert purposes_of(["transport"]) == [Purpose.TRANSFER]
    assert Part.NAME in Part
