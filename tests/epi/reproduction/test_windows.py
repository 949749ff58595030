import pytest

from tongchou.epi.reproduction import Reason, sliding
from tongchou.epi.reproduction.windows import windows_of


def test_windows_move_by_one_and_leave_out_the_first_day():
    start, end = sliding(9, 7)

    assert (start.tolist(), end.tolist()) == ([1, 2], [7, 8])


def test_a_series_shorter_than_a_window_has_none():
    assert sliding(5, 7)[0].size == 0


@pytest.mark.parametrize(("start", "end"), [([0], [3]), ([2], [9]), ([4], [3]), ([1, 2], [3])])
def test_windows_outside_of_the_series_are_refused(start, end):
    with pytest.raises(ValueError, match="window"):
        windows_of(9, start, end)


def test_every_reason_has_its_sentence():
    assert [bool(reason.sentence) for reason in Reason] == [False, True, True, True, True]
