"""Accounts: made, mended, shut out and let in again, by whoever answers for the area."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongchou.records.models import AuditEvent
from tongchou.staff import actions, queries
from tongchou.staff.errors import StaffError
from tongchou.staff.models import Post, Unit, User

pytestmark = pytest.mark.django_db
GOOD = "a long enough 密码"


@pytest.fixture
def desk(client: Client, city: Any, sign_in: Any) -> Client:
    sign_in(client, city.steward)
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"staff:{name}", args=args)


def test_a_user_is_made_and_signs_in(client: Client, desk: Client, city: Any) -> None:
    facts = {"username": "sun", "display_name": "孙", "email": "", "phone": "", "password": GOOD}
    desk.post(at("add_user"), facts)
    desk.logout()
    assert client.login(username="sun", password=GOOD)


def test_a_weak_password_is_refused(desk: Client) -> None:
    facts = {"username": "sun", "display_name": "孙", "password": "12345"}
    assert desk.post(at("add_user"), facts).status_code == 422
    assert not User.objects.filter(username="sun").exists()


def test_a_blocked_user_is_out_at_once(city: Any, client: Client, sign_in: Any) -> None:
    sign_in(client, city.wu)
    actions.block_user(user=city.wu, by=city.steward, now=city.at())
    assert client.get(at("who")).status_code == 302
    assert not queries.scope_of(city.wu, now=city.at()).posts


def test_a_blocked_user_is_let_in_again(city: Any, desk: Client) -> None:
    desk.post(at("block", city.wu.pk), {})
    desk.post(at("block", city.wu.pk), {"let_in": "1"})
    city.wu.refresh_from_db()
    assert city.wu.is_active
    verbs = AuditEvent.objects.filter(subject=f"user:{city.wu.pk}").values_list("verb", flat=True)
    assert list(verbs) == ["staff.block_user", "staff.unblock_user"]


def test_nobody_blocks_themselves(city: Any) -> None:
    with pytest.raises(StaffError, match="yourself"):
        actions.block_user(user=city.steward, by=city.steward, now=city.at())


def test_a_user_is_blocked_once(city: Any) -> None:
    actions.block_user(user=city.wu, by=city.steward, now=city.at())
    with pytest.raises(StaffError, match="already"):
        actions.block_user(user=city.wu, by=city.steward, now=city.at())
    actions.unblock_user(user=city.wu, by=city.steward, now=city.at())
    with pytest.raises(StaffError, match="not blocked"):
        actions.unblock_user(user=city.wu, by=city.steward, now=city.at())


def test_a_new_password_ends_old_sessions(city: Any, client: Client, sign_in: Any) -> None:
    sign_in(client, city.wu)
    actions.set_password(user=city.wu, password=GOOD, by=city.steward, now=city.at())
    assert client.get(at("who")).status_code == 302


def test_the_steward_gives_a_new_password_and_weak_ones_are_refused(
    city: Any, desk: Client
) -> None:
    desk.post(at("set_password", city.wu.pk), {"password": "weak"})
    city.wu.refresh_from_db()
    assert not city.wu.check_password("weak")
    desk.post(at("set_password", city.wu.pk), {"password": GOOD})
    city.wu.refresh_from_db()
    assert city.wu.check_password(GOOD)


def test_an_account_shows_its_posts(city: Any, desk: Client) -> None:
    assert "流调一队" in desk.get(at("user", city.wu.pk)).content.decode()


def test_a_district_cannot_block_the_city(city: Any, client: Client, sign_in: Any) -> None:
    post = city.chen.posts.get()
    actions.assign_post(
        user=city.chen, role="steward", unit=post.unit, area=city.east,
        from_at=city.at(), to_at=None, by=city.mayor, now=city.at(),
    )  # fmt: skip
    sign_in(client, city.chen)
    assert client.post(at("block", city.mayor.pk), {}).status_code == 403
    assert client.post(at("block", city.duty_street.pk), {}).status_code == 302


def test_others_see_no_accounts(city: Any, client: Client, sign_in: Any) -> None:
    sign_in(client, city.wu)
    for page in (at("users"), at("user", city.chen.pk), at("add_user")):
        assert client.get(page).status_code == 403


def test_an_account_is_found_by_a_part_of_its_name(city: Any, desk: Client) -> None:
    page = desk.get(at("users"), {"q": "流调"}).content.decode()
    assert "wu" in page and "duty_street" not in page


def test_everybody_changes_their_own_phone_and_not_their_address(
    city: Any, client: Client, sign_in: Any
) -> None:
    User.objects.filter(pk=city.wu.pk).update(email="wu@example.org")
    sign_in(client, city.wu)
    client.post(
        at("profile"), {"display_name": "流调吴", "phone": "6001", "email": "x@example.org"}
    )
    city.wu.refresh_from_db()
    assert (city.wu.phone, city.wu.email) == ("6001", "wu@example.org")
    assert "流调一队" in client.get(at("profile")).content.decode()


def test_a_unit_is_renamed_and_keeps_its_posts(city: Any, desk: Client) -> None:
    unit = Unit.objects.get(name="流调一队")
    facts = {"name": "流调第一队", "area": "990100", "parent": "", "phone": "6002"}
    desk.post(at("edit_unit", unit.pk), facts)
    unit.refresh_from_db()
    assert (unit.name, unit.phone) == ("流调第一队", "6002")
    assert Post.objects.filter(unit=unit, user=city.wu).exists()


def test_a_unit_is_no_part_of_itself(city: Any) -> None:
    unit = Unit.objects.get(name="流调一队")
    part = actions.add_unit(name="一组", area=unit.area, parent=unit, by=city.mayor, now=city.at())
    with pytest.raises(StaffError, match="part of itself"):
        actions.update_unit(
            unit=unit, name=unit.name, area=unit.area, parent=part, by=city.mayor, now=city.at()
        )


def test_two_units_of_an_area_have_two_names(city: Any) -> None:
    unit = Unit.objects.get(name="流调一队")
    with pytest.raises(StaffError, match="already"):
        actions.update_unit(
            unit=unit, name="转运专班", area=unit.area, by=city.mayor, now=city.at()
        )
