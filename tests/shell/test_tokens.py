"""Colours of the style sheets: readable in both looks, named in one place."""

import re
from pathlib import Path

import pytest

from tongchou.shell import charts

STATIC = Path(charts.__file__).parents[1] / "static" / "shell"
TOKENS = (STATIC / "tokens.css").read_text()
TEXT = ("ink", "ink-2", "ink-3", "accent", "accent-2", "ok", "warn", "bad", "info")
#: text upon ground, beside every text tone on paper and surface
PAIRS = [
    *((text, ground) for text in TEXT for ground in ("paper", "surface", "raised")),
    *((tone, f"{tone}-soft") for tone in ("ok", "warn", "bad", "info")),
    ("ink", "warn-soft"),
    ("ink-2", "sunken"),
    ("accent-2", "accent-soft"),
    ("on-accent", "accent"),
    ("on-bad", "bad"),
    ("top-ink", "top"),
    ("top-ink-2", "top-2"),
]


def block(selector: str) -> dict[str, str]:
    """The custom properties set by the rule with this selector."""
    body = TOKENS.split(selector + " {", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#\w{6});", body))


LIGHT = block(":root")
DARK = LIGHT | block(':root[data-theme="dark"]')


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_words_can_be_read_in_both_looks(text: str, ground: str) -> None:
    for look in (LIGHT, DARK):
        assert contrast(look[text], look[ground]) >= 4.5


def test_the_edge_of_a_control_can_be_seen() -> None:
    for look in (LIGHT, DARK):
        assert contrast(look["edge"], look["surface"]) >= 3


def test_dark_by_choice_is_dark_by_device() -> None:
    assert block(':root:not([data-theme="light"])') == block(':root[data-theme="dark"]')


def test_a_rule_names_only_properties_that_exist() -> None:
    sheets = " ".join(path.read_text() for path in STATIC.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", sheets))
    assert used <= set(re.findall(r"--([\w-]+):", sheets))


def test_every_sheet_is_linked() -> None:
    linked = (STATIC.parents[1] / "templates" / "shell" / "_styles.html").read_text()
    assert {path.name for path in STATIC.glob("*.css")} == set(
        re.findall(r"shell/(\w+\.css)", linked)
    )
