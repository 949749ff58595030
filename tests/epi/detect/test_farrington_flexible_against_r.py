"""The flexible method against farringtonFlexible of R's surveillance 1.20.3, number by number."""

import numpy as np
import pandas as pd
import pytest

from tests.epi.detect.r_reference import CLOSE, given, pick, said, sets, worst
from tongchou.epi.detect.farrington_flexible import Flexible, flexible
from tongchou.epi.detect.past_years import fits

N_SETS = 12
ALL = {"no_periods": 10, "past_weeks_not_included": 26, "p_threshold_trend": 1, "limit54": (0, 4)}
VARIANTS = {
    "ff_delta": {"threshold_method": "delta", **ALL},
    "ff_nbPlugin": {"threshold_method": "nbPlugin", **ALL},
    "ff_muan": {"threshold_method": "muan", **ALL},
    "ff_orig": {"weights_threshold": 1},
}
#: Where nobody ever fell ill the expected count is what is left of 0.1 when the fit settles.
NOTHING = 1e-6


@pytest.fixture(params=range(N_SETS))
def name(request, shared):
    return sets(shared, "ff_delta")[request.param]


def judged(shared, name, variant):
    """R's rows, and ours of the same times."""
    rows, series = said(shared, name, variant), given(shared, name)
    control = pd.read_csv(shared / "reference" / "r" / f"ctl_{name}_ff.csv").iloc[0]
    options = Flexible(
        b=int(control.b), w=int(control.w), alpha=0.01, r_compat=True, **VARIANTS[variant]
    )
    at = np.unique(rows.t.to_numpy()) - 1
    return rows, series, at, options


@pytest.mark.parametrize("variant", VARIANTS)
def test_expected_bound_p_and_alarm_are_those_of_r(shared, name, variant):
    rows, series, at, options = judged(shared, name, variant)
    found = flexible(series, at=at, options=options)

    for ours, theirs in (("expected", "expected"), ("bound", "upper"), ("p", "pvalue")):
        mine, other = pick(getattr(found, ours), found, rows), rows[theirs].to_numpy(float)
        some = ~(rows.expected.to_numpy(float) < NOTHING)
        assert worst(mine[some], other[some]) <= CLOSE, ours
        assert worst(mine[~some], other[~some], absolute=1e-9) <= 1e-8, ours
    assert np.array_equal(pick(found.alarm, found, rows), rows.alarm == 1)


@pytest.mark.parametrize("variant", ["ff_delta", "ff_orig"])
def test_overdispersion_slope_and_score_are_those_of_r(shared, name, variant):
    rows, series, at, options = judged(shared, name, variant)
    fitted = fits(series, at, options.past, options.rules)
    found = flexible(series, at=at, options=options)
    slope = pick(fitted.slope, found, rows)

    assert worst(pick(fitted.phi, found, rows), rows.phiVector) <= CLOSE
    assert np.array_equal(~np.isnan(slope), rows.trend == 1)
    assert worst(slope, np.where(rows.trend == 1, rows.trendVector, np.nan)) <= CLOSE
    assert worst(pick(found.score, found, rows), rows.score, absolute=1e-9) <= CLOSE


def test_all_sets_were_there(shared):
    assert {v: len(sets(shared, v)) for v in VARIANTS} == dict.fromkeys(VARIANTS, N_SETS)
