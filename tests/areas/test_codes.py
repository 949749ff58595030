"""Codes are text, and their digits have traps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.areas import codes


@pytest.mark.parametrize(
    ("written", "code"),
    [("42", "420000"), ("4205", "420500"), ("429006000000", "429006"), ("420502.0", "420502")],
)
def test_a_code_is_kept_at_its_significant_length(written: str, code: str) -> None:
    assert codes.normalise(written) == code


def test_a_code_that_a_spreadsheet_rounded_is_refused() -> None:
    with pytest.raises(codes.WrongCode, match="format the column as text"):
        codes.normalise("4.20502E+11")


def test_what_is_no_code_is_refused() -> None:
    with pytest.raises(codes.WrongCode, match="is no division code"):
        codes.normalise("42050")


def test_tianmen_is_a_city_under_its_province() -> None:
    assert codes.level_of("429006") == codes.CITY
    assert codes.parent_of("429006") == "420000"


def test_a_street_may_hang_under_a_city_without_districts() -> None:
    assert codes.path_of("429006001") == "420000/429006/429006001/"


@pytest.mark.parametrize("code", ["429000", "110100", "500200"])
def test_a_pseudo_city_is_known(code: str) -> None:
    assert codes.is_pseudo(code)


@pytest.mark.parametrize("code", ["420500", "429006", "110000", "110101"])
def test_a_real_area_is_no_pseudo_city(code: str) -> None:
    assert not codes.is_pseudo(code)


def test_a_development_zone_is_a_peer_of_districts() -> None:
    assert codes.level_of("370471") == codes.level_of("370402") == codes.DISTRICT
    assert codes.parent_of("370471") == codes.parent_of("370402")


def test_letters_follow_for_grid_cell_and_building() -> None:
    assert codes.level_of("420502001001A01") == codes.GRID
    assert codes.level_of("420502001001A01B03") == codes.BUILDING
    assert codes.parent_of("420502001001A01B03") == "420502001001A01"


@given(st.from_regex(r"\A(1[1-5]|4[1-6])\d{4}(\d{3}(\d{3}([A-Z]\d\d){0,2})?)?\Z"))
def test_every_area_lies_below_its_parent(written: str) -> None:
    code = codes.normalise(written)
    path = codes.path_of(code)
    assert path.endswith(code + "/")
    above = codes.parent_of(code)
    assert not above or codes.level_of(above) < codes.level_of(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("420502001", "street"),
        ("429006100", "town"),
        ("429006200", "township"),
        ("320505405", "like_town"),
        ("420502001001", "residents"),
        ("429006100200", "village"),
        ("429006100498", "like_residents"),
        ("429006100500", "like_village"),
        ("420502600", ""),
        ("420502", ""),
    ],
)
def test_the_class_digits_tell_a_town_from_a_street(code: str, name: str) -> None:
    assert codes.class_of(code) == name
