"""One way of writing, and numbers in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.itinerary.divisions import known, short
from tongchou.epi.trace.itinerary.writing import number, plain


@given(st.text())
def test_a_text_keeps_its_length(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("廿九", 29),
        ("初五", 5),
        ("一二三", 123),
        ("08", 8),
        ("两", 2),
        ("十二十", None),
        ("家", None),
        ("", None),
        ("a1", None),
    ],
)
def test_a_number_in_words(words: str, value: int | None) -> None:
    assert number(words) == value


@pytest.mark.parametrize(
    ("name", "brief"),
    [
        ("宜昌市", "宜昌"),
        ("延边朝鲜族自治州", "延边"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("广西壮族自治区", "广西"),
        ("大兴安岭地区", "大兴安岭"),
        ("赵县", None),
    ],
)
def test_a_division_has_an_everyday_form(name: str, brief: str | None) -> None:
    assert short(name) == brief


def test_a_name_may_stand_for_several_divisions_the_larger_first() -> None:
    assert [d.level for d in known()["吉林"]] == ["province", "prefecture"]
    assert known()["宜都市"][0].above == ("湖北省", "宜昌市")
    assert "光明" not in known()
