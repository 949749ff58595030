import numpy as np
import pytest

from tongchou.epi.trace.bundles import Damaged
from tongchou.epi.trace.journal import Journal, frames, segments


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path)
    yield made
    made.close()


def written(journal, *numbers):
    for number in numbers:
        journal.append({"number": number}, {"values": np.arange(number, dtype=np.uint32)})


def numbers(folder):
    return [
        frame.header["number"] for base, path in segments(folder) for frame in frames(path, base)
    ]


def test_what_was_appended_is_read_in_order(journal):
    written(journal, 3, 0, 5)

    ((base, path),) = segments(journal.folder)
    found = list(frames(path, base))
    assert [frame.header for frame in found] == [{"number": n} for n in (3, 0, 5)]
    assert found[2].arrays["values"].tolist() == [0, 1, 2, 3, 4]
    assert found[-1].end == journal.position


def test_reading_goes_on_where_it_stopped(journal):
    written(journal, 1, 2)
    position = journal.position
    written(journal, 3)

    ((base, path),) = segments(journal.folder)
    assert [frame.header["number"] for frame in frames(path, base, position)] == [3]


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_torn_frame_is_cut_off_and_the_next_takes_its_place(journal, cut):
    written(journal, 1, 2)
    journal.close()
    ((_, path),) = segments(journal.folder)
    path.write_bytes(path.read_bytes()[:-cut])

    assert numbers(journal.folder) == [1]
    again = Journal(journal.folder)
    written(again, 7)
    again.close()
    assert numbers(journal.folder) == [1, 7]


def test_a_frame_of_zeros_behind_a_power_cut_is_cut_off(journal):
    written(journal, 1)
    journal.close()
    ((_, path),) = segments(journal.folder)
    path.write_bytes(path.read_bytes() + bytes(500))

    assert numbers(journal.folder) == [1]


def test_damage_before_a_whole_frame_is_said_and_not_repaired(journal):
    written(journal, 1, 2, 3)
    journal.close()
    ((_, path),) = segments(journal.folder)
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    path.write_bytes(content)

    with pytest.raises(Damaged, match="is damaged at byte 0"):
        numbers(journal.folder)
    with pytest.raises(Damaged, match="restore it from a copy"):
        Journal(journal.folder)


def test_segments_are_dropped_once_nobody_needs_them(journal):
    written(journal, 1, 2)
    middle = journal.position
    journal.rotate()
    journal.rotate()  # an empty segment is not followed by another
    written(journal, 3)

    assert not journal.could_drop(middle - 1)
    assert journal.drop_before(middle - 1) == 0
    assert journal.could_drop(middle)
    assert journal.drop_before(middle) == 1
    assert numbers(journal.folder) == [3]
    assert segments(journal.folder)[0][0] == middle


def test_a_full_disk_leaves_nothing_behind(journal, monkeypatch):
    written(journal, 1)

    def full(file):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tongchou.epi.trace.durable.sync", full)
        with pytest.raises(OSError, match="No space left"):
            written(journal, 2)
    written(journal, 3)

    assert numbers(journal.folder) == [1, 3]
