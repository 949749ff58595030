"""The main menu and the addresses of the frame."""

import pytest
from django.core.checks import run_checks

from tongchou.shell import navigation

pytestmark = pytest.mark.usefixtures("empty_navigation")


def labels(roles: frozenset[str] | None = None, path: str = "/") -> list[str]:
    return [item.label for item in navigation.items(path=path, roles=roles)]


def test_the_menu_runs_by_group_and_order() -> None:
    navigation.register("b", "second", "home", "home", order=20)
    navigation.register("a", "first", "home", "home", order=10)
    navigation.register("c", "on top", "home", "home", order=99, group="now")
    assert labels() == ["on top", "first", "second"]


def test_an_entry_shows_to_its_roles_only() -> None:
    navigation.register("a", "for all", "home", "home")
    navigation.register("b", "for tracers", "home", "home", roles=["tracer"])
    assert labels(frozenset({"cdc"})) == ["for all"]
    assert labels(frozenset({"tracer"})) == ["for all", "for tracers"]
    assert labels(None) == ["for all", "for tracers"]


def test_a_page_that_does_not_exist_is_left_out_and_reported() -> None:
    navigation.register("a", "half built", "nowhere:desk", "home")
    assert labels() == []
    assert "shell.W001" in {message.id for message in run_checks()}


def test_an_unknown_icon_is_reported() -> None:
    navigation.register("a", "desk", "home", "unicorn")
    assert "shell.W002" in {message.id for message in run_checks()}


def test_an_unknown_group_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="group 'misc' is not one of now, steer, desks"):
        navigation.register("a", "desk", "home", "home", group="misc")


def test_registering_twice_replaces() -> None:
    navigation.register("a", "old", "home", "home")
    navigation.register("a", "new", "home", "home")
    assert labels() == ["new"]


def test_the_deepest_matching_entry_is_the_current_one() -> None:
    navigation.register("a", "home", "home", "home", order=1)
    navigation.register("b", "gallery", "shell:gallery", "table", order=2)
    shown = navigation.items(path="/shell/gallery/part", roles=None)
    assert [item.current for item in shown] == [False, True]


def test_a_page_below_no_entry_lights_the_first_of_its_room() -> None:
    navigation.register("a", "gallery", "shell:gallery", "table", order=2)
    navigation.register("b", "home", "home", "home", order=1)
    shown = navigation.items(path="/shell/elsewhere/", roles=None)
    assert [(item.label, item.current) for item in shown] == [("home", False), ("gallery", True)]
    outside = navigation.items(path="/nowhere/", roles=None)
    assert not any(item.current for item in outside)


def test_a_place_of_the_frame_can_be_led_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_links", {"search": "nowhere"})
    assert navigation.links()["search"] == ""
    navigation.link("search", "shell:gallery")
    assert navigation.links()["search"] == "/shell/gallery"
