"""Columns of a list of visits: how they are called elsewhere, and SQL that reads what is in them.

Times may be written in a dozen ways; whole numbers are told apart by their size. Seconds are cut
off at both ends of a stay, so that stays that touch still touch.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tongchou.epi.trace import kinds
from tongchou.kit.tables import Unreadable

__all__ = [
    "NAMES",
    "NO_KIND",
    "UNREADABLE",
    "Column",
    "end_sql",
    "is_whole",
    "key_sql",
    "kind_sql",
    "match",
    "minutes_sql",
    "quoted",
    "word_sql",
    "yes_sql",
]

#: By the column we want, its names in lists from elsewhere; lower case, without blanks, - and _.
NAMES: dict[str, tuple[str, ...]] = {
    "person": (
        *("person", "personkey", "personid", "pid", "key", "user", "userid", "uid", "who"),
        *("subject", "人员", "人员编号", "人员标识", "人员键", "个人"),
    ),
    "place": (
        *("place", "placekey", "placeid", "placename", "location", "locationid", "venue"),
        *("venueid", "site", "siteid", "where", "场所", "场所编号", "场所码", "地点", "位置"),
    ),
    "kind": (
        *("kind", "placekind", "kindofplace", "placetype", "venuetype", "type", "category"),
        *("类型", "场所类型", "种类", "类别"),
    ),
    "start": (
        *("start", "starttime", "startat", "startedat", "startsat", "begin", "from", "s", "t0"),
        *("arrival", "arrivedat", "entry", "enteredat", "checkin", "checkedinat", "in", "timein"),
        *("开始", "开始时间", "进入时间", "到达时间", "起始时间", "登记时间"),
    ),
    "end": (
        *("end", "endtime", "endat", "endedat", "endsat", "stop", "until", "to", "e", "t1"),
        *("departure", "leftat", "exit", "exitedat", "checkout", "checkedoutat", "out", "timeout"),
        *("结束", "结束时间", "离开时间", "终止时间"),
    ),
    "minutes": ("minutes", "duration", "durationminutes", "dwell", "dwellminutes", "停留分钟"),
    "longitude": ("longitude", "lon", "lng", "long", "x", "经度"),
    "latitude": ("latitude", "lat", "y", "纬度"),
    "shared_room": ("sharedroom", "shared", "sameroom", "同室", "同空间"),
}
#: Stands for a word that is no kind.
NO_KIND = 255
#: Stands for a time that cannot be read: before any that can.
UNREADABLE = -(1 << 40)
#: Ways of writing a time that DuckDB does not know by itself; the first ones without blanks.
_FORMATS = (
    *("%Y年%m月%d日%H:%M", "%Y年%m月%d日%H:%M:%S", "%Y年%m月%d日%H时%M分", "%Y年%m月%d日%H时"),
    *("%Y年%m月%d日%H点%M分", "%Y年%m月%d日%H点", "%Y年%m月%d日", "%Y%m%d%H:%M", "%Y%m%d%H:%M:%S"),
)
_SPACED = ("%Y.%m.%d %H:%M", "%Y.%m.%d %H:%M:%S", "%Y.%m.%d")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the source: its name there, quoted for SQL, and DuckDB's type."""

    sql: str
    type: str


def match(described: Mapping[str, str], name: str = "the list") -> dict[str, Column]:
    """Our columns among the source's, given as name to type.

    Raises
    ------
    Unreadable
        For a list without a person, a place, a start, or one of end and minutes; or where two
        columns could be the same of ours.
    """
    found: dict[str, Column] = {}
    taken: dict[str, str] = {}
    for theirs, type_ in described.items():
        plain = "".join(c for c in theirs.casefold() if c not in " _-\t\ufeff")
        ours = next((ours for ours, names in NAMES.items() if plain in names), None)
        if ours is None:
            continue
        if ours in taken:
            raise Unreadable(
                f"{name}: both {taken[ours]!r} and {theirs!r} could be the {ours}: keep one of them"
            )
        taken[ours] = theirs
        found[ours] = Column('"' + theirs.replace('"', '""') + '"', type_)
    missing = [ours for ours in ("person", "place", "start") if ours not in found]
    if "end" not in found and "minutes" not in found:
        missing.append("end")
    if missing:
        raise Unreadable(
            f"{name} has no column {', '.join(missing)}; it has {', '.join(described)}. "
            "Name them person, place, kind, start, end"
        )
    return found


def is_whole(column: Column) -> bool:
    """Whether the column holds whole numbers that fit into 64 bits."""
    return column.type in _WHOLE


def key_sql(column: Column) -> str:
    """The column as a key: text without blanks around it, empty where there is none."""
    return f"coalesce(trim({column.sql}::VARCHAR), '')"


def word_sql(column: Column) -> str:
    """The word for a kind, as `kinds.called` takes it."""
    return f"lower({key_sql(column)})"


def kind_sql(column: Column | None, words: list[str]) -> str:
    """The number of a kind, `NO_KIND` for words that are none; no column means `other`."""
    if column is None or not words:
        return f"{kinds.OTHER.number}::UTINYINT"
    found = [kinds.called(word) for word in words]
    numbers = ", ".join(str(kind.number if kind else NO_KIND) for kind in found)
    listed = ", ".join(quoted(word) for word in words)
    place = f"list_position([{listed}], {word_sql(column)})"
    return f"coalesce(list_extract([{numbers}], {place}), {NO_KIND})::UTINYINT"


def minutes_sql(column: Column, offset: int) -> str:
    """The column as minutes since 1970 on the city's clock, `UNREADABLE` where it is no time.

    `offset` is the city's clock against UTC, in minutes. A time without a zone is the city's own.
    """
    value, type_ = column.sql, column.type
    if type_ == "TIMESTAMP WITH TIME ZONE":
        sql = f"{_us(value)} + {offset}"
    elif type_.startswith("TIMESTAMP") or type_ == "DATE":
        sql = _us(f"{value}::TIMESTAMP")
    elif type_ == "VARCHAR":
        sql = _text(f"trim({value})", offset)
    else:
        sql = _number(f"try_cast({value} AS BIGINT)", offset)
    return f"coalesce({sql}, {UNREADABLE})::BIGINT"


def end_sql(found: Mapping[str, Column], start: str, offset: int) -> str:
    """The end in minutes, from its column or from the length of the stay."""
    options = []
    if "end" in found:
        options.append(f"nullif({minutes_sql(found['end'], offset)}, {UNREADABLE})")
    if "minutes" in found:
        length = f"try_cast({found['minutes'].sql} AS BIGINT)"
        options.append(f"CASE WHEN abs({length}) < 10000000 THEN {start} + {length} END")
    return f"coalesce({', '.join(options)}, {UNREADABLE})"


def yes_sql(column: Column) -> str:
    """1.0 for yes, 0.0 for no, nan where nothing is said."""
    word = f"lower(trim({column.sql}::VARCHAR))"
    return (
        f"CASE WHEN {word} IN ('1', 'true', 'yes', 'y', 't', '是') THEN 1::DOUBLE "
        f"WHEN {word} IN ('0', 'false', 'no', 'n', 'f', '否') THEN 0::DOUBLE "
        f"ELSE 'nan'::DOUBLE END"
    )


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _us(timestamp: str) -> str:
    return f"CASE WHEN isfinite({timestamp}) THEN epoch_us({timestamp}) // 60000000 END"


def _number(value: str, offset: int) -> str:
    """Minutes of the city's clock below 10^8 (year 2160); else the epoch in s, ms, us or ns."""
    powers = ((10**8, ""), (10**11, "60"), (10**14, "60000"), (10**17, "60000000"))
    cases = " ".join(
        f"WHEN {value} < {limit} THEN {value}" + (f" // {unit} + {offset}" if unit else "")
        for limit, unit in powers
    )
    return f"CASE WHEN {value} < 0 THEN NULL {cases} ELSE {value} // 60000000000 + {offset} END"


def _text(value: str, offset: int) -> str:
    formats, spaced = (", ".join(f"'{f}'" for f in forms) for forms in (_FORMATS, _SPACED))
    digits = f"regexp_full_match({value}, '(19|20)[0-9]{{10}}([0-9]{{2}})?')"
    zoned = f"regexp_matches({value}, '(:[0-9.]+ ?(Z|z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?))$')"
    written = (
        f"coalesce(try_cast({value} AS TIMESTAMP), "
        f"try_strptime({value}, [{spaced}]), try_strptime(replace({value}, ' ', ''), [{formats}]))"
    )
    compact = f"try_strptime(rpad({value}, 14, '0'), '%Y%m%d%H%M%S')"
    return (
        f"CASE WHEN {digits} THEN {_us(compact)} "
        f"WHEN regexp_full_match({value}, '[0-9]+') "
        f"THEN {_number(f'try_cast({value} AS BIGINT)', offset)} "
        f"WHEN {zoned} THEN {_us(f'try_cast({value} AS TIMESTAMPTZ)')} + {offset} "
        f"ELSE {_us(written)} END"
    )
