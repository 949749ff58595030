"""Who answers for what, narrowed and carried away; posts to come and posts that ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tongchou.records.models import AuditEvent
from tongchou.staff.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, city: Any, sign_in: Any) -> Client:
    sign_in(client, city.steward)
    return client


def test_one_role_makes_one_column(desk: Client) -> None:
    page = desk.get(reverse("staff:who"), {"role": "community"}).content.decode()
    assert page.count('scope="col"') == 2
    assert "流调一队" not in page


def test_only_areas_with_a_gap_are_shown_when_asked(desk: Client, city: Any) -> None:
    every = desk.get(reverse("staff:who"), {"role": "cdc"}).content.decode()
    gaps = desk.get(reverse("staff:who"), {"role": "cdc", "gaps": "1"}).content.decode()
    assert "河东区" in every and "河东区" not in gaps
    assert "Every role is filled" in gaps


def test_the_table_is_exported_with_a_reason_that_is_kept(desk: Client, city: Any) -> None:
    url = reverse("staff:export_who", args=[city.city.pk])
    assert desk.post(url, {"format": "csv", "reason": ""}).status_code == 400
    answer = desk.post(url, {"format": "csv", "reason": "值班表核对"})
    assert "河东区" in b"".join(answer.streaming_content).decode("utf-8-sig")
    event = AuditEvent.objects.get(verb="staff.export_who")
    assert "值班表核对" in event.detail


def test_an_area_shows_who_answers_there(desk: Client, city: Any) -> None:
    page = desk.get(reverse("staff:here", args=[city.west.pk])).content.decode()
    assert "市疾控中心" in page and "nobody" in page


@pytest.mark.parametrize(
    ("state", "shift"), [("coming", timedelta(days=1)), ("ended", timedelta(days=-2))]
)
def test_posts_to_come_and_posts_that_ended_have_their_tab(
    desk: Client, city: Any, state: str, shift: timedelta
) -> None:
    start = timezone.now() + shift
    Post.objects.filter(user=city.wu).update(from_at=start, to_at=start + timedelta(hours=12))
    page = desk.get(reverse("staff:posts"), {"state": state}).content.decode()
    assert "流调吴" in page and "护士林" not in page


def test_a_post_ends_on_the_page(desk: Client, city: Any) -> None:
    post = city.wu.posts.get()
    desk.post(reverse("staff:end", args=[post.pk]))
    post.refresh_from_db()
    assert post.to_at is not None


def test_a_post_of_another_area_is_not_ended(client: Client, city: Any, sign_in: Any) -> None:
    Post.objects.filter(user=city.steward).update(area=city.east)
    sign_in(client, city.steward)
    assert client.post(reverse("staff:end", args=[city.wu.posts.get().pk])).status_code == 403


def test_posts_are_found_by_user_or_unit(desk: Client) -> None:
    page = desk.get(reverse("staff:posts"), {"q": "转运"}).content.decode()
    assert "司机赵" in page and "流调吴" not in page


def test_the_units_of_the_area_are_listed(desk: Client) -> None:
    page = desk.get(reverse("staff:units"), {"q": "公安"}).content.decode()
    assert "市公安局" in page and "转运专班" not in page
