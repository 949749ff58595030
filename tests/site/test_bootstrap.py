"""The script `./tongchou` itself, without a network: what it decides, not what it downloads."""

import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(tmp_path, monkeypatch):
    loader = SourceFileLoader("bootstrap", str(ROOT / "tongchou"))
    spec = importlib.util.spec_from_loader("bootstrap", loader)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    module.ROOT, module.VENV = tmp_path, tmp_path / ".venv"
    module.PYTHON, module.STAMP = module.VENV / "bin" / "python", module.VENV / ".tongchou"
    (tmp_path / "requirements.txt").write_text("django==5.2\n")
    (tmp_path / "requirements-dev.txt").write_text("django==5.2\npytest==9\n")
    return module


@pytest.fixture
def installed(script, monkeypatch):
    """Locks that were installed; the installing itself only links a Python."""
    done = []

    def install(lock):
        done.append(lock.name)
        script.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        if not script.PYTHON.exists():
            script.PYTHON.symlink_to(sys.executable)
        return True

    monkeypatch.setattr(script, "install", install)
    return done


def test_the_packages_are_installed_once(script, installed, tmp_path):
    script.prepare(tmp_path / "requirements.txt")
    script.prepare(tmp_path / "requirements.txt")

    assert installed == ["requirements.txt"]


def test_a_changed_lock_is_installed_anew(script, installed, tmp_path):
    script.prepare(tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").write_text("django==5.2.1\n")
    script.prepare(tmp_path / "requirements.txt")

    assert installed == ["requirements.txt", "requirements.txt"]


def test_the_developers_packages_hold_the_users(script, installed, tmp_path):
    script.prepare(tmp_path / "requirements-dev.txt")
    script.prepare(tmp_path / "requirements.txt")

    assert installed == ["requirements-dev.txt"]


def test_another_python_behind_the_link_begins_anew(script, installed, tmp_path):
    script.prepare(tmp_path / "requirements.txt")
    (script.VENV / "old").touch()
    script.PYTHON.unlink()
    script.PYTHON.symlink_to("/bin/sh")
    script.prepare(tmp_path / "requirements.txt")

    assert not (script.VENV / "old").exists()
    assert len(installed) == 2


def test_a_failed_installation_says_what_helps_and_is_tried_again(
    script, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(script, "install", lambda lock: False)
    with pytest.raises(SystemExit) as stopped:
        script.prepare(tmp_path / "requirements.txt")

    assert stopped.value.code == 3
    assert "PIP_INDEX_URL" in capsys.readouterr().err
    assert not script.is_ready(tmp_path / "requirements.txt")


def test_a_python_that_is_too_old_is_named(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    with pytest.raises(SystemExit):
        script.prepare(tmp_path / "requirements.txt")

    assert "needs Python 3.11 or later" in capsys.readouterr().err


def test_uv_of_this_machine_comes_first(script, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(script, "make_venv", lambda: True)
    monkeypatch.setattr(script.shutil, "which", lambda name: "/usr/bin/uv")
    monkeypatch.setattr(script, "quietly", lambda words, **how: asked.append(words[0]) or True)

    assert script.install(tmp_path / "requirements.txt")
    assert asked == ["/usr/bin/uv"]


def test_pip_does_the_work_where_uv_cannot(script, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(script, "make_venv", lambda: True)
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    monkeypatch.setattr(script, "home_of_pip", lambda: tmp_path)
    monkeypatch.setattr(script, "install_with_uv", lambda *words: False)
    monkeypatch.setattr(
        script, "install_with_pip", lambda home, lock: asked.append(lock.name) or True
    )

    assert script.install(tmp_path / "requirements.txt")
    assert asked == ["requirements-installer.txt", "requirements.txt"]


def test_the_mirror_of_pip_is_told_to_uv(script, tmp_path, monkeypatch):
    said = "global.index-url='mirror/simple'\n:env:.extra-index-url='more'\nglobal.cert='ca.pem'\n"
    monkeypatch.setattr(script, "output", lambda words: said)

    assert script.mirror_of(tmp_path) == {
        "UV_DEFAULT_INDEX": "mirror/simple",
        "SSL_CERT_FILE": "ca.pem",
    }


def test_spark_is_added_once_where_there_is_a_java(script, installed, tmp_path, monkeypatch):
    (tmp_path / "requirements-spark.txt").write_text("pyspark==4.0\n")
    monkeypatch.setattr(script.shutil, "which", lambda name: f"/usr/bin/{name}")
    script.prepare(tmp_path / "requirements-dev.txt")
    script.add_spark()
    script.add_spark()

    assert installed == ["requirements-dev.txt", "requirements-spark.txt"]
    assert script.is_ready(tmp_path / "requirements-dev.txt")


def test_without_java_nothing_of_spark_is_fetched(script, installed, tmp_path, monkeypatch):
    (tmp_path / "requirements-spark.txt").write_text("pyspark==4.0\n")
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    script.add_spark()

    assert installed == []


def test_where_spark_cannot_be_had_the_tests_go_on(script, tmp_path, monkeypatch, capsys):
    (tmp_path / "requirements-spark.txt").write_text("pyspark==4.0\n")
    monkeypatch.setattr(script.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(script, "install", lambda lock: False)
    script.VENV.mkdir()
    script.add_spark()

    assert "Went on without Spark" in capsys.readouterr().err


def test_only_spark_is_built_from_source(script):
    for lock in ROOT.glob("requirements*.txt"):
        words = script.locked(lock)
        assert "--require-hashes" in words
        assert ("--only-binary" in words) == (lock.name != "requirements-spark.txt")


def test_the_list_of_verbs_needs_no_packages():
    done = subprocess.run(
        [sys.executable, "-S", str(ROOT / "tongchou")], capture_output=True, text=True, check=True
    )

    assert "demo" in done.stdout
    assert done.stderr == ""
