"""Numbers as people type them, and what the errors say."""

from datetime import date

import pytest

from tests.people.conftest import number
from tongchou.people.documents import DocumentKind, check_digit, read, read_phone
from tongchou.people.errors import BadDocument, BadPhone

TODAY = date(2022, 7, 1)
ID = DocumentKind.ID_CARD


def refusal(kind: str, text: str) -> str:
    with pytest.raises(BadDocument) as error:
        read(kind, text, today=TODAY)
    return str(error.value)


def test_the_published_example_checks():
    # The example number of GB 11643-1999.
    assert check_digit("11010519491231002") == "X"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002X",
        "11010519491231002x",
        " 110105 19491231 002x ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-19491231-002X",
        "110105\u200b19491231002X",
    ],
)
def test_an_id_number_has_one_written_form(typed):
    assert read(ID, typed, today=TODAY).number == "11010519491231002X"


def test_an_id_number_tells_birth_and_sex():
    woman = read(ID, "11010519491231002X", today=TODAY)
    assert (woman.born_on, woman.sex) == (date(1949, 12, 31), "female")
    assert read(ID, number(serial="003"), today=TODAY).sex == "male"


def test_a_card_of_fifteen_digits_is_brought_to_eighteen():
    assert read(ID, "110105491231002", today=TODAY).number == "11010519491231002X"


def test_a_permanent_residence_card_of_a_foreigner_is_read():
    assert read(ID, number(region="911840"), today=TODAY).number.startswith("911840")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1101051949123100", "has 18 characters; this one has 16"),
        ("1101051949123100222", "this one has 19"),
        ("1101O519491231002X", "O instead of 0"),
        ("99A105194912310020", "17 digits"),
        (number(region="160105"), "No region has the code 16"),
        (number(born="19800230"), "no such day"),
        (number(born="19801301"), "digits 7 to 14"),
        (number(born="20220702"), "still to come"),
        (number(born="18790101"), "Nobody alive"),
    ],
)
def test_a_wrong_id_number_is_told_what_to_look_at(typed, says):
    assert says in refusal(ID, typed)


@pytest.mark.parametrize("at", range(17))
def test_every_single_mistyped_digit_is_caught(at):
    good = "11010519491231002X"
    wrong = str((int(good[at]) + 1) % 10)
    assert refusal(ID, good[:at] + wrong + good[at + 1 :])


@pytest.mark.parametrize("at", [0, 2, 4, 12, 15])
def test_two_digits_that_changed_places_are_caught(at):
    good = number(born="19830527", serial="197", region="320584")
    swapped = good[:at] + good[at + 1] + good[at] + good[at + 2 :]
    assert good[at] == good[at + 1] or refusal(ID, swapped)


def test_the_error_never_tells_the_check_digit_that_would_fit():
    assert not set("X") & set(refusal(ID, "110105194912310021"))


def test_a_passport_is_free_text_in_one_form():
    assert read(DocumentKind.PASSPORT, " e 1234-5678 ", today=TODAY).number == "E12345678"


def test_a_passport_tells_neither_birth_nor_sex():
    passport = read(DocumentKind.PASSPORT, "11010519491231002X", today=TODAY)
    assert (passport.born_on, passport.sex) == (None, "")


@pytest.mark.parametrize("typed", ["E1", "E" * 41])
def test_a_passport_number_has_a_length_that_can_be(typed):
    assert "too" in refusal(DocumentKind.PASSPORT, typed)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("13800001234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("0086-138-0000-1234", "13800001234"),
        ("86 13800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("(0717) 622-1234", "07176221234"),
        ("+86 717 6221234", "07176221234"),
        ("+82 2 4561 234", "+8224561234"),
        ("0082 2 4561234", "+8224561234"),
        ("12345", "12345"),
    ],
)
def test_a_phone_number_has_one_written_form(typed, form):
    assert read_phone(typed) == form


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1380000123", "11 digits; this one has 10"),
        ("13800001234、13900001234", "second number"),
        ("none", "digits only"),
        ("123", "5 to 15"),
        ("+1234567890123456", "5 to 15"),
    ],
)
def test_a_wrong_phone_number_is_told_why(typed, says):
    with pytest.raises(BadPhone, match=says):
        read_phone(typed)
