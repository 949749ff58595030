"""The rules of the house, proven on the house itself: floors, keys, loops, handbook, languages."""

import ast
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import reverse

from tongchou import playbook
from tongchou.ledger import registry
from tongchou.site import checking, cli, options
from tongchou.staff.roles import Role

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "tongchou"
HANDBOOK = ROOT / "docs" / "handbook"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
    "contracts"
]
#: from the roof to the ground, as the import contract has them
FLOORS = [re.findall(r"\w+", layer) for layer in CONTRACTS[0]["layers"]]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
LOOPS = {each.loop.name: each.loop for each in registry.every()}
TRANSLATED = sorted(
    folder.name
    for folder in PACKAGE.iterdir()
    if any(
        re.search(r"import gettext|% (block)?translate", path.read_text())
        for path in [*folder.rglob("*.py"), *folder.rglob("*.html")]
    )
)


# --- floors ------------------------------------------------------------------------------------


def test_every_room_stands_on_a_floor():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert rooms == set(FLOOR)


def test_every_room_with_tables_or_pages_keeps_the_floor_plan():
    planned = {name.rpartition(".")[2] for name in CONTRACTS[1]["containers"]}

    assert planned == {path.parent.name for path in PACKAGE.glob("*/apps.py")} - {"site"}
    assert planned == set(settings.ROOMS)


def test_no_floor_is_optional():
    layers = [layer for contract in CONTRACTS[:1] for layer in contract["layers"]]

    assert not [layer for layer in layers if "(" in layer]


@pytest.mark.parametrize(
    "model",
    [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("tongchou")],
    ids=lambda m: m._meta.label,
)
def test_foreign_keys_point_down(model: type[models.Model]):
    here = FLOOR[model._meta.app_label]
    for field in model._meta.get_fields():
        if field.is_relation and field.concrete and field.related_model is not None:
            there = FLOOR.get(field.related_model._meta.app_label)
            own = field.related_model._meta.app_label == model._meta.app_label
            assert own or there is None or there > here, f"{field} points up or sideways"


# --- loops -------------------------------------------------------------------------------------


def test_the_loops_of_the_house_are_registered():
    assert {"case_report", "investigation", "contact", "quarantine_stay"} <= set(LOOPS)


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_every_stage_has_an_owner_who_exists(name):
    roles = {role for row in LOOPS[name] for role in (row.owner, row.signer) if role}

    assert roles <= set(Role.values)


@pytest.mark.parametrize("shipped", playbook.shipped())
@pytest.mark.parametrize("name", sorted(LOOPS))
def test_every_stage_has_a_deadline_in_every_playbook(name, shipped):
    book = playbook.load(shipped)
    for row in LOOPS[name]:
        deadline = book.deadline(name, row.stage)
        war, peace = deadline.allowed("war"), deadline.allowed("peace")
        assert timedelta(0) < war <= peace, f"{shipped}: {name}.{row.stage}"


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_every_stage_and_end_has_a_name_people_can_read(name):
    known = registry.registered(name).stage_labels

    assert {row.stage for row in LOOPS[name]} | set(LOOPS[name].ends) <= set(known)


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_every_loop_has_a_page_for_its_subject(name):
    assert reverse(registry.registered(name).page, args=[1])


# --- the handbook ------------------------------------------------------------------------------


def headings(page: str) -> set[str]:
    return set(re.findall(r"^### (.+)$", (HANDBOOK / page).read_text(), re.MULTILINE))


def test_every_setting_is_in_the_handbook_and_no_other():
    assert headings("settings.md") == set(options.OPTIONS)


def test_every_command_is_in_the_handbook_and_no_other():
    assert headings("commands.md") == {verb.name for verb in cli.VERBS}


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_every_loop_is_in_the_handbook(name):
    pages = "".join(page.read_text() for page in HANDBOOK.glob("*.md"))

    assert f"<!-- loop: {name} -->" in pages


@pytest.mark.parametrize("verb", cli.VERBS, ids=lambda verb: verb.name)
def test_every_command_explains_itself(verb, monkeypatch, capsys):
    monkeypatch.setenv("TONGCHOU_DATA", "")
    with pytest.raises(SystemExit) as done:
        cli.main([*verb.words, "--help"])

    assert done.value.code == 0
    assert f"tongchou {verb.name}" in capsys.readouterr().out


# --- two languages -----------------------------------------------------------------------------


def catalogue(room: str) -> Path:
    path = PACKAGE / room / "locale/zh_Hans/LC_MESSAGES/django.po"
    assert path.exists(), f"{room} speaks English only"
    return path


def entries(path: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}


@pytest.mark.parametrize("room", TRANSLATED)
def test_the_chinese_of_a_room_is_complete(room):
    chinese = polib.pofile(str(catalogue(room)))
    missing = [entry.msgid for entry in chinese if not entry.translated() or entry.fuzzy]
    plural = [e.msgid for e in chinese if e.msgid_plural and set(e.msgstr_plural) != {0}]

    assert missing == []
    assert plural == []  # Chinese has one form
    assert not chinese.obsolete_entries()
    assert chinese.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@pytest.mark.parametrize("room", TRANSLATED)
def test_every_text_of_a_room_has_its_chinese(room, tmp_path, monkeypatch):
    if not shutil.which("xgettext"):
        pytest.skip("needs GNU gettext: apt-get install gettext")
    known = entries(catalogue(room))
    copy = tmp_path / room
    shutil.copytree(PACKAGE / room, copy, ignore=shutil.ignore_patterns("*.po", "*.mo", "static"))
    (copy / "locale").mkdir(exist_ok=True)
    monkeypatch.chdir(copy)
    call_command("makemessages", locale=["zh_Hans"], no_location=True, verbosity=0)
    found = entries(copy / "locale/zh_Hans/LC_MESSAGES/django.po")

    assert [key for key in found if key not in known] == []


@pytest.mark.parametrize("room", TRANSLATED)
def test_a_translation_keeps_the_places_to_fill(room):
    place = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
    for entry in polib.pofile(str(catalogue(room))):
        chinese = entry.msgstr_plural.get(0, "") or entry.msgstr
        english = {*place.findall(entry.msgid), *place.findall(entry.msgid_plural)}
        assert set(place.findall(chinese)) <= english, entry.msgid


# --- what is committed -------------------------------------------------------------------------


def committed() -> list[Path]:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs a git checkout")
    words = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    names = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


#: written in pieces, so that this file does not hold what it looks for
FOREIGN = re.compile(
    "|".join(
        [
            "/work/" + r"\w",
            "/root/" + r"\.?\w",
            "/home/" + r"\w+/",
            "pypi" + r"\.(org|tuna|python)",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            r"(deb|archive)\." + "debian",
        ]
    )
)


def test_no_file_names_a_machine_or_a_package_host():
    found = []
    for path in committed():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue  # a picture
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FOREIGN.finditer(text)]

    assert found == []


def imported(folder: Path) -> set[str]:
    """The packages that the code in a folder imports, wherever in a file."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("folder", "locks"),
    [
        ("src", ["requirements.txt"]),
        ("tests", ["requirements-dev.txt", "requirements-spark.txt"]),
        ("bench", ["requirements-dev.txt"]),
    ],
)
def test_every_package_that_is_imported_is_locked(folder, locks):
    texts = [(ROOT / lock).read_text() for lock in locks]
    locked = re.findall(r"^([\w.-]+)==", "".join(texts), re.MULTILINE)
    sources = importlib.metadata.packages_distributions()
    own = {"tongchou", "tests", "bench", *sys.stdlib_module_names}
    # verbs of developers, the optional extra `scale`, and Spark where no Java is
    own |= {"importlinter", "playwright", "ibis"} if folder == "src" else {"pyspark"}
    own |= {path.stem for path in (ROOT / folder).glob("*.py")}
    # what peers run stands in environments of their own, by files of their own
    if folder == "bench":
        own |= {path.stem for path in (ROOT / "bench/peers").iterdir()}
    missing = [
        name
        for name in sorted(imported(ROOT / folder) - own)
        if not {source.lower().replace("_", "-") for source in sources.get(name, ["?"])}
        & set(locked)
    ]

    assert missing == []


def test_the_locks_name_no_host():
    assert checking.hosts_in_locks() == []


def test_compiled_translations_are_not_committed():
    assert [path for path in committed() if path.suffix == ".mo"] == []
