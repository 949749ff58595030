"""The handbook's example is a playbook, and its tables name what there is."""

import re
from pathlib import Path

import pytest

from tests.playbook.test_response import every_rule
from tongchou import playbook
from tongchou.playbook.merging import DEPTH

RESPONSE = Path(__file__).parents[2] / "docs" / "handbook" / "playbook-response.md"
PAGE = Path(__file__).parents[2] / "docs" / "handbook" / "playbook.md"


@pytest.fixture
def page():
    return PAGE.read_text("utf-8")


def test_the_example_is_a_sound_playbook(page):
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    book = playbook.parse(example)
    assert book.contact("close").look_back_days == 4
    assert "spill_over_medium" not in book.groups


def test_every_shipped_playbook_is_listed(page):
    assert [name for name in playbook.shipped() if f"| `{name}` |" not in page] == []


def test_every_section_is_explained(page):
    assert [section for section in DEPTH if f"`[{section}" not in page] == []


def test_every_rule_of_the_response_is_explained():
    rows = [row for row in RESPONSE.read_text("utf-8").splitlines() if row.startswith("| `")]
    explained = {
        f"{row.split('`')[1].split('.')[0]}.{name}"
        for row in rows
        for name in re.findall(r"`(?:\w+\.)?(\w+)`", row.split("|")[1])
    }
    assert set(every_rule()) <= explained
