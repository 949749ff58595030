import subprocess
import sys
from pathlib import Path

import pytest

from tongchou.site import cli

ROOT = Path(__file__).resolve().parents[2]


def tongchou(*words, **env):
    return subprocess.run(
        [sys.executable, "-m", "tongchou", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin", **env},
    )


def test_alone_it_lists_its_verbs(capsys):
    assert cli.main([]) == 0
    assert all(verb.name in capsys.readouterr().out for verb in cli.VERBS[:1])


def test_an_unknown_verb_is_told(capsys):
    assert cli.main(["dmeo"]) == 2
    assert "no verb 'dmeo'" in capsys.readouterr().err


def test_half_a_verb_names_its_other_halves(capsys):
    assert cli.main(["import"]) == 2
    assert "tongchou import linelist" in capsys.readouterr().err


def test_it_says_its_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("tongchou 0.")


def test_checking_a_playbook_needs_no_django():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from tongchou.site.cli import main; main(['playbook', 'check']);"
            "print('django' in sys.modules, file=sys.stderr)",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )

    assert loaded.stderr.strip() == "False"


@pytest.mark.parametrize("words", [("--data", "DIR"), ("--data=DIR",)])
def test_an_instance_is_kept_in_the_folder_it_was_given(tmp_path, words):
    folder = tmp_path / "my city"
    done = tongchou("migrate", *[word.replace("DIR", str(folder)) for word in words])

    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} >= {"keys.toml", "tongchou.sqlite3"}


def test_help_founds_no_instance(tmp_path):
    done = tongchou("migrate", "--help", XDG_DATA_HOME=str(tmp_path))

    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_a_migration_that_waits_is_told_by_the_exit_code(tmp_path):
    assert tongchou("migrate", "--check", "--data", str(tmp_path)).returncode == 1


def test_unusable_keys_are_one_sentence_not_a_traceback(tmp_path):
    (tmp_path / "keys.toml").write_text("")
    (tmp_path / "keys.toml").chmod(0o600)
    done = tongchou("migrate", "--data", str(tmp_path))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "keys.toml" in done.stderr
