import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.trace import kinds
from tongchou.epi.trace.checks import UNKNOWN, Reason, Refusals, check, clock
from tongchou.epi.trace.day import Visits

KINDS = np.array([kinds.HOME.number, kinds.SHOP.number], np.uint8)
NOON = 27_349_920 + 720  # 2022-01-01 12:00


def visits(*stays):
    """(place, start after noon, minutes) of person 0."""
    columns = np.array(stays, np.int64).reshape(-1, 3)
    return Visits(
        np.zeros(len(stays), np.uint32),
        columns[:, 0].astype(np.uint32),
        NOON + columns[:, 1],
        columns[:, 2].astype(np.int32),
    )


@pytest.mark.parametrize(
    ("what", "stay", "reason", "said"),
    [
        ("backwards", (0, 0, -1), Reason.BACKWARDS, "ends before it starts"),
        ("a place nobody sent", (2, 0, 5), Reason.UNKNOWN_PLACE, "send the place first"),
        ("no place at all", (UNKNOWN, 0, 5), Reason.UNKNOWN_PLACE, "the place is not known"),
        ("a night in a shop", (1, -700, 721), Reason.TOO_LONG, "kind shop (720 minutes)"),
        ("still to come", (0, 100, 30), Reason.FUTURE, "ends at 2022-01-01 14:10"),
        ("long ago", (0, -1441, 30), Reason.TOO_OLD, "begins before 2022-01-01"),
    ],
)
def test_what_cannot_be_is_refused_in_words(what, stay, reason, said):
    result = check(visits(stay), KINDS, now=NOON + 120, oldest=18_993)

    (refusal,) = result.refusals
    assert refusal.reason is reason
    assert said in str(refusal)
    assert str(refusal).startswith("line 1: ")
    assert not len(result.visits)


@pytest.mark.parametrize(
    ("what", "stay"),
    [
        ("a moment", (0, 0, 0)),
        ("as long as a shop allows", (1, -720, 720)),
        ("two weeks in quarantine at home", (0, -720, 14 * 1440)),
        ("until now", (0, 0, 14 * 1440 - 720)),
        ("from the first minute that is kept", (0, -720, 5)),
    ],
)
def test_what_can_be_is_kept(what, stay):
    result = check(visits(stay), KINDS, now=NOON + 14 * 1440 - 720, oldest=18_993)

    assert len(result.visits) == 1
    assert not len(result.refusals)


def test_without_a_clock_nothing_is_in_the_future_or_too_old():
    assert len(check(visits((0, 10**8, 5), (0, -NOON, 5)), KINDS).visits) == 2


def test_refusals_name_the_line_of_the_file():
    lines = np.array([17, 40, 41])
    result = check(visits((0, 0, 5), (0, 0, -5), (9, 0, 5)), KINDS, lines=lines)

    assert [refusal.line for refusal in result.refusals] == [40, 41]
    assert result.refusals.counts() == {Reason.BACKWARDS: 1, Reason.UNKNOWN_PLACE: 1}


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(-3000, 3000), st.integers(-10, 2000)), max_size=30
    )
)
def test_every_visit_is_kept_or_refused_once(stays):
    result = check(visits(*stays), KINDS, now=NOON, oldest=18_993)

    assert len(result.visits) + len(result.refusals) == len(stays)
    assert int(result.good.sum()) == len(result.visits)
    assert all(str(refusal) for refusal in result.refusals)


def test_every_reason_has_words_and_a_way_to_mend():
    codes = np.array(list(Reason), np.uint8)
    n = codes.size
    values = np.zeros(n, np.int64)
    all_of_them = Refusals(np.arange(n), codes, values, np.zeros(n, np.uint16))

    assert [refusal.reason for refusal in all_of_them] == list(Reason)
    assert all(refusal.words and refusal.mend for refusal in all_of_them)


def test_a_minute_is_written_as_people_write_it():
    assert clock(NOON) == "2022-01-01 12:00"
    assert clock(1 << 60) == f"minute {1 << 60}"
