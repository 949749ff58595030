import subprocess
import sys

import pytest

from tests.playbook.small import SMALL, child, small
from tongchou.site import cli


@pytest.fixture
def tongchou(capsys):
    """Run `tongchou playbook …`; answers exit code, output and errors."""

    def run(*words):
        code = cli.main(["playbook", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    (tmp_path / "child.toml").write_text(child(), "utf-8")
    (tmp_path / "wrong.toml").write_text(small(('war = "2h"', 'war = "9h"')), "utf-8")
    return tmp_path


def test_all_shipped_playbooks_are_sound(tongchou):
    code, said, _ = tongchou("check", "--lang", "en")
    assert code == 0
    assert said.splitlines()[-1].startswith("5 sound, 0 faulty")


def test_a_sound_file_is_counted_by_how_far_it_can_be_trusted(tongchou, folder):
    code, said, _ = tongchou("check", str(folder / "small.toml"), "--lang", "en")
    assert code == 0
    assert "small  Small: 16 rules" in said
    assert "from memory, unchecked" in said


def test_a_faulty_file_fails_with_its_line(tongchou, folder):
    code, said, errors = tongchou("check", str(folder / "wrong.toml"), "--lang", "zh")
    assert code == 1
    assert "wrong.toml:26: deadlines.parcel.sent: 战时时限长于平时" in errors
    assert said == "0 个预案通过，1 个有错误，共 0 条规则\n"


def test_a_file_may_extend_the_one_beside_it(tongchou, folder):
    assert tongchou("check", str(folder / "child.toml"))[0] == 0


def test_a_file_that_is_not_there_fails(tongchou, folder):
    code, _, errors = tongchou("check", str(folder / "none.toml"), "--lang", "en")
    assert code == 1
    assert "none.toml:1: The file cannot be opened" in errors


def test_a_playbook_is_shown_in_both_languages(tongchou):
    assert "7天集中隔离＋3天居家健康监测" in tongchou("show", "cn-2022-06", "--lang", "zh")[1]
    assert "7 days in a facility" in tongchou("show", "cn-2022-06", "--lang", "en")[1]


def test_showing_what_is_not_there_names_what_is(tongchou):
    code, _, errors = tongchou("show", "moon", "--lang", "en")
    assert code == 1
    assert errors.startswith("There is no playbook moon. Here it can be: cn-2021-05,")


def test_the_difference_is_told_in_words(tongchou):
    code, said, _ = tongchou("diff", "cn-2021-05", "cn-2022-06", "--lang", "en")
    assert code == 0
    assert "close contacts: quarantine: 14 days in a facility + 7 days of monitoring" in said
    assert "Same rule, other source" in said


def test_the_difference_is_chinese_in_a_chinese_terminal(tongchou, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    _, said, _ = tongchou("diff", "cn-2021-05", "cn-2022-06")
    assert "密接的密接·隔离管理：7天集中隔离 → 7天居家隔离" in said
    assert said.rstrip().endswith("处改变")


def test_one_change_is_one_change(tongchou, folder):
    one = folder / "one.toml"
    one.write_text(small(('war = "2h"', 'war = "1h"')), "utf-8")
    said = tongchou("diff", str(folder / "child.toml"), str(one), "--lang", "en")[1]
    assert said.rstrip().endswith("\n1 change")


def test_a_playbook_and_itself_rule_alike(tongchou):
    assert "The two rule alike." in tongchou("diff", "cn-base", "cn-base", "--lang", "en")[1]


def test_a_difference_with_nothing_fails(tongchou):
    assert tongchou("diff", "cn-base", "moon")[0] == 1


def test_files_of_one_name_in_two_folders_are_two_playbooks(tongchou, folder):
    other = folder / "other"
    other.mkdir()
    (other / "small.toml").write_text(small(('war = "2h"', 'war = "1h"')), "utf-8")
    said = tongchou("diff", str(folder / "small.toml"), str(other / "small.toml"), "--lang", "en")
    assert "1 change" in said[1]


def test_neither_policy_nor_science_loads_django():
    code = (
        "import sys, tongchou.playbook, tongchou.epi.delays, tongchou.site.playbook_cli;"
        "sys.exit('django' in sys.modules or 'scipy' in sys.modules)"
    )
    path = [each for each in sys.path if each]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}; {code}"], check=False
    )
    assert done.returncode == 0
