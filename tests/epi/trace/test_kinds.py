import pytest

from tongchou.epi.trace import kinds


def test_a_kind_keeps_its_number():
    assert [(kind.number, kind.name) for kind in kinds.KINDS[:5]] == [
        (0, "home"), (1, "work"), (2, "school"), (3, "vehicle"), (4, "shop"),
    ]  # fmt: skip
    assert [kind.number for kind in kinds.KINDS] == list(range(kinds.N_KINDS))


def test_the_minutes_of_all_kinds_fit_into_a_pairs_row():
    assert kinds.N_KINDS <= 16


def test_no_word_names_two_kinds():
    words = [word for kind in kinds.KINDS for word in (kind.name, kind.zh, *kind.words)]
    assert len(words) == len(set(words))


def test_kinds_are_known_by_their_names_elsewhere():
    assert kinds.called(" Hospital ") is kinds.MEDICAL
    assert kinds.called("地铁") is kinds.VEHICLE
    assert kinds.called("volcano") is None


def test_a_mask_names_the_kinds_that_were_asked_for():
    mask = kinds.mask_of(["home", kinds.WORK])
    assert kinds.in_mask(mask) == (kinds.HOME, kinds.WORK)


def test_an_unknown_kind_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match="no kind of place 'volcano'; there are: home, work"):
        kinds.mask_of(["volcano"])


def test_every_kind_has_a_longest_stay():
    assert kinds.max_minutes().min() > 0
