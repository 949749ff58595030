import io

import pytest

from tongchou.kit.encodings import UnknownEncoding, chosen, detect

CHINESE = "姓名,住址\n李明,码头街道渡口社区\n王芳,书院街道桂花社区\n"
WESTERN = "name,région\nJosé,Région de Zürich\nÅsa,Malmö\n"


def test_utf8_is_told_by_its_bytes():
    assert detect(io.BytesIO(CHINESE.encode())).name == "utf-8"


def test_the_mark_of_utf8_is_no_part_of_the_first_name():
    assert detect(io.BytesIO(CHINESE.encode("utf-8-sig"))).name == "utf-8-sig"


def test_utf16_is_told_by_its_mark():
    assert detect(io.BytesIO(CHINESE.encode("utf-16"))).name == "utf-16"


def test_gb18030_is_told_by_its_pairs_and_says_why():
    found = detect(io.BytesIO(CHINESE.encode("gb18030")))

    assert found.name == "gb18030"
    assert "byte pairs are Chinese" in found.reason


def test_western_letters_are_not_taken_for_chinese():
    assert detect(io.BytesIO(WESTERN.encode("latin-1"))).name == "windows-1252"


def test_bytes_that_windows_does_not_know_are_latin_1():
    assert detect(io.BytesIO(b"name\nJos\xe9 \x81\n")).name == "latin-1"


def test_a_chinese_letter_late_in_a_long_file_still_counts():
    text = "a,b\n" * 200_000 + "李明,码头街道\n"

    assert detect(io.BytesIO(text.encode("gb18030"))).name == "gb18030"


def test_detecting_leaves_the_file_where_it_was():
    file = io.BytesIO(CHINESE.encode())
    file.seek(3)
    detect(file)

    assert file.tell() == 3


@pytest.mark.parametrize(
    ("said", "codec"), [("GBK", "gb18030"), ("ISO-8859-1", "latin-1"), ("UTF8", "utf-8-sig")]
)
def test_an_encoding_can_be_chosen_by_any_of_its_names(said, codec):
    assert chosen(said).name == codec


def test_an_unknown_encoding_names_the_known_ones():
    with pytest.raises(UnknownEncoding, match="gb18030"):
        chosen("ebcdic")
