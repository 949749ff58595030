from datetime import UTC, datetime

import duckdb
import numpy as np
import openpyxl
import pytest

from tongchou.epi.trace import columns, kinds, reading
from tongchou.epi.trace.checks import Reason, clock
from tongchou.epi.trace.day import NO_CELL
from tongchou.epi.trace.reading import Unreadable, read_records, read_visits

HEADER = "person,place,kind,start,end"
NOON = 27_350_640  # 2022-01-01 12:00 on the city's clock


def text(tmp_path, *lines, header=HEADER, encoding="utf-8", name="visits.csv"):
    path = tmp_path / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def rows(read):
    """(person, place, kind, start, minutes) of what was kept."""
    visits = read.visits
    columns = (c.tolist() for c in (visits.person, visits.place, visits.start, visits.minutes))
    return [
        (read.people[p], read.place_keys[q], kinds.KINDS[read.places.kind[q]].name, clock(s), m)
        for p, q, s, m in zip(*columns, strict=True)
    ]


@pytest.fixture(params=["row by row", "by DuckDB"])
def either_way(request, monkeypatch):
    """Small and large files go different ways, and must come out the same."""
    if request.param == "by DuckDB":
        monkeypatch.setattr(reading, "SMALL", 0)


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_people_save(tmp_path, encoding):
    path = text(
        tmp_path,
        "张01,好运来饭店,饭店,2022-01-01 12:00,2022-01-01 14:30",
        "李02,好运来饭店,饭店,2022-01-01 12:10,2022-01-01 12:40",
        header="人员,场所,类型,开始时间,结束时间",
        encoding=encoding,
    )

    assert rows(read_visits(path)) == [
        ("张01", "好运来饭店", "restaurant", "2022-01-01 12:00", 150),
        ("李02", "好运来饭店", "restaurant", "2022-01-01 12:10", 30),
    ]


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2022-01-01 12:00", "12:00"),
        ("2022-01-01T12:00:59", "12:00"),
        ("2022-1-1 12:00", "12:00"),
        ("2022/1/1 12:00", "12:00"),
        ("2022.1.1 12:00", "12:00"),
        ("2022年1月1日 12:00", "12:00"),
        ("2022年1月1日12时05分", "12:05"),
        ("202201011200", "12:00"),
        ("20220101120030", "12:00"),
        ("2022-01-01T12:00:00+08:00", "12:00"),
        ("2022-01-01T04:00:00Z", "12:00"),
        ("2022-01-01 13:00:00+09", "12:00"),
        (str(NOON), "12:00"),
        ("1641009600", "12:00"),
        ("1641009600000", "12:00"),
        ("1641009600000000", "12:00"),
        ("1641009600000000000", "12:00"),
    ],
)
def test_a_time_is_read_however_it_is_written(tmp_path, cell, said):
    read = read_visits(text(tmp_path, f"P,x,home,{cell},2022-01-01 15:00"))

    assert [row[3] for row in rows(read)] == [f"2022-01-01 {said}"]


@pytest.mark.usefixtures("either_way")
def test_each_bad_row_is_refused_with_its_line_reason_and_remedy(tmp_path):
    path = text(
        tmp_path,
        "P1,x,home,2022-01-01 12:00,2022-01-01 13:00",
        ",x,home,2022-01-01 12:00,2022-01-01 13:00",
        "P1,,home,2022-01-01 12:00,2022-01-01 13:00",
        "P1,x,moon,2022-01-01 12:00,2022-01-01 13:00",
        "P1,x,home,昨天,2022-01-01 13:00",
        "P1,x,home,2022-01-01 12:00,2022-13-01 13:00",
        f"{'P' * 65},x,home,2022-01-01 12:00,2022-01-01 13:00",
        f"P1,{'x' * 65},home,2022-01-01 12:00,2022-01-01 13:00",
        "P1,x,home,2022-01-01 12:00,2022-01-01 11:00",
        "P1,x,home,2022-01-01 12:00,2022-02-01 12:00",
        "P1,x,home,2022-01-01 12:00,2022-01-01 12:00",
    )

    read = read_visits(path)

    assert [(refusal.line, refusal.reason) for refusal in read.refusals] == [
        (3, Reason.NO_PERSON),
        (4, Reason.NO_PLACE),
        (5, Reason.UNKNOWN_KIND),
        (6, Reason.BAD_START),
        (7, Reason.BAD_END),
        (8, Reason.LONG_PERSON),
        (9, Reason.LONG_PLACE),
        (10, Reason.BACKWARDS),
        (11, Reason.TOO_LONG),
    ]
    said = [str(refusal) for refusal in read.refusals]
    assert said[2].startswith("visits.csv line 5: 'moon' is no kind of place; use one of home,")
    assert "the start '昨天' is no time; write times as 2022-01-05 18:30" in said[3]
    assert read.lines.tolist() == [2, 12]
    assert read.n_read == 11 == len(read.visits) + len(read.refusals)


@pytest.mark.usefixtures("either_way")
def test_a_row_with_too_many_cells_is_refused_and_counted(tmp_path):
    path = text(
        tmp_path,
        "P1,x,home,2022-01-01 12:00,2022-01-01 13:00,more,and more",
        "P2,x,home,2022-01-01 12:00,oops",
        "P3,x,home,2022-01-01 12:00,2022-01-01 13:00",
    )

    read = read_visits(path)

    assert [(refusal.line, refusal.reason) for refusal in read.refusals] == [
        (2, Reason.BAD_ROW),
        (3, Reason.BAD_END),
    ]
    assert read.lines.tolist() == [4]
    assert read.n_read == 3


def parquet(tmp_path, select, name="visits.parquet"):
    path = tmp_path / name
    with duckdb.connect() as session:
        session.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    "times",
    [
        "TIMESTAMP '2022-01-01 12:00' AS start, TIMESTAMP '2022-01-01 12:30' AS \"end\"",
        "TIMESTAMPTZ '2022-01-01 04:00+00' AS start_time, TIMESTAMPTZ '2022-01-01 12:30+08' AS e",
        f"{NOON}::INTEGER AS s, {NOON + 30}::INTEGER AS e",
        "TIMESTAMP_S '2022-01-01 12:00:00' AS t0, 30 AS minutes",
        "'2022-01-01 12:00' AS check_in, '2022-01-01 12:30' AS check_out",
        '1641009600.0::DOUBLE AS start, 1641011400.0::DOUBLE AS "end"',
        "DATE '2022-01-01' AS start, 700 AS dwell",
    ],
)
def test_parquet_is_read_whatever_its_columns_are(tmp_path, times):
    path = parquet(tmp_path, f"SELECT 'P1' AS person_id, 'x' AS venue, 'shop' AS type, {times}")

    ((person, place, kind, start, minutes),) = rows(read_visits(path))

    assert (person, place, kind) == ("P1", "x", "shop")
    assert (start, minutes) in [("2022-01-01 12:00", 30), ("2022-01-01 00:00", 700)]


def test_whole_numbers_are_keys_as_good_as_texts(tmp_path):
    select = "SELECT {p} AS person, {q} AS place, 4::UTINYINT AS kind, 600 AS s, 660 AS e"
    whole = parquet(tmp_path, select.format(p="unnest([70, 7, 70])", q="7000000000"))
    texts = parquet(
        tmp_path, select.format(p="unnest(['70', '7', '70'])", q="'7000000000'"), "texts.parquet"
    )

    assert sorted(rows(read_visits(whole))) == sorted(rows(read_visits(texts)))
    assert rows(read_visits(whole))[0][:3] == ("70", "7000000000", "shop")


def test_whole_numbers_far_apart_are_keys_too(tmp_path):
    select = "SELECT unnest([1, 9000000000000000000]) AS person, 1 AS place, 600 AS s, 660 AS e"

    assert list(read_visits(parquet(tmp_path, select)).people) == ["1", "9000000000000000000"]


def test_an_empty_number_is_no_person(tmp_path):
    select = "SELECT unnest([1, NULL]) AS person, 1 AS place, 600 AS s, 660 AS e"

    (refusal,) = read_visits(parquet(tmp_path, select)).refusals
    assert (refusal.line, refusal.reason) == (2, Reason.NO_PERSON)


def test_a_folder_is_read_as_one_list(tmp_path):
    parquet(tmp_path, "SELECT 1 AS person, 2 AS place, 600 AS s, 660 AS e", "a.parquet")
    text(tmp_path, "1,2,home,0,-5", "1,2,home,700,705", name="b.csv")
    (tmp_path / "notes.md").write_text("not a list")

    read = read_visits(tmp_path)

    assert len(read.visits) == 2
    assert len(read.people) == 1
    assert [str(refusal)[:12] for refusal in read.refusals] == ["b.csv line 2"]


def test_a_workbook_is_read_with_its_rows(tmp_path):
    book = openpyxl.Workbook()
    for row in [
        ["person", "place", "start", "end"],
        ["P1", "x", datetime(2022, 1, 1, 12), datetime(2022, 1, 1, 12, 30)],  # noqa: DTZ001
        ["P1", "x", "later", datetime(2022, 1, 1, 12, 30)],  # noqa: DTZ001
    ]:
        book.active.append(row)
    book.save(tmp_path / "visits.xlsx")

    read = read_visits(tmp_path / "visits.xlsx")

    assert rows(read) == [("P1", "x", "other", "2022-01-01 12:00", 30)]
    assert [refusal.line for refusal in read.refusals] == [3]


def test_posts_are_read_as_lists_of_dicts():
    read = read_records(
        [
            {"person": "P1", "place": 7, "kind": "bus", "start": NOON, "minutes": 30},
            {
                "person": "P1",
                "place": 7,
                "start": datetime(2022, 1, 1, 4, tzinfo=UTC),
                "minutes": 5.0,
            },
            {"person": None, "place": 7, "start": "2022-01-01 12:00", "end": "2022-01-01 12:30"},
        ]
    )

    assert rows(read) == [
        ("P1", "7", "vehicle", "2022-01-01 12:00", 30),
        ("P1", "7", "vehicle", "2022-01-01 12:00", 5),
    ]
    assert [str(refusal)[:6] for refusal in read.refusals] == ["line 3"]


def test_no_posts_are_no_visits():
    assert (read_records([]).n_read, len(read_records([]).visits)) == (0, 0)


def test_a_place_is_what_its_first_row_says(tmp_path):
    path = text(
        tmp_path,
        "P1,x,shop,600,610,,,",
        "P1,x,home,600,610,120.5,31.2,是",
        "P1,y,shop,600,610,120.5,31.2,",
        "P1,z,shop,600,610,,,",
        header=HEADER + ",经度,纬度,同室",
    )

    read = read_visits(path)

    assert [kinds.KINDS[k].name for k in read.places.kind] == ["shop", "shop", "shop"]
    assert read.n_other_kind == 1
    assert read.places.cell.tolist() == [0, 0, NO_CELL]
    assert read.places.shared_room.tolist() == [True, False, False]
    assert np.isnan(read.places.longitude[2])


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("person,kind,start,end", "has no column place; it has person, kind, start, end"),
        ("person,place,start", "has no column end"),
        ("person,user,place,start,end", "both 'person' and 'user' could be the person"),
    ],
)
def test_a_list_without_the_columns_says_which(tmp_path, header, said):
    with pytest.raises(Unreadable, match=said):
        read_visits(text(tmp_path, ",".join("1" * 5), header=header))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.parquet", b"no parquet at all", "a.parquet cannot be read"),
        ("a.csv", b"", "the file is empty"),
        ("a.xlsx", b"PK\x03\x04 broken", "the workbook is damaged"),
    ],
)
def test_a_file_that_is_none_says_so(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Unreadable, match=said):
        read_visits(tmp_path / name)


def test_what_is_not_there_says_so(tmp_path):
    with pytest.raises(Unreadable, match="cannot be opened: No such file"):
        read_visits(tmp_path / "nowhere.csv")
    with pytest.raises(Unreadable, match="holds no file that ends in"):
        read_visits(tmp_path)


def test_every_name_belongs_to_one_column():
    names = [name for names in columns.NAMES.values() for name in names]

    assert len(names) == len(set(names))
