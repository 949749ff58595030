import hashlib
import json
from datetime import date

import numpy as np
import pytest

from tests.epi.trace.lists import one_sort, read_of, records_of
from tongchou.epi.trace import bundles
from tongchou.epi.trace.bundles import Bundle, Damaged
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.store import Store
from tongchou.epi.trace.writing import writing

FIRST = date(2022, 1, 1)
STAYS = [("P1", "home", 480, 60), ("P2", "home", 500, 30), ("P1", "shop", 1430, 20)]
LATE = [("P3", "shop", 600, 30), ("P1", "home", 500, 60)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "visits"


@pytest.fixture
def sealed(folder):
    """A store with one sealed day and one open."""
    with writing(folder, who="test") as store:
        store.ingest("a", read_of(STAYS), new_places=True)
        store.seal(FIRST)
    return folder


def held(store):
    return records_of(store.city(), store.people.keys, store.place_keys.keys)


def day_folder(folder):
    return bundles.newest(folder / "days")["2022-01-01"]


def test_a_sealed_day_lies_in_three_orders_with_a_manifest(sealed):
    found = day_folder(sealed)
    manifest = json.loads((found / "manifest.json").read_text())

    assert set(manifest["files"]) == {
        f"{order}.{part}"
        for order in ("place", "person", "cell")
        for part in ("offsets", "records")
    }
    assert manifest["facts"]["n_records"] == 3
    for name, file in manifest["files"].items():
        content = (found / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            file["bytes"],
            file["sha256"],
        )


def test_a_record_is_eight_bytes(sealed):
    assert (day_folder(sealed) / "place.records").stat().st_size == 3 * 8


def test_what_is_read_does_not_change_by_sealing(sealed):
    with writing(sealed, who="test") as store:
        before = held(store)
        assert store.seal_before(date(2022, 2, 1)) == [date(2022, 1, 2)]
        assert held(store) == before == one_sort(STAYS)


def test_the_journal_behind_sealed_days_is_dropped(sealed):
    def size():
        return sum(path.stat().st_size for path in (sealed / "journal").iterdir())

    before = size()
    with writing(sealed, who="test") as store:
        store.seal_before(date(2022, 2, 1))

    assert before > 0
    assert size() == 0
    assert held(Store(sealed)) == one_sort(STAYS)


def test_a_day_without_news_is_not_sealed_again(sealed):
    with writing(sealed, who="test") as store:
        assert not store.seal(FIRST)
        assert not store.seal(date(2022, 3, 1))


def test_late_visits_are_read_at_once_and_sealed_as_a_new_generation(sealed):
    with writing(sealed, who="test") as store:
        receipt = store.ingest("late", read_of(LATE))

        assert receipt.n_late == 2
        assert store.states()[0].state == "late"
        assert held(store) == one_sort(STAYS + LATE)
        store.seal(FIRST)
        assert (store.states()[0].state, store.states()[0].generation) == ("sealed", 2)
        assert held(store) == one_sort(STAYS + LATE)


def test_an_older_generation_stays_readable_for_those_who_have_it_open(sealed):
    reader = Store(sealed)
    day = reader.day(FIRST)
    before = day.by_place.records.copy()

    with writing(sealed, who="test") as store:
        store.ingest("late", read_of(LATE))
        store.seal(FIRST)

    assert (day.by_place.records == before).all()
    reader.refresh()
    assert held(reader) == one_sort(STAYS + LATE)


def test_a_reader_that_slept_through_it_all_catches_up(sealed):
    reader = Store(sealed)
    with writing(sealed, who="test") as store:
        for number in range(5):
            store.ingest(f"{number}", read_of([(f"N{number}", "home", 480, 60)]))
            store.seal_before(date(2022, 2, 1))
    reader.refresh()

    assert len(reader.people) == 7
    assert sum(held(reader).values()) == sum(one_sort(STAYS).values()) + 5


def test_a_day_sealed_while_a_reader_looks_names_nobody_unknown(sealed, monkeypatch):
    reader = Store(sealed)
    look = Store._find_sealed

    def write_first(store):
        monkeypatch.undo()
        with writing(sealed, who="test") as writer:
            writer.ingest("late", read_of(LATE))
            writer.seal(FIRST)
        return look(store)

    monkeypatch.setattr(Store, "_find_sealed", write_first)
    reader.refresh()

    assert len(reader.people) == 3
    assert held(reader) == one_sort(STAYS + LATE)


def test_an_unfinished_folder_is_nothing_to_a_reader_and_gone_after_the_next_writer(sealed):
    unfinished = sealed / "days" / ".unfinished-2022-01-02.g000001"
    unfinished.mkdir()
    (unfinished / "place.records").write_bytes(b"half")

    assert held(Store(sealed)) == one_sort(STAYS)
    with writing(sealed, who="test"):
        pass
    assert not unfinished.exists()


def test_a_whole_store_is_proved_whole(sealed):
    proof = verify(sealed)

    assert proof.faults == ()
    assert (proof.n_records, proof.n_frames) == (3, 1)


@pytest.mark.parametrize("name", ["place.records", "person.offsets", "cell.records"])
def test_one_bit_on_the_disk_is_found(sealed, name):
    path = day_folder(sealed) / name
    content = bytearray(path.read_bytes())
    content[9] ^= 1
    path.write_bytes(content)

    (fault,) = verify(sealed).faults
    assert name in fault
    assert "checksum" in fault


def test_a_changed_manifest_and_a_cut_file_are_found(sealed):
    found = day_folder(sealed)
    text = (found / "manifest.json").read_text()
    (found / "manifest.json").write_text(text.replace('"n_records": 3', '"n_records": 4'))
    with pytest.raises(Damaged, match="changed after it was written"):
        Bundle.open(found)
    (found / "manifest.json").write_text(text)
    (found / "place.records").write_bytes(b"12345678")
    with pytest.raises(Damaged, match="has 8 bytes, its manifest says 24"):
        Bundle.open(found)


def test_a_file_nobody_wrote_is_found(sealed):
    (day_folder(sealed) / "notes.txt").write_text("hello")

    assert [fault for fault in verify(sealed).faults if "not in the manifest" in fault]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"place.records": [3, 2, 1]}, "not sorted"),
        ({"place.offsets": [0, 2, 1, 3]}, "go backwards"),
        ({"person.records": [9 << 32, 1, 2]}, "does not exist"),
        ({"cell.records": [1439 << 16 | 9, 1, 2]}, "past midnight"),
        ({"n_merged": 1}, "do not reconcile"),
    ],
)
def test_a_day_that_was_written_wrongly_is_found(sealed, change, said):
    """With the right checksums: the fault is not the disk's but the program's."""
    bundle = Bundle.open(day_folder(sealed))
    arrays = {name: array.copy() for name, array in bundle.arrays.items()}
    facts = dict(bundle.facts)
    for name, values in change.items():
        if name in arrays:
            arrays[name] = np.array(values, arrays[name].dtype)
        else:
            facts[name] = values
    bundles.write(sealed / "days", "2022-01-01", arrays.items(), facts)

    assert any(said in fault for fault in verify(sealed).faults)
