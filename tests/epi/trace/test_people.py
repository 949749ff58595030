"""Keys of people (and places) and their numbers: `keys`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace.keys import MISSING, Coder, Keys, decimal, table_of

texts = st.text(min_size=1, max_size=12)


def test_a_key_keeps_its_number():
    coder = Coder()

    assert coder.add(Keys.of(["a", "b", "a"])).tolist() == [0, 1, 0]
    assert coder.add(Keys.of(["c", "b"])).tolist() == [2, 1]
    assert list(coder.keys) == ["a", "b", "c"]


def test_a_key_nobody_gave_is_missing():
    assert Keys.of(["a", "b"]).find(["b", "z", ""]).tolist() == [1, MISSING, MISSING]


@given(st.lists(st.lists(texts, max_size=30), max_size=5))
def test_numbers_are_those_of_a_plain_dictionary(batches):
    coder, plain = Coder(), {}
    for batch in batches:
        expected = [plain.setdefault(text, len(plain)) for text in batch]
        assert coder.add(Keys.of(batch)).tolist() == expected

    assert list(coder.keys) == list(plain)
    assert coder.find(Keys.of(plain)).tolist() == list(range(len(plain)))


def test_thousands_of_keys_outgrow_the_first_table():
    keys = Keys.of(f"person-{i}" for i in range(5000))
    coder = Coder()

    assert (coder.add(keys) == np.arange(5000)).all()
    assert coder.table.size >= 7500
    assert coder.keys[4321] == "person-4321"


def test_a_table_from_the_disk_goes_on_where_it_was():
    keys = Keys.of(["a", "b"])
    coder = Coder.over(keys, table_of(keys))

    assert coder.add(Keys.of(["c", "a"])).tolist() == [2, 0]
    assert list(keys) == ["a", "b"]


def test_a_destroyed_key_is_found_no_more():
    keys = Keys(np.frombuffer(b"c", np.uint8), np.array([0, 0, 1]))
    coder = Coder.over(keys, table_of(keys))

    assert coder.find(Keys.of(["a", "c"])).tolist() == [MISSING, 2]
    assert coder.add(Keys.of(["a"])).tolist() == [3]  # a newcomer: no number is given twice


def test_keys_from_a_journal_are_appended_as_they_were():
    coder = Coder()
    coder.add(Keys.of(["a", "b"]))
    new = Keys.of(f"new {i}" for i in range(3000))
    coder.extend(Keys.sized(new.data, new.sizes))

    assert coder.find(Keys.of(["b", "new 0", "new 2999"])).tolist() == [1, 2, 3001]


def test_some_of_many_keys_in_another_order():
    keys = Keys.of(["一", "", "three", "four"])

    assert list(keys.some(np.array([3, 0, 1]))) == ["four", "一", ""]
    assert keys.texts([2, 0]) == ["three", "一"]
    assert list(keys + Keys.of(["五"]))[-1] == "五"
    with pytest.raises(IndexError):
        keys[4]


@given(st.lists(st.integers(-(2**62), 2**62)))
def test_whole_numbers_are_written_as_python_writes_them(values):
    assert list(decimal(np.array(values, np.int64))) == [str(value) for value in values]
