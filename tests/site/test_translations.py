import os
import threading

import pytest

from tongchou.site import translations

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "case"
msgstr "病例"
"""


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "cases" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO)
    return folder / "django.po"


def test_a_missing_translation_is_compiled(tmp_path, source):
    assert translations.compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert "病例".encode() in source.with_suffix(".mo").read_bytes()


def test_what_is_up_to_date_is_left_alone(tmp_path, source):
    translations.compile_all(tmp_path)

    assert translations.compile_all(tmp_path) == []


def test_an_older_translation_is_compiled_anew(tmp_path, source):
    translations.compile_all(tmp_path)
    os.utime(source.with_suffix(".mo"), (0, 0))

    assert translations.compile_all(tmp_path) == [source.with_suffix(".mo")]


def test_an_installation_that_cannot_be_written_starts_all_the_same(tmp_path, source, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError("read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)

    assert translations.compile_all(tmp_path) == []


def test_two_starts_at_once_leave_one_whole_file(tmp_path, source):
    starts = [threading.Thread(target=translations.compile_all, args=(tmp_path,)) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()

    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]
