"""A report as one canonical text and back: what is signed, digested, verified and shown for ever.

The text holds names, definitions and sentences in both languages beside the numbers, so that it
reads the same when the words of a later version have changed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Any

from tongchou.areas.models import Area
from tongchou.reports.facts.layout import Facts
from tongchou.reports.facts.telling import stamp
from tongchou.staff.models import Unit

__all__ = ["digest", "plain", "read", "stamp", "text_of", "unstamp"]

FORMAT = 1


def plain(facts: Facts) -> dict[str, Any]:
    """The facts as plain values."""
    return {
        "format": FORMAT,
        "area": _area(facts.area),
        "unit": _unit(facts.unit),
        "on": facts.on.isoformat(),
        "at": stamp(facts.at),
        "since": stamp(facts.since),
        "laid_out_at": stamp(facts.laid_out_at),
        "playbook": facts.playbook,
        "facts": [_value(fact) for fact in facts.facts],
    }


def _area(area: Area) -> dict[str, Any]:
    return {"code": area.pk, "zh": area.name, "en": area.name_en or area.name}


def _unit(unit: Unit | None) -> dict[str, Any] | None:
    return {"id": unit.pk, "name": unit.name} if unit else None


def _value(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _value(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if type(value) not in (int, float, bool, type(None)) else value


def unstamp(text: str) -> datetime:
    return datetime.fromisoformat(text)


def text_of(content: Mapping[str, Any]) -> str:
    """The one text a report can have."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text)
    return content
