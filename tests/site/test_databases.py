from pathlib import Path

import pytest
from django.db import connection

from tongchou.site import databases
from tongchou.site.options import WrongSetting


def test_an_address_on_the_network_is_taken_apart():
    found = databases.postgresql("postgresql://u%40x:p%3Aw@db.example:5433/city", pool=8)

    assert (found["USER"], found["PASSWORD"]) == ("u@x", "p:w")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "city")


def test_a_unix_socket_is_named_behind_the_question_mark():
    found = databases.postgresql(
        "postgresql://u@/city?host=/run/postgresql&sslmode=disable", pool=1
    )

    assert found["HOST"] == "/run/postgresql"
    assert found["OPTIONS"] == {"sslmode": "disable", "pool": {"min_size": 1, "max_size": 1}}


def test_the_pool_forbids_lasting_connections():
    assert databases.postgresql("postgresql://u@/city", pool=8)["CONN_MAX_AGE"] == 0


def test_another_database_is_refused():
    with pytest.raises(WrongSetting, match="mysql"):
        databases.postgresql("mysql://u@h/city", pool=8)


def test_sqlite_waits_for_another_writer_from_the_start():
    options = databases.sqlite(Path("city.sqlite3"))["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.django_db
def test_the_database_of_the_tests_is_the_one_of_earnest():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        else:
            cursor.execute("SHOW server_encoding")
            assert cursor.fetchone() == ("UTF8",)
