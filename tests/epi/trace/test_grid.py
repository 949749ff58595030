import numpy as np
import pytest

from tongchou.epi.trace.grid import DEGREE, NO_CELL, cells, dense


@pytest.mark.parametrize("latitude", [0.0, 22.5, 31.2, 45.8])
def test_a_cell_is_about_800_metres_wide_and_high(latitude):
    steps = np.arange(0, 80_000, 100.0)  # 80 km, a point every 100 m
    east = 120 + steps / (DEGREE * np.cos(np.radians(latitude)))
    north = latitude + steps / DEGREE

    eastwards = np.unique(cells(east, np.full(steps.size, latitude))).size
    northwards = np.unique(cells(np.full(steps.size, 120.0), north)).size

    assert 99 <= eastwards <= 102
    assert northwards >= 100


def test_what_has_no_position_has_no_cell():
    longitude = np.array([np.nan, 120.0, 200.0, 120.0])
    latitude = np.array([31.0, np.nan, 31.0, 91.0])

    assert (cells(longitude, latitude) == NO_CELL).all()


def test_the_corners_of_the_world_have_different_cells():
    longitude = np.array([-180.0, 180.0, -180.0, 180.0, 0.0])
    latitude = np.array([-60.0, -60.0, 60.0, 60.0, 90.0])

    assert np.unique(cells(longitude, latitude)).size == 5


def test_cells_in_use_get_dense_numbers():
    numbers, world = dense(np.array([900, NO_CELL, 17, 900], np.uint32))

    assert numbers.tolist() == [1, NO_CELL, 0, 1]
    assert world.tolist() == [17, 900]
