import pytest


@pytest.fixture
def somebody(transactional_db, django_user_model):
    return django_user_model.objects.create_user(username="wu", password="a long pass phrase")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-CN", "zh-hans"), ("zh-TW", "zh-hans"), ("en-GB", "en"), ("fr", "en")],
)
def test_a_browser_is_answered_in_its_language(open_page, somebody, locale, language):
    page = open_page("/accounts/login/", locale=locale)

    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("dark", [False, True])
def test_the_door_can_be_used_by_everybody(open_page, somebody, axe, dark):
    axe(open_page("/accounts/login/", dark=dark, width=390))


def test_whoever_has_a_password_comes_in(open_page, somebody):
    page = open_page("/accounts/login/")
    page.locator("[name=login]").fill("wu")
    page.locator("[name=password]").fill("a long pass phrase")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)

    assert page.locator("html").get_attribute("lang") == "en"


def test_nobody_can_sign_up(client, db):
    answer = client.get("/accounts/signup/")

    assert "password1" not in answer.content.decode()
