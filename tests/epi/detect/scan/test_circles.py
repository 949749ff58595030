import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.epi.detect.scan.cities import points
from tongchou.epi.detect.scan.circles import circles, nearest


def test_the_nearest_areas_come_in_order_with_their_kilometres():
    order, km = nearest([114.0, 114.0, 114.0], [30.0, 30.5, 30.1])

    assert order[0].tolist() == [0, 2, 1]
    assert km[0] == pytest.approx([0, 11.1195, 55.5975], abs=1e-3)


def test_areas_equally_far_away_stay_in_the_order_of_their_rows():
    longitude, latitude = points(None, 25, grid=True)
    order, km = nearest(longitude, latitude, centres=[12])
    rounded = km[0].round(6)

    for distance in set(rounded.tolist()):
        rows = order[0][rounded == distance].tolist()
        assert rows == sorted(rows)


def test_distance_goes_round_the_earth():
    order, km = nearest([179.95, -179.95, 179.0], [0.0, 0.0, 0.0], centres=[0], most=2)

    assert order.tolist() == [[0, 1]]
    assert km[0, 1] == pytest.approx(11.1195, abs=1e-3)


def test_short_distances_keep_their_digits():
    _, km = nearest([114.0, 114.00001], [30.0, 30.0])
    assert km[0, 1] * 1e6 == pytest.approx(963, abs=1)


@pytest.mark.parametrize(("longitude", "latitude"), [(200, 30), (114, 91), (np.nan, 30)])
def test_a_place_that_is_none_is_refused_by_its_row(longitude, latitude):
    with pytest.raises(ValueError, match="area 1: longitude"):
        nearest([114, longitude], [30, latitude])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 1000),
    st.integers(1, 60),
    st.sampled_from([None, 0.05, 0.3, 1.0]),
    st.sampled_from([None, 0.0, 3.0, 200.0]),
    st.booleans(),
)
def test_circles_hold_all_that_share_and_radius_allow(seed, n, share, radius, grid):
    rng = np.random.default_rng(seed)
    longitude, latitude = points(rng, n, grid=grid)
    weight = rng.integers(0, 5, n).astype(float)
    found = circles(longitude, latitude, weight=weight, share=share, radius_km=radius)
    order, km = nearest(longitude, latitude)

    for centre in range(n):
        allowed = np.ones(n, bool)
        if share is not None:
            allowed &= weight[order[centre]].cumsum() <= share * weight.sum()
        if radius is not None:
            allowed &= km[centre] <= radius
        assert found.around(centre).tolist() == order[centre][allowed].tolist()


def test_many_areas_at_one_place_are_all_found():
    found = circles(np.full(50, 114.0), np.full(50, 30.0), weight=np.ones(50), radius_km=1)
    assert found.around(30).tolist() == list(range(50))
