"""Finished runs survive a kill."""

import pytest

from tongchou.epi.plan.journal import Journal, NotThisModel, Run, model_digest
from tongchou.epi.trace.durable import Busy

ONE = Run("a", 1, "d1", {"infections": 0.1 + 0.2}, {"found": [1.0, 2.5]})
TWO = Run("b", 2, "d2", {"infections": 3.0})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs" / "search.runs"


def written(path, *runs):
    with Journal(path) as journal:
        for run in runs:
            journal.add(run)


def test_what_was_added_is_there_again_to_the_last_digit(path):
    written(path, ONE, TWO)
    with Journal(path) as journal:
        assert (journal.get("a"), journal.get("b"), journal.get("c")) == (ONE, TWO, None)


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_torn_last_line_is_cut_off_and_written_anew(path, cut):
    written(path, ONE, TWO)
    path.write_bytes(path.read_bytes()[:-cut])
    with Journal(path) as journal:
        assert list(journal.runs) == ["a"]
        journal.add(TWO)
    with Journal(path) as journal:
        assert list(journal.runs) == ["a", "b"]


def test_a_line_that_was_changed_is_not_believed(path):
    written(path, ONE, TWO)
    path.write_bytes(path.read_bytes().replace(b'"seed":2', b'"seed":3'))
    with Journal(path) as journal:
        assert list(journal.runs) == ["a"]


def test_runs_of_another_model_are_refused(path):
    with Journal(path, model="old"):
        pass
    with pytest.raises(NotThisModel, match="another version"), Journal(path):
        pass


def test_one_writes_at_a_time(path):
    with Journal(path), pytest.raises(Busy), Journal(path):
        pass


def test_the_model_has_a_digest_that_stays():
    assert model_digest() == model_digest()
    assert len(model_digest()) == 16
