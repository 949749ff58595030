import subprocess

import pytest

from tongchou.site import checking
from tongchou.site.checking import Check, judged

TESTS = Check("tests", ("python", "-m", "pytest"))
TYPES = Check("types", ("python", "-m", "mypy"))


def ended(code, output=""):
    return subprocess.CompletedProcess((), code, output)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="1" /></testsuites>'
    )
    return path


def test_the_tests_are_counted_from_their_report(report):
    found = judged(TESTS, ended(1), 0.0, report)

    assert (found.passed, found.failed, found.skipped, found.ok) == (5, 3, 1, False)


def test_any_other_check_counts_as_one(tmp_path):
    assert judged(TYPES, ended(0), 0.0, tmp_path / "none").passed == 1
    assert judged(TYPES, ended(2), 0.0, tmp_path / "none").failed == 1


def test_a_run_that_came_to_no_test_has_failed(tmp_path):
    found = judged(TESTS, ended(0), 0.0, tmp_path / "none.xml")

    assert (found.ok, found.failed) == (False, 1)


def test_a_run_that_broke_off_has_failed_whatever_it_counted(report):
    report.write_text('<testsuite tests="3" failures="0" errors="0" skipped="0" />')

    assert judged(TESTS, ended(3), 0.0, report).failed == 1


def test_the_last_line_is_the_total(capsys, monkeypatch):
    monkeypatch.setattr(
        checking, "look", lambda check, folder: judged(check, ended(0), 1.0, folder)
    )

    assert checking.whole([[TYPES], [TYPES]]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed, 0 skipped"


def test_what_failed_is_shown_in_full(capsys, monkeypatch):
    monkeypatch.setattr(
        checking, "look", lambda check, folder: judged(check, ended(1, "line 3: no"), 1.0, folder)
    )

    assert checking.whole([[TYPES]]) == 1
    assert "line 3: no" in capsys.readouterr().out


def test_a_host_in_a_lock_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("django==5.2\n--index-url somewhere\n")

    assert checking.hosts_in_locks() == ["requirements.txt:2: --index-url somewhere"]


def test_settings_of_the_users_own_instance_do_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("TONGCHOU_DATABASE_URL", "postgresql://earnest")

    assert "TONGCHOU_DATABASE_URL" not in checking.environment()
