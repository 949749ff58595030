"""The questions as Ibis expressions: DuckDB against plain loops, then Spark against DuckDB."""

import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.epi.trace.cities import BASE, PLACE_KINDS, cases_of, city_of, some_cases, stays
from tongchou.epi.trace import kinds, scale
from tongchou.epi.trace.day import unpack
from tongchou.epi.trace.reference import Reference
from tongchou.epi.trace.sweep import Frontier, Limit
from tongchou.epi.trace.tables import EPOCH

ibis = pytest.importorskip("ibis", reason="needs ibis-framework[duckdb]")
pa = pytest.importorskip("pyarrow", reason="needs pyarrow")
parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")

#: Ibis 12 calls DuckDB 2 and pandas 2 by names they have since changed.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{kind}")
    for kind in ("DeprecationWarning", "FutureWarning", "ResourceWarning", "UserWarning")
]
#: The stays of these towns keep to no kind's limit.
LONGEST = [1440] * kinds.N_KINDS
N_PEOPLE, N_PLACES = 8, len(PLACE_KINDS)


towns = st.lists(st.tuples(stays, some_cases), min_size=12, max_size=12)


def side_by_side(drawn):
    """Towns with people and places of their own as one city, so that one question asks them all."""
    visits, cases = [], []
    for number, (town, ill) in enumerate(drawn):
        visits += [
            (who + N_PEOPLE * number, place + N_PLACES * number, start, minutes)
            for who, place, start, minutes in town
        ]
        cases += [(who + N_PEOPLE * number, since, until) for who, since, until in ill]
    n_people = N_PEOPLE * len(drawn)
    city = city_of(visits, PLACE_KINDS * len(drawn), n_people=n_people)
    return city, cases_of(*cases)


def visits_of(city):
    """The rows of a city, as both engines get them."""
    columns = {name: [np.zeros(0, np.int64)] for name in ("person", "place", "kind", "s", "e")}
    columns["shared"] = [np.zeros(0, bool)]
    for day in city.days:
        person, start, minutes = unpack(day.by_place.records)
        place = day.by_place.keys()
        begin = (day.on - EPOCH).days * 1440 + start.astype(np.int64)
        columns["person"].append(person.astype(np.int64))
        columns["place"].append(place.astype(np.int64))
        columns["kind"].append(city.places.kind[place].astype(np.int64))
        columns["shared"].append(city.places.shared_room[place])
        columns["s"].append(begin)
        columns["e"].append(begin + minutes)
    return pa.table({name: np.concatenate(parts) for name, parts in columns.items()})


def cases_table(cases):
    number = np.arange(len(cases))
    person = cases.person.astype(np.int64)
    return pa.table(
        {"number": number, "person": person, "since": cases.since, "until": cases.until}
    )


def rows(connection, expression):
    found = connection.to_pyarrow(expression).to_pydict().values()
    return sorted(zip(*found, strict=True))


@pytest.fixture(scope="module")
def duck():
    connection = ibis.duckdb.connect()
    yield connection
    connection.disconnect()


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Puts visits into Parquet with the columns of the store's twins, for an engine to read."""
    folder = tmp_path_factory.mktemp("twins")
    narrow = {"person": "uint32", "place": "uint32", "s": "int32", "e": "int32", "kind": "uint8"}

    def put(connection, table):
        file = folder / f"{len(list(folder.iterdir()))}.parquet"
        columns = [table[name].cast(kind) for name, kind in narrow.items()]
        parquet.write_table(pa.table(columns, names=list(narrow)), file)
        return scale.as_visits(connection.read_parquet(str(file)))

    return put


def second_generation(connection, visits, cases, held):
    """Question 2 from question 1, in one expression after the other."""
    pairs = scale.contacts_of_cases(connection, visits, cases, longest=LONGEST)
    front = scale.frontier(
        scale.materialised(connection, pairs), until=BASE + 3 * 1440, quarantined=held
    )
    return scale.contacts_of_contacts(
        connection, visits, front, cases, min_minutes=30, longest=LONGEST
    )


# --- against the reference -----------------------------------------------------------------------


@settings(max_examples=5)
@given(towns, st.sampled_from([1, 15, 60]), st.sampled_from([kinds.ALL, 0b101]))
def test_contacts_of_cases_are_those_of_the_reference(duck, twins, drawn, least, mask):
    city, cases = side_by_side(drawn)
    found = scale.contacts_of_cases(
        duck, twins(duck, visits_of(city)), ibis.memtable(cases_table(cases)),
        min_minutes=least, mask=mask, longest=LONGEST,
    )  # fmt: skip
    expected = Reference.of(city).contacts(cases, min_minutes=least, mask=mask)

    assert rows(duck, found) == expected


@settings(max_examples=5)
@given(
    towns,
    st.dictionaries(
        st.integers(0, 12 * N_PEOPLE - 1),
        st.tuples(st.integers(0, 4000), st.integers(0, 4320)),
        min_size=1,
        max_size=20,
    ),
    st.lists(st.integers(0, 12 * N_PEOPLE - 1), min_size=1, max_size=4),
)
def test_contacts_of_contacts_are_those_of_the_reference(duck, twins, drawn, front, known):
    city, _ = side_by_side(drawn)
    windows = cases_of(*((who, *ends) for who, ends in front.items()))
    found = scale.contacts_of_contacts(
        duck, twins(duck, visits_of(city)), ibis.memtable(cases_table(windows)),
        ibis.memtable(pa.table({"person": known})), min_minutes=30, longest=LONGEST,
    )  # fmt: skip
    expected = Reference.of(city).reached(
        Frontier(windows.person, windows.since, windows.until),
        Limit(min_minutes=30),
        known=known,
    )

    assert rows(duck, found) == expected


@settings(max_examples=5)
@given(towns, st.sampled_from([1, 2, 3]))
def test_common_exposures_are_those_of_the_reference(duck, twins, drawn, least):
    city, cases = side_by_side(drawn)
    found = scale.common_exposures(
        duck, twins(duck, visits_of(city)), ibis.memtable(cases_table(cases)), min_cases=least
    )
    expected = Reference.of(city).exposures(cases, mask=scale.NOT_HOME, min_cases=least)

    assert rows(duck, found) == expected


def test_a_contact_passes_on_from_the_first_meeting_to_quarantine(duck):
    pairs = pa.table({"person": [1, 1, 2, 3], "first": [50, 40, 60, 10]})
    held = pa.table({"person": [2, 2], "at": [80, 70]})
    found = scale.frontier(ibis.memtable(pairs), until=100, quarantined=ibis.memtable(held))

    assert rows(duck, found) == [(1, 40, 100), (2, 60, 70), (3, 10, 100)]


# --- on Spark ----------------------------------------------------------------------------------


def lacks_for_spark():
    """Why there can be no Spark here; empty where there can."""
    if (java := shutil.which("java")) is None:
        return "needs Java 17: apt-get install openjdk-17-jre-headless"
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < 17:
        return f"needs Java 17, not {version[1] if version else 'this'}"
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "needs pyspark: ./tongchou test adds it where there is a Java"
    return ""


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """A real Spark of two threads. What it is told to leave out only pays on large data."""
    if reason := lacks_for_spark():
        pytest.skip(reason)
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # else its workers are any python3
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("TZ", "UTC")
        patch.chdir(tmp_path_factory.mktemp("spark"))
        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.memory", "1g")
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )
        yield ibis.pyspark.connect(session)
        session.stop()


def thrown(seed):
    """Towns by dice: what Hypothesis draws first is empty, and Spark is too slow for many tries."""
    rng = np.random.default_rng(seed)

    def minutes(high, special):
        return int(rng.choice([rng.integers(0, high), rng.choice(special)]))

    def stay():
        start = minutes(4320, [0, 600, 1380, 1439, 1440, 2880])
        length = minutes(1500, [0, 1, 15, 60, 240])
        return int(rng.integers(N_PEOPLE)), int(rng.integers(N_PLACES)), start, length

    def case():
        return int(rng.integers(N_PEOPLE)), minutes(4500, [0, 1440]), minutes(6000, [1440, 2880])

    return [([stay() for _ in range(30)], [case() for _ in range(3)]) for _ in range(12)]


@settings(max_examples=1, phases=(Phase.generate,))
@given(st.integers(0, 10_000).map(thrown))
def test_spark_and_duckdb_give_the_same_rows(duck, spark, twins, drawn):
    city, cases = side_by_side(drawn)
    table, ill = visits_of(city), cases_table(cases)
    held = pa.table({"person": [1, 9], "at": [BASE + 600, BASE + 2000]})
    found = {}
    for name, connection in (("duckdb", duck), ("spark", spark)):
        visits, people = twins(connection, table), ibis.memtable(ill)
        ask = connection, visits, people
        found[name] = [
            rows(connection, scale.contacts_of_cases(*ask, longest=LONGEST)),
            rows(connection, second_generation(*ask, ibis.memtable(held))),
            rows(connection, scale.common_exposures(*ask)),
        ]

    assert found["spark"] == found["duckdb"]
    assert all(found["duckdb"])  # each question had something to find
    assert found["duckdb"][0] == Reference.of(city).contacts(cases)
