import pytest

from tongchou.site import options


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGCHOU_DATA", str(tmp_path))
    options._file.cache_clear()
    yield tmp_path
    options._file.cache_clear()


def test_what_nobody_said_is_the_default(data):
    assert options.get("playbook") == "cn-2022-06"


def test_the_file_in_the_data_folder_is_read(data):
    (data / "settings.toml").write_text('hosts = "a.example, b.example"\nsession_hours = 8\n')

    assert options.listed("hosts") == ["a.example", "b.example"]
    assert options.get("session_hours") == 8


def test_the_environment_wins_over_the_file(data, monkeypatch):
    (data / "settings.toml").write_text("session_hours = 8\n")
    monkeypatch.setenv("TONGCHOU_SESSION_HOURS", "4")

    assert options.get("session_hours") == 4


@pytest.mark.parametrize(("word", "value"), [("1", True), ("true", True), ("No", False)])
def test_yes_and_no_can_be_written_in_several_ways(data, monkeypatch, word, value):
    monkeypatch.setenv("TONGCHOU_HTTPS", word)

    assert options.get("https") is value


def test_a_wrong_value_names_the_setting(data, monkeypatch):
    monkeypatch.setenv("TONGCHOU_HTTPS", "perhaps")

    with pytest.raises(options.WrongSetting, match="TONGCHOU_HTTPS"):
        options.get("https")


def test_a_misspelt_setting_is_no_silent_default(data):
    (data / "settings.toml").write_text('host = "a.example"\n')

    with pytest.raises(options.WrongSetting, match="unknown setting host"):
        options.get("hosts")


def test_a_broken_file_says_where(data):
    (data / "settings.toml").write_text("hosts = \n")

    with pytest.raises(options.WrongSetting, match=r"settings\.toml.*line 1"):
        options.get("hosts")


def test_providers_of_single_sign_on_are_tables_of_the_file(data):
    (data / "settings.toml").write_text('[[oidc]]\nid = "city"\n')

    assert options.get("oidc") == [{"id": "city"}]


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("TONGCHOU_DATA", str(tmp_path / "new"))

    assert options.data_folder().stat().st_mode & 0o777 == 0o700


def test_without_a_word_the_data_lie_in_the_users_data_home(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")

    assert str(options.default_data_folder()) == "/somewhere/tongchou"
