import hashlib
import tomllib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.playbook.small import SMALL, lines, parse_child, playbooks
from tongchou import playbook
from tongchou.playbook.writing import literal


@given(playbooks)
def test_every_playbook_survives_writing_and_reading(book):
    again = playbook.parse(book.text)
    assert again == book
    assert again.text == book.text


@given(playbooks)
def test_the_digest_is_that_of_the_text(book):
    assert book.digest == hashlib.sha256(book.text.encode()).hexdigest()
    assert playbook.parse(book.text).digest == book.digest


@pytest.mark.parametrize("name", playbook.shipped())
def test_a_shipped_playbook_survives_writing_and_reading(name):
    book = playbook.load(name)
    again = playbook.parse(book.text, resolve=lambda _: pytest.fail("needs another file"))
    assert again == book
    assert again.extends == book.extends


def test_the_written_form_needs_no_other_file():
    book = parse_child()
    assert tomllib.loads(book.text)["complete"] is True
    assert playbook.parse(book.text).extends == "small"


def test_tables_keep_the_order_in_which_they_were_written():
    stages = list(playbook.parse(playbook.parse(SMALL).text).deadlines)
    assert stages == [("parcel", "sent"), ("parcel", "received")]


values = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        lines,
        st.dates(date(1, 1, 1)),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(lines, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_every_value_is_written_as_toml_reads_it(value):
    assert tomllib.loads(f"key = {literal(value)}")["key"] == value


def test_a_playbook_holds_nothing_else():
    with pytest.raises(TypeError, match="no set"):
        literal({1})
