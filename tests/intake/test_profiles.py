"""A profile that cannot be used says in which file, at which key, and what would be right."""

import re
from pathlib import Path

import pytest

from tongchou.intake import profiles
from tongchou.intake.fields import FIELDS
from tongchou.intake.profiles import BadProfile, available, every, load, parse

SHIPPED = {path.stem for path in (Path(profiles.__file__).parent / "profiles").glob("*.toml")}

GOOD = """
title = { en = "Ours", zh = "本地" }
area = { code = "X", name = "某市" }
[case]
key = "no"
columns = { number = "no", reported_on = "day", sex = "sex" }
defaults = { disease = "mers", classification = "confirmed" }
values.sex = { F = "female", M = "male" }
"""


def faults(text: str) -> str:
    with pytest.raises(BadProfile) as caught:
        parse(text, name="ours", file="ours.toml")
    return str(caught.value)


@pytest.mark.parametrize("name", sorted(available()))
def test_every_shipped_profile_is_sound(name: str) -> None:
    profile = load(name)
    assert profile.sheets and profile.name("zh-hans") != profile.name("en")


def test_the_promised_profiles_ship() -> None:
    promised = {"mers-korea", "ebola-sim", "ebola-sim-clean", "godata"}
    assert promised | {"sormas-case", "sormas-contact", "template"} <= {p.id for p in every()}


def test_a_good_profile_is_read() -> None:
    profile = parse(GOOD, name="ours")
    assert profile.source == "ours"
    assert dict(profile.sheets["case"].values["sex"]) == {"f": "female", "m": "male"}


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('sex = "sex"', 'sexx = "sex"', "case.columns.sexx: there is no such field. Did you mean"),
        ('"female"', '"femal"', "case.values.sex.F: 'femal' is none of"),
        ('key = "no"', 'keys = "no"', "case.keys: unknown key. Did you mean key?"),
        ('key = "no"\n', "", "case.key: is needed"),
        ('key = "no"', "key = 3", "case.key: is a column, a list of columns"),
        ('reported_on = "day", ', "", "case.columns: reported_on is needed"),
        ('code = "X", ', "", "area.code: is needed"),
        ('en = "Ours", ', "", "title.en: is needed"),
        ('key = "no"', 'key = "no"\ndates = "ydm"', "case.dates: is one of ymd, mdy, dmy"),
        ('key = "no"', 'key = "no"\nyear = 15', "case.year: is the year of days"),
        ('key = "no"', 'key = "no"\nrequired = ["age"]', "age has neither a column nor"),
        ('key = "no"', 'key = "no"\nrequired = "age"', "case.required: is a list of texts"),
        ('key = "no"', 'key = "no"\nheader_rows = 0', "case.header_rows: is a number of rows"),
        ('key = "no"', 'key = "no"\nfold = "yes"', "case.fold: is true or false"),
        ('key = "no"', 'key = "no"\ncomment = 3', "case.comment: is a text in quotes"),
        ('values.sex = { F = "female", M = "male" }', 'values.sex = "F"', "is a table of their"),
        ('name = "某市"', 'name = "某市", unknown = "drop"', "area.unknown: is one of refuse"),
        ('area = { code = "X", name = "某市" }', "area = 3", "area: is a table"),
    ],
)
def test_a_fault_names_file_and_key(wrong: str, right: str, says: str) -> None:
    assert wrong in GOOD
    said = faults(GOOD.replace(wrong, right))
    assert all(line.startswith("ours.toml: ") for line in said.splitlines())
    assert says in said


def test_all_faults_are_told_at_once() -> None:
    said = faults(GOOD.replace('"female"', '"femal"').replace('code = "X"', 'code = ""'))
    assert len(said.splitlines()) == 2


def test_what_is_no_toml_is_said_so() -> None:
    assert faults("title = ").startswith("ours.toml: not readable as TOML")


def test_a_profile_without_sheets_is_none() -> None:
    assert "a profile needs one of" in faults(GOOD[: GOOD.index("[case]")])


def test_an_unknown_name_leads_to_the_nearest() -> None:
    with pytest.raises(BadProfile, match="Did you mean mers-korea?"):
        load("mers-corea")


def test_a_city_can_bring_its_own_and_a_broken_one_hides_no_other(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.TONGCHOU_DATA = tmp_path
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "profiles" / "broken.toml").write_text("title = 3", encoding="utf-8")
    names = {profile.id for profile in every()}
    assert "ours" in names and "mers-korea" in names and "broken" not in names


def test_the_profile_of_the_handbook_is_sound(root: Path) -> None:
    page = (root / "docs" / "how-to" / "import-a-line-list.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert parse(example, name="hotline").sheets["case"].year == 2022


def test_the_handbook_names_every_field_and_every_profile(root: Path) -> None:
    how_to = (root / "docs" / "how-to" / "import-a-line-list.md").read_text(encoding="utf-8")
    handbook = (root / "docs" / "handbook" / "intake.md").read_text(encoding="utf-8")
    fields = {name for fields in FIELDS.values() for name in fields}
    assert {name for name in fields if name not in how_to} == set()
    assert {name for name in SHIPPED if f"`{name}`" not in handbook} == set()
