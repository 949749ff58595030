"""The map of a study, day by day: outlines where they are known, tiles where not."""

import pytest
from django.urls import reverse

from tests.planning.texts import SMALL, asked, made
from tongchou.areas.models import Boundary
from tongchou.planning.drawing.playback import day_of

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


def test_a_day_without_outlines_is_tiles():
    shown = day_of(0, ["a", "b"], ["A", "B"], [100, 100], [[0, 3]], {"a": SQUARE})

    assert not shown.drawn
    assert [shape.shade for shape in shown.shapes] == [0, 5]


def test_a_day_with_every_outline_is_a_map():
    shown = day_of(0, ["a"], ["A"], [100_000], [[3]], {"a": SQUARE})

    assert shown.drawn
    assert shown.shapes[0].path.startswith("M")
    assert shown.shapes[0].shade == 2


@pytest.fixture
def study(settings, tmp_path, city):
    settings.TONGCHOU_DATA = tmp_path
    return made(asked(city, SMALL.replace("people = 3000", 'area = "990100"'), seeds=2), city)


def test_the_districts_of_the_city_are_those_of_the_map(client, city, sign_in, study):
    box = {"west": 0, "south": 0, "east": 1, "north": 1}
    for area in (city.east, city.west):
        Boundary.objects.create(area=area, geometry=SQUARE, **box)
    sign_in(client, city.mayor)
    response = client.get(reverse("planning:map", args=[study.pk]), {"day": 4})

    assert response.context["shown"].drawn
    assert [shape.name for shape in response.context["shown"].shapes] == ["河东区", "河西区"]


def test_a_day_beyond_the_last_is_the_last(client, city, sign_in, study):
    sign_in(client, city.mayor)

    assert client.get(reverse("planning:map", args=[study.pk]), {"day": 999}).context["day"] == 11


def test_the_curves_leave_as_a_file_with_a_reason(client, city, sign_in, study):
    sign_in(client, city.mayor)
    given = {"format": "csv", "reason": "for the staff meeting"}
    response = client.post(reverse("planning:export", args=[study.pk]), given)

    assert b"found,0," in b"".join(response.streaming_content)
