"""Paging that stays put while rows come and go: by key, not by offset; plain pages where few.

An offset skips a hand-off when somebody else takes one above it. A key does not.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Rows with the query changes that lead on and back; `total` only where it was counted."""

    rows: list[M]
    next: dict[str, str] | None
    previous: dict[str, str] | None
    total: int | None = None
    first_row: int = 0
    last_row: int = 0
    number: int = field(default=1, compare=False)


def _pack(values: list[Any]) -> str:
    marked = [
        {"t": v.isoformat()} if isinstance(v, datetime)
        else {"d": v.isoformat()} if isinstance(v, date)
        else v if isinstance(v, (int, str)) else str(v)
        for v in values
    ]  # fmt: skip
    raw = json.dumps(marked, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unpack(cursor: str, length: int) -> list[Any]:
    try:
        marked = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [
            datetime.fromisoformat(v["t"]) if isinstance(v, dict) and "t" in v
            else date.fromisoformat(v["d"]) if isinstance(v, dict)
            else v
            for v in marked
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadRequest("This page address is broken; start at the first page.") from error
    if len(values) != length:
        raise BadRequest("This page address belongs to another order; start at the first page.")
    return values


def _beyond(order: list[tuple[str, bool]], values: list[Any], *, backwards: bool) -> Q:
    """Rows after these values in this order: (a > x) or (a = x and b > y), and so on."""
    found, same = Q(), Q()
    for (name, down), value in zip(order, values, strict=True):
        compare = "lt" if down != backwards else "gt"
        found |= same & Q(**{f"{name}__{compare}": value})
        same &= Q(**{name: value})
    # Redundant, but one plain range lets the index start at the right place.
    name, down = order[0]
    edge = "lte" if down != backwards else "gte"
    return Q(**{f"{name}__{edge}": values[0]}) & found


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row


def keyset(
    queryset: QuerySet[M],
    *,
    order: tuple[str, ...],
    query: Any,
    size: int = 50,
) -> Page[M]:
    """One page of `queryset` in `order` ("due_at", "id" or "-opened_at", "-id").

    The fields must be unique together, never null, and best an index. `query` is `request.GET`,
    whose `after` or `before` says where. Costs the same on the first page and the ten-thousandth.
    """
    keys = [(name.lstrip("-"), name.startswith("-")) for name in order]
    after, before = query.get("after"), query.get("before")
    backwards = bool(before) and not after
    if after or before:
        values = _unpack(str(after or before), len(keys))
        try:
            queryset = queryset.filter(_beyond(keys, values, backwards=backwards))
        except (ValueError, TypeError) as error:
            raise BadRequest("This page address is broken; start at the first page.") from error
    names = [f"{'-' if down != backwards else ''}{name}" for name, down in keys]
    found = list(queryset.order_by(*names)[: size + 1])
    more, rows = len(found) > size, found[:size]
    if backwards:
        rows.reverse()

    def cursor(row: M) -> str:
        return _pack([_value(row, name) for name, _ in keys])

    has_next = bool(rows) and (more if not backwards else True)
    has_previous = bool(rows) and (more if backwards else bool(after))
    return Page(
        rows=rows,
        next={"after": cursor(rows[-1])} if has_next else None,
        previous={"before": cursor(rows[0])} if has_previous else None,
    )


def numbered(rows: Any, *, query: Any, size: int = 50) -> Page[Any]:
    """Plain numbered pages with a total, for short lists that people want to jump in."""
    sheet = Paginator(rows, size).get_page(query.get("page"))
    return Page(
        rows=list(sheet.object_list),
        next={"page": str(sheet.next_page_number())} if sheet.has_next() else None,
        previous={"page": str(sheet.previous_page_number())} if sheet.has_previous() else None,
        total=sheet.paginator.count,
        first_row=sheet.start_index(),
        last_row=sheet.end_index(),
        number=sheet.number,
    )
