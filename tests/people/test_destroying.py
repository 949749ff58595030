"""Identities end on their day, and never while somebody still needs the name."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.little_city import T0
from tests.people.conftest import SUN, number
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.people import actions, destroying, queries
from tongchou.people.errors import NoIdentity
from tongchou.people.models import Identity, Person
from tongchou.records.models import AuditEvent


@pytest.fixture
def kept_for(city) -> timedelta:
    return timedelta(days=policy.in_force(T0).retention.personal_data_days)


def test_the_day_stands_in_the_record_from_the_first_moment(sun, kept_for):
    assert sun.destroy_on == date(2022, 7, 1) + kept_for


def test_nothing_is_destroyed_before_its_day(sun, kept_for):
    done = actions.destroy_due(now=T0 + kept_for - timedelta(days=1))
    assert (done.n_due, done.n_destroyed) == (0, 0)
    assert Identity.objects.exists()


def test_on_its_day_the_identity_is_gone_with_its_indexes(sun, kept_for):
    done = actions.destroy_due(now=T0 + kept_for)
    assert (done.n_due, done.n_destroyed, done.n_postponed) == (1, 1, 0)
    assert not Identity.objects.exists()
    assert queries.with_phone(SUN["phone"]) == queries.with_document("id_card", number()) == []


def test_the_person_stays_and_says_when_the_identity_went(city, sun, kept_for):
    when = T0 + kept_for
    actions.destroy_due(now=when)
    sun.refresh_from_db()
    assert (sun.destroyed_at, sun.birth_year) == (when, 1980)
    with pytest.raises(NoIdentity, match="destroyed on 20"):
        actions.reveal(person=sun, by=city.wu, purpose="contact_tracing", now=T0)


def test_somebody_in_a_desks_hands_keeps_the_name(sun, kept_for, held):
    held(sun)
    when = T0 + kept_for
    done = actions.destroy_due(now=when)
    assert (done.n_destroyed, done.n_postponed) == (0, 1)
    sun.refresh_from_db()
    assert sun.destroy_on == date(2022, 7, 1) + 2 * kept_for
    event = AuditEvent.objects.get(verb="people.postpone_destruction")
    assert event.subject == f"person:{sun.key}"


def test_the_day_is_counted_from_the_end_of_the_last_matter(city, sun, kept_for, held):
    passage = held(sun)
    ended = T0 + kept_for - timedelta(days=10)
    release(city, passage, now=ended)
    assert actions.destroy_due(now=T0 + kept_for).n_postponed == 1
    done = actions.destroy_due(now=ended + kept_for)
    assert done.n_destroyed == 1


def release(city, passage, *, now):
    ledger.hand_over(passage=passage, to="released", by=city.hua, now=now)


def test_a_merged_record_is_kept_while_the_one_that_stands_is_open(
    city, sun, register, kept_for, held
):
    other = register(name="孙依依", phone="13900001111")
    actions.merge(keep=sun, other=other, by=city.steward, now=T0)
    held(sun)
    assert actions.destroy_due(now=T0 + kept_for).n_postponed == 2


def test_somebody_told_of_again_after_destruction_is_new(city, sun, kept_for):
    actions.destroy_due(now=T0 + kept_for)
    again = actions.register(by=city.qian, now=T0 + kept_for, document=number())
    assert again.is_new


def test_the_end_of_a_matter_moves_the_day_later_and_never_earlier(city, sun, kept_for):
    first = sun.destroy_on
    later = actions.set_destroy_on(person=sun, ended_on=date(2022, 8, 1), by=city.qian, now=T0)
    assert later == date(2022, 8, 1) + kept_for
    same = actions.set_destroy_on(person=sun, ended_on=date(2022, 6, 1), by=None, now=T0)
    assert same == later > first


def test_a_run_reports_and_a_second_run_finds_nothing(sun, kept_for):
    actions.destroy_due(now=T0 + kept_for)
    event = AuditEvent.objects.get(verb="people.destroy_run")
    assert json.loads(event.detail) == {"destroyed": 1, "postponed": 0}
    assert actions.destroy_due(now=T0 + kept_for).n_due == 0


def test_a_run_killed_half_way_goes_on_where_it_stopped(register, kept_for, monkeypatch):
    monkeypatch.setattr(destroying, "_BATCH", 2)
    for n in range(5):
        register(name=f"周{n}")
    whole, calls = destroying._batch, []

    def dies(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    monkeypatch.setattr(destroying, "_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.destroy_due(now=T0 + kept_for)
    assert Identity.objects.count() == 3
    assert actions.destroy_due(now=T0 + kept_for).n_destroyed == 3
    assert Person.objects.exclude(destroyed_at=None).count() == 5


def test_sqlite_overwrites_what_it_deletes(sun, kept_for):
    actions.destroy_due(now=T0 + kept_for)
    ask = "PRAGMA secure_delete" if connection.vendor == "sqlite" else "SELECT 1"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        assert cursor.fetchone() == (1,)
