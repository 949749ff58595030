"""Keys change while the desks work; nothing is lost on the way."""

import pytest
from django.db import connection

from tests.little_city import T0
from tests.people.conftest import SUN, kept, number
from tongchou.people import actions, queries, rotating
from tongchou.people.models import Identity
from tongchou.records.models import AuditEvent


@pytest.fixture
def five(register):
    """Five people, sealed with AES."""
    return [register(name=f"周{n}", phone=f"1390000000{n}") for n in range(5)]


def test_rotation_seals_everything_under_the_active_key(five, settings):
    assert queries.keys_in_use() == {"a1": 5}
    settings.PII_ACTIVE_KEY = "s1"
    done = actions.rotate(now=T0, batch=2)
    assert (done.n_resealed, done.unreadable) == (5, ())
    assert queries.keys_in_use() == {"s1": 5}
    assert [kept(p).name for p in five] == [f"周{n}" for n in range(5)]


def test_the_old_key_can_be_put_away_afterwards(five, settings):
    settings.PII_ACTIVE_KEY = "s1"
    actions.rotate(now=T0)
    settings.PII_KEYS = {"s1": settings.PII_KEYS["s1"]}
    assert kept(five[0]).phone == "13900000000"


def test_a_second_rotation_has_nothing_to_do(five, settings):
    settings.PII_ACTIVE_KEY = "s1"
    actions.rotate(now=T0)
    assert actions.rotate(now=T0).n_resealed == 0


def test_both_keys_are_read_while_rotation_goes_on(five, settings):
    settings.PII_ACTIVE_KEY = "s1"
    rotating._batch("", 2, by=None, now=T0)
    assert queries.keys_in_use() == {"a1": 3, "s1": 2}
    assert sorted(kept(p).name for p in five) == [f"周{n}" for n in range(5)]


def test_a_rotation_killed_half_way_loses_nothing_and_goes_on(five, settings, monkeypatch):
    settings.PII_ACTIVE_KEY = "s1"
    save, saved = Identity.save, []

    def dies(self, *args, **kwargs):
        saved.append(1)
        if len(saved) == 4:
            raise KeyboardInterrupt
        save(self, *args, **kwargs)

    monkeypatch.setattr(Identity, "save", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.rotate(now=T0, batch=2)
    assert queries.keys_in_use() == {"a1": 3, "s1": 2}  # the second batch was not kept
    monkeypatch.setattr(Identity, "save", save)
    assert actions.rotate(now=T0, batch=2).n_resealed == 3


def test_a_new_index_key_is_taken_up_by_rotation(sun, settings):
    settings.PII_INDEX_KEY = b"another index key, 32 bytes long"
    assert not queries.with_phone(SUN["phone"])
    actions.rotate(now=T0)
    assert queries.with_phone(SUN["phone"]) == [sun]
    assert queries.with_document("id_card", number()) == [sun]


def test_what_cannot_be_opened_is_named_and_left_as_it_is(five, settings):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_identity SET name = 'a1.AAAA' WHERE person_id = %s", [five[2].key]
        )
    settings.PII_ACTIVE_KEY = "s1"
    done = actions.rotate(now=T0, batch=2)
    assert (done.n_resealed, done.unreadable) == (4, (five[2].key,))
    assert queries.keys_in_use() == {"a1": 1, "s1": 4}


def test_each_batch_stands_in_the_audit(five, settings):
    settings.PII_ACTIVE_KEY = "s1"
    actions.rotate(now=T0, batch=2)
    assert AuditEvent.objects.filter(verb="people.rotate").count() == 3
