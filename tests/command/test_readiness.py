"""A role that nobody fills is told once, where it is missing."""

from typing import Any

import pytest

from tongchou.command import readiness
from tongchou.staff.models import Post, Unit
from tongchou.staff.roles import Role

pytestmark = pytest.mark.django_db


def missing(area: Any, role: Role, city: Any) -> list[str]:
    return [h.area.name for h in readiness.holes(area, now=city.at()) if h.role == role]


def test_a_role_filled_for_the_city_is_missing_nowhere(city: Any) -> None:
    assert missing(city.city, Role.TRACER, city) == []


def test_a_role_filled_in_one_community_is_missing_in_the_other_streets(city: Any) -> None:
    assert missing(city.city, Role.COMMUNITY, city) == ["码头街道", "书院街道", "河西区"]


def test_a_role_nobody_fills_is_told_for_the_whole_area_once(city: Any) -> None:
    Post.objects.filter(role=Role.TRANSPORT).update(to_at=city.at(hours=-1))
    assert missing(city.city, Role.TRANSPORT, city) == ["同舟市"]


def test_a_post_above_covers_the_street(city: Any) -> None:
    assert missing(city.streets[0], Role.HOSPITAL, city) == []


def test_a_post_that_has_ended_covers_nothing(city: Any) -> None:
    Unit.objects.filter(name="转运专班").update(phone="")
    Post.objects.filter(role=Role.CDC).update(to_at=city.at())
    assert missing(city.east, Role.CDC, city) == ["河东区"]
