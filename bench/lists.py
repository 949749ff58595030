"""The two lists: rolling 100,000 tasks up over five levels, the list's page, and alike problems.

The anchor of the roll-up is the bare recursive query over the same tree, counting only; both are
fetched whole. Alike problems are held against the two seconds that were promised.
"""

import random
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from bench import Row
from bench.engines import on_each

T0 = datetime(2022, 7, 1, 8, tzinfo=timezone(timedelta(hours=8)))
FAN, LEVELS = 10, 5
N_PROBLEMS = 10_000
_TIMES = 5

_BARE = """WITH RECURSIVE below(top, id) AS (
    SELECT id, id FROM lists_task
    UNION ALL
    SELECT b.top, t.id FROM below b JOIN lists_task t ON t.parent_id = b.id
) SELECT top, count(*) FROM below GROUP BY top"""


def run(scale: float = 1.0) -> list[Row]:
    """Roll-up and page on each engine, likeness once."""
    return [*on_each(__name__, scale), _alike(scale)]


def measure(engine: str, scale: float) -> list[Row]:
    n = _build(max(1, round(9 * scale)))
    return [_rolled(engine, n), *_pages(engine, n)]


# --- a tree of tasks -----------------------------------------------------------------------------


def _build(n_roots: int) -> int:
    """`n_roots` trees of five levels, ten parts to a task: nine of them are 99,999 tasks."""
    from django.db import connection

    from tongchou.areas.models import Area, Level
    from tongchou.ledger.models import Handoff, Passage
    from tongchou.lists.models import Task
    from tongchou.records.bulk import bulk_load
    from tongchou.staff.models import Post, Unit, User

    area = Area.objects.create(code="990100", name="同舟市", level=Level.CITY, path="990100/")
    unit = Unit.objects.create(name="市指挥部", area=area)
    doing = Unit.objects.create(name="市教育局", area=area)
    user = User.objects.create(username="duty")
    Post.objects.create(
        user=user, role="duty_officer", unit=unit, area=area, level=2, from_at=T0 - timedelta(9)
    )
    dice, rows, above = random.Random(1), [], [(None, None)] * n_roots
    for depth in range(LEVELS):
        level = []
        for parent, root in above:
            pk = len(rows) + 1
            leaf = depth == LEVELS - 1
            done = leaf and dice.random() < 0.4
            rows.append((pk, parent, root, depth, leaf, done, dice.randrange(100)))
            level += [(pk, root or pk)] * FAN
        above = level
    passage = ["id", "loop", "stage", "title", "area_id", "area_path", "person_key", "holds",
               "n_legs", "opened_at", "closed_at"]  # fmt: skip
    bulk_load(
        Passage,
        passage,
        (
            (pk, "task", "accepted" if done else "in_progress", f"T-{pk}", area.pk, area.path, "",
             False, 2, T0, T0 if done else None)
            for pk, _p, _r, _d, _l, done, _s in rows
        ),
    )  # fmt: skip
    leg = ["passage_id", "number", "loop", "stage", "owner", "unit_id", "area_path", "opened_at",
           "timed_from", "due_at", "playbook", "clause", "outcome", "note"]  # fmt: skip
    due = [T0 + timedelta(hours=hour) for hour in range(1, 400)]
    bulk_load(
        Handoff,
        leg,
        (
            (pk, 2, "task", "in_progress", "duty_officer", unit.pk, area.path, T0, T0,
             due[pk % 399], "x", "", "", "")
            for pk, _p, _r, _d, _l, done, _s in rows
            if not done
        ),
    )  # fmt: skip
    task = ["id", "number", "passage_id", "stage", "goal", "measure", "due_at", "area_id",
            "area_path", "unit_id", "issuer_id", "source", "document", "clause", "parent_id",
            "root_id", "depth", "leaf", "share", "key", "version", "set_at", "submitted_by_id",
            "accepted_by_id", "closed_at", "n_returned", "n_retimed"]  # fmt: skip
    other = User.objects.create(username="doer")
    bulk_load(
        Task,
        task,
        (
            (pk, f"T-990100-{pk:06d}", pk, "accepted" if done else "in_progress", f"任务{pk}",
             "看得见", due[pk % 399], area.pk, area.path, doing.pk, unit.pk, "own", "", "", parent,
             root, depth, leaf, share if leaf else None, "", 1, T0,
             other.pk if done else None, user.pk if done else None, T0 if done else None, 0, 0)
            for pk, parent, root, depth, leaf, done, share in rows
        ),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return len(rows)


def _rolled(engine: str, n: int) -> Row:
    from tongchou.lists.queries.rolling import roll_up_all

    pairs = [(_seconds(lambda: roll_up_all(now=T0)), _seconds(_bare)) for _ in range(_TIMES)]
    own = sorted(mine for mine, _ in pairs)[_TIMES // 2]
    anchor = sorted(theirs for _, theirs in pairs)[_TIMES // 2]
    return Row(
        name="roll-up of tasks",
        engine=engine,
        anchor="the bare recursive query over the same tree, counting only",
        anchor_value=anchor,
        own_value=own,
        ratio=own / anchor,
        bound="<= 3",
        unit="s",
        note=f"{n:,} tasks, {LEVELS} levels, every one of them rolled up",
    )


def _bare() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        return len(cursor.fetchall())


def _seconds(do: Any) -> float:
    before = time.perf_counter()
    do()
    return time.perf_counter() - before


def _pages(engine: str, n: int) -> list[Row]:
    """Whole pages of the desk at this size, next to a page of the same frame that asks nothing."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import set_urlconf

    from bench.boards import _p95, _served, _signed_in

    settings.ALLOWED_HOSTS, settings.ROOT_URLCONF = ["localhost"], "bench.select_one"
    set_urlconf(None)
    app, cookies = WSGIHandler(), [_signed_in("duty")] * 4
    bare = _p95(_served(app, ["/select-1/"], cookies))
    pages = {
        "list of tasks: page": "/lists/tasks/",
        "task with its parts: page": "/lists/tasks/1/",
        "tree of tasks: page": "/lists/tree/",
    }
    return [
        Row(
            name=name,
            engine=engine,
            anchor="SELECT 1 on a page of the same frame, signed in",
            anchor_value=bare * 1000,
            own_value=(own := _p95(_served(app, [path], cookies))) * 1000,
            ratio=own / bare,
            bound="",
            unit="ms, p95",
            note=f"{n:,} tasks",
        )
        for name, path in pages.items()
    ]


# --- alike problems ------------------------------------------------------------------------------

_WHAT = [
    "转运车辆",
    "核酸采样点",
    "隔离点房间",
    "流调队员",
    "社区网格员",
    "发热门诊",
    "学校晨检",
    "农贸市场",
    "冷链仓库",
    "快递网点",
]
_HOW = [
    "数量不足",
    "排队过长",
    "数据迟报",
    "记录补填",
    "人员未培训",
    "责任不清",
    "重复填表",
    "通知不到位",
    "交接不签字",
    "口径不一",
]
_AND = [
    "等待超过两小时",
    "值班电话无人接听",
    "同一张表一天报四次",
    "现场没有分区",
    "台账与现场对不上",
    "老人无人送药",
]
_FIRST, _LAST = 0x4E00, 0x9FA5


def _alike(scale: float) -> Row:
    """10,000 problems of 100 counties, one in a hundred planted again in another one."""
    from tongchou.lists import likeness

    likeness.alike(["转运车辆不足", "转运车辆不足"], [0, 1], least=0.3)  # SciPy is imported by now
    n = max(200, int(N_PROBLEMS * scale))
    dice = random.Random(1)
    texts = [_text(dice) for _ in range(n - n // 100)]
    planted = [text[:20] + "仍" + text[23:] for text in texts[: n // 100]]
    groups = [number % 100 for number in range(len(texts))]
    groups += [(number + 1) % 100 for number in range(len(planted))]
    before = time.perf_counter()
    one, other, _score = likeness.alike(texts + planted, groups, least=0.35)
    own = time.perf_counter() - before
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    found = sum((number, len(texts) + number) in pairs for number in range(len(planted)))
    return Row(
        name="alike problems",
        engine="numpy, scipy",
        anchor="promised",
        anchor_value=2.0,
        own_value=own,
        ratio=own / 2.0,
        bound="<= 1",
        unit="s",
        note=f"{n:,} problems; {found} of {len(planted)} planted repeats found",
    )


def _text(dice: random.Random) -> str:
    """What happens where: words everybody uses, and a place and a detail that nobody else has."""
    place = "".join(chr(dice.randrange(_FIRST, _LAST)) for _ in range(16))
    parts = [dice.choice(_WHAT) + dice.choice(_HOW), dice.choice(_AND), place, dice.choice(_AND)]
    return "，".join(parts) + "".join(chr(dice.randrange(_FIRST, _LAST)) for _ in range(24))
