"""A sealed file that no row needs is nobody's: it goes, whatever left it, and no other does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from tests.lists.making import set_one
from tests.people.test_pictures import jpeg
from tongchou.lists.actions import filing
from tongchou.lists.models import File
from tongchou.people import files
from tongchou.people.errors import FileLost
from tongchou.records.models import AuditEvent
from tongchou.site import sealed

pytestmark = pytest.mark.django_db
PHOTO, OTHER = jpeg(), b"%PDF-1.7 another"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = settings.TONGCHOU_DATA = tmp_path
    return tmp_path


@pytest.fixture
def kept(city: Any) -> File:
    return filing.add(
        task=set_one(city), content=PHOTO, words="门口", by=city.zhou, now=city.at(hours=1)
    )


def there(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def stop() -> None:
    raise KeyboardInterrupt


def new_key(settings: Any) -> None:
    settings.PII_KEYS = {**settings.PII_KEYS, "new": ("aes-256-gcm", b"n" * 32)}
    settings.PII_ACTIVE_KEY = "new"


def test_a_file_whose_commit_failed_goes(city: Any, kept: File, folder: Path) -> None:
    task = kept.task
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        filing.add(task=task, content=OTHER, words="", by=city.zhou, now=city.at(hours=2))
        stop()
    assert len(there(folder)) == 2
    assert "1 files of tasks" in sealed.sweep(now=city.at(days=1))
    assert there(folder) == {kept.digest}
    assert AuditEvent.objects.filter(verb="files.sweep").count() == 1
    assert "0 files of tasks" in sealed.sweep(now=city.at(days=1))
    assert AuditEvent.objects.filter(verb="files.sweep").count() == 1


def test_what_went_is_in_the_trail_though_the_next_kind_fails(
    city: Any, kept: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing.FILES.keep(OTHER, now=city.at())
    kinds = {"files of tasks": filing.FILES, "broken": files.SealedFiles("x", "x", "no.Model")}
    monkeypatch.setattr(sealed, "KINDS", kinds)
    with pytest.raises(LookupError):
        sealed.sweep(now=city.at(days=1))
    assert AuditEvent.objects.get(verb="files.sweep").detail == '{"files of tasks": 1}'


def test_a_file_that_was_kept_within_the_hour_stays(city: Any, kept: File, folder: Path) -> None:
    lone = filing.FILES.keep(OTHER, now=city.at(hours=2))
    sealed.sweep(now=city.at(hours=2) + files.REST)
    assert lone in there(folder)
    sealed.sweep(now=city.at(hours=2) + files.REST + timedelta(seconds=1))
    assert there(folder) == {kept.digest}


def test_files_of_a_database_that_knows_none_stay(city: Any, folder: Path) -> None:
    """Tables just made beside the files of another instance must not cost it its files."""
    lone = filing.FILES.keep(OTHER, now=city.at())
    sealed.sweep(now=city.at(days=900))
    assert there(folder) == {lone}


def test_what_a_stop_left_half_written_goes(city: Any, kept: File, folder: Path) -> None:
    half = filing.FILES.path(kept.digest).with_suffix(".4711-1")
    half.write_text("half", "ascii")
    files._touch(half, city.at())
    sealed.sweep(now=city.at(days=1))
    assert there(folder) == {kept.digest}


def test_what_a_stop_left_aside_comes_back_if_it_is_needed(city: Any, kept: File) -> None:
    path = filing.FILES.path(kept.digest)
    path.rename(path.with_suffix(files.ASIDE))
    with pytest.raises(FileLost):
        filing.FILES.read(kept.digest)
    sealed.sweep(now=city.at(days=1))
    assert filing.read(file=kept, by=city.duty_city, now=city.at(days=1)).startswith(b"\xff\xd8")


def test_what_a_stop_left_aside_goes_if_nobody_needs_it(
    city: Any, kept: File, folder: Path
) -> None:
    File.objects.update(destroyed_on=city.at().date())
    path = filing.FILES.path(kept.digest)
    path.rename(path.with_suffix(files.ASIDE))
    sealed.sweep(now=city.at(days=1))
    assert there(folder) == set()


@pytest.mark.parametrize("moment", ["stat", "rename", "unlink"])
def test_a_file_kept_again_while_it_is_removed_is_there_after(
    city: Any, kept: File, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step of the removal the other desk comes before."""
    File.objects.update(destroyed_on=city.at().date())
    content, now = filing.FILES.read(kept.digest), city.at(days=1)
    plain, came = getattr(Path, moment), []

    def late(path: Path, *args: Any, **more: Any) -> Any:
        if not came:
            came.append(path)
            filing.FILES.keep(content, now=now)
        return plain(path, *args, **more)

    monkeypatch.setattr(Path, moment, late)
    filing.FILES.discard([kept.digest], now=now)
    assert came and filing.FILES.read(kept.digest) == content


def test_of_two_who_remove_a_file_neither_takes_what_was_kept_meanwhile(
    city: Any, kept: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other has put the new file aside at the moment when the first removes the old one."""
    content, path, now = filing.FILES.read(kept.digest), filing.FILES.path(kept.digest), city.at()
    files._touch(path, now - timedelta(days=1))
    unlink, stat, aside, go_on = Path.unlink, Path.stat, Event(), Event()

    def look(at: Path, **more: Any) -> Any:
        if at.suffix.startswith(files.ASIDE):
            aside.set()
            assert go_on.wait(timeout=5)
        return stat(at, **more)

    def remove(at: Path, **more: Any) -> None:
        filing.FILES.keep(content, now=now)
        monkeypatch.setattr(Path, "stat", look)
        others.append(pool.submit(filing.FILES._remove, path, now))
        assert aside.wait(timeout=5)
        unlink(at, **more)
        go_on.set()

    monkeypatch.setattr(Path, "unlink", remove)
    others: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        assert filing.FILES._remove(path, now)
        assert not others[0].result()
    assert filing.FILES.read(kept.digest) == content


@pytest.mark.parametrize(
    "name", ["ab", "CV/letter.pdf", "CV/letters/first.pdf", "{}/.nfs0012", f"cd/ab{'0' * 62}"]
)
def test_what_somebody_laid_there_stays(city: Any, kept: File, folder: Path, name: str) -> None:
    foreign = folder / "tasks" / name.format(kept.digest[:2])
    foreign.parent.mkdir(parents=True, exist_ok=True)
    foreign.touch()
    for path in (foreign, foreign.parent):
        files._touch(path, city.at())
    lone = filing.FILES.keep(OTHER, now=city.at())
    assert "1 files of tasks" in sealed.sweep(now=city.at(days=1))
    assert there(folder) == {kept.digest, foreign.name}
    assert not filing.FILES.path(lone).exists()


def test_a_sweep_takes_no_half_of_what_is_sealed_again(
    city: Any, kept: File, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_key(settings)
    move = Path.replace

    def late(half: Path, to: Path) -> Any:
        monkeypatch.setattr(Path, "replace", move)
        sealed.sweep(now=city.at(days=1))
        return move(half, to)

    monkeypatch.setattr(Path, "replace", late)
    assert filing.FILES.reseal() == 1


def test_a_file_destroyed_while_it_is_sealed_again_stops_nothing(
    kept: File, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_key(settings)
    text = Path.read_text

    def late(path: Path, *args: Any) -> str:
        path.unlink()
        return text(path, *args)

    monkeypatch.setattr(Path, "read_text", late)
    assert filing.FILES.reseal() == 0
