"""Where the last days' counts cluster."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, source
from tongchou.areas.models import Area
from tongchou.surveillance import actions
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.clustering import clusters
from tongchou.surveillance.layout import Wanted

pytestmark = pytest.mark.django_db
SIDE = 5


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def grid(city):
    """Twenty-five communities on a grid, each with a fever clinic that sees six a day."""
    areas = [
        Area(
            code=f"990102001{n:03}", name=f"第{n}社区", level=5, parent=city.streets[0],
            path=f"{city.streets[0].path}990102001{n:03}/",
            longitude=111 + 0.02 * (n % SIDE), latitude=30 + 0.02 * (n // SIDE),
        )
        for n in range(100, 100 + SIDE * SIDE)
    ]  # fmt: skip
    Area.objects.bulk_create(areas)
    return areas


def reported(city, areas, *, more=()):
    series = actions.open_series(
        source=source(), sites=[Wanted(a.pk, a.name, a.pk) for a in areas],
        slugs=["fever-clinic"], by=city.qian, now=city.at(),
    )  # fmt: skip
    rng = np.random.default_rng(11)
    rows = []
    for area in areas:
        for ago in range(56):
            mean = 6 * (3 if area.pk in more and ago < 4 else 1)
            day = DAY - timedelta(days=ago)
            rows.append(Reported(series[area.pk, "fever-clinic"], day, int(rng.poisson(mean))))
    actions.report_counts(rows=rows, by=city.qian, now=city.at())


def test_neighbours_that_rise_together_are_a_cluster(city, grid):
    risen = {grid[6].pk, grid[7].pk}
    reported(city, grid, more=risen)

    (found, *others) = clusters(DAY)
    assert set(found.areas) == risen and not others
    assert found.subject == "cluster" and found.observed > 2 * found.expected


def test_the_same_day_again_gives_the_same_answer(city, grid):
    reported(city, grid, more={grid[6].pk})

    assert clusters(DAY) == clusters(DAY)


def test_a_quiet_city_has_no_cluster(city, grid):
    reported(city, grid)

    assert clusters(DAY) == []


def test_too_few_areas_have_no_neighbourhood(city, grid):
    reported(city, grid[:4], more={grid[0].pk})

    assert clusters(DAY) == []
