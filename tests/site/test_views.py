import pytest
from django.db import DatabaseError


@pytest.mark.django_db
def test_a_probe_hears_that_all_is_well(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_probe_hears_that_the_database_is_away(client, monkeypatch):
    def refuse():
        raise DatabaseError("the database is starting")

    monkeypatch.setattr("tongchou.site.views.connection.cursor", refuse)
    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["reason"] == "the database is starting"


@pytest.mark.django_db
def test_a_stranger_is_led_to_the_door(client):
    assert client.get("/").url == "/accounts/login/?next=/"


def test_whoever_signs_in_begins_with_a_page_of_theirs(client, city, sign_in):
    sign_in(client, city.wu)

    assert client.get(client.get("/").url).status_code == 200


def test_who_commands_begins_in_the_command_room_and_the_others_with_their_turn(
    client, city, sign_in
):
    for user, page in ((city.mayor, "/command/"), (city.duty_east, "/command/")):
        sign_in(client, user)
        assert client.get("/").url == page
    sign_in(client, city.wu)
    assert client.get("/").url == "/ledger/my-turn/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("zh-TW", "zh-hans"),
        ("zh", "zh-hans"),
        ("en-US,en", "en"),
        ("fr-FR", "en"),
        ("", "en"),
    ],
)
def test_a_browser_is_answered_in_its_language(client, asked, answered):
    answer = client.get("/accounts/login/", headers={"accept-language": asked})

    assert answer.headers["Content-Language"] == answered


@pytest.mark.django_db
def test_a_chosen_language_stays(client):
    client.post("/language/setlang/", {"language": "zh-hans"})
    answer = client.get("/accounts/login/", headers={"accept-language": "en"})

    assert answer.headers["Content-Language"] == "zh-hans"


@pytest.mark.django_db
def test_every_answer_carries_the_content_security_policy(client):
    for path in ("/healthz", "/accounts/login/", "/nowhere"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


@pytest.mark.django_db
def test_nobody_can_make_an_account(client, django_user_model):
    client.post(
        "/accounts/signup/",
        {"username": "eve", "password1": "a long pass phrase", "password2": "a long pass phrase"},
    )

    assert not django_user_model.objects.exists()
