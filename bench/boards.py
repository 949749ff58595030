"""Inbox and gap board at a million open and ten million closed legs.

Queries: every statement behind a page, sent to the database as it is and fetched, next to look-ups
by key of as many rows with the same joins. Pages: the whole of it through the WSGI application,
signed in, next to a page of the same frame that only asks `SELECT 1`.
"""

import io
import random
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from bench import Row
from bench.engines import on_each

N_LOOKS = 60
_TIMES = 5


def run(scale: float = 1.0) -> list[Row]:
    """p95 of queries and of pages, over people of every level and filters of every kind."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from bench import data

    city = data.build(n_open=int(1_000_000 * scale), n_closed=int(10_000_000 * scale))
    dice = random.Random(1)
    size = f"{city.n_open:,} open, {city.n_closed:,} closed legs, {city.n_gaps:,} open gaps"
    return [
        _queries("gap board: queries", engine, _board_looks(city, dice), _gap_look_up, size),
        _queries("inbox: queries", engine, _inbox_looks(city, dice), _leg_look_up, size),
        *_pages(engine, city, dice, size),
        _count(engine, size),
    ]


# --- the statements behind a page --------------------------------------------------------------

Statement = tuple[str, Any]


def _board_looks(city: Any, dice: random.Random) -> Iterable[Callable[[], int]]:
    """Boards as they are opened: mostly bare or with one filter, of areas of every level."""
    from bench.data import T0
    from tongchou.areas.models import Area
    from tongchou.command import board
    from tongchou.command.board import Wanted

    areas = {len(code): [] for code in city.areas}
    for area in Area.objects.all():
        areas[len(area.code)].append(area)
    filters = [Wanted()] * 4 + [
        Wanted(rung=0), Wanted(rung=1), Wanted(rung=2), Wanted(age=0), Wanted(age=2),
        Wanted(owner="cdc"), Wanted(owner="community"), Wanted(owner="transport"),
        Wanted(loop="contact"), Wanted(loop="contact", stage="not_found"),
        Wanted(loop="case_report"), Wanted(loop="quarantine_stay", owner="community"),
        Wanted(owner="tracer", rung=2),
    ]  # fmt: skip

    def look(area: Area, wanted: Wanted, query: Any) -> int:
        return len(board.page(area, wanted, query=query, now=T0).rows)

    for _ in range(N_LOOKS):
        area = dice.choice(areas[dice.choice((6, 6, 9, 12))])
        wanted, query = dice.choice(filters), {}
        if dice.random() < 0.25:  # the second page
            query = board.page(area, wanted, query={}, now=T0).next or {}
        yield partial(look, area, wanted, query)


def _inbox_looks(city: Any, dice: random.Random) -> Iterable[Callable[[], int]]:
    """The first page of somebody's turn, with what its rows need."""
    from bench.data import T0
    from tongchou.ledger import queries, turns
    from tongchou.shell.paging import keyset
    from tongchou.staff.models import User
    from tongchou.staff.queries import scope_of

    roles = ("cdc", "tracer", "transport", "community", "quarantine_site", "hospital")
    names = [name for name in city.users if name.rpartition("-")[0] in roles]

    def look(scope: Any) -> int:
        page = keyset(queries.inbox(scope.units), order=("due_at", "id"), query={})
        return len(turns.rows(page.rows, scope))

    for _ in range(N_LOOKS):
        scope = scope_of(User.objects.get(username=dice.choice(names)), now=T0)
        yield partial(look, scope)


_GAP_LOOK_UP = """SELECT g.id, g.loop, g.stage, g.owner, g.rung, g.area_path, g.opened_at, h.due_at,
    h.passage_id, p.title, u.name, u.phone, v.name, a.name
FROM ledger_gap g JOIN ledger_handoff h ON h.id = g.handoff_id
JOIN ledger_passage p ON p.id = h.passage_id JOIN areas_area a ON a.code = p.area_id
LEFT JOIN staff_unit u ON u.id = h.unit_id LEFT JOIN staff_unit v ON v.id = g.unit_id
WHERE g.id IN ({})"""
_LEG_LOOK_UP = """SELECT h.*, p.* FROM ledger_handoff h
JOIN ledger_passage p ON p.id = h.passage_id WHERE h.id IN ({})"""


def _gap_look_up(n: int, dice: random.Random) -> list[Statement]:
    from tongchou.ledger.models import Gap

    return _by_key(_GAP_LOOK_UP, _sample(Gap.objects.filter(closed_at=None), n, dice))


def _leg_look_up(n: int, dice: random.Random) -> list[Statement]:
    from tongchou.ledger.models import Handoff

    return _by_key(_LEG_LOOK_UP, _sample(Handoff.objects.filter(done_at=None), n, dice))


_keys: dict[str, list[int]] = {}


def _sample(rows: Any, n: int, dice: random.Random) -> list[int]:
    name = rows.model.__name__
    if name not in _keys:
        _keys[name] = list(rows.values_list("pk", flat=True))
    return dice.sample(_keys[name], min(n, len(_keys[name])))


def _by_key(statement: str, keys: Sequence[int]) -> list[Statement]:
    return [(statement.format(", ".join(map(str, keys)) or "0"), None)]


def _queries(
    name: str,
    engine: str,
    looks: Iterable[Callable[[], int]],
    look_up: Callable[[int, random.Random], list[Statement]],
    size: str,
) -> Row:
    dice = random.Random(2)
    own, anchor = [], []
    for look in looks:
        statements, n = _sent_by(look)
        by_key = look_up(max(n, 1), dice)
        # in turn, the middle of each: a busy moment hits both
        rounds = [(_seconds(statements), _seconds(by_key)) for _ in range(_TIMES)]
        own.append(sorted(mine for mine, _ in rounds)[_TIMES // 2])
        anchor.append(sorted(theirs for _, theirs in rounds)[_TIMES // 2])
    mine, theirs = _p95(own), _p95(anchor)
    return Row(
        name=name,
        engine=engine,
        anchor="look-up by key of as many rows, same joins",
        anchor_value=theirs * 1000,
        own_value=mine * 1000,
        ratio=mine / theirs,
        bound="<= 3",
        unit="ms, p95",
        note=size,
    )


def _sent_by(look: Callable[[], int]) -> tuple[list[Statement], int]:
    """The statements that `look` sends, and how many rows it shows."""
    from django.db import connection

    sent: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        n = look()
    return sent, n


def _seconds(statements: Sequence[Statement]) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        before = time.perf_counter()
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchall()
        return time.perf_counter() - before


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


# --- whole pages -------------------------------------------------------------------------------


def _pages(engine: str, city: Any, dice: random.Random, size: str) -> list[Row]:
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import set_urlconf

    settings.ALLOWED_HOSTS = ["localhost"]
    settings.ROOT_URLCONF = "bench.select_one"
    set_urlconf(None)
    app = WSGIHandler()
    people = [name for name in city.users if name.startswith(("duty_officer-", "cdc-"))]
    cookies = [_signed_in(dice.choice(people)) for _ in range(8)]
    paths = {
        "gap board: page": ["/command/gaps/?rung=0", "/command/gaps/?owner=cdc", "/command/gaps/"],
        "inbox: page": ["/ledger/my-turn/"],
    }
    bare = _p95(_served(app, ["/select-1/"], cookies))
    probe = _p95(_served(app, ["/healthz"], cookies))
    return [
        Row(
            name=name,
            engine=engine,
            anchor="SELECT 1 on a page of the same frame, signed in",
            anchor_value=bare * 1000,
            own_value=(own := _p95(_served(app, wanted, cookies))) * 1000,
            ratio=own / bare,
            bound="<= 10",
            unit="ms, p95",
            note=f"{size}; a bare /healthz takes {probe * 1000:.2f} ms",
        )
        for name, wanted in paths.items()
    ]


def _served(app: Any, paths: Sequence[str], cookies: Sequence[str]) -> list[float]:
    took = []
    for turn in range(3):
        for cookie in cookies:
            for path in paths:
                before = time.perf_counter()
                _get(app, path, cookie)
                took.append(time.perf_counter() - before)
        if turn == 0:
            took.clear()  # templates compiled, pages of the database read
    return took


def _get(app: Any, path: str, cookie: str) -> bytes:
    where, _, query = path.partition("?")
    said: list[str] = []
    answer = app(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
        },
        lambda status, headers: said.append(status),
    )
    body = b"".join(answer)
    answer.close()
    if not said[0].startswith("200"):
        raise RuntimeError(f"{path} answered {said[0]}")
    return body


def _signed_in(username: str) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tongchou.staff.models import User

    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


# --- the count behind the numbers --------------------------------------------------------------


def _count(engine: str, size: str) -> Row:
    """The tally of a minute: for the table, without a bound."""
    from bench.data import T0
    from tongchou.command import tallying

    before = time.perf_counter()
    tallying.count(now=T0)
    own = time.perf_counter() - before
    bare = _seconds(
        [("SELECT count(*), min(due_at) FROM ledger_handoff WHERE done_at IS NULL", None)]
    )
    return Row(
        name="tally of a minute",
        engine=engine,
        anchor="SELECT count(*), min(due_at) of the open legs",
        anchor_value=bare,
        own_value=own,
        ratio=own / bare,
        bound="",
        unit="s",
        note=f"{size}; done by the worker, blocks nobody",
    )
