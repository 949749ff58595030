"""Two records become one, and two again exactly as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.little_city import T0, build
from tests.people.conftest import number
from tongchou.ledger.models import Passage
from tongchou.people import actions, queries
from tongchou.people.errors import CannotMerge, MayNotSee
from tongchou.people.models import KeptApart, Merge, Person
from tongchou.records.models import AuditEvent


@pytest.fixture
def twin(register):
    """A second record of Sun, written with a slip of the pen."""
    return register(name="孙依依", phone="13900001111")


def join(city, keep, other, **more):
    return actions.merge(keep=keep, other=other, by=city.steward, now=T0, **more)


def test_the_record_that_stands_answers_for_both(city, sun, twin):
    join(city, sun, twin)
    assert queries.canonical(twin.key) == sun.key
    assert queries.group(twin.key) == (sun.key, twin.key)
    assert queries.with_phone("13900001111") == [sun]


def test_no_row_of_the_other_record_changes_but_its_pointer(city, sun, twin):
    before = Person.objects.filter(key=twin.key).values().get()
    join(city, sun, twin)
    after = Person.objects.filter(key=twin.key).values().get()
    assert after == before | {"merged_into_id": sun.key}


def test_undoing_restores_both_exactly(city, sun, twin):
    before = list(Person.objects.order_by("key").values())
    merged = join(city, sun, twin)
    actions.unmerge(merged=merged, by=city.steward, now=T0)
    assert list(Person.objects.order_by("key").values()) == before
    assert queries.with_phone("13900001111") == [twin]


def test_undoing_in_the_middle_keeps_what_was_merged_below(city, sun, twin, register):
    third = register(name="周三三", phone="13900003333")
    join(city, twin, third)
    upper = join(city, sun, twin)
    assert queries.canonical(third.key) == sun.key
    actions.unmerge(merged=upper, by=city.steward, now=T0)
    assert queries.canonical(third.key) == twin.key
    assert queries.group(sun.key) == (sun.key,)


def test_an_undone_merge_stays_in_the_record(city, sun, twin):
    merged = join(city, sun, twin, reasons="same phone")
    actions.unmerge(merged=merged, by=city.qian, now=T0)
    row = Merge.objects.get()
    assert (row.merged_by, row.undone_by, row.reasons) == (city.steward, city.qian, "same phone")
    verbs = list(AuditEvent.objects.filter(verb__contains="merge").values_list("verb", flat=True))
    assert verbs == ["people.merge", "people.unmerge"]


def test_a_merge_is_undone_once(city, sun, twin):
    merged = join(city, sun, twin)
    actions.unmerge(merged=merged, by=city.steward, now=T0)
    with pytest.raises(CannotMerge, match="undone already"):
        actions.unmerge(merged=merged, by=city.steward, now=T0)


def test_nobody_can_be_in_two_pairs_of_hands(city, sun, twin, held):
    held(sun), held(twin)
    with pytest.raises(CannotMerge, match="Both are in somebody's hands"):
        join(city, sun, twin)


def test_the_record_in_somebodys_hands_is_the_one_that_stays(city, sun, twin, held):
    passage = held(twin)
    merged = join(city, sun, twin)
    assert (merged.keep, merged.other) == (twin, sun)
    assert queries.holder(sun.key) == passage


def test_a_record_merges_once_and_not_with_itself(city, sun, twin, register):
    join(city, sun, twin)
    third = register(name="周三三")
    for keep, other in ((third, twin), (twin, third)):
        with pytest.raises(CannotMerge, match="merged already"):
            join(city, keep, other)
    with pytest.raises(CannotMerge, match="one record"):
        join(city, sun, sun)


def test_only_the_cdc_or_a_steward_of_both_areas_may_merge(city, sun, twin):
    for who in (city.wu, city.chen, city.mayor):
        with pytest.raises(MayNotSee):
            actions.merge(keep=sun, other=twin, by=who, now=T0)


def test_two_who_look_alike_can_be_kept_apart(city, sun, twin):
    for pair in ((sun, twin), (twin, sun)):
        actions.keep_apart(one=pair[0], two=pair[1], by=city.qian, now=T0)
    assert KeptApart.objects.count() == 1


class AnyOrder(TestCase):
    """Whatever is merged and undone in whatever order, the records equal a replay of it."""

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 5)), max_size=14))
    def test_merges_and_undoings_equal_a_replay(self, steps):
        city = build()
        people = [
            actions.register(by=city.qian, now=T0, area=city.community).person for _ in range(6)
        ]
        keys = [p.key for p in people]
        pointer: dict[str, str] = {}
        done: list[Merge] = []
        for undo, i, j in steps:
            if undo and done:
                merged = done.pop(i % len(done))
                actions.unmerge(merged=merged, by=city.steward, now=T0)
                del pointer[merged.other_id]
            elif not undo:
                allowed = i != j and keys[i] not in pointer and keys[j] not in pointer
                try:
                    done.append(join(city, people[i], people[j]))
                except CannotMerge:
                    assert not allowed
                else:
                    assert allowed
                    pointer[keys[j]] = keys[i]
        assert queries.canonical_keys(keys) == {key: _end(pointer, key) for key in keys}
        for key in keys:
            alike = {k for k in keys if _end(pointer, k) == _end(pointer, key)}
            assert set(queries.group(key)) == alike
        assert not Passage.objects.exists()
        for merged in reversed(done):
            actions.unmerge(merged=merged, by=None, now=T0)
        assert not Person.objects.exclude(merged_into=None).exists()


def _end(pointer: dict[str, str], key: str) -> str:
    while key in pointer:
        key = pointer[key]
    return key


def test_numbers_of_the_tests_check():
    assert len(number()) == 18
