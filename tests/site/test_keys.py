import os
import threading

import pytest

from tongchou.site import keys


def test_the_first_start_makes_keys_for_the_owner_alone(tmp_path):
    made = keys.load_or_make(tmp_path / "keys.toml")

    assert (tmp_path / "keys.toml").stat().st_mode & 0o777 == 0o600
    assert {name: algorithm for name, (algorithm, _) in made.sealing.items()} == {
        "a1": "aes-256-gcm",
        "s1": "sm4-gcm",
    }


def test_the_next_start_finds_the_same_keys(tmp_path):
    assert keys.load_or_make(tmp_path / "keys.toml") == keys.load_or_make(tmp_path / "keys.toml")


def test_records_without_keys_stop_the_start(tmp_path):
    records = tmp_path / "tongchou.sqlite3"
    records.write_bytes(b"SQLite format 3")

    with pytest.raises(keys.KeysUnusable, match="from your backup"):
        keys.load_or_make(tmp_path / "keys.toml", records=records)
    assert not (tmp_path / "keys.toml").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_keys_that_others_can_read_stop_the_start(tmp_path):
    keys.load_or_make(tmp_path / "keys.toml")
    (tmp_path / "keys.toml").chmod(0o644)

    with pytest.raises(keys.KeysUnusable, match="chmod 600"):
        keys.load(tmp_path / "keys.toml")


def test_two_first_starts_at_once_agree(tmp_path):
    found = []
    starts = [
        threading.Thread(target=lambda: found.append(keys.load_or_make(tmp_path / "keys.toml")))
        for _ in range(8)
    ]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert len(found) == 8
    assert len({each.secret_key for each in found}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["keys.toml"]


def test_a_new_key_is_active_and_the_old_one_stays_readable(tmp_path):
    old = keys.fresh()
    new = old.with_new_key("sm4-gcm")
    keys.save(tmp_path / "keys.toml", new)

    assert new.active == "s2"
    assert set(keys.load(tmp_path / "keys.toml").sealing) == {"a1", "s1", "s2"}


@pytest.mark.parametrize(
    "damage",
    [("a1", "a9"), ("aes-256-gcm", "rot13"), ("secret_key", "secret"), ("[pii]", "[pi]")],
)
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "keys.toml"
    keys.load_or_make(path)
    path.write_text(path.read_text().replace(*damage, 1))

    with pytest.raises(keys.KeysUnusable):
        keys.load(path)


def test_a_key_of_the_wrong_length_is_refused():
    with pytest.raises(keys.KeysUnusable, match="32 bytes"):
        keys.checked(keys.Keys("x" * 50, "a1", b"i" * 32, {"a1": ("aes-256-gcm", b"short")}))


def test_a_secret_store_hands_keys_over_in_the_environment():
    sealing = keys.parse_sealing("s1:sm4-gcm:" + "A" * 22 + "==, ")
    found = keys.from_environment(
        secret_key="x" * 50, active="", index="A" * 43 + "=", sealing=sealing
    )

    assert found.active == "s1"
    assert found.sealing["s1"] == ("sm4-gcm", bytes(16))


def test_a_garbled_key_of_the_environment_says_how_to_write_one():
    with pytest.raises(keys.KeysUnusable, match="ID:ALGORITHM:BASE64"):
        keys.parse_sealing("a1=oops")
