"""A right comes from a post; a role without one is a readiness gap."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou.staff import actions, queries
from tongchou.staff.errors import StaffError
from tongchou.staff.models import Post
from tongchou.staff.roles import Role

pytestmark = pytest.mark.django_db


def test_the_nearest_unit_answers(city: Any) -> None:
    unit = queries.unit_for(Role.DUTY_OFFICER, city.community, now=city.at())
    assert unit is not None and unit.name == "码头街道办"


def test_an_area_without_a_unit_of_its_own_is_answered_from_above(city: Any) -> None:
    unit = queries.unit_for(Role.DUTY_OFFICER, city.west, now=city.at())
    assert unit is not None and unit.name == "市指挥部"


def test_a_role_nobody_fills_has_no_unit(city: Any) -> None:
    assert queries.unit_for(Role.COMMUNITY, city.west, now=city.at()) is None


def test_an_ended_post_gives_no_right(city: Any) -> None:
    actions.end_post(post=city.wu.posts.get(), by=city.mayor, now=city.at())
    assert not queries.scope_of(city.wu, now=city.at(hours=1)).posts


def test_a_post_that_has_not_begun_gives_no_right(city: Any) -> None:
    city.wu.posts.update(from_at=city.at(days=1))
    assert not queries.scope_of(city.wu, now=city.at()).posts


def test_a_post_ends_once(city: Any) -> None:
    post = city.wu.posts.get()
    actions.end_post(post=post, by=city.mayor, now=city.at())
    with pytest.raises(StaffError, match="ended already"):
        actions.end_post(post=post, by=city.mayor, now=city.at(hours=1))


def test_the_same_post_is_not_filled_twice_by_one_user(city: Any) -> None:
    post = city.wu.posts.get()
    with pytest.raises(StaffError, match="already"):
        actions.assign_post(
            user=city.wu, role=post.role, unit=post.unit, area=post.area,
            from_at=city.at(), to_at=None, by=city.mayor, now=city.at(),
        )  # fmt: skip


def test_a_user_sees_only_below_the_post(city: Any) -> None:
    scope = queries.scope_of(city.duty_east, now=city.at())
    assert scope.sees(city.community.path)
    assert not scope.sees(city.west.path)


def test_who_answers_names_units_and_readiness_gaps(city: Any) -> None:
    gaps = queries.readiness_gaps([city.east, city.west], now=city.at())
    assert (city.west, Role.COMMUNITY) in gaps
    assert (city.west, Role.CDC) not in gaps


def test_the_page_marks_what_nobody_fills(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.mayor)
    page = client.get(reverse("staff:who")).content.decode()
    assert "is-hole" in page and "市疾控中心" in page


def test_the_steward_assigns_a_post_on_the_page(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.steward)
    unit = city.wu.posts.get().unit
    form = {
        "user": city.chen.pk, "role": "tracer", "unit": unit.pk, "area": "河西区",
        "from_at": "2022-07-01T08:00", "to_at": "",
    }  # fmt: skip
    client.post(reverse("staff:assign"), form)
    assert Post.objects.filter(user=city.chen, role="tracer", area=city.west).exists()


def test_others_do_not_assign_posts(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.wu)
    assert client.get(reverse("staff:assign")).status_code == 403


def test_a_wrong_area_is_told_with_what_is_near(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.steward)
    form = {"area": "河", "name": "新单位"}
    page = client.post(reverse("staff:add_unit"), form)
    assert page.status_code == 422
    assert "河东区" in page.content.decode()
