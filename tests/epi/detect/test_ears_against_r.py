"""EARS against earsC of R's surveillance 1.20.3, number by number."""

import numpy as np
import pytest

from tests.epi.detect.r_reference import CLOSE, given, pick, said, sets, worst
from tongchou.epi.detect import ears
from tongchou.epi.detect.ears import Ears

AS_R = Ears(r_compat=True)
METHODS = {
    "earsC1": (ears.c1, AS_R),
    "earsC1b28": (ears.c1, Ears(baseline=28, min_sigma=1, r_compat=True)),
    "earsC2": (ears.c2, AS_R),
    "earsC3": (ears.c3, AS_R),
}


@pytest.mark.parametrize("method", METHODS)
def test_every_bound_and_alarm_is_the_one_of_r(shared, method):
    judge, options = METHODS[method]
    for name in sets(shared, method):
        rows, series = said(shared, name, method), given(shared, name)
        found = judge(series, options=options)

        assert worst(pick(found.bound, found, rows), rows.upper) <= CLOSE, name
        spoken = rows.alarm.notna()
        assert np.array_equal(pick(found.alarm, found, rows)[spoken], rows.alarm[spoken] == 1), name
        assert np.isfinite(found.bound).sum() == np.isfinite(rows.upper).sum(), name


def test_all_sets_were_there(shared):
    assert {method: len(sets(shared, method)) for method in METHODS} == dict.fromkeys(METHODS, 13)
