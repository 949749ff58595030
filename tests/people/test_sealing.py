"""Known answers, and everything that must not open."""

import pytest

from tongchou.people import sealing
from tongchou.people.errors import CannotOpen

KEYS = {
    "a1": ("aes-256-gcm", bytes(range(32))),
    "a2": ("aes-256-gcm", bytes(range(1, 33))),
    "s1": ("sm4-gcm", bytes.fromhex("0123456789abcdeffedcba9876543210")),
}


@pytest.fixture(autouse=True)
def keys(settings):
    settings.PII_KEYS = dict(KEYS)
    settings.PII_ACTIVE_KEY = "a1"


def test_sm4_gcm_gives_the_answer_of_rfc_8998():
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = sealing._encrypt(
        "sm4-gcm",
        KEYS["s1"][1],
        bytes.fromhex("00001234567800000000abcd"),
        plain,
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )


def test_aes_gcm_gives_the_answer_of_the_gcm_specification():
    # McGrew & Viega, The Galois/Counter Mode of Operation, test case 16.
    sealed = sealing._encrypt(
        "aes-256-gcm",
        bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2),
        bytes.fromhex("cafebabefacedbaddecaf888"),
        bytes.fromhex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
        ),
        bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed[-16:].hex() == "76fc6ece0f4e1768cddf8853bb2d551b"
    assert sealed[:4].hex() == "522dc1f0"


@pytest.mark.parametrize("key_id", KEYS)
def test_what_is_sealed_opens_again(key_id):
    assert sealing.unseal(sealing.seal("孙一一", "here", key_id=key_id), "here") == "孙一一"


def test_a_sealed_text_names_its_key_and_nothing_else():
    sealed = sealing.seal("孙一一", "here")
    assert sealing.key_id_of(sealed) == "a1"
    assert "孙" not in sealed


def test_the_same_text_is_sealed_differently_each_time():
    assert sealing.seal("孙一一", "here") != sealing.seal("孙一一", "here")


@pytest.mark.parametrize("key_id", KEYS)
@pytest.mark.parametrize("at", [5, 20, -2])
def test_one_changed_letter_opens_nothing(key_id, at):
    sealed = sealing.seal("孙一一的地址", "here", key_id=key_id)
    other = "A" if sealed[at] != "A" else "B"
    changed = sealed[:at] + other + sealed[at:][1:]
    with pytest.raises(CannotOpen, match="changed or moved"):
        sealing.unseal(changed, "here")


def test_a_text_opens_only_in_its_place():
    sealed = sealing.seal("孙一一", "people.identity.name|A")
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed, "people.identity.name|B")


def test_a_text_under_another_key_id_does_not_open(settings):
    settings.PII_KEYS["a3"] = settings.PII_KEYS["a1"]
    sealed = sealing.seal("孙一一", "here")
    with pytest.raises(CannotOpen):
        sealing.unseal(sealed.replace("a1.", "a3."), "here")


@pytest.mark.parametrize("cut", ["a1.", "a1.AAAA", "a1.!!!!", "a1"])
def test_a_cut_text_is_refused_in_words(cut):
    with pytest.raises(CannotOpen):
        sealing.unseal(cut, "here")


def test_a_missing_key_says_which(settings):
    sealed = sealing.seal("孙一一", "here", key_id="a2")
    del settings.PII_KEYS["a2"]
    with pytest.raises(CannotOpen, match="'a2' is not in PII_KEYS"):
        sealing.unseal(sealed, "here")


def test_a_key_of_the_wrong_length_is_refused(settings):
    settings.PII_KEYS["a1"] = ("aes-256-gcm", b"short")
    with pytest.raises(CannotOpen, match="not a key for"):
        sealing.seal("孙一一", "here")
