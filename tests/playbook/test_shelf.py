import pytest

from tests.playbook.small import SMALL, child
from tongchou import playbook
from tongchou.playbook import PlaybookError, Shelf, Written


def shelf(**texts):
    return Shelf({name: Written(text, f"{name}.toml") for name, text in texts.items()})


def the_faults(shelf, name):
    with pytest.raises(PlaybookError) as refused:
        shelf.load(name)
    return refused.value.faults


def test_a_chain_of_playbooks_is_followed_to_its_end():
    grandchild = child(base="child").replace('id = "child"', 'id = "grandchild"')
    book = shelf(small=SMALL, child=child(), grandchild=grandchild).load("grandchild")
    assert book.contact("close").n_days == 10


def test_a_playbook_is_read_once():
    books = shelf(small=SMALL)
    assert books.load("small") is books.load("small")
    assert playbook.load("cn-2022-06") is playbook.load("cn-2022-06")


def test_playbooks_that_extend_one_another_are_a_circle():
    faults = the_faults(shelf(a=child(base="b"), b=child(base="a")), "a")
    circle = faults[-1]
    assert circle.kind == "extends_itself"
    assert "a → b → a" in circle.reason("en")
    assert (circle.file, circle.line) == ("b.toml", 5)


def test_a_playbook_that_extends_itself_is_a_circle_of_one():
    [fault] = the_faults(shelf(child=child(base="child")), "child")
    assert "child → child" in fault.reason("zh")


def test_an_unknown_playbook_names_the_nearest():
    with pytest.raises(PlaybookError, match=r"^There is no playbook cn-2022-6. Did you mean cn-"):
        playbook.load("cn-2022-6")


def test_a_city_may_extend_a_shipped_playbook():
    book = playbook.parse(child(base="cn-2022-06"))
    assert book.contact("close").n_days == 10


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    [fault] = the_faults(Shelf({"gone": tmp_path / "gone.toml"}), "gone")
    assert (fault.kind, fault.file) == ("unreadable", str(tmp_path / "gone.toml"))


def test_a_file_in_another_encoding_is_a_fault_on_its_line(tmp_path):
    file = tmp_path / "gb.toml"
    file.write_bytes('id = "gb"\ntitle = { zh = "预案" }'.encode("gb18030"))
    [fault] = the_faults(Shelf({"gb": file}), "gb")
    assert (fault.kind, fault.line) == ("not_utf8", 2)
    assert "UTF-8" in fault.mend("zh")


def test_a_file_says_its_id(tmp_path):
    (tmp_path / "a.toml").write_text(SMALL, "utf-8")
    (tmp_path / "b.toml").write_text("id = ", "utf-8")
    (tmp_path / "c.toml").write_text("id = 3", "utf-8")
    assert [playbook.id_in(tmp_path / f"{name}.toml") for name in "abcd"] == [
        "small",
        "b",
        "c",
        "d",
    ]
