import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from tongchou.kit.tables import BEYOND, Layout, Unreadable, as_text, read


def rows(source, **layout):
    return list(read(source, Layout(**layout)).rows())


def workbook(*lines, title="Sheet1", more=()):
    book = Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    for name in more:
        book.create_sheet(name).append(["other"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_row_has_its_line_and_its_cells_by_name():
    assert rows(b"id,age\nSK_1,68\nSK_2,63\n") == [
        (2, {"id": "SK_1", "age": "68"}),
        (3, {"id": "SK_2", "age": "63"}),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(separator):
    table = read(f'"a{separator}b"{separator}c\n1{separator}2\n'.encode())

    assert table.delimiter == separator
    assert table.names == [f"a{separator}b", "c"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_any_encoding(codec):
    source = "姓名,住址\n李明,码头街道渡口社区\n".encode(codec)

    assert rows(source) == [(2, {"姓名": "李明", "住址": "码头街道渡口社区"})]


def test_a_wrongly_chosen_encoding_says_the_line_and_the_byte():
    source = "name,place\na,b\nJosé,Zürich\n".encode("latin-1")

    with pytest.raises(Unreadable, match=r"^line 3: byte E9 is not utf-8") as refused:
        rows(source, encoding="utf-8")
    assert refused.value.line == 3


def test_a_chosen_encoding_may_still_begin_with_a_mark():
    assert rows("id\n1\n".encode("utf-8-sig"), encoding="utf-8") == [(2, {"id": "1"})]


def test_comments_are_skipped_wherever_they_stand():
    source = b'## one, with "a quote\nid,age\n##two\n1,2\n## three\n3,4\n##'

    assert rows(source, comment="##") == [
        (4, {"id": "1", "age": "2"}),
        (6, {"id": "3", "age": "4"}),
    ]


def test_a_comment_mark_inside_a_cell_is_no_comment():
    source = b'id,note\n1,"first\n## not a comment"\n2,x\n'

    assert rows(source, comment="##") == [
        (2, {"id": "1", "note": "first\n## not a comment"}),
        (4, {"id": "2", "note": "x"}),
    ]


def test_the_last_header_row_names_the_columns():
    source = b"CaseData,CaseData,Person\ndisease,onset,sex\nEVD,2020-01-21,MALE\n"
    table = read(source, Layout(header_rows=2))

    assert table.headers[0] == ["CaseData", "CaseData", "Person"]
    assert list(table.rows()) == [(3, {"disease": "EVD", "onset": "2020-01-21", "sex": "MALE"})]


def test_columns_of_the_same_name_are_told_apart():
    assert read(b"name,,name\n1,2,3\n").names == ["name", "column 2", "name (2)"]


def test_blank_lines_are_no_rows():
    assert rows(b"\nid,age\n\n1,2\n,\n  \n3,4\n\n") == [
        (4, {"id": "1", "age": "2"}),
        (7, {"id": "3", "age": "4"}),
    ]


def test_a_short_row_has_empty_cells_and_a_long_one_keeps_its_rest():
    assert rows(b"a,b\n1\n1,2,,3\n") == [
        (2, {"a": "1", "b": ""}),
        (3, {"a": "1", "b": "2", BEYOND: "3"}),
    ]


def test_spaces_and_line_breaks_inside_a_cell_are_kept():
    assert rows(b'a,b\r\n" x ","1\r\n2"\r\n') == [(2, {"a": " x ", "b": "1\r\n2"})]


def test_an_unclosed_quotation_mark_names_the_line_where_it_opened():
    source = b'a,b\n1,2\n3,"4\n' + b"5,6\n" * 10

    with pytest.raises(Unreadable, match="^line 3: .* never closed"):
        rows(source)


def test_an_unclosed_quotation_mark_in_a_long_file_is_told_just_so():
    with pytest.raises(Unreadable, match="^line 2: .* never closed"):
        rows(b'a,b\n1,"2\n' + b"5,6\n" * 100_000)


def test_a_single_quotation_mark_inside_a_cell_says_how_to_mend_it():
    with pytest.raises(Unreadable, match=r"^line 2: .* must be doubled"):
        rows(b'a,b\n"he said "no" twice",2\n')


def test_a_file_without_a_header_is_refused():
    for source in (b"", b"\n\n", b",,\n", b"## only this"):
        with pytest.raises(Unreadable):
            rows(source, comment="##")


def test_a_binary_file_is_refused():
    with pytest.raises(Unreadable, match="NUL"):
        rows(b"id\n1\x00\n")


def test_an_old_workbook_says_how_to_save_it():
    with pytest.raises(Unreadable, match=r"save it as \.xlsx"):
        rows(b"\xd0\xcf\x11\xe0 and so on")


def test_a_zip_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("list.csv", "a,b")

    with pytest.raises(Unreadable, match="no Excel workbook"):
        rows(file.getvalue())


def test_a_damaged_workbook_is_refused():
    with pytest.raises(Unreadable, match="damaged"):
        rows(workbook(["id"], ["1"])[:-200])


def test_a_workbook_reads_like_a_text():
    source = workbook(["姓名", "发病日期", "年龄"], ["李明", date(2020, 1, 21), 68])

    assert rows(source) == [(2, {"姓名": "李明", "发病日期": "2020-01-21", "年龄": "68"})]


def test_row_numbers_of_a_workbook_count_empty_rows():
    assert [line for line, _ in rows(workbook(["id"], [], [1], [None], [2]))] == [3, 5]


def test_empty_columns_to_the_right_of_the_header_are_no_columns():
    source = workbook(["id", "age", None, "  "], [1, 2, None, None])

    assert rows(source) == [(2, {"id": "1", "age": "2"})]


def test_a_cell_beyond_the_header_of_a_workbook_is_kept():
    assert rows(workbook(["id"], [1, None, "stray"])) == [(2, {"id": "1", BEYOND: "stray"})]


def test_a_worksheet_is_found_by_any_of_its_names():
    source = workbook(["id"], [1], title="说明", more=["病例"])

    assert read(source, Layout(worksheets=("Cases", "病例"))).worksheet == "病例"


def test_a_missing_worksheet_names_the_others():
    with pytest.raises(Unreadable, match="this workbook has Sheet1"):
        rows(workbook(["id"]), worksheets=("Cases",))


def test_a_hidden_first_worksheet_is_passed_over():
    book = Workbook()
    book.active.sheet_state = "hidden"
    book.create_sheet("Cases").append(["id"])
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue()).worksheet == "Cases"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (320508001234, "320508001234"),
        (3.0, "3"),
        (36.6, "36.6"),
        (110101199001011234, "1.10101199001011E+17"),
        (datetime(2020, 1, 21), "2020-01-21"),
        (datetime(2020, 1, 21, 13, 5), "2020-01-21 13:05:00"),
        (" 007 ", " 007 "),
    ],
)
def test_a_cell_comes_out_as_a_person_would_type_it(value, text):
    assert as_text(value) == text


class Endless(io.RawIOBase):
    """A long list that is never in memory as a whole."""

    def __init__(self, lines: int) -> None:
        self.lines: Iterator[bytes] = iter([b"id,name\n", *[b"1,somebody\n" * 100] * lines])

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:
        line = next(self.lines, b"")
        buffer[: len(line)] = line
        return len(line)

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return 0

    def seek(self, place: int, whence: int = 0) -> int:
        self.lines = iter([b"id,name\n", *[b"1,somebody\n" * 100] * 1000])
        return 0


def test_reading_leaves_the_file_open():
    file = io.BytesIO(b"id\n1\n")
    list(read(file).rows())

    assert not file.closed


def test_a_hundred_thousand_rows_take_no_more_memory_than_one():
    table = read(Endless(1000), Layout(encoding="utf-8"))  # type: ignore[arg-type]
    tracemalloc.start()
    n_rows = sum(1 for _ in table.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert n_rows == 100_000
    assert peak < 1_000_000


def test_every_list_of_our_peers_can_be_read(shared):
    lists = sorted((shared / "data" / "peer_formats").glob("*/*.csv"))
    lists += sorted((shared / "data" / "linelists").glob("*.csv"))
    n_rows = {
        path.name: sum(1 for _ in read(path.read_bytes(), Layout(comment="##")).rows())
        for path in lists
    }

    assert n_rows["mers_korea_2015.linelist.csv"] == 162
    assert n_rows["mers_korea_2015.contacts.csv"] == 98
    assert n_rows["followups_clean.csv"] == 437
    assert n_rows["sormas_contact_import_test_comment.csv"] == 3
    assert all(n_rows.values())


def test_the_workbooks_of_our_peers_can_be_read(shared):
    books = sorted((shared / "data" / "peer_formats" / "godata").glob("*.xlsx"))

    assert all(list(read(path.read_bytes()).rows()) for path in books)
