"""What a backup holds beside the records: documents, visits, own profiles; and how they return."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.site.test_instance import founded, instance, tongchou
from tongchou.epi.trace.durable import locked
from tongchou.site import backup, restore
from tongchou.site.cli import Wrong

__all__ = ["founded", "instance"]  # the small instance

KEEP = """
from datetime import date
from tests.little_city import T0, build
from tongchou.cases import actions, documents
from tongchou.cases.facts import Facts
from tongchou.people.models import Person
city = build()
ill = Person.objects.create(area=city.community, written_at=T0, destroy_on=date(2032, 1, 1))
facts = Facts(disease="covid19_omicron", reported_on=date(2022, 7, 1))
case = actions.report(person=ill, facts=facts, area=city.community, by=city.qian, now=T0,
                      number="", caused_by=None)
documents.add(case=case, kind="laboratory", content=b"%PDF-1.7 a report", by=city.lin, now=T0)
"""

READ = """
from tests.little_city import T0
from tongchou.cases import documents
from tongchou.cases.models import Document
from tongchou.staff.models import User
by = User.objects.get(username="wu")
print(documents.read(document=Document.objects.get(), by=by, now=T0).decode())
"""


def python(code: str, *, data: Path, root: Path) -> str:
    """Run some lines inside of an instance."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TONGCHOU_", "DJANGO_"))}
    env |= {"PYTHONPATH": str(root / "src"), "TONGCHOU_DATA": str(data),
            "DJANGO_SETTINGS_MODULE": "tongchou.site.settings"}  # fmt: skip
    code = f"import django; django.setup()\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=root
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_document_comes_back_with_its_case(instance: Path, root: Path, tmp_path: Path) -> None:
    python(KEEP, data=instance, root=root)
    file, back = tmp_path / "city.tar.gz", tmp_path / "back"
    done = tongchou("backup", str(file), "--with-keys", data=instance, root=root)
    assert done.returncode == 0, done.stderr
    done = tongchou("restore", str(file), data=back, root=root)
    assert done.returncode == 0, done.stderr

    assert python(READ, data=back, root=root) == "%PDF-1.7 a report\n"
    assert (back / "documents").stat().st_mode & 0o077 == 0


def beside(data: Path) -> None:
    """Folders as an instance has them after some weeks."""
    for name in ("files/photos/ab/ab1", "visits/journal/0.log", "visits/days/1.g1/part",
                 "profiles/county.toml", "profiles/counts/own.toml", "counts/1.npy",
                 "studies/1.runs"):  # fmt: skip
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(name)


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = settings.DATA / "files"
    beside(settings.DATA)
    return tmp_path / "data"


def kept(to: Path, *without: str) -> set[str]:
    """What of the folders lies in a backup; put into a folder as a restore unpacks it."""
    with tarfile.open(to.with_suffix(".tar"), "w") as archive:
        backup._add_folders(archive, without=set(without))
    with tarfile.open(to.with_suffix(".tar")) as archive:
        archive.extractall(to, filter="data")
        return {each.name for each in archive if each.isfile()}


def test_what_can_be_made_anew_is_left_out(data: Path, tmp_path: Path) -> None:
    visits = {"visits/journal/0.log", "visits/days/1.g1/part"}
    rest = {"files/photos/ab/ab1", "profiles/county.toml", "profiles/counts/own.toml"}

    assert kept(tmp_path / "a") == rest | visits
    assert kept(tmp_path / "b", "visits") == rest


def test_folders_come_back_where_they_were(data: Path, tmp_path: Path) -> None:
    names = kept(tmp_path / "a")
    shutil.rmtree(data)
    restore._no_visits_yet(tmp_path / "a")
    restore._put_folders_back(tmp_path / "a")

    assert all((data / name).read_text() == name for name in names)


def test_two_stores_of_visits_are_not_mixed(data: Path, tmp_path: Path) -> None:
    kept(tmp_path / "a")

    with pytest.raises(Wrong, match="never mixed"):
        restore._no_visits_yet(tmp_path / "a")


def test_visits_are_not_read_while_somebody_writes_them(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PATIENCE", 0.3)
    with (
        locked(data / "visits" / "writer.lock", "a desk"),
        pytest.raises(Wrong, match="a desk .*--without-visits"),
    ):
        kept(tmp_path / "a")
