"""One box finds subjects and areas of my own area, and never a person by name."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou.lists.actions.problems import raise_problem

pytestmark = pytest.mark.django_db


def look(client: Client, text: str) -> Any:
    return client.get(reverse("search"), {"q": text})


def test_an_area_is_found_by_name(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.mayor)
    assert "990102002" in look(client, "街道").content.decode()


def test_a_single_answer_opens_at_once(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.mayor)
    assert look(client, "渡口二格").status_code == 302


def test_a_person_is_found_by_pseudonym_in_my_area_only(
    client: Client, city: Any, sign_in: Any, person: Any
) -> None:
    somebody = person()
    sign_in(client, city.duty_east)
    assert look(client, str(somebody)).status_code == 302
    somebody.area = city.west
    somebody.save()
    assert look(client, str(somebody)).status_code == 200


def test_nothing_found_says_how_to_search(client: Client, city: Any, sign_in: Any) -> None:
    sign_in(client, city.mayor)
    assert "7K3M-92QX-A4TD" in look(client, "zzzz").content.decode()


def test_a_problem_is_found_by_its_number(client: Client, city: Any, sign_in: Any) -> None:
    problem = raise_problem(
        title="转运车辆不足", what="夜间", area=city.east, found_by="self", by=city.duty_east,
        now=city.at(),
    )  # fmt: skip
    sign_in(client, city.mayor)
    answer = look(client, problem.number)
    assert answer.headers["Location"] == reverse("lists:problem", args=[problem.pk])
