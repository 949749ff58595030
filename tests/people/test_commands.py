"""`tongchou people destroy` and `tongchou keys rotate`, as the shell calls them."""

import argparse

import pytest
from allauth.mfa.models import Authenticator

from tests.little_city import T0
from tests.people.conftest import SUN, kept
from tongchou.people import queries
from tongchou.site import accounts, keys, keys_rotate, people_destroy
from tongchou.site.cli import Wrong


def call(verb, *words):
    parser = argparse.ArgumentParser()
    verb.arguments(parser)
    return verb.run(parser.parse_args(words))


@pytest.fixture(autouse=True)
def migrated(monkeypatch):
    """The tests' database is at this version already."""
    for verb in (people_destroy, keys_rotate):
        monkeypatch.setattr(verb, "migrate", lambda: None)


@pytest.fixture
def ring(settings, tmp_path):
    """An instance of its own: a keys file, and the settings that were read from it."""
    file = tmp_path / "keys.toml"
    made = keys.load_or_make(file)
    settings.KEYS_FILE = file
    settings.PII_KEYS = keys.Ring(made.sealing, file)
    settings.PII_ACTIVE_KEY, settings.PII_INDEX_KEY = made.active, made.index
    return settings.PII_KEYS


def test_destroy_counts_what_it_did(sun, capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: T0.replace(year=2040))
    assert call(people_destroy) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 due = 1 destroyed + 0 postponed"


def test_rotate_makes_a_key_and_seals_everything_under_it(ring, sun, capsys):
    assert call(keys_rotate) == 0
    assert queries.keys_in_use() == {"a2": 1}
    assert kept(sun).name == SUN["name"]
    assert "sealed under a2: 1 identities" in capsys.readouterr().out


def test_rotate_can_change_the_algorithm(ring, sun):
    call(keys_rotate, "--algorithm", "sm4-gcm")
    assert queries.keys_in_use() == {"s2": 1}


def test_again_makes_no_key_and_catches_up(ring, sun, settings):
    call(keys_rotate)
    settings.PII_ACTIVE_KEY = "a1"  # a server that was not restarted yet
    kept(sun).save()
    settings.PII_ACTIVE_KEY = "a2"
    call(keys_rotate, "--again")
    assert queries.keys_in_use() == {"a2": 1}
    assert set(ring) == {"a1", "s1", "a2"}


def test_a_running_server_reads_what_was_sealed_with_a_key_it_has_not_seen(ring, sun, settings):
    call(keys_rotate)
    settings.PII_KEYS = keys.Ring({"a1": ring["a1"]}, settings.KEYS_FILE)
    assert kept(sun).name == SUN["name"]


def test_keys_of_the_environment_are_not_rotated_here(ring, settings, db):
    settings.KEYS_FILE = None
    with pytest.raises(Wrong, match="come from the environment"):
        call(keys_rotate)


def test_second_factors_are_sealed_again_too(ring, city, settings):
    sealed = accounts.SecondFactor().encrypt("SEED")
    row = Authenticator.objects.create(user=city.wu, type="totp", data={"secret": sealed})
    call(keys_rotate)
    settings.PII_KEYS = {"a2": ring["a2"]}
    row.refresh_from_db()
    assert accounts.SecondFactor().decrypt(row.data["secret"]) == "SEED"


def test_what_cannot_be_opened_is_said_and_fails(ring, sun, settings, capsys):
    del ring["a1"]
    ring.file = None
    assert call(keys_rotate, "--again") == 0  # under the active key: nothing to open
    ring["a9"] = ring["s1"]
    settings.PII_ACTIVE_KEY = "a9"
    assert call(keys_rotate, "--again") == 1
    assert f"CANNOT BE OPENED: {sun.key}" in capsys.readouterr().out
