"""What every test stands on: loopback only, no silent skips in CI, the shared files, a browser.

PostgreSQL is not started here: `python tests/postgres.py …` (or `./tongchou test --postgres PATH`)
starts it and hands its address on before Django's settings load.
"""

import gc
import ipaddress
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from tests.little_city import city, person, sign_in
from tongchou.site import fresh

__all__ = ["city", "person", "sign_in"]

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
ON_POSTGRES = bool(os.environ.get("TONGCHOU_DATABASE_URL"))

# The live site answers from threads while Playwright keeps an event loop in this one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

settings.register_profile(
    "quick", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True)
settings.register_profile("long", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "quick"))


# --- what runs where ---------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("tongchou")
    group.addoption("--only-database", action="store_true", help="only tests that use the database")
    group.addoption(
        "--no-browser", action="store_true", help="leave the browser tests to another run"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    if config.getoption("--no-browser"):
        _deselect(config, items, lambda item: item.get_closest_marker("browser") is not None)
    if config.getoption("--only-database"):
        _deselect(config, items, lambda item: not _uses_database(item))


def _uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return bool(
        item.get_closest_marker("django_db") or names & {"db", "transactional_db", "module_db"}
    )


def _deselect(
    config: pytest.Config, items: list[pytest.Item], unwanted: Callable[[pytest.Item], bool]
) -> None:
    out = [item for item in items if unwanted(item)]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in set(out)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Iterator[None]:
    """In CI nothing is skipped: whatever a test lacks there is a fault of the set-up."""
    report: Any = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report: Any = yield
    if IN_CI and report.skipped:
        _fail(report)
    return report


def _fail(report: Any) -> None:
    report.outcome = "failed"
    report.longrepr = f"skipped in CI, where nothing may be: {report.longrepr[-1]}"


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is loaded by now stays; the collector need not look through it again and again."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


# --- the database between tests that commit ------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """On SQLite, lay the tables out as a fresh instance does; PostgreSQL goes by its migrations."""

    def migrate(*words: Any, **options: Any) -> Any:
        if words == ("migrate",) and fresh.is_fresh():
            fresh.lay_out()
        return call_command(*words, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.call_command", migrate)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """On SQLite, put a copy back after a test that commits.

    Django would DELETE every row there, which the append-only tables rightly refuse. On PostgreSQL
    it TRUNCATEs, which they let pass.
    """
    if ON_POSTGRES:
        yield
        return
    with django_db_blocker.unblock():
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(copy)

    def put_back(case: TransactionTestCase) -> None:
        connection.close()
        connection.ensure_connection()
        copy.backup(connection.connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield
    copy.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction for a whole module, for what is dear to build; its tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="session")
def list_static_files_once() -> Iterator[None]:
    """Each test client would look through all static files anew; they do not change meanwhile."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, known = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(self: WhiteNoiseMiddleware) -> None:
        if not known:
            look(self)
            known.update(self.files)
        self.files.update(known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


# --- nothing leaves this machine ---------------------------------------------------------------


class LeftTheMachine(AssertionError):
    """A test, or the code it runs, wanted to talk to another machine."""


def _check_is_here(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        host = str(address[0]).partition("%")[0]
        if host not in ("", "localhost") and not _is_loopback(host):
            raise LeftTheMachine(f"connection to {host}: tests talk to this machine only")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name: looking it up would leave the machine already
        return False


@pytest.fixture(autouse=True, scope="session")
def only_this_machine() -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _check_is_here(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _check_is_here(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None:
            _check_is_here(socket.AF_INET, (name, 0))
        return look_up(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield


# --- append-only tables are emptied between tests --------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_guards() -> Iterator[None]:
    """SQLite empties tables by DELETE, which the guards refuse: they are put aside and put back."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    def past_the_guards(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(self, statements)
            for _, sql in guards:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", past_the_guards)
        yield


# --- things a test may need --------------------------------------------------------------------


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real input beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("needs Chromium: apt-get install chromium, or Chrome")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page that was asked for in Chinese leaves its language behind; no test inherits it."""
    from django.utils import translation

    with translation.override("en"):
        yield
