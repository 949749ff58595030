from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.epi.trace.lists import DAY, NEW_YEAR, one_sort, read_of, records_of, rows_of
from tongchou.epi.trace import kinds
from tongchou.epi.trace.checks import Reason
from tongchou.epi.trace.durable import Busy
from tongchou.epi.trace.keys import MISSING, Keys
from tongchou.epi.trace.store import Store, is_store
from tongchou.epi.trace.writing import writing

FIRST = date(2022, 1, 1)
STAYS = [("P1", "home", 480, 60), ("P2", "home", 500, 30), ("P1", "shop", 1430, 20)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "visits"


def held(store):
    return records_of(store.city(), store.people.keys, store.place_keys.keys)


def test_a_batch_can_be_asked_for_at_once_by_every_process(folder):
    with writing(folder, who="test") as writer:
        reader = Store(folder)
        receipt = writer.ingest("b", read_of(STAYS), new_places=True)
        reader.refresh()

        assert held(reader) == held(writer) == one_sort(STAYS)
    assert (receipt.n_read, receipt.n_taken, receipt.n_records) == (3, 3, 4)


def test_the_same_batch_again_changes_nothing(folder):
    with writing(folder, who="test") as store:
        first = store.ingest("b", read_of(STAYS), new_places=True)
        second = store.ingest("b", read_of([*STAYS, ("P9", "home", 0, 5)]), new_places=True)

        assert (second.again, second.n_taken, second.n_records) == (True, 3, 4)
        assert first.n_records == second.n_records
        assert held(store) == one_sort(STAYS)


def test_another_batch_with_the_same_visits_is_merged(folder):
    with writing(folder, who="test") as store:
        for batch in "ab":
            store.ingest(batch, read_of(STAYS), new_places=True)

        built = store.build(FIRST)
        assert held(store) == one_sort(STAYS)
        assert (built.n_in, built.n_merged, built.day.n_records) == (6, 3, 3)


def test_a_visit_to_a_place_nobody_sent_is_refused(folder):
    with writing(folder, who="test") as store:
        receipt = store.ingest("b", read_of(STAYS))

        assert (receipt.n_taken, receipt.n_refused) == (0, 3)
        assert {refusal.reason for refusal in receipt.refusals} == {Reason.UNKNOWN_PLACE}
        assert len(store.people) == 0  # nobody is kept of whom nothing is known


def test_a_place_that_was_sent_takes_visits(folder):
    with writing(folder, who="test") as store:
        put(store, ["home"], [kinds.HOME])
        receipt = store.ingest("b", read_of(STAYS))

        assert (receipt.n_taken, receipt.n_refused) == (2, 1)
        assert [refusal.line for refusal in receipt.refusals] == [3]


def test_the_kind_that_the_store_knows_decides(folder):
    with writing(folder, who="test") as store:
        put(store, ["home"], [kinds.SHOP])
        receipt = store.ingest("b", read_of([("P1", "home", 0, 1000)]))

        (refusal,) = receipt.refusals
        assert refusal.reason is Reason.TOO_LONG


def test_what_ends_after_now_is_refused(folder):
    with writing(folder, who="test") as store:
        receipt = store.ingest("b", read_of(STAYS), new_places=True, now=NEW_YEAR + 1440)

        assert [str(refusal) for refusal in receipt.refusals] == [
            "line 3: ends at 2022-01-02 00:10, which has not come yet; send it once it has ended; "
            "if it has, set the clock of the device right"
        ]


def test_keys_lead_to_numbers_and_back(folder):
    with writing(folder, who="test") as store:
        store.ingest("b", read_of(STAYS), new_places=True)
    store = Store(folder)

    assert store.people.find(Keys.of(["P2", "P7"])).tolist() == [1, MISSING]
    assert store.people.keys[1] == "P2"
    assert store.place_keys.keys[0] == "home"


def test_a_long_journal_is_cut_into_segments_behind_checkpoints(folder, monkeypatch):
    monkeypatch.setattr("tongchou.epi.trace.writing.SEGMENT", 1)
    with writing(folder, who="test") as store:
        for number, stay in enumerate(STAYS):
            store.ingest(str(number), read_of([stay]), new_places=True)
    with writing(folder, who="test") as store:
        assert held(store) == held(Store(folder)) == one_sort(STAYS)
        assert store.ingest("0", read_of(STAYS[:1])).again
    assert len(list((folder / "journal").iterdir())) == 3
    assert len(list((folder / "registry").iterdir())) == 1


def test_a_second_writer_is_told_who_writes(folder):
    with (
        writing(folder, who="the worker of desk 3"),
        pytest.raises(Busy, match="the worker of desk 3"),
        writing(folder, who="another"),
    ):
        pass
    with writing(folder, who="another"):
        pass


def test_a_folder_without_a_store_says_so(tmp_path):
    assert not is_store(tmp_path)
    with pytest.raises(FileNotFoundError, match="no visit store"):
        Store(tmp_path)


def test_everybody_has_a_row_in_every_day(folder):
    with writing(folder, who="test") as store:
        store.ingest("a", read_of(STAYS), new_places=True)
        store.seal(FIRST)
        newcomers = [(f"N{i}", f"new {i}", 3000, 5) for i in range(3000)]
        store.ingest("b", read_of(newcomers), new_places=True)

        for day in store.city().days:
            assert day.by_person.n_keys == 3002
            assert day.by_place.n_keys == 3002
            assert day.by_person.rows(3001).size == (day.on.day == 3)


def test_a_place_that_moves_takes_its_sealed_visits_with_it(folder):
    with writing(folder, who="test") as store:
        store.ingest("a", read_of(STAYS), new_places=True)
        store.seal(FIRST)
        put(store, ["shop"], [kinds.SHOP], longitude=120.0)  # next to the home

        (day, _) = store.city().days
        assert day.by_cell.rows(0).size == 3
        assert [state.state for state in store.states()] == ["late", "open"]
        store.seal(FIRST)
        assert store.states()[0].state == "sealed"
        assert store.city().days[0].by_cell.rows(0).size == 3


def put(store, names, of_kinds, longitude=121.0):
    n = len(names)
    store.put_places(
        Keys.of(names),
        np.array([kind.number for kind in of_kinds], np.uint8),
        np.full(n, longitude),
        np.full(n, 31.0),
        np.ones(n, np.bool_),
    )


def test_a_kind_that_does_not_exist_is_refused(folder):
    with writing(folder, who="test") as store, pytest.raises(ValueError, match="no kind"):
        store.put_places(
            Keys.of(["x"]), np.array([99], np.uint8), *[np.zeros(1)] * 2, np.ones(1, bool)
        )


def test_the_days_asked_for_are_the_days_given(folder):
    stays = [("P1", "home", 1440 * i, 5) for i in range(4)]
    with writing(folder, who="test") as store:
        store.ingest("a", read_of(stays), new_places=True)
        city = store.city(first=FIRST + timedelta(days=1), last=FIRST + timedelta(days=2))

        assert [day.on.day for day in city.days] == [2, 3]
        assert store.day(date(2022, 2, 1)) is None
        assert store.city().days[0] is store.city().days[0]  # sorted once


# --- any order of batches and seals ------------------------------------------------------------

stay = st.tuples(
    st.sampled_from(["P1", "P2", "P3"]),
    st.sampled_from(["home", "shop"]),
    st.integers(0, 3000),
    st.integers(-5, 2000),
)
act = st.one_of(
    st.tuples(st.just("batch"), st.integers(0, 4), st.lists(stay, max_size=6)),
    st.tuples(st.just("seal"), st.integers(0, 3), st.none()),
    st.tuples(st.just("open again"), st.none(), st.none()),
)


@given(acts=st.lists(act, max_size=8))
def test_any_order_of_batches_and_seals_is_one_sort(tmp_path_factory, acts):
    folder = tmp_path_factory.mktemp("any") / "visits"
    sent: dict[int, list] = {}
    with writing(folder, who="test") as store:
        pass
    todo = list(acts)
    while todo:
        with writing(folder, who="test") as store:
            while todo and todo[0][0] != "open again":
                what, number, stays = todo.pop(0)
                if what == "batch":
                    store.ingest(str(number), read_of(stays), new_places=True)
                    sent.setdefault(number, stays)
                else:
                    store.seal(FIRST + timedelta(days=number))
            todo = todo[1:]
    store = Store(folder)

    believed = [stay for stays in sent.values() for stay in stays if stay[3] >= 0]
    assert held(store) == one_sort(believed)
    for day in store.city().days:
        keys = store.people.keys, store.place_keys.keys
        turned = {(o, k, s, m): n for (k, o, s, m), n in rows_of(day.by_place, *keys[::-1]).items()}
        assert turned == rows_of(day.by_person, *keys)
    reconciles(store, sent)


def reconciles(store, sent):
    totals, states = store.totals(), store.states()
    assert totals["read"] == sum(map(len, sent.values()))
    assert totals["read"] == totals["taken"] + totals["refused"]
    assert totals["records"] == sum(state.n_in for state in states)
    for state in states:
        built = store.build(state.on)
        assert built.n_in == built.day.n_records + built.n_merged == state.n_in
        assert state.n_sealed + state.n_pending == state.n_in - state.n_merged


def test_the_numbers_of_the_tests_are_those_of_the_calendar():
    assert (FIRST - date(1970, 1, 1)).days == DAY
    assert Path(__file__).stem == "test_store"
