"""Numbers that lead to one person, found in free text."""

import pytest

from tongchou.kit.personal import names_somebody


@pytest.mark.parametrize("text", ["11010119900307001X", "ask 13800138000", "手机13800138000。"])
def test_identity_and_mobile_numbers_are_found(text):
    assert names_somebody(text)


@pytest.mark.parametrize("text", ["", "flat 1203, bus 138", "2022-07-01", "batch 1234567890123456"])
def test_other_numbers_are_not(text):
    assert not names_somebody(text)
