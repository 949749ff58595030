"""Farrington's method against `farrington` of R's surveillance 1.20.3, number by number."""

import numpy as np
import pandas as pd
import pytest

from tests.epi.detect.r_reference import CLOSE, given, pick, said, sets, worst
from tongchou.epi.detect.farrington import Farrington, farrington


@pytest.fixture(params=range(12))
def name(request, shared):
    return sets(shared, "farrington")[request.param]


def test_every_bound_and_alarm_is_the_one_of_r(shared, name):
    rows, series = said(shared, name, "farrington"), given(shared, name)
    control = pd.read_csv(shared / "reference" / "r" / f"ctl_{name}_ff.csv").iloc[0]
    options = Farrington(b=int(control.b), w=int(control.w), alpha=0.01, r_compat=True)

    found = farrington(series, at=np.unique(rows.t) - 1, options=options)

    assert worst(pick(found.bound, found, rows), rows.upper) <= CLOSE
    assert np.array_equal(pick(found.alarm, found, rows), rows.alarm == 1)
