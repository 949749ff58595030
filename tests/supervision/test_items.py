"""Checklists as text: what they say, and every fault named with its place."""

from importlib import resources

import pytest
from django.utils.translation import override

from tests.supervision.supervised import SMALL
from tongchou.areas.models import PlaceKind
from tongchou.supervision.errors import BadChecklist
from tongchou.supervision.items import parse

SHIPPED = sorted(
    path.name
    for path in resources.files("tongchou.supervision").joinpath("checklists").iterdir()
    if path.name.endswith(".toml")
)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_checklist_that_ships_is_sound(name):
    path = resources.files("tongchou.supervision").joinpath("checklists", name)
    sheet = parse(path.read_text("utf-8"))

    assert f"{sheet.slug}.toml" == name
    assert sheet.place_kind in PlaceKind.values
    assert len(sheet.items) >= 8
    assert any(item.red_line for item in sheet.items)
    assert all(item.en and item.source and item.group_en for item in sheet.items)
    assert all(item.hint_en for item in sheet.items if item.hint)


def test_an_item_says_how_bad_a_no_is():
    items = {item.key: item.severity for item in parse(SMALL).items}

    assert items == {"exits": "urgent", "register": "ordinary", "sign": "minor"}


def test_headings_hints_and_sources_are_read_in_both_languages():
    text = SMALL.replace("[[items]]", '[groups]\n"安全" = "Safety"\n[[items]]', 1).replace(
        'key = "exits"',
        'key = "exits"\ngroup = "安全"\nhint = "看门锁"\nhint_en = "Look at the locks"\n'
        'source = "editable default, not from a rule"',
    )
    item = parse(text).items[0]
    with override("en"):
        said = (item.heading, item.help, item.source_words)
        assert said == (
            "Safety", "Look at the locks",
            "editable default, not from a rule · from memory, unchecked",
        )  # fmt: skip
    with override("zh-hans"):
        said = (item.heading, item.help, item.source_words)
        assert said == ("安全", "看门锁", "可修改的默认值，无规定依据 · 凭记忆，待核实")


def test_a_heading_without_english_stays_as_it_is_written():
    item = parse(SMALL.replace('key = "exits"', 'key = "exits"\ngroup = "安全"')).items[0]
    with override("en"):
        assert item.heading == "安全"


def test_an_item_is_found_by_its_key():
    sheet = parse(SMALL)

    assert str(sheet.of("exits")) == "Fire exits are free"
    assert sheet.of("nothing") is None


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('slug = "small"', 'slug = "Small List"', "`slug`"),
        ('title = "小检查表"', 'title = " "', "`title`"),
        ('title = "小检查表"', 'title = "x"\nname = 1', "“name” is not known at the top"),
        ('key = "exits"', 'key = "Exits!"', "Item 1: `key`"),
        ('key = "register"', 'key = "exits"', "Item 2: the key “exits” stands twice"),
        ('zh = "有标识"', 'zh = "有"', "Item 3 (sign): `zh`"),
        ("weight = 5", "weight = 6", "Item 1 (exits): `weight`"),
        ("weight = 5", "weight = true", "Item 1 (exits): `weight`"),
        ("red_line = true", 'red_line = "yes"', "`red_line` is true or false"),
        ("photo = true", 'photo = true\nphotos = 3', "“photos” is not known"),
        ("weight = 3", 'weight = 3\ntruth = "sure"', "`truth` is one of"),
        ("weight = 3", 'weight = 3\ntruth = "verified"', "needs a `source`"),
        ("[[items]]", "groups = 3\n[[items]]", "`groups` gives each heading"),
        ("[[items]]", "[[items", "not TOML"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(was, becomes, says):
    with pytest.raises(BadChecklist) as refused:
        parse(SMALL.replace(was, becomes, 1))

    assert says in str(refused.value)


def test_all_faults_are_told_at_once():
    text = SMALL.replace("weight = 5", "weight = 9").replace('key = "sign"', 'key = "!"')
    with pytest.raises(BadChecklist) as refused:
        parse(text)

    assert len(refused.value.faults) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('slug = "a"\ntitle = "x"', "needs items"),
        ('slug = "a"\ntitle = "x"\nitems = ["y"]', "Item 1 is not a table"),
        (
            'slug = "a"\ntitle = "x"\n'
            + "".join(f'[[items]]\nkey = "k{n}"\nzh = "问题"\n' for n in range(201)),
            "too many",
        ),
    ],
)
def test_a_checklist_without_sound_items_is_refused(text, says):
    with pytest.raises(BadChecklist, match=says):
        parse(text)
