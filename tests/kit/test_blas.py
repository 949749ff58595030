import threading

import numpy as np
import pytest

from tongchou.kit import blas


@pytest.fixture
def threads():
    found = blas._openblas()
    if found is None:
        pytest.skip("this NumPy came without OpenBLAS")
    return found[0]


def test_inside_there_is_one_thread_and_outside_what_was_before(threads):
    before = threads()
    with blas.one_thread():
        assert threads() == 1
    assert threads() == before


def test_the_last_one_out_gives_the_threads_back(threads):
    before = threads()
    with blas.one_thread():
        other = threading.Thread(target=_in_and_out)
        other.start()
        other.join()
        assert threads() == 1
    assert threads() == before


def _in_and_out():
    with blas.one_thread():
        pass


def test_an_error_inside_gives_them_back_as_well(threads):
    before = threads()
    with pytest.raises(ZeroDivisionError), blas.one_thread():
        raise ZeroDivisionError
    assert threads() == before


def test_without_openblas_nothing_happens(monkeypatch):
    monkeypatch.setattr(blas, "_openblas", lambda: None)
    with blas.one_thread():
        assert np.ones((2, 2)).sum() == 4
