"""The tree, an area and its places, as people look at them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou.areas.models import Area, Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, city: Any, sign_in: Any) -> Client:
    sign_in(client, city.steward)
    return client


def test_the_tree_begins_at_the_top(desk: Client) -> None:
    assert "同舟市" in desk.get(reverse("areas:tree")).content.decode()


def test_an_area_is_found_by_a_part_of_its_name(desk: Client) -> None:
    page = desk.get(reverse("areas:tree"), {"q": "码头"}).content.decode()
    assert "990102001" in page


def test_a_branch_opens_to_its_parts(desk: Client) -> None:
    assert "河东区" in desk.get(reverse("areas:branch", args=["990100"])).content.decode()


def test_an_ended_area_leads_to_its_successor(desk: Client, city: Any) -> None:
    Area.objects.filter(pk="990103").update(ended_on="2022-01-01", successor="990102")
    page = desk.get(reverse("areas:area", args=["990103"])).content.decode()
    assert reverse("areas:area", args=["990102"]) in page


def test_a_place_is_entered_and_changed(desk: Client) -> None:
    facts = {"kind": "quarantine_site", "name": "江滨酒店", "area": "990102", "capacity": 80}
    desk.post(reverse("areas:add_place"), facts)
    place = Place.objects.get()
    desk.post(reverse("areas:edit_place", args=[place.pk]), facts | {"capacity": 120})
    place.refresh_from_db()
    assert place.capacity == 120


def test_half_a_position_is_refused(desk: Client) -> None:
    facts = {"kind": "school", "name": "一中", "area": "990102", "longitude": "111.2"}
    page = desk.post(reverse("areas:add_place"), facts)
    assert page.status_code == 422


def test_an_area_with_outlines_shows_its_map(desk: Client, city: Any) -> None:
    from tongchou.areas.models import Boundary

    ring = [[111.0, 30.0], [111.2, 30.0], [111.2, 30.2], [111.0, 30.0]]
    Boundary.objects.create(
        area=city.east, geometry={"type": "Polygon", "coordinates": [ring]},
        west=111, east=111.2, south=30, north=30.2,
    )  # fmt: skip
    assert "areamap" in desk.get(reverse("areas:area", args=["990100"])).content.decode()


def test_residents_are_entered_where_no_list_gives_them(desk: Client, city: Any) -> None:
    desk.post(reverse("areas:counts", args=["990102"]), {"population": "512074", "households": ""})
    city.east.refresh_from_db()
    assert (city.east.population, city.east.households) == (512074, None)


def test_others_enter_no_residents(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    assert client.get(reverse("areas:counts", args=["990102"])).status_code == 403


def test_a_long_list_of_places_is_never_cut_without_a_word(desk: Client, city: Any) -> None:
    Place.objects.bulk_create(
        Place(kind="shop", name=f"店{n:02}", area=city.east) for n in range(60)
    )
    page = desk.get(reverse("areas:area", args=["990102"])).content.decode()
    assert "All 60 places" in page
    listed = desk.get(reverse("areas:places"), {"area": "990103"}).content.decode()
    assert "店01" not in listed
