from datetime import date

import pytest

from tests.epi.trace.lists import NEW_YEAR, one_sort, read_of, records_of
from tongchou.epi.trace.checks import Reason
from tongchou.epi.trace.keys import MISSING, Keys
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.store import Store
from tongchou.epi.trace.writing import writing

OLD = [("PERSON-1", "home", 480, 60), ("PERSON-2", "home", 500, 30)]
NEW = [("PERSON-1", "shop", 3000, 20), ("PERSON-3", "home", 4400, 20)]
SECOND = date(2022, 1, 2)


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "visits"
    with writing(folder, who="test") as store:
        store.ingest("old", read_of(OLD), new_places=True)
        store.seal(date(2022, 1, 1))
        store.ingest("new", read_of(NEW), new_places=True)
    return folder


def held(store):
    return records_of(store.city(), store.people.keys, store.place_keys.keys)


def everything(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_days_before_the_given_one_are_destroyed_and_told(folder):
    with writing(folder, who="test") as store:
        gone = store.destroy_before(SECOND)

        assert gone.days == ((date(2022, 1, 1), 2),)
        assert gone.n_people == 1
        assert held(store) == one_sort(NEW)
        assert store.first_day == SECOND
    assert verify(folder).faults == ()


def test_people_whom_no_later_day_names_are_forgotten(folder):
    assert b"PERSON-2" in everything(folder)
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
    store = Store(folder)

    found = store.people.find(Keys.of(["PERSON-1", "PERSON-2", "PERSON-3"]))
    assert found.tolist() == [0, MISSING, 2]
    assert b"PERSON-2" not in everything(folder)
    assert b"PERSON-1" in everything(folder)


def test_a_number_is_not_given_to_somebody_else(folder):
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
        store.ingest("again", read_of([("PERSON-2", "home", 4500, 5)]))

        assert store.people.find(Keys.of(["PERSON-2"])).tolist() == [3]


def test_visits_of_destroyed_days_are_refused(folder):
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
        receipt = store.ingest("again", read_of([*OLD, ("PERSON-1", "home", 5000, 5)]))

        assert [refusal.reason for refusal in receipt.refusals] == [Reason.TOO_OLD] * 2
        assert "before 2022-01-02" in str(next(iter(receipt.refusals)))
        assert receipt.n_taken == 1


def test_visits_older_than_the_playbook_keeps_are_refused_before_their_day_is_destroyed(folder):
    with writing(folder, who="test") as store:
        receipt = store.ingest("x", read_of(OLD[:1] + NEW[:1]), oldest=SECOND)

        assert [refusal.line for refusal in receipt.refusals] == [1]
        assert [refusal.reason for refusal in receipt.refusals] == [Reason.TOO_OLD]


def test_a_batch_is_known_as_long_as_one_of_its_days(folder):
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)

        assert store.ingest("new", read_of(NEW)).again
        assert not store.ingest("old", read_of(OLD)).again


def test_an_open_day_is_destroyed_too(folder):
    with writing(folder, who="test") as store:
        gone = store.destroy_before(date(2022, 1, 4))

        assert gone.days == ((date(2022, 1, 1), 2), (date(2022, 1, 3), 1))
        assert held(store) == one_sort(NEW[1:])
    assert b"PERSON-2" not in everything(folder)


def test_what_was_destroyed_is_destroyed_once(folder):
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
        gone = store.destroy_before(SECOND)

        assert (gone.days, gone.n_people) == ((), 0)
        assert store.destroy_before(date(2021, 1, 1)).days == ()
        assert store.first_day == SECOND


def test_a_reader_sees_them_go(folder):
    reader = Store(folder)
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
    reader.refresh()

    assert [state.on.day for state in reader.states()] == [3, 4]
    assert held(reader) == one_sort(NEW)


def test_a_stay_that_began_on_a_destroyed_day_is_refused_as_a_whole(folder):
    with writing(folder, who="test") as store:
        store.destroy_before(SECOND)
        receipt = store.ingest("x", read_of([("PERSON-1", "home", 1400, 100)]), now=NEW_YEAR + 9999)

        assert (receipt.n_taken, receipt.n_refused) == (0, 1)
