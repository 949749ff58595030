import numpy as np
import pytest

from tongchou.epi.detect.scan import nearest
from tongchou.epi.detect.scan.outlines import circle, ellipse, hull


def test_every_point_of_a_circle_is_as_far_from_its_middle():
    ring = circle(114.3, 30.6, 3.0)
    _, km = nearest([114.3, *ring[:, 0]], [30.6, *ring[:, 1]], centres=[0])

    assert km[0, 1:] == pytest.approx(3.0, abs=1e-5)
    assert ring[0].tolist() == ring[-1].tolist()


def test_a_hull_leaves_out_what_lies_inside():
    ring = hull([0, 2, 2, 0, 1, 1], [0, 0, 2, 2, 1, 0])
    assert ring.tolist() == [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]


def test_the_hull_of_one_area_is_its_point():
    assert hull(114.0, 30.0).tolist() == [[114, 30], [114, 30]]


def test_an_ellipse_lies_along_its_areas():
    ring = ellipse([114.0, 114.1, 114.2], [30.0, 30.0, 30.0])
    wide, high = np.ptp(ring, axis=0)

    assert wide > 10 * high
    assert ring.mean(axis=0) == pytest.approx([114.1, 30], abs=0.01)


def test_cases_pull_an_ellipse_to_where_they_are():
    ring = ellipse([114.0, 114.2], [30.0, 30.0], [1, 9])
    assert ring[:-1].mean(axis=0)[0] == pytest.approx(114.18)
