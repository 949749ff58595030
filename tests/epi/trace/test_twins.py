from datetime import date

import duckdb
import pytest

from tests.epi.trace.lists import DAY, read_of
from tongchou.epi.trace.day import unpack
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.reading import read_visits
from tongchou.epi.trace.twins import twins_of, write_twins
from tongchou.epi.trace.writing import writing

FIRST = date(2022, 1, 1)
STAYS = [("P2", "home", 480, 60), ("P1", "home", 500, 30), ("P1", "shop", 1430, 20)]


@pytest.fixture
def store(tmp_path):
    with writing(tmp_path / "visits", who="test") as store:
        store.ingest("a", read_of(STAYS), new_places=True)
        store.seal(FIRST)
        yield store


def rows(file):
    with duckdb.connect() as session:
        return session.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()


@pytest.mark.parametrize("order", ["place", "person"])
def test_a_twin_has_the_rows_of_its_order_in_the_same_order(store, order):
    folder = write_twins(store, FIRST)
    day = store.day(FIRST)
    sorted_copy = day.by_place if order == "place" else day.by_person
    other, start, minutes = (column.tolist() for column in unpack(sorted_copy.records))
    pairs = zip(sorted_copy.keys().tolist(), other, strict=True)
    people = [(o, k) if order == "place" else (k, o) for k, o in pairs]

    expected = [
        (person, place, DAY * 1440 + s, DAY * 1440 + s + m, int(store.places.kind[place]))
        for (person, place), s, m in zip(people, start, minutes, strict=True)
    ]
    assert rows(folder / f"{order}.parquet") == expected


def test_a_twin_can_be_read_as_a_list_of_visits(store):
    read = read_visits(write_twins(store, FIRST) / "place.parquet")

    assert (len(read.visits), len(read.refusals)) == (3, 0)


def test_twins_are_proved_and_go_with_their_day(store):
    folder = write_twins(store, FIRST)
    assert verify(store.folder).faults == ()
    store.destroy_before(date(2022, 1, 2))

    assert not folder.exists()


def test_a_changed_twin_is_found(store):
    with (write_twins(store, FIRST) / "place.parquet").open("ab") as file:
        file.write(b"more")

    assert ["checksum" in fault for fault in verify(store.folder).faults] == [True]


def test_twins_name_the_generation_they_were_made_from(store):
    folder = write_twins(store, FIRST)

    assert twins_of(store.folder, FIRST, 1) == folder
    assert twins_of(store.folder, FIRST, 2) is None
    assert twins_of(store.folder, date(2022, 1, 2), 1) is None


def test_newer_twins_take_the_place_of_older_ones(store):
    first, second = write_twins(store, FIRST), write_twins(store, FIRST)

    assert second.exists()
    assert not first.exists()


def test_a_day_that_is_not_sealed_has_no_twins(store):
    with pytest.raises(ValueError, match="2022-01-02 is open: seal it first"):
        write_twins(store, date(2022, 1, 2))
    with pytest.raises(ValueError, match="not there"):
        write_twins(store, date(2023, 1, 1))
