"""What the pages of an import show, gathered from queries and actions."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import get_language

from tongchou.areas.models import Area
from tongchou.intake import actions, queries
from tongchou.intake.actions.previewing import SAMPLE, Preview, Shown
from tongchou.intake.fields import Kind
from tongchou.intake.models import Import, State
from tongchou.intake.problems import Problem
from tongchou.intake.profiles import BadProfile, load
from tongchou.intake.reading import BadSheet, said
from tongchou.intake.seen import Seen
from tongchou.kit.tables import Unreadable
from tongchou.shell import paging
from tongchou.staff.models import User
from tongchou.staff.queries import Scope

REMARKS = 100


def near(scope: Scope) -> str:
    """The top of the steward's own area, whose names go before those of the country."""
    return scope.paths[0] if scope.paths else ""


def top(scope: Scope) -> Area | None:
    """The area a list belongs to unless it is said otherwise."""
    path = near(scope)
    return Area.objects.filter(path=path).first() if path else None


def received(data: dict[str, Any], *, by: User, now: datetime) -> Import:
    """Take in what the form holds; the second sheet waits for the first."""
    common = {
        "profile": data["read"],
        "area": data["area"],
        "by": by,
        "now": now,
        "prefix": data["number_prefix"],
        "default_case": data["default_case"],
    }
    first = actions.receive(file=data["file"], name=data["file"].name, kind=data["kind"], **common)
    if data.get("beside"):
        actions.receive(
            file=data["beside"],
            name=data["beside"].name,
            kind=data["beside_kind"],
            after=first,
            **common,
        )
    return first


def of(import_: Import, query: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """The part of the page that depends on how far the import is."""
    context: dict[str, Any] = {"profile": _profile_name(import_)}
    if import_.state == State.RECEIVED:
        context |= _preview(import_, now=now)
    elif import_.state == State.DONE:
        page = paging.numbered(queries.refusals(import_), query=query, size=50)
        context |= {
            "page": page,
            "refused": [queries.opened(refusal) for refusal in page.rows],
            "remarks": [
                (remark.number, Problem(**remark.problem))
                for remark in queries.remarks(import_)[:REMARKS]
            ],
            "n_more_remarks": max(import_.n_remarks - REMARKS, 0),
        }
    return context


def _preview(import_: Import, *, now: datetime) -> dict[str, Any]:
    try:
        with Seen() as seen:
            promised = _promised(import_, seen, now=now)
            found = actions.preview(of=import_, now=now, limit=SAMPLE, promised=promised)
    except Unreadable as error:
        return {"unreadable": said(error)}
    except (BadProfile, BadSheet) as error:
        return {"unreadable": str(error)}
    columns = _columns(found)
    return {
        "preview": found,
        "earlier": queries.earlier(import_),
        "columns": columns,
        "rows": [_row(row, columns) for row in found.rows],
    }


def _promised(import_: Import, seen: Seen, *, now: datetime) -> dict[Kind, Any]:
    """The numbers of the list that this one waits for, as far as the preview reads."""
    first = import_.after
    if first is None or first.state != State.RECEIVED:
        return {}
    actions.preview(of=first, now=now, limit=SAMPLE, seen=seen)
    return {Kind(first.kind): partial(seen.among, "key")}


def _row(row: Shown, columns: list[str]) -> dict[str, Any]:
    """A row with a cell under each heading."""
    said = dict(row.values)
    cells = [said.get(column, "") for column in columns]
    return {"line": row.line, "cells": cells, "remarks": row.remarks}


def _columns(found: Preview) -> list[str]:
    """Every field that one of the shown rows fills, in the order of the first that does."""
    return list(dict.fromkeys(label for row in found.rows for label, _value in row.values))


def _profile_name(import_: Import) -> str:
    try:
        return load(import_.profile).name(get_language() or "en")
    except BadProfile:
        return import_.profile
