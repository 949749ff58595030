"""What may look equal in the database, and what may not."""

import pytest

from tongchou.people import blind


@pytest.fixture(autouse=True)
def key(settings):
    settings.PII_INDEX_KEY = b"k" * 32


def test_equal_numbers_have_equal_digests():
    assert blind.phone("13800001234") == blind.phone("13800001234") != blind.phone("13800001235")


def test_an_empty_text_has_no_digest():
    assert blind.phone("") == blind.document("id_card", "") == ""


def test_equal_texts_of_two_columns_do_not_look_equal():
    assert blind.phone("13800001234") != blind.document("passport", "13800001234")


def test_another_key_gives_other_digests(settings):
    before = blind.phone("13800001234")
    settings.PII_INDEX_KEY = b"l" * 32
    assert blind.phone("13800001234") != before


def test_the_key_mark_tells_keys_apart_and_not_the_key(settings):
    before = blind.key_mark()
    settings.PII_INDEX_KEY = b"l" * 32
    assert blind.key_mark() != before
    assert "6c6c" not in blind.key_mark()


def test_a_name_is_never_indexed_alone():
    assert blind.likeness("孙一一", None, "990102001001") == ""
    assert blind.likeness("孙一一", 1980, None) == ""
    assert blind.likeness("孙一一", 1980, "990102001001")


@pytest.mark.parametrize("written", ["阿布 都", "阿布·都", "阿布•都", " 阿布都"])
def test_a_name_is_compared_without_spaces_and_dots(written):
    assert blind.same_name(written) == "阿布都"


def test_latin_names_are_compared_without_case():
    assert blind.same_name("KIM Min-su") == blind.same_name("Kim Minsu")
